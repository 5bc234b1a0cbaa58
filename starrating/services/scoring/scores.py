"""Scores as they are saved: a version in the WHERE clause, the value added to the history, one event a cell.

A save is whole or not at all. A cell that somebody else changed meanwhile is never overwritten: the save stores nothing
and answers with what stood when the page was opened, what stands now and what was typed. What was not touched is no
change, even if others moved it; the same save twice is one effect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, insert, select, tuple_
from sqlalchemy.orm import Session

from starrating.domain.entry import NOTHING
from starrating.domain.faults import RuleError
from starrating.domain.verification import Review
from starrating.domain.windows import Stage
from starrating.domain.workflow import CycleState
from starrating.models.scores import CellReview, ScoreCell, ScoreValue
from starrating.queries.cycles import CycleRow, held_cycle
from starrating.queries.identities import Identity
from starrating.queries.scores import CellRow, cells_of, standing_cells, units_of, values_at
from starrating.queries.windows import calendar_of
from starrating.services.audit import Subject, Told, alike, record_all
from starrating.services.bulk import STREAMED, Row, add_new, add_numbered, add_rows, change_rows
from starrating.services.clock import now
from starrating.services.scoring.locks import refuse_locked
from starrating.services.scoring.sheets import Change, Sheet, changes_of, check_reasons, entries_of
from starrating.services.scoring.tasks import tasks_by_header
from starrating.services.scoring.typed_scores import Conflict, Key, Saved, ScoresConflict, Typed
from starrating.services.transaction import transaction

STEP = 5_000
CELLS, VALUES = cast("Table", ScoreCell.__table__), cast("Table", ScoreValue.__table__)
_CELL = ("cycle_id", "unit_id", "header", "version", "state", "value")
_VALUE = ("cell_id", "version", "state", "value", "account_id", "at", "source", "reason")
_GIVEN = ("id", "version", "review", "state", "value")
_CHANGE_CELLS = """
UPDATE score_cell SET version = given.column2 + 1, state = given.column4, value = given.column5,
    review = 'open', review_reason = ''
FROM {given}
WHERE score_cell.id = given.column1 AND score_cell.version = given.column2 AND score_cell.review = given.column3
    AND score_cell.review <> 'confirmed'
""".strip()


class Source(StrEnum):
    """Where a value came from; kept with it in the history."""

    FORM = "entry"
    GRID = "grid"
    WORKBOOK = "workbook"
    IMPORT = "import"
    REVIEW = "review"
    SPOT_CHECK = "spot_check"
    OBJECTION = "objection"


class Written(NamedTuple):
    """A change with whose it is and where it came from."""

    change: Change
    by: int
    source: Source


def save_scores(cycle_id: int, typed: Sequence[Typed], by: Identity, source: Source = Source.FORM) -> Saved:
    """Save the cells of a page; `score.none` where one is not the person's to enter, `window.…` where one is closed.

    Raises `EntriesRefused` with every text that may not stand, `ScoresConflict` with every cell that somebody else
    changed; in all these cases nothing is stored.
    """
    with transaction() as session:
        return save_within(session, cycle_id, typed, by, source)


def save_within(
    session: Session, cycle_id: int, typed: Sequence[Typed], by: Identity, source: Source, stage: Stage = Stage.SCORING
) -> Saved:
    """The same within a transaction, for acts that do more; `stage` is the one whose window binds them.

    It writes to the trail and is therefore called last.
    """
    wanted = in_order(typed)
    return save_sheet(session, read_sheet(session, cycle_id, wanted), wanted, by, source, stage)


def save_sheet(
    session: Session, sheet: Sheet, wanted: Sequence[Typed], by: Identity, source: Source, stage: Stage = Stage.SCORING
) -> Saved:
    """The same for a sheet that was read in this transaction; `wanted` are its cells, each once, in order."""
    _check_allowed(sheet, wanted, by)
    calendar, at = calendar_of(sheet.cycle), now()
    verifying = calendar.state is CycleState.VERIFICATION
    if not verifying:
        refuse_locked(sheet, calendar, stage, ((one.key, None) for one in wanted), at)
    entries = entries_of(sheet, wanted)
    changes, conflicts = changes_of(sheet, wanted, entries)
    touched = [*((one.typed.key, one.before) for one in changes if verifying or one.before),
               *((_key(one), one.theirs) for one in conflicts)]  # fmt: skip
    refuse_locked(sheet, calendar, stage, touched, at)
    if conflicts:
        raise ScoresConflict(conflicts)
    check_reasons(sheet, changes)
    try:
        store_changes(session, sheet, changes, by.account_id, source)
    except ScoresConflict as lost:
        refuse_locked(sheet, calendar, stage, [(_key(one), one.theirs) for one in lost.conflicts], at)
        raise
    return Saved(len(changes))


def in_order(typed: Iterable[Typed]) -> list[Typed]:
    """Cells in the order in which all acts take them; of one that is named twice the last."""
    return sorted({one[:2]: one for one in typed}.values())


def read_sheet(session: Session, cycle_id: int, typed: Sequence[Typed]) -> Sheet:
    """Everything that the save decides on; the year's row is held so that it cannot move on in between."""
    row = held_cycle(cycle_id)
    if row is None:
        raise RuleError("score.none")
    return sheet_of(row, typed)


