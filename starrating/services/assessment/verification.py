"""The district verifies scores: it confirms, returns with a reason to whoever enters them, opens again with a reason.

Each is `UPDATE … WHERE version = … AND review = …`: what was confirmed is the value that was on the screen, or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy import Table, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from starrating.domain.access import Act, Place, may
from starrating.domain.entry import NOTHING
from starrating.domain.faults import RuleError
from starrating.domain.verification import Review, Verdict, find_move, target_of
from starrating.domain.windows import Stage
from starrating.models.cycles import Cycle
from starrating.models.scores import CellReview, ScoreCell, ScoreValue, ValueState
from starrating.queries.cycles import CycleRow, cycle
from starrating.queries.identities import Identity, others_who_may
from starrating.queries.scores import CellRow, SheetUnit, cells_of, units_of
from starrating.queries.verification import last_reviewers, own_scores
from starrating.services.audit import Subject, record_each
from starrating.services.clock import now
from starrating.services.names import given_text
from starrating.services.scoring.sheets import LONGEST_REASON
from starrating.services.scoring.tasks import tasks_of
from starrating.services.scoring.typed_scores import Key
from starrating.services.transaction import rows_changed, transaction
from starrating.services.years.windows import require_open

SOURCE = "verification"
_ADD_REVIEW = insert(cast("Table", CellReview.__table__))
ACTS: Mapping[Verdict, str] = {
    Verdict.CONFIRM: "score_confirmed",
    Verdict.RETURN: "score_returned",
    Verdict.REOPEN: "score_reopened",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A score as it was on the screen: its version, 0 where nobody ever touched it, and its state."""

    unit_id: int
    header: str
    version: int
    review: Review = Review.OPEN

    @property
    def key(self) -> Key:
        """Which cell."""
        return self.unit_id, self.header


@dataclass(slots=True)
class Ground:
    """What a verdict is about: the year, the units and the cells concerned, read in the transaction."""

    cycle: CycleRow
    units: dict[int, SheetUnit]
    cells: dict[Key, CellRow]
    codes: dict[Key, str] = field(default_factory=dict)
    """Of each cell concerned, whose indicator it is."""


def verify_scores(cycle_id: int, verdict: Verdict, seen: Sequence[Seen], reason: str, by: Identity) -> int:
    """Give a verdict on scores, on all of them or none; how many it changed. The same verdict twice is one.

    `verification.changed` where one of them is no longer what was seen, `verification.no_move` where its state has no
    such move, `verification.blank` where there is nothing to confirm, `verification.own` where who confirms it put it
    there, `verification.reason` where a reason is missing.
    """
    why = given_text(reason, LONGEST_REASON)
    wanted = sorted({one.key: one for one in seen}.values(), key=lambda one: one.key)
    with transaction() as session:
        ground = ground_of(session, cycle_id, wanted, by)
        require_open(session, ground.cycle, Stage.VERIFICATION, ground.cycle.place)
        done = done_already(ground, verdict, wanted, by)
        left = [one for one in wanted if one.key not in done]
        if verdict is not Verdict.CONFIRM and not why:
            raise RuleError("verification.reason")
        _check(ground, verdict, left)
        if verdict is Verdict.CONFIRM:
            _check_own(ground, left, by)
        cells = [ground.cells[one.key] if one.key in ground.cells else _begin(session, ground, one, why, by)
                 for one in left]  # fmt: skip
        store_verdict(session, ground, verdict, cells, why, by)
        return len(cells)


def ground_of(session: Session, cycle_id: int, seen: Sequence[Seen], by: Identity) -> Ground:
    """The cells concerned; the year's row is held so that it cannot move on in between."""
    session.execute(select(Cycle.id).where(Cycle.id == cycle_id).with_for_update(read=True))
    row = cycle(cycle_id)
    if row is None or not may(by.grants, Act.VERIFY_SCORES, row.place):
        raise RuleError("verification.none")
    units = {one.id: one for one in units_of(row, {one.unit_id for one in seen})}
    headers = {(task.kind, column.header): task.node.code for task in tasks_of(cycle_id) for column in task.columns}
    if any(one.unit_id not in units or (units[one.unit_id].kind, one.header) not in headers for one in seen):
        raise RuleError("verification.none")
    codes = {one.key: headers[units[one.unit_id].kind, one.header] for one in seen}
    return Ground(row, units, cells_of(cycle_id, units, {one.header for one in seen}), codes)


