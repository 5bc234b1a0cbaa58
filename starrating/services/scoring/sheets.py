"""What a form of cells comes to, whosever cells they are: texts as entries, what changed, what somebody else changed.

Scores and self-assessments are saved by the same rules; where the cells are kept and who may touch them is decided by
`scores` and `assessments`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

from starrating.domain.access import Place
from starrating.domain.entry import (
    NOTHING,
    Entry,
    EntryState,
    bounds_written,
    half_applicable,
    needs_reason,
    read_entry,
)
from starrating.domain.faults import RuleError
from starrating.queries.cycles import CycleRow
from starrating.queries.scores import CellRow, SheetUnit
from starrating.services.names import given_text, plain_text
from starrating.services.scoring.tasks import Task
from starrating.services.scoring.typed_scores import Conflict, EntriesRefused, Key, Typed

LONGEST_REASON = 500


@dataclass(slots=True)
class Sheet:
    """What a save works on: the units, tasks and cells concerned, read in the transaction."""

    cycle: CycleRow
    units: dict[int, SheetUnit]
    tasks: Mapping[tuple[str, str], Task]
    cells: dict[Key, CellRow]
    bases: dict[Key, Entry] = field(default_factory=dict)
    _places: dict[int, Place] = field(default_factory=dict)

    def task(self, key: Key) -> Task | None:
        """Who enters a cell; None where there is no such cell."""
        unit_id, header = key
        unit = self.units.get(unit_id)
        return self.tasks.get((unit.kind, header)) if unit else None

    def place(self, unit_id: int) -> Place:
        """Where a unit of the sheet is."""
        if unit_id not in self._places:
            row = self.cycle
            township = self.units[unit_id].township_id
            self._places[unit_id] = Place(row.municipality_id, row.district_id, township, unit_id)
        return self._places[unit_id]


class Change(NamedTuple):
    """A cell that is to be stored: what was typed, what stood, what it says now, why."""

    typed: Typed
    before: CellRow | None
    after: Entry
    reason: str

    @property
    def stood(self) -> Entry:
        """What the cell said before."""
        return self.before.entry if self.before else NOTHING


class TextsRead:
    """Reads texts of scores; the same text under the same rule is looked at once."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], dict[str, Entry | RuleError]] = {}
        self.alike: dict[str, dict[str, Entry | RuleError]] = {}

    def rule(self, task: Task) -> dict[str, Entry | RuleError]:
        """What is known of texts under the rule of an indicator, which is that of all those alike."""
        here = (task.kind, task.node.code)
        known = self.known.get(here)
        if known is None:
            said = repr((task.node.leaf, task.node.low, task.node.high, bounds_written(task.node.note)))
            known = self.known[here] = self.alike.setdefault(said, {})
        return known

    def __call__(self, task: Task, text: str) -> Entry:
        """What a text says of an indicator; `RuleError` where it may not stand there."""
        known = self.rule(task)
        found = known.get(text)
        if found is None:
            try:
                found = read_entry(task.node, text)
            except RuleError as refusal:
                found = refusal
            known[text] = found
        if isinstance(found, RuleError):
            raise RuleError(found.code, **found.facts)
        return found


def entries_of(sheet: Sheet, typed: Sequence[Typed]) -> dict[Key, Entry]:
    """What was typed, as entries; refused with everything that may not stand."""
    entries: dict[Key, Entry] = {}
    faults: dict[Key, RuleError] = {}
    read, units, tasks = TextsRead(), sheet.units, sheet.tasks
    rules: dict[tuple[str, str], dict[str, Entry | RuleError]] = {}
    for one in typed:
        unit_id, header, _, text, reason = one
        here = units[unit_id].kind, header
        rule = rules.get(here)
        if rule is None:
            rule = rules[here] = read.rule(tasks[here])
        found = None if reason else rule.get(text)
        try:
            entries[one[:2]] = found if isinstance(found, Entry) else entry_of(sheet, one, read)
        except RuleError as refusal:
            faults[one.key] = refusal
    faults |= half_applicable_cells(sheet, typed, entries)
    if faults:
        raise EntriesRefused(faults)
    return entries


