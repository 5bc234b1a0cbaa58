"""Determination: trial runs that are stored whole or not at all, and their confirmation by a second person.

What is confirmed is what was shown (the digest of everything the runs give goes with the form) and what the inputs
still say (they are read again under the cycle's lock); ten confirmations at once have one effect.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from starrating import __version__
from starrating.domain import rating as engine
from starrating.domain.faults import InputFault, InputsRefused, RuleError
from starrating.domain.inputs import Labels
from starrating.domain.scheme import Scheme
from starrating.domain.verification import Review
from starrating.domain.workflow import CycleState, CycleStep, takes_scores
from starrating.extensions import db
from starrating.models.cycles import Cycle
from starrating.models.ratings import Determination, Rating
from starrating.offline.results import rating_columns
from starrating.queries import ratings as question
from starrating.queries.content import content_digest
from starrating.queries.cycles import CycleRow, cycle, schemes_of, unit_counts
from starrating.queries.inputs import Known, inputs_of
from starrating.queries.verification import review_total
from starrating.services.audit import record
from starrating.services.clock import now
from starrating.services.cycles import advance, subject_of
from starrating.services.scheme_texts import read_kept
from starrating.services.transaction import rows_changed, transaction

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
class _Worked:
    """A rating of one kind's units with what it was made of."""

    kind: str
    known: Known
    scheme_digest: str
    rating: engine.Rating


def determine(cycle_id: int, by: int, *, announce: Announce = lambda _: None) -> tuple[int, ...]:
    """Rate a cycle's units and store a trial of each kind, villages first; the keys of the determinations.

    Raises `CannotRate` where values are missing or wrong, `RuleError` where the year is not being scored or verified.
    """
    row = _open_for_trials(cycle_id)
    worked = _rate_all(row, announce)
    with transaction() as session:
        locked = _locked(session, cycle_id)
        if not takes_scores(CycleState(locked.state)):
            raise RuleError("determination.not_open", state=locked.state)
        round_, at = question.current_round(cycle_id), now()
        ids = tuple(_store(session, one, Determination(
            cycle_id=cycle_id, kind=one.kind, round=round_, state="trial", scheme_digest=one.scheme_digest,
            input_digest=one.known.digest, engine_version=__version__, determined_by=by, determined_at=at,
        )) for one in worked)  # fmt: skip
        digest = content_digest(ids)
        record(session, "trial_run", by, subject_of(row), determinations=list(ids), digest=digest,
               units=sum(len(one.known.unit_ids) for one in worked))  # fmt: skip
        return ids


def check_inputs(cycle_id: int) -> tuple[UnitFault, ...]:
    """What would keep a cycle's units from being rated; nothing is stored."""
    try:
        _rate_all(_open_for_trials(cycle_id), lambda _: None)
    except CannotRate as refused:
        return refused.faults
    return ()


def confirm_determination(cycle_id: int, digest: str, by: int) -> tuple[int, ...]:
    """Confirm the last trials as the year's determination: by a second person, as shown, on unchanged inputs.

    The same person confirming the same thing again has no further effect and is no fault.
    """
    with transaction() as session:
        locked = _locked(session, cycle_id)
        row = cycle(cycle_id)
        assert row is not None
        if _confirmed_already(cycle_id, digest, by):
            return tuple(one.id for one in question.standing(cycle_id))
        if locked.state != CycleState.VERIFICATION:
            raise RuleError("determination.not_verified", state=locked.state)
        returned = review_total(row)[Review.RETURNED]
        if returned:
            raise RuleError("determination.returned", count=returned)
        trials = question.latest_trials(cycle_id)
        _check_trials(row, trials, digest, by)
        at = now()
        for one in trials:
            done = rows_changed(
                session,
                update(Determination)
                .where(Determination.id == one.id, Determination.state == "trial")
                .values(state="confirmed", confirmed_by=by, confirmed_at=at),
            )
            if done != 1:
                raise RuleError("determination.changed")
        advance(session, cycle_id, CycleStep.CONFIRM_DETERMINATION, row.version, by,
                determinations=[one.id for one in trials], digest=digest)  # fmt: skip
        return tuple(one.id for one in trials)


def _open_for_trials(cycle_id: int) -> CycleRow:
    db.session.rollback()
    row = cycle(cycle_id)
    if row is None:
        raise RuleError("cycle.none")
    if not takes_scores(row.state):
        raise RuleError("determination.not_open", state=row.state.value)
    return row


def _locked(session: Session, cycle_id: int) -> Cycle:
    """The cycle, held until the transaction ends."""
    found = session.scalars(select(Cycle).where(Cycle.id == cycle_id).with_for_update()).one_or_none()
    if found is None:
        raise RuleError("cycle.none")
    return found


def _rate_all(row: CycleRow, announce: Announce) -> list[_Worked]:
    """Rate every kind that has units; all faults of all kinds together."""
    kept = schemes_of(row.id)
    worked: list[_Worked] = []
    faults: list[UnitFault] = []
    for kind in unit_counts(row.district_id, row.cut_off):
        if kind not in kept:
            raise RuleError("cycle.kind_without_scheme")
        scheme = read_kept(kept[kind].text).scheme
        announce("read")
        known = inputs_of(row, kind, scheme)
        try:
            if known.faults:
                raise InputsRefused(known.faults)
            rating = engine.rate(scheme, known.inputs, announce=announce)
            worked.append(_Worked(kind, known, kept[kind].digest, rating))
        except InputsRefused as refused:
            faults += [_placed(kind, known, scheme, fault) for fault in refused.faults]
    if faults:
        raise CannotRate(faults)
    if not worked:
        raise RuleError("determination.no_units")
    return worked


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


def _store(session: Session, worked: _Worked, made: Determination) -> int:
    session.add(made)
    session.flush()
    rows: list[dict[str, Any]] = []
    for row in _rows(worked, made.id):
        rows.append(row)
        if len(rows) == CHUNK:
            session.execute(insert(Rating), rows)
            rows = []
    if rows:
        session.execute(insert(Rating), rows)
    return made.id


def _rows(worked: _Worked, determination_id: int) -> Iterator[dict[str, Any]]:
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


def _confirmed_already(cycle_id: int, digest: str, by: int) -> bool:
    standing = question.standing(cycle_id)
    return bool(standing) and all(one.confirmed_by == by for one in standing) and (
        content_digest(one.id for one in standing) == digest
    )  # fmt: skip


def _check_trials(row: CycleRow, trials: Sequence[question.DeterminationRow], digest: str, by: int) -> None:
    if not trials:
        raise RuleError("determination.none")
    if any(one.determined_by == by for one in trials):
        raise RuleError("determination.own")
    if content_digest(one.id for one in trials) != digest:
        raise RuleError("determination.changed")
    kept = schemes_of(row.id)
    if {one.kind for one in trials} != set(unit_counts(row.district_id, row.cut_off)):
        raise RuleError("determination.inputs_changed")
    for one in trials:
        scheme = kept.get(one.kind)
        if scheme is None or scheme.digest != one.scheme_digest:
            raise RuleError("determination.inputs_changed")
        if inputs_of(row, one.kind, read_kept(scheme.text).scheme).digest != one.input_digest:
            raise RuleError("determination.inputs_changed")