def done_already(ground: Ground, verdict: Verdict, seen: Sequence[Seen], by: Identity) -> set[Key]:
    """What the same person gave the same verdict a moment ago: a double click."""
    target = target_of(verdict)
    there = {one.key: cell.id for one in seen if (cell := ground.cells.get(one.key)) and cell.review is target
             and cell.version == max(one.version, 1)}  # fmt: skip
    if not there:
        return set()
    last = last_reviewers(there.values())
    return {key for key, cell in there.items() if last.get(cell) == by.account_id}


def _check(ground: Ground, verdict: Verdict, seen: Sequence[Seen]) -> None:
    for one in seen:
        cell = ground.cells.get(one.key)
        unit = ground.units[one.unit_id].name
        if (cell.version if cell else 0) != one.version:
            raise RuleError("verification.changed", unit=unit, header=one.header)
        if find_move(verdict, cell.review if cell else Review.OPEN) is None:
            raise RuleError("verification.no_move", unit=unit, header=one.header)
        if verdict is Verdict.CONFIRM and (cell is None or cell.entry == NOTHING):
            raise RuleError("verification.blank", unit=unit, header=one.header)


def _check_own(ground: Ground, seen: Sequence[Seen], by: Identity) -> None:
    """Nobody confirms what they put there themselves, in whatever role it was then."""
    own = own_scores(ground.cycle.id, by.account_id, ground.codes)
    one = next((one for one in seen if one.key in own), None)
    if one is None:
        return
    unit, others = ground.units[one.unit_id].name, others_who_may(Act.VERIFY_SCORES, ground.cycle.place, by.account_id)
    if not others:
        raise RuleError("verification.own_alone", unit=unit, header=one.header)
    raise RuleError("verification.own", unit=unit, header=one.header, others=others)


def _begin(session: Session, ground: Ground, one: Seen, why: str, by: Identity) -> CellRow:
    """Make the blank cell that is returned because nobody filled it in."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    made = dialect.insert(ScoreCell).values(
        cycle_id=ground.cycle.id, unit_id=one.unit_id, header=one.header, version=1, state=ValueState.BLANK.value,
        value="",
    )  # fmt: skip
    key = session.scalar(made.on_conflict_do_nothing().returning(ScoreCell.id))
    if key is None:
        raise RuleError("verification.changed", unit=ground.units[one.unit_id].name, header=one.header)
    session.execute(
        insert(ScoreValue),
        [{"cell_id": key, "version": 1, "state": ValueState.BLANK.value, "value": "", "by": by.account_id, "at": now(),
          "source": SOURCE, "reason": why}],
    )  # fmt: skip
    return CellRow(int(key), one.unit_id, one.header, 1, NOTHING)


def store_verdict(
    session: Session, ground: Ground, verdict: Verdict, cells: Sequence[CellRow], why: str, by: Identity
) -> None:
    """Move each cell on the version and the state that were read."""
    if not cells:
        return
    target = target_of(verdict)
    for cell in cells:
        done = rows_changed(
            session,
            update(ScoreCell)
            .where(ScoreCell.id == cell.id, ScoreCell.version == cell.version, ScoreCell.review == cell.review)
            .values(review=target.value, review_reason=why if target is Review.RETURNED else ""),
        )
        if done != 1:
            raise RuleError("verification.changed", unit=ground.units[cell.unit_id].name, header=cell.header)
    remember(session, ground, verdict, cells, why, by)


def remember(
    session: Session, ground: Ground, verdict: Verdict, cells: Sequence[CellRow], why: str, by: Identity
) -> None:
    """Add to each cell's history what the district made of it, and to the trail."""
    target, at = target_of(verdict), now()
    session.connection().execute(
        _ADD_REVIEW,
        [{"cell_id": cell.id, "version": cell.version, "review": target.value, "account_id": by.account_id, "at": at,
          "reason": why} for cell in cells],
    )  # fmt: skip
    record_each(session, ACTS[verdict], by.account_id, [_told(ground, cell, why) for cell in cells])


def _told(ground: Ground, cell: CellRow, why: str) -> tuple[Subject, dict[str, object]]:
    unit, row = ground.units[cell.unit_id], ground.cycle
    place = Place(row.municipality_id, row.district_id, unit.township_id, unit.id)
    subject = Subject("score_cell", cell.id, f"{unit.name} {cell.header}", place)
    return subject, {"year": row.year, "header": cell.header, "version": cell.version, "value": cell.entry.shown,
                     "reason": why}  # fmt: skip