def sheet_of(row: CycleRow, typed: Sequence[Typed]) -> Sheet:
    """The same of a year whose row is held already."""
    sheet = _sheet_of(row, typed, cells_of)
    moved = {cell.id: one for one in typed if (cell := sheet.cells.get(one.key)) and 0 < one.version != cell.version}
    stood = values_at({(key, one.version) for key, one in moved.items()})
    sheet.bases = {one.key: stood[key] for key, one in moved.items() if key in stood}
    return sheet


def bare_sheet_of(row: CycleRow, typed: Sequence[Typed]) -> Sheet:
    """The same for those who save over the versions that stand: without what stood in cells that moved on, and without
    who entered those that stand, unless a reason was typed, which is held against theirs."""
    return _sheet_of(row, typed, cells_of if any(one.reason for one in typed) else standing_cells)


def _sheet_of(row: CycleRow, typed: Sequence[Typed], read: Callable[..., dict[Key, CellRow]]) -> Sheet:
    units = {one.id: one for one in units_of(row, {one.unit_id for one in typed})}
    sheet = Sheet(row, units, tasks_by_header(row), {})
    wanted = {(unit.kind, one.header) for one in typed if (unit := units.get(one.unit_id))}
    headers = {column.header for key in wanted if (task := sheet.tasks.get(key)) for column in task.columns}
    sheet.cells = read(row.id, units, headers)
    return sheet


def _check_allowed(sheet: Sheet, typed: Iterable[Typed], by: Identity) -> None:
    """Refuse a cell that is not the person's: asked once a department, and once a unit where townships enter."""
    known: dict[tuple[str, int | None], bool] = {}
    for one in typed:
        task = sheet.task(one.key)
        if task is None:
            raise RuleError("score.none")
        scope = task.assigned.department, one.unit_id if task.assigned.by_township else None
        if scope not in known:
            known[scope] = task.entered_by(by.grants, sheet.place(one.unit_id))
        if not known[scope]:
            raise RuleError("score.none")


def _key(one: Conflict) -> Key:
    return one.unit.id, one.header


def store_changes(session: Session, sheet: Sheet, changes: Sequence[Change], by: int, source: Source) -> None:
    """Write the cells under the condition that nobody else did, their history and the trail."""
    store_written(session, sheet, [Written(one, by, source) for one in changes])


def store_written(session: Session, sheet: Sheet, written: Sequence[Written]) -> None:
    """The same for the changes of several people to one sheet, each to cells of their own."""
    if not written:
        return
    changes = [one.change for one in written]
    added = iter(_insert_cells(session, sheet, [one for one in changes if one.before is None]))
    keys = [one.before.id if one.before else next(added) for one in changes]
    lost = [one for one, key in zip(changes, keys, strict=True) if key is None]
    lost += _update_cells(session, [(one, one.before) for one in changes if one.before is not None])
    if lost:
        raise ScoresConflict(_conflicts(sheet, lost))
    ids = cast("list[int]", keys)
    at = now()
    add_rows(session, VALUES, _VALUE, (_value(one, cell, at) for one, cell in zip(written, ids, strict=True)))
    put_right = [_put_right(one, cell, at) for one, cell in zip(written, ids, strict=True)
                 if one.change.before and one.change.before.review is Review.RETURNED]  # fmt: skip
    if put_right:
        session.execute(insert(CellReview), put_right)
    record_all(session, "score_saved", _told(sheet, written, ids))


