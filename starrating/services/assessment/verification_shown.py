"""A verdict on everything that a filter shows, thousands of scores at once: what is still as it was shown, no more.

Scores that moved on since are named and left alone; what who confirms put there is left out and counted. One statement
for all scores of the same version and state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, collate, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from starrating.domain.entry import NOTHING, Entry
from starrating.domain.faults import RuleError
from starrating.domain.verification import Review, Verdict, find_move, target_of
from starrating.domain.windows import Stage
from starrating.models.scores import ScoreCell, ScoreValue, ValueState
from starrating.queries.identities import Identity
from starrating.queries.scores import CellRow, SheetUnit, cells_of, values_at
from starrating.queries.verification import own_scores
from starrating.services.assessment.verification import SOURCE, Ground, Seen, done_already, ground_of, remember
from starrating.services.clock import now
from starrating.services.names import given_text
from starrating.services.scoring.sheets import LONGEST_REASON
from starrating.services.transaction import transaction
from starrating.services.years.windows import require_open

MOST_AT_ONCE = 5_000
"""Cells that one statement names."""
MOST_NEW = 2_000
"""Cells that one statement makes: SQLite takes some thirty thousand values in one."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A score that was left alone because it is no longer what was shown."""

    unit: SheetUnit
    header: str
    shown: Entry | None
    """None where there never was such a version."""
    stands: Entry
    review: Review


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a verdict on everything that was shown."""

    count: int
    moved: tuple[Moved, ...]
    own: int = 0
    """How many were left out because who confirms put them there; somebody else may."""


def confirm_shown(cycle_id: int, seen: Sequence[Seen], by: Identity) -> Judged:
    """Confirm every score that is still what was shown, in version and in state. Sent twice it is one effect.

    What who confirms put there is left out and counted.
    """
    return _judge(cycle_id, Verdict.CONFIRM, seen, "", by)


def return_shown(cycle_id: int, seen: Sequence[Seen], reason: str, by: Identity) -> Judged:
    """Return every score that is still what was shown to whoever enters it, all for one reason.

    One that nobody ever filled in is made, blank, so that it can be returned. `verification.reason` without a reason.
    """
    why = given_text(reason, LONGEST_REASON)
    if not why:
        raise RuleError("verification.reason")
    return _judge(cycle_id, Verdict.RETURN, seen, why, by)


def _judge(cycle_id: int, verdict: Verdict, seen: Sequence[Seen], why: str, by: Identity) -> Judged:
    wanted = sorted({one.key: one for one in seen}.values(), key=lambda one: one.key)
    with transaction() as session:
        ground = ground_of(session, cycle_id, wanted, by)
        require_open(session, ground.cycle, Stage.VERIFICATION, ground.cycle.place)
        done = done_already(ground, verdict, wanted, by)
        own = own_scores(cycle_id, by.account_id, ground.codes) if verdict is Verdict.CONFIRM else set()
        left = [one for one in wanted if one.key not in done | own]
        begun = _begun(session, ground, left, why, by) if verdict is Verdict.RETURN else {}
        same = [cell for one in left if (cell := ground.cells.get(one.key)) and _as_shown(cell, one, verdict)]
        same += begun.values()
        held = _move(session, verdict, same, why)
        cells = [cell for cell in same if cell.id in held]
        kept = {(cell.unit_id, cell.header) for cell in cells}
        moved = _moved(ground, [one for one in left if one.key not in kept])
        if cells:
            remember(session, ground, verdict, cells, why, by)
        return Judged(len(cells), moved, sum(one.key in own and one.key not in done for one in wanted))


def _as_shown(cell: CellRow, one: Seen, verdict: Verdict) -> bool:
    if (cell.version, cell.review) != (one.version, one.review) or find_move(verdict, cell.review) is None:
        return False
    return verdict is not Verdict.CONFIRM or cell.entry != NOTHING


def _begun(
    session: Session, ground: Ground, seen: Sequence[Seen], why: str, by: Identity
) -> dict[tuple[int, str], CellRow]:
    """Blank cells for what nobody ever filled in; not where somebody has filled it in meanwhile."""
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    new = [one for one in seen if not one.version and one.key not in ground.cells]
    made: dict[tuple[int, str], CellRow] = {}
    for some in _in_parts(new, MOST_NEW):
        rows = [{"cycle_id": ground.cycle.id, "unit_id": one.unit_id, "header": one.header, "version": 1,
                 "state": ValueState.BLANK.value, "value": ""} for one in some]  # fmt: skip
        stored = dialect.insert(ScoreCell).values(rows).on_conflict_do_nothing()
        for key, unit, header in session.execute(stored.returning(ScoreCell.id, ScoreCell.unit_id, ScoreCell.header)):
            made[unit, header] = CellRow(key, unit, header, 1, NOTHING)
    if made:
        session.connection().execute(
            insert(cast("Table", ScoreValue.__table__)),
            [{"cell_id": cell.id, "version": 1, "state": ValueState.BLANK.value, "value": "", "at": now(),
              "account_id": by.account_id, "source": SOURCE, "reason": why} for cell in made.values()],
        )  # fmt: skip
    return made


def _in_parts(seen: Sequence[Seen], most: int) -> Iterator[Sequence[Seen]]:
    for start in range(0, len(seen), most):
        yield seen[start : start + most]


def _move(session: Session, verdict: Verdict, cells: Sequence[CellRow], why: str) -> set[int]:
    """Move scores on the version and the state that were read; the cells that it held for.

    They are locked in the order in which saves take them, so that the two never wait for each other in a circle.
    """
    target, groups = target_of(verdict), dict[tuple[int, Review], list[int]]()
    for cell in cells:
        groups.setdefault((cell.version, cell.review), []).append(cell.id)
    held = set[int]()
    if session.get_bind().dialect.name == "postgresql":
        ids = [cell.id for cell in cells]
        for start in range(0, len(ids), MOST_AT_ONCE):
            some = select(ScoreCell.id).where(ScoreCell.id.in_(ids[start : start + MOST_AT_ONCE]))
            session.execute(some.order_by(ScoreCell.unit_id, collate(ScoreCell.header, "C")).with_for_update())
    for (version, review), keys in groups.items():
        for start in range(0, len(keys), MOST_AT_ONCE):
            held |= set(session.scalars(
                update(ScoreCell)
                .where(ScoreCell.id.in_(keys[start : start + MOST_AT_ONCE]), ScoreCell.version == version,
                       ScoreCell.review == review)
                .values(review=target.value, review_reason=why if target is Review.RETURNED else "")
                .returning(ScoreCell.id)
                .execution_options(synchronize_session=False)
            ))  # fmt: skip
    return held


def _moved(ground: Ground, left: Sequence[Seen]) -> tuple[Moved, ...]:
    """What was shown of scores that moved on meanwhile and what stands now."""
    if not left:
        return ()
    stands = cells_of(ground.cycle.id, ground.units, {one.header for one in left})
    shown = values_at({(cell.id, one.version) for one in left if (cell := stands.get(one.key))})
    return tuple(_move_of(ground.units[one.unit_id], one, stands.get(one.key), shown) for one in left)


def _move_of(unit: SheetUnit, one: Seen, cell: CellRow | None, shown: Mapping[int, Entry]) -> Moved:
    was = shown.get(cell.id) if cell and one.version else NOTHING
    if cell is None:
        return Moved(unit, one.header, was, NOTHING, Review.OPEN)
    return Moved(unit, one.header, cell.entry if cell.version == one.version else was, cell.entry, cell.review)
