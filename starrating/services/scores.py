"""Scores as they are saved: a version in the WHERE clause, the value added to the history, one event a cell.

A save is whole or not at all. A cell that somebody else changed meanwhile is never overwritten: the save stores nothing
and answers with what stood when the page was opened, what stands now and what was typed. What was not touched is no
change, even if others moved it; the same save twice is one effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from starrating.domain.access import Place
from starrating.domain.entry import NOTHING, Entry, EntryState, half_applicable, needs_reason, read_entry
from starrating.domain.faults import RuleError
from starrating.models.cycles import Cycle
from starrating.models.scores import ScoreCell, ScoreValue
from starrating.queries.cycles import CycleRow, cycle
from starrating.queries.identities import Identity
from starrating.queries.scores import CellRow, SheetUnit, cells_of, units_of, values_at
from starrating.services.audit import Subject, record_each
from starrating.services.clock import now
from starrating.services.names import plain_text
from starrating.services.scoring_tasks import Task, is_open, tasks_of
from starrating.services.transaction import transaction
from starrating.services.typed_scores import Conflict, EntriesRefused, Key, Saved, ScoresConflict, Typed

LONGEST_REASON = 500
STEP = 400


class Source(StrEnum):
    """Where a value came from; kept with it in the history."""

    FORM = "entry"
    GRID = "grid"
    WORKBOOK = "workbook"
    IMPORT = "import"
    REVIEW = "review"


@dataclass(slots=True)
class _Sheet:
    """What a save works on: the units, tasks and cells concerned, read in the transaction."""

    cycle: CycleRow
    units: dict[int, SheetUnit]
    tasks: dict[tuple[str, str], Task]
    cells: dict[Key, CellRow]
    bases: dict[Key, Entry] = field(default_factory=dict)

    def task(self, key: Key) -> Task | None:
        """Who enters a cell; None where there is no such cell."""
        unit = self.units.get(key[0])
        return self.tasks.get((unit.kind, key[1])) if unit else None


@dataclass(frozen=True, slots=True)
class _Change:
    typed: Typed
    before: CellRow | None
    after: Entry
    reason: str

    @property
    def stood(self) -> Entry:
        """What the cell said before."""
        return self.before.entry if self.before else NOTHING


def save_scores(cycle_id: int, typed: Sequence[Typed], by: Identity, source: Source = Source.FORM) -> Saved:
    """Save the cells of a page; `score.none` where one is not the person's to enter, `score.closed` out of the window.

    Raises `EntriesRefused` with every text that may not stand, `ScoresConflict` with every cell that somebody else
    changed; in all these cases nothing is stored.
    """
    wanted = sorted({one.key: one for one in typed}.values(), key=lambda one: one.key)
    with transaction() as session:
        sheet = _read(session, cycle_id, wanted)
        _check_allowed(sheet, wanted, by)
        if not is_open(sheet.cycle, now()):
            raise RuleError("score.closed")
        entries = _entries(sheet, wanted)
        changes, conflicts = _changes(sheet, wanted, entries)
        if conflicts:
            raise ScoresConflict(conflicts)
        _check_reasons(sheet, changes)
        _store(session, sheet, changes, by.account_id, source)
        return Saved(len(changes))


def _read(session: Session, cycle_id: int, typed: Sequence[Typed]) -> _Sheet:
    """Everything that the save decides on; the year's row is held so that it cannot move on in between."""
    session.execute(select(Cycle.id).where(Cycle.id == cycle_id).with_for_update(read=True))
    row = cycle(cycle_id)
    if row is None:
        raise RuleError("score.none")
    units = {one.id: one for one in units_of(row, {one.unit_id for one in typed})}
    tasks = {(task.kind, column.header): task for task in tasks_of(cycle_id) for column in task.columns}
    sheet = _Sheet(row, units, tasks, {})
    headers = {column.header for one in typed if (task := sheet.task(one.key)) for column in task.columns}
    sheet.cells = cells_of(cycle_id, units, headers)
    moved = {cell.id: one for one in typed if (cell := sheet.cells.get(one.key)) and 0 < one.version != cell.version}
    stood = values_at({(key, one.version) for key, one in moved.items()})
    sheet.bases = {one.key: stood[key] for key, one in moved.items() if key in stood}
    return sheet