def read_text(task: Task, text: str) -> Entry:
    """What a text says of an indicator, for somebody who reads only a few."""
    return read_entry(task.node, text)


def entry_of(sheet: Sheet, one: Typed, read: Callable[[Task, str], Entry] = read_text) -> Entry:
    """What was typed into a cell, as an entry; `RuleError` where it, or the reason beside it, may not stand."""
    task = sheet.task(one.key)
    assert task is not None
    if one.reason:
        given_text(one.reason, LONGEST_REASON)
    return read(task, one.text)


def half_applicable_cells(sheet: Sheet, typed: Sequence[Typed], entries: Mapping[Key, Entry]) -> dict[Key, RuleError]:
    """The cells after which an indicator would be applicable in one part only."""
    if len(typed) > len(sheet.tasks) and all(len(task.columns) < 2 for task in sheet.tasks.values()):
        return {}
    concerned = {(one.unit_id, task.node.code): task for one in typed
                 if (task := sheet.task(one.key)) and len(task.columns) > 1}  # fmt: skip
    if not concerned:
        return {}
    stands: dict[int, dict[str, Entry]] = {}
    for (unit, header), cell in sheet.cells.items():
        stands.setdefault(unit, {})[header] = cell.entry
    for (unit, header), entry in entries.items():
        stands.setdefault(unit, {})[header] = entry
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
    explained = any(one.reason for one in typed)
    said = {(_group(sheet, key), cell.reason) for key, cell in sheet.cells.items()} if explained else set()
    for one in typed:
        key = one[:2]
        cell, mine = sheet.cells.get(key), entries[key]
        reason = plain_text(one.reason, LONGEST_REASON) if one.reason else ""
        stands = cell.entry if cell else NOTHING
        if mine == stands and (not reason or mine == NOTHING or (_group(sheet, key), reason) in said):
            continue
        if (cell.version if cell else 0) == one.version:
            changes.append(Change(one, cell, mine, reason))
            continue
        if cell is None:
            raise RuleError("score.none")
        base = sheet.bases.get(key, NOTHING)
        if mine != base:
            conflicts.append(Conflict(sheet.units[one.unit_id], one.header, base, cell, mine))
    return _without_bare_reasons(sheet, changes), conflicts


def _group(sheet: Sheet, key: Key) -> tuple[int, str]:
    """The unit and the indicator of a cell: what one reason is about."""
    task = sheet.task(key)
    return key[0], task.node.code if task else ""


def _without_bare_reasons(sheet: Sheet, changes: list[Change]) -> list[Change]:
    """A reason belongs to the values it was typed with; typed alone, it goes to the first value of its indicator."""
    if not any(one.stood == one.after for one in changes):
        return sorted(changes, key=itemgetter(0))
    kept: list[Change] = []
    explained: set[tuple[int, str]] = set()
    for one in sorted(changes, key=lambda change: (change.stood == change.after, change.typed.key)):
        group = _group(sheet, one.typed.key)
        if one.stood == one.after and group in explained:
            continue
        explained.add(group)
        kept.append(one)
    return sorted(kept, key=itemgetter(0))


def check_reasons(sheet: Sheet, changes: Iterable[Change]) -> None:
    """Where the scheme asks for a reason, a value comes with one."""
    if not any(needs_reason(task.node) for task in sheet.tasks.values()):
        return
    faults = {}
    for one in changes:
        if one.reason or one.after.state is not EntryState.VALUE:
            continue
        task = sheet.task(one.typed.key)
        if task and needs_reason(task.node):
            faults[one.typed.key] = RuleError("entry.reason")
    if faults:
        raise EntriesRefused(faults)
