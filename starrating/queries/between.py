"""What happened to a cycle's units since an instant: entries with what stood before, events, schemes put in place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from starrating.domain.entry import NOTHING, Entry, EntryState
from starrating.extensions import db
from starrating.models.accounts import Account
from starrating.models.audit import AuditEvent
from starrating.models.divisions import Unit
from starrating.models.events import EventRecord
from starrating.models.ratings import Determination, Rating
from starrating.models.scores import ScoreCell, ScoreValue
from starrating.queries.inputs import Supposed

REPLACED = "scheme_replaced"
"""The act of the trail by which another scheme was put in place."""


@dataclass(frozen=True, slots=True)
class EntryMade:
    """One entry of a cell; `before` is None where what it replaced was loaded without a history."""

    unit_id: int
    header: str
    version: int
    before: Entry | None
    entry: Entry
    by: str
    at: datetime
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class EventMade:
    """An event that was recorded or withdrawn since."""

    unit_id: int
    flag: str
    count: int
    reason: str
    by: str
    at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str
    withdrawn_reason: str

    def counts_at(self, at: datetime) -> bool:
        """True where it was recorded by then and not withdrawn yet."""
        return self.at <= at and (self.withdrawn_at is None or self.withdrawn_at > at)


@dataclass(frozen=True, slots=True)
class SchemeMade:
    """A scheme that was put in the place of another one."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Since:
    """All entries and events since an instant, the entries of a cell in their order."""

    entries: tuple[EntryMade, ...]
    events: tuple[EventMade, ...]

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


def _entries(cycle_id: int, kind: str, at: datetime) -> tuple[EntryMade, ...]:
    before = aliased(ScoreValue)
    rows = db.session.execute(
        select(ScoreCell.unit_id, ScoreCell.header, ScoreValue.version, before.state, before.value, ScoreValue.state,
               ScoreValue.value, func.coalesce(Account.display_name, ""), ScoreValue.at, ScoreValue.source,
               ScoreValue.reason)
        .join(ScoreCell, ScoreCell.id == ScoreValue.cell_id)
        .join(Unit, Unit.id == ScoreCell.unit_id)
        .outerjoin(before, (before.cell_id == ScoreValue.cell_id) & (before.version == ScoreValue.version - 1))
        .outerjoin(Account, Account.id == ScoreValue.by)
        .where(ScoreCell.cycle_id == cycle_id, Unit.kind == kind, ScoreValue.at > at)
        .order_by(ScoreValue.cell_id, ScoreValue.version)
    )  # fmt: skip
    return tuple(map(_entry, rows))


def _entry(row: Any) -> EntryMade:
    unit, header, version, old_state, old_value, state, value, *rest = row
    known = None if version > 1 else NOTHING
    before = known if old_state is None else Entry(EntryState(old_state), old_value)
    return EntryMade(unit, header, version, before, Entry(EntryState(state), value), *rest)


def _events(cycle_id: int, kind: str, at: datetime) -> tuple[EventMade, ...]:
    recorder, withdrawer = aliased(Account), aliased(Account)
    rows = db.session.execute(
        select(EventRecord.unit_id, EventRecord.flag, EventRecord.count, EventRecord.reason,
               func.coalesce(recorder.display_name, ""), EventRecord.at, EventRecord.withdrawn_at,
               func.coalesce(withdrawer.display_name, ""), EventRecord.withdrawn_reason)
        .join(Unit, Unit.id == EventRecord.unit_id)
        .outerjoin(recorder, recorder.id == EventRecord.by)
        .outerjoin(withdrawer, withdrawer.id == EventRecord.withdrawn_by)
        .where(EventRecord.cycle_id == cycle_id, Unit.kind == kind,
               or_(EventRecord.at > at, EventRecord.withdrawn_at > at))
        .order_by(EventRecord.id)
    )  # fmt: skip
    return tuple(EventMade(*row) for row in rows)


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