def _check_allowed(sheet: _Sheet, typed: Iterable[Typed], by: Identity) -> None:
    for one in typed:
        task = sheet.task(one.key)
        if task is None or not task.entered_by(by.grants, _place(sheet, one.unit_id)):
            raise RuleError("score.none")


def _place(sheet: _Sheet, unit_id: int) -> Place:
    row = sheet.cycle
    return Place(row.municipality_id, row.district_id, sheet.units[unit_id].township_id, unit_id)


def _entries(sheet: _Sheet, typed: Sequence[Typed]) -> dict[Key, Entry]:
    """What was typed, as entries; refused with everything that may not stand."""
    entries: dict[Key, Entry] = {}
    faults: dict[Key, RuleError] = {}
    for one in typed:
        task = sheet.task(one.key)
        assert task is not None
        try:
            entries[one.key] = read_entry(task.node, one.text)
        except RuleError as refusal:
            faults[one.key] = refusal
    faults |= _half_applicable(sheet, typed, entries)
    if faults:
        raise EntriesRefused(faults)
    return entries


def _half_applicable(sheet: _Sheet, typed: Sequence[Typed], entries: Mapping[Key, Entry]) -> dict[Key, RuleError]:
    """The cells after which an indicator would be applicable in one part only."""
    stands: dict[int, dict[str, Entry]] = {}
    for (unit, header), cell in sheet.cells.items():
        stands.setdefault(unit, {})[header] = cell.entry
    for (unit, header), entry in entries.items():
        stands.setdefault(unit, {})[header] = entry
    concerned = {(one.unit_id, task.node.code): task for one in typed if (task := sheet.task(one.key))}
    return {
        (unit, header): RuleError("entry.half_applicable")
        for (unit, _), task in concerned.items()
        for header in half_applicable(task.node, stands.get(unit, {}))
        if (unit, header) in entries
    }


def _changes(
    sheet: _Sheet, typed: Sequence[Typed], entries: Mapping[Key, Entry]
) -> tuple[list[_Change], list[Conflict]]:
    """What is to be stored, and what somebody else changed meanwhile."""
    changes, conflicts = [], []
    said = {(_group(sheet, key), cell.reason) for key, cell in sheet.cells.items()}
    for one in typed:
        cell, mine = sheet.cells.get(one.key), entries[one.key]
        reason = plain_text(one.reason, LONGEST_REASON)
        stands = cell.entry if cell else NOTHING
        if mine == stands and (not reason or mine == NOTHING or (_group(sheet, one.key), reason) in said):
            continue
        if (cell.version if cell else 0) == one.version:
            changes.append(_Change(one, cell, mine, reason))
            continue
        if cell is None:
            raise RuleError("score.none")
        base = sheet.bases.get(one.key, NOTHING)
        if mine != base:
            conflicts.append(Conflict(sheet.units[one.unit_id], one.header, base, cell, mine))
    return _without_bare_reasons(sheet, changes), conflicts


def _group(sheet: _Sheet, key: Key) -> tuple[int, str]:
    """The unit and the indicator of a cell: what one reason is about."""
    task = sheet.task(key)
    return key[0], task.node.code if task else ""


def _without_bare_reasons(sheet: _Sheet, changes: list[_Change]) -> list[_Change]:
    """A reason belongs to the values it was typed with; typed alone, it goes to the first value of its indicator."""
    kept: list[_Change] = []
    explained: set[tuple[int, str]] = set()
    for one in sorted(changes, key=lambda change: (change.stood == change.after, change.typed.key)):
        group = _group(sheet, one.typed.key)
        if one.stood == one.after and group in explained:
            continue
        explained.add(group)
        kept.append(one)
    return sorted(kept, key=lambda change: change.typed.key)


