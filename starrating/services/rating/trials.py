"""Trial runs: a year's units rated on what is known of them, or on what would be; stored whole; one digest over all.

The digest of a run that is only shown is the one it will have when it is stored: what is accepted is what was seen.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from sqlalchemy import insert
from sqlalchemy.orm import Session

from starrating import __version__
from starrating.domain import rating as engine
from starrating.domain.faults import InputFault, InputsRefused, RuleError
from starrating.domain.inputs import Labels
from starrating.domain.scheme import Scheme
from starrating.models.cards import DeterminationCard, DeterminationFacts
from starrating.models.ratings import Determination, Rating
from starrating.offline.results import rating_columns
from starrating.queries import ratings as question
from starrating.queries.content import RATED, content_digest, digest_of_runs
from starrating.queries.cycles import CycleRow, KeptScheme, schemes_of, unit_counts
from starrating.queries.inputs import NOTHING_SUPPOSED, Known, Supposed, inputs_of
from starrating.queries.run_facts import facts_text
from starrating.services.audit import record
from starrating.services.clock import now
from starrating.services.rating.cards import card_of
from starrating.services.years.cycles import subject_of
from starrating.services.years.scheme_texts import read_kept

CHUNK = 1_000
Announce = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class UnitFault:
    """What is wrong with a unit's input, and where to put it right."""

    kind: str
    unit_id: int
    unit: str
    fault: InputFault
    indicator: str


