"""What happened to a cycle's units since an instant: entries with what stood before, events, schemes put in place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from starrating.domain.entry import Entry
from starrating.extensions import db
from starrating.models.accounts import Account
from starrating.models.audit import AuditEvent
from starrating.models.divisions import Unit
from starrating.models.events import EventRecord
from starrating.models.ratings import Determination, Rating
from starrating.models.scores import ScoreCell, ScoreValue
from starrating.queries.histories import ChangeRow, change_of, changes
from starrating.queries.inputs import Supposed
from starrating.queries.scores import EventRow, recorded_events

REPLACED = "scheme_replaced"
"""The act of the trail by which another scheme was put in place."""


@dataclass(frozen=True, slots=True)
class SchemeMade:
    """A scheme that was put in the place of another one."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Since:
    """All entries and events since an instant, the entries of a cell in their order."""

    entries: tuple[ChangeRow, ...]
    events: tuple[EventRow, ...]

    def supposed_at(self, at: datetime) -> Supposed | None:
        """What to suppose of the tables so that they are as at an instant; None where a value of then is not known."""
        cells: dict[tuple[int, str], Entry] = {}
        for one in self.entries:
            if one.at > at and (one.unit_id, one.header) not in cells:
                if one.before is None:
                    return None
                cells[one.unit_id, one.header] = one.before
        more: dict[tuple[int, str], int] = {}
        for event in self.events:
            change = event.count * (int(event.counts_at(at)) - int(event.withdrawn_at is None))
            more[event.unit_id, event.flag] = more.get((event.unit_id, event.flag), 0) + change
        return Supposed(cells, more_events=more)


def since(cycle_id: int, kind: str, at: datetime) -> Since:
    """What was entered of a cycle's units of a kind after an instant, in two statements."""
    return Since(_entries(cycle_id, kind, at), _events(cycle_id, kind, at))


def _entries(cycle_id: int, kind: str, at: datetime) -> tuple[ChangeRow, ...]:
    rows = db.session.execute(
        changes()
        .join(Unit, Unit.id == ScoreCell.unit_id)
        .where(ScoreCell.cycle_id == cycle_id, Unit.kind == kind, ScoreValue.at > at)
        .order_by(ScoreValue.cell_id, ScoreValue.version)
    )
    return tuple(map(change_of, rows))


def _events(cycle_id: int, kind: str, at: datetime) -> tuple[EventRow, ...]:
    rows = db.session.execute(
        recorded_events()
        .join(Unit, Unit.id == EventRecord.unit_id)
        .where(EventRecord.cycle_id == cycle_id, Unit.kind == kind,
               or_(EventRecord.at > at, EventRecord.withdrawn_at > at))
        .order_by(EventRecord.id)
    )  # fmt: skip
    return tuple(EventRow(*row) for row in rows)


def schemes_since(cycle_id: int, kind: str, at: datetime) -> tuple[SchemeMade, ...]:
    """Who put another scheme of a kind in place after an instant, the first one first."""
    rows = db.session.execute(
        select(func.coalesce(Account.display_name, ""), AuditEvent.at, AuditEvent.facts)
        .outerjoin(Account, Account.id == AuditEvent.account_id)
        .where(AuditEvent.act == REPLACED, AuditEvent.subject_kind == "cycle", AuditEvent.subject_id == cycle_id,
               AuditEvent.at > at)
        .order_by(AuditEvent.sequence)
    )  # fmt: skip
    return tuple(SchemeMade(by, when) for by, when, facts in rows if json.loads(facts).get("kind") == kind)


@dataclass(frozen=True, slots=True)
class Given:
    """What a determination gave a unit; `rank` 0 and `total` blank where it has none."""

    status: str
    total: str
    rank: int
    pool: str
    level: str
    level_name: str
    reasons: tuple[str, ...]


def given_by(determination_ids: Iterable[int]) -> dict[int, dict[int, Given]]:
    """Determination → unit → what it was given: one statement for all of them."""
    wanted = tuple(determination_ids)
    rows = db.session.execute(
        select(Rating.determination_id, Rating.unit_id, Rating.status, Rating.total, Rating.rank, Rating.pool,
               Rating.level, Rating.level_name, Rating.reasons)
        .where(Rating.determination_id.in_(wanted))
    )  # fmt: skip
    found: dict[int, dict[int, Given]] = {key: {} for key in wanted}
    for row in rows.mappings():
        found[row["determination_id"]][row["unit_id"]] = described(dict(row))
    return found


def described(row: Mapping[str, Any]) -> Given:
    """A row of a rating, stored or not stored yet, by the names of its columns."""
    return Given(
        row["status"], row["total"], row["rank"] or 0, row["pool"], row["level"], row["level_name"],
        tuple(json.loads(row["reasons"])),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RunMade:
    """A run of a cycle and kind, as a choice."""

    id: int
    state: str
    scheme_digest: str
    input_digest: str
    engine_version: str
    by: str
    at: datetime


def runs_of(cycle_id: int, kind: str, most: int) -> tuple[RunMade, ...]:
    """The last runs of a cycle and kind, the newest first."""
    rows = db.session.execute(
        select(Determination.id, Determination.state, Determination.scheme_digest, Determination.input_digest,
               Determination.engine_version, Account.display_name, Determination.determined_at)
        .join(Account, Account.id == Determination.determined_by)
        .where(Determination.cycle_id == cycle_id, Determination.kind == kind)
        .order_by(Determination.id.desc())
        .limit(most)
    )  # fmt: skip
    return tuple(RunMade(*row) for row in rows)
