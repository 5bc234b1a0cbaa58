"""What a form of cells comes to, whosever cells they are: texts as entries, what changed, what somebody else changed.

Scores and self-assessments are saved by the same rules; where the cells are kept and who may touch them is decided by
`scores` and `assessments`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from starrating.domain.access import Place
from starrating.domain.entry import NOTHING, Entry, EntryState, half_applicable, needs_reason, read_entry
from starrating.domain.faults import RuleError
from starrating.queries.cycles import CycleRow
from starrating.queries.scores import CellRow, SheetUnit
from starrating.services.names import plain_text
from starrating.services.scoring_tasks import Task
from starrating.services.typed_scores import Conflict, EntriesRefused, Key, Typed

LONGEST_REASON = 500


@dataclass(slots=True)
class Sheet:
    """What a save works on: the units, tasks and cells concerned, read in the transaction."""

    cycle: CycleRow
    units: dict[int, SheetUnit]
    tasks: Mapping[tuple[str, str], Task]
    cells: dict[Key, CellRow]
    bases: dict[Key, Entry] = field(default_factory=dict)

    def task(self, key: Key) -> Task | None:
        """Who enters a cell; None where there is no such cell."""
        unit = self.units.get(key[0])
        return self.tasks.get((unit.kind, key[1])) if unit else None

    def place(self, unit_id: int) -> Place:
        """Where a unit of the sheet is."""
        row = self.cycle
        return Place(row.municipality_id, row.district_id, self.units[unit_id].township_id, unit_id)


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that is to be stored: what was typed, what stood, what it says now, why."""

    typed: Typed
    before: CellRow | None
    after: Entry
    reason: str

    @property
    def stood(self) -> Entry:
        """What the cell said before."""
        return self.before.entry if self.before else NOTHING


def entries_of(sheet: Sheet, typed: Sequence[Typed]) -> dict[Key, Entry]:
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
    faults |= half_applicable_cells(sheet, typed, entries)
    if faults:
        raise EntriesRefused(faults)
    return entries


def half_applicable_cells(sheet: Sheet, typed: Sequence[Typed], entries: Mapping[Key, Entry]) -> dict[Key, RuleError]:
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


def changes_of(
    sheet: Sheet, typed: Sequence[Typed], entries: Mapping[Key, Entry]
) -> tuple[list[Change], list[Conflict]]:
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
            changes.append(Change(one, cell, mine, reason))
            continue
        if cell is None:
            raise RuleError("score.none")
        base = sheet.bases.get(one.key, NOTHING)
        if mine != base:
            conflicts.append(Conflict(sheet.units[one.unit_id], one.header, base, cell, mine))
    return _without_bare_reasons(sheet, changes), conflicts


def _group(sheet: Sheet, key: Key) -> tuple[int, str]:
    """The unit and the indicator of a cell: what one reason is about."""
    task = sheet.task(key)
    return key[0], task.node.code if task else ""


def _without_bare_reasons(sheet: Sheet, changes: list[Change]) -> list[Change]:
    """A reason belongs to the values it was typed with; typed alone, it goes to the first value of its indicator."""
    kept: list[Change] = []
    explained: set[tuple[int, str]] = set()
    for one in sorted(changes, key=lambda change: (change.stood == change.after, change.typed.key)):
        group = _group(sheet, one.typed.key)
        if one.stood == one.after and group in explained:
            continue
        explained.add(group)
        kept.append(one)
    return sorted(kept, key=lambda change: change.typed.key)


def check_reasons(sheet: Sheet, changes: Iterable[Change]) -> None:
    """Where the scheme asks for a reason, a value comes with one."""
    faults = {}
    for one in changes:
        task = sheet.task(one.typed.key)
        if task and needs_reason(task.node) and one.after.state is EntryState.VALUE and not one.reason:
            faults[one.typed.key] = RuleError("entry.reason")
    if faults:
        raise EntriesRefused(faults)