class CannotRate(Exception):
    """The units cannot be rated: every fault, at most a hundred a kind; nothing was stored."""

    def __init__(self, faults: Sequence[UnitFault]) -> None:
        super().__init__(len(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True, eq=False)
class Worked:
    """A rating of one kind's units with what it was made of."""

    kind: str
    known: Known
    scheme_digest: str
    rating: engine.Rating


def store_trials(session: Session, row: CycleRow, worked: Sequence[Worked], by: int) -> tuple[int, ...]:
    """Within a transaction: the rows of a run of each kind, in the round that is open; their keys."""
    round_, at = question.current_round(row.id), now()
    return tuple(_store(session, one, Determination(
        cycle_id=row.id, kind=one.kind, round=round_, state="trial", scheme_digest=one.scheme_digest,
        input_digest=one.known.digest, engine_version=__version__, determined_by=by, determined_at=at,
    )) for one in worked)  # fmt: skip


def note_trials(session: Session, row: CycleRow, worked: Sequence[Worked], ids: tuple[int, ...], by: int) -> None:
    """Leave a stored run on the trail, with its digest; called last."""
    record(session, "trial_run", by, subject_of(row), determinations=list(ids), digest=content_digest(ids),
           units=sum(len(one.known.unit_ids) for one in worked))  # fmt: skip


def digest_of_worked(worked: Sequence[Worked]) -> str:
    """The content digest that a run will have once it is stored."""
    return digest_of_runs(
        (one.kind, one.scheme_digest, one.known.digest, __version__,
         [[code, *(row[name] for name in RATED)] for code, row in zip(one.known.inputs.units, rows_of(one, 0),
                                                                      strict=True)])
        for one in worked
    )  # fmt: skip


def rate_all(row: CycleRow, announce: Announce = lambda _: None, supposed: Supposed = NOTHING_SUPPOSED) -> list[Worked]:
    """Rate every kind that has units, all faults of all kinds together; `supposed` is what would be, nothing stored."""
    kept = schemes_of(row.id)
    worked: list[Worked] = []
    faults: list[UnitFault] = []
    for kind in unit_counts(row.district_id, row.cut_off):
        if kind not in kept:
            raise RuleError("cycle.kind_without_scheme")
        scheme = read_kept(kept[kind].text).scheme
        announce("read")
        try:
            worked.append(rated(kept[kind], scheme, inputs_of(row, kind, scheme, supposed), announce))
        except CannotRate as refused:
            faults += refused.faults
    if faults:
        raise CannotRate(faults)
    if not worked:
        raise RuleError("determination.no_units")
    return worked


def rated(kept: KeptScheme, scheme: Scheme, known: Known, announce: Announce = lambda _: None) -> Worked:
    """Rate one kind of a year on what is known; `CannotRate` with every fault where that is not enough."""
    try:
        if known.faults:
            raise InputsRefused(known.faults)
        return Worked(
            kept.kind, known, kept.digest, engine.rate(scheme, known.inputs, keep_all=True, announce=announce)
        )
    except InputsRefused as refused:
        raise CannotRate([_placed(kept.kind, known, scheme, fault) for fault in refused.faults]) from None


def _placed(kind: str, known: Known, scheme: Scheme, fault: InputFault) -> UnitFault:
    """A fault with its unit and the indicator under which the value is entered."""
    owners = {
        header: node.code
        for node in scheme.leaves()
        if node.leaf is not None
        for header in node.leaf.columns(node.code)
    }
    owner = owners.get(fault.header, "")
    return UnitFault(kind, known.unit_ids[fault.row], known.names[fault.row], fault, owner)


def _store(session: Session, worked: Worked, made: Determination) -> int:
    session.add(made)
    session.flush()
    rows: list[dict[str, Any]] = []
    for row in rows_of(worked, made.id):
        rows.append(row)
        if len(rows) == CHUNK:
            session.execute(insert(Rating), rows)
            rows = []
    if rows:
        session.execute(insert(Rating), rows)
    store_card(session, worked, made.id)
    store_facts(session, worked.known, made.id)
    return made.id


def store_card(session: Session, worked: Worked, determination_id: int) -> None:
    """Keep the points of every indicator with a run."""
    content = card_of(worked.rating, worked.known.unit_ids)
    session.add(DeterminationCard(determination_id=determination_id, content=content))
    session.flush()


def store_facts(session: Session, known: Known, determination_id: int) -> None:
    """Keep what a run knew of leaders and fields, as it used it."""
    content = facts_text(known.unit_ids, known.facts)
    session.add(DeterminationFacts(determination_id=determination_id, content=content))
    session.flush()


def rows_of(worked: Worked, determination_id: int) -> Iterator[dict[str, Any]]:
    """A rating as rows, in the order of the units' codes."""
    everyone = np.arange(len(worked.known.unit_ids))
    columns = {name: _written(column) for name, column in rating_columns(worked.rating, everyone).items()}
    levels = {level.code: level for level in worked.rating.scheme.levels}
    for row, unit_id in enumerate(worked.known.unit_ids):
        said = {name: column[row] for name, column in columns.items()}
        level = levels.get(said["level"])
        change = int(said["change"]) if said["change"] else None
        yield {
            "determination_id": determination_id,
            "unit_id": unit_id,
            "status": said["status"],
            "total": said["total"],
            "rank": int(said["rank"]) if said["rank"] else None,
            "pool": said["pool"],
            "level": said["level"],
            "level_name": level.name if level else "",
            "stars": level.stars if level else None,
            "previous": said["previous"],
            "change": change,
            "movement": movement_kind(change, None if level is None else level.stars),
            "reasons": _listed(said["reasons"]),
            "consequences": _listed(said["consequences"]),
        }


def movement_kind(change: int | None, stars: int | None) -> str:
    """up, held, down, stripped, first, lowest (was and stays without a star), blank for a unit that is not rated."""
    if stars is None:
        return ""
    if change is None:
        return "first"
    if change > 0:
        return "up"
    if change == 0:
        return "held" if stars else "lowest"
    return "down" if stars else "stripped"


def _written(column: Sequence[str] | Labels) -> Sequence[str]:
    if isinstance(column, Labels):
        named = (*column.names, "")
        return [named[code] for code in column.codes.tolist()]
    return column


@lru_cache(maxsize=4096)
def _listed(text: str) -> str:
    return json.dumps(text.split(";") if text else [], ensure_ascii=False, separators=(",", ":"))