def _check_reasons(sheet: _Sheet, changes: Iterable[_Change]) -> None:
    """Where the scheme asks for a reason, a value comes with one."""
    faults = {}
    for one in changes:
        task = sheet.task(one.typed.key)
        if task and needs_reason(task.node) and one.after.state is EntryState.VALUE and not one.reason:
            faults[one.typed.key] = RuleError("entry.reason")
    if faults:
        raise EntriesRefused(faults)


def _store(session: Session, sheet: _Sheet, changes: Sequence[_Change], by: int, source: Source) -> None:
    """Write the cells under the condition that nobody else did, their history and the trail."""
    if not changes:
        return
    ids = _insert_cells(session, sheet, [one for one in changes if one.before is None])
    lost = [one for one in changes if one.before is None and one.typed.key not in ids]
    for one in changes:
        if one.before is not None:
            if _update_cell(session, one.before, one.after):
                ids[one.typed.key] = one.before.id
            else:
                lost.append(one)
    if lost:
        raise ScoresConflict(_conflicts(sheet, lost))
    at = now()
    session.execute(
        insert(ScoreValue),
        [{"cell_id": ids[one.typed.key], "version": one.typed.version + 1, "state": one.after.state,
          "value": one.after.value, "by": by, "at": at, "source": source.value, "reason": one.reason}
         for one in changes],
    )  # fmt: skip
    record_each(session, "score_saved", by, [_told(sheet, one, ids[one.typed.key]) for one in changes])


def _told(sheet: _Sheet, one: _Change, cell_id: int) -> tuple[Subject, dict[str, object]]:
    """The event of a changed cell."""
    unit, header = sheet.units[one.typed.unit_id], one.typed.header
    subject = Subject("score_cell", cell_id, f"{unit.name} {header}", _place(sheet, unit.id))
    facts = {"year": sheet.cycle.year, "header": header, "version": one.typed.version + 1, "reason": one.reason,
             "before": one.stood.shown, "after": one.after.shown, "state": one.after.state.value}  # fmt: skip
    return subject, facts


def _insert_cells(session: Session, sheet: _Sheet, changes: Sequence[_Change]) -> dict[Key, int]:
    """Add cells that nobody touched yet; one that somebody else added in this moment is left as it is."""
    found: dict[Key, int] = {}
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    for start in range(0, len(changes), STEP):
        rows = [
            {"cycle_id": sheet.cycle.id, "unit_id": one.typed.unit_id, "header": one.typed.header, "version": 1,
             "state": one.after.state.value, "value": one.after.value}
            for one in changes[start : start + STEP]
        ]  # fmt: skip
        made = dialect.insert(ScoreCell).values(rows).on_conflict_do_nothing()
        added = session.execute(made.returning(ScoreCell.id, ScoreCell.unit_id, ScoreCell.header))
        found |= {(row[1], row[2]): row[0] for row in added}
    return found


def _update_cell(session: Session, before: CellRow, after: Entry) -> bool:
    """Put a value in place of the version that was read; False where that version no longer stands."""
    done = session.execute(
        update(ScoreCell)
        .where(ScoreCell.id == before.id, ScoreCell.version == before.version)
        .values(version=before.version + 1, state=after.state.value, value=after.value)
    )
    return int(done.rowcount) == 1  # type: ignore[attr-defined]


def _conflicts(sheet: _Sheet, lost: Sequence[_Change]) -> list[Conflict]:
    """What stands now where somebody else was a moment earlier."""
    stands = cells_of(sheet.cycle.id, sheet.units, {one.typed.header for one in lost})
    return [
        Conflict(sheet.units[one.typed.unit_id], one.typed.header, one.stood, stands[one.typed.key], one.after)
        for one in lost
    ]