def _value(one: Written, cell_id: int, at: datetime) -> Row:
    """What the history keeps of a change."""
    (typed, _, (state, value), reason), by, source = one
    return cell_id, typed.version + 1, str(state), value, by, at, str(source), reason


def _put_right(one: Written, cell_id: int, at: datetime) -> dict[str, Any]:
    """The step of a returned cell that is open again."""
    return {"cell_id": cell_id, "version": one.change.typed.version + 1, "review": Review.OPEN.value, "by": one.by,
            "at": at, "reason": one.change.reason}  # fmt: skip


def _told(sheet: Sheet, written: Sequence[Written], ids: Sequence[int]) -> Iterator[tuple[int, Subject, Told]]:
    """The events of changed cells."""
    told = alike("after", "before", "header", "reason", "state", "version", year=sheet.cycle.year)
    for ((typed, before, after, reason), by, _), cell_id in zip(written, ids, strict=True):
        unit_id, header, version, *_ = typed
        stood = before.entry.shown if before else NOTHING.shown
        subject = Subject("score_cell", cell_id, f"{sheet.units[unit_id].name} {header}", sheet.place(unit_id))
        yield by, subject, told(after.shown, stood, header, reason, str(after.state), version + 1)


def _insert_cells(session: Session, sheet: Sheet, changes: Sequence[Change]) -> Sequence[int | None]:
    """Add cells that nobody touched yet, and give the key of each; None for one that somebody else added in this
    moment, which is left as it is."""
    if len(changes) >= STREAMED:
        keys = add_numbered(session, CELLS, _CELL, _new_cells(sheet, changes), len(changes))
        if keys is not None:
            return keys
    found = add_new(session, CELLS, _CELL, _new_cells(sheet, changes), ("id", "unit_id", "header")) if changes else []
    added = {(unit, header): cell for cell, unit, header in found}
    return [added.get(one.typed.key) for one in changes]


def _new_cells(sheet: Sheet, changes: Iterable[Change]) -> Iterator[Row]:
    cycle_id = sheet.cycle.id
    for typed, _, (state, value), _ in changes:
        yield cycle_id, typed.unit_id, typed.header, 1, str(state), value


def _update_cells(session: Session, changes: Sequence[tuple[Change, CellRow]]) -> list[Change]:
    """Put values in place of the versions that were read; the changes whose version no longer stands."""
    if not changes:
        return []
    rows = ((before.id, before.version, str(before.review), str(one.after.state), one.after.value)
            for one, before in changes)  # fmt: skip
    if change_rows(session, _CHANGE_CELLS, CELLS, _GIVEN, rows) == len(changes):
        return []
    wanted, theirs = [(before.id, before.version + 1) for _, before in changes], set[int]()
    kept: set[int] = set()
    for start in range(0, len(wanted), STEP):
        theirs |= values_at(wanted[start : start + STEP]).keys()
        kept |= _still_at(session, [(cell, version - 1) for cell, version in wanted[start : start + STEP]])
    return [one for one, before in changes if before.id in theirs or before.id in kept]


def _still_at(session: Session, wanted: Sequence[tuple[int, int]]) -> set[int]:
    """The cells that kept their version: not theirs to change, because the district gave its verdict meanwhile."""
    rows = session.connection().execute(
        select(CELLS.c.id).where(tuple_(CELLS.c.id, CELLS.c.version).in_(sorted(wanted)))
    )
    return {row[0] for row in rows}


def _conflicts(sheet: Sheet, lost: Sequence[Change]) -> list[Conflict]:
    """What stands now where somebody else was a moment earlier."""
    stands = cells_of(sheet.cycle.id, sheet.units, {one.typed.header for one in lost})
    return [
        Conflict(sheet.units[one.typed.unit_id], one.typed.header, one.stood, stands[one.typed.key], one.after)
        for one in lost
    ]
