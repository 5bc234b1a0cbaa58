"""What a table of another system asks for, once its columns are chosen, and everything that is wrong with it.

Units are found by their 12 digits or by their exact name among the person's own; a name that two of them have, or none,
is listed and never guessed. Blank cells change nothing. A foreign table has no versions: a cell that holds something
already is only replaced where the person says so. Nothing is written here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from starrating.domain.entry import NOTHING, Entry, EntryState, half_applicable, needs_reason
from starrating.domain.faults import RuleError
from starrating.interchange.foreign_tables import ForeignTable
from starrating.interchange.sheet_marks import Mark
from starrating.interchange.spreadsheets import address
from starrating.queries.cycles import CycleRow
from starrating.queries.identities import Identity
from starrating.queries.scores import SheetUnit, standing_cells
from starrating.services.bulk import many_values
from starrating.services.names import plain_text
from starrating.services.scoring.foreign_columns import LARGEST_SAMPLE, Chosen, Target, check, targets_of
from starrating.services.scoring.sheet_cells import EntriesRead, Notice, Proposed, Reading, check_sort, same
from starrating.services.scoring.tasks import Task, work_of
from starrating.services.scoring.typed_scores import Typed
from starrating.services.scoring.workbook_out import Enterable, units_in
from starrating.wording.foreign import sampled

CODE = re.compile("[0-9]{12}")
WHOLE = re.compile("[1-9][0-9]{0,6}")
LONGEST_NAME = 200


@many_values()
def read_table(row: CycleRow, table: ForeignTable, chosen: Chosen, by: Identity) -> Reading:
    """What a table changes in the year; `RuleError` `columns.…` where the choice makes no sense."""
    targets = targets_of(row, by)
    check(chosen, table, targets)
    reader = _Table(row, table, chosen, by, targets)
    for number in table.body:
        reader.read_row(number)
    reader.finish()
    return reader.reading


class _Table:
    """A table being read against the year as it stands."""

    def __init__(
        self, row: CycleRow, table: ForeignTable, chosen: Chosen, by: Identity, targets: Mapping[Target, Task]
    ) -> None:
        self.sheet, self.chosen, self.targets = table.sheet, chosen, targets
        self.reading = Reading()
        self.reading.notices += [Notice("notice.other_sheet", {"sheet": name}) for name in table.aside]
        work = work_of(row, by.grants)
        units = [
            unit for kind in dict.fromkeys(kind for kind, _ in targets) for unit in units_in(row, work, kind, None)
        ]
        self.by_code = {unit.code: unit for unit in units}
        self.by_name: dict[str, list[SheetUnit]] = {}
        for unit in units:
            self.by_name.setdefault(plain_text(unit.name, LONGEST_NAME), []).append(unit)
        headers = {header for _, header in chosen.columns}
        headers |= {column.header for target in chosen.columns for column in targets[target].columns}
        self.cells = standing_cells(row.id, [unit.id for unit in units], headers)
        self.allowed, self.entry_in = Enterable(row, by), EntriesRead()
        self.seen: dict[int, str] = {}
        self.blank = 0

    def read_row(self, number: int) -> None:
        """Read a unit's row."""
        unit = self._unit(number)
        if unit is None:
            return
        size = self._sample(number, unit)
        entries: dict[str, Entry] = {}
        for (kind, header), at in self.chosen.columns.items():
            if kind != unit.kind:
                continue
            if (entry := self._entry(number, at, self.targets[kind, header], unit)) is not None:
                entries[header] = entry
        half = set(self._half(unit, entries))
        for header, entry in entries.items():
            self._propose(number, unit, header, entry, size, half=header in half)

    def finish(self) -> None:
        """Tell what was left aside."""
        if self.blank:
            self.reading.notices.append(Notice("notice.blank", {"count": self.blank}))
        formulas = sum(mark is Mark.FORMULA for mark in self.sheet.marks.values())
        if formulas:
            self.reading.notices.append(Notice("notice.formulas", {"sheet": self.sheet.name, "count": formulas}))

    def _propose(self, number: int, unit: SheetUnit, header: str, entry: Entry, size: int, *, half: bool) -> None:
        at, task = self.chosen.columns[unit.kind, header], self.targets[unit.kind, header]
        stands = self.cells.get((unit.id, header))
        if same(entry, stands.entry if stands else NOTHING):
            self.reading.already += 1
            return
        reason = sampled(task.node, size, self.chosen.note) if size and at == self.chosen.sampled else self.chosen.note
        if half:
            self._refuse(number, at, RuleError("entry.half_applicable"))
        if needs_reason(task.node) and not reason and entry.state is EntryState.VALUE:
            self._refuse(number, at, RuleError("cell.note"))
        # Over a blank the value simply goes; over anything else version 0 makes it a question.
        version = stands.version if stands and stands.entry.state is EntryState.BLANK else 0
        self.reading.proposed.append(Proposed(Typed(unit.id, header, version, entry.shown, reason), ""))

    def _unit(self, number: int) -> SheetUnit | None:
        at = self.chosen.unit
        said = plain_text(self.sheet.text(number, at), LONGEST_NAME)
        try:
            if (cell := self.sheet.cell(number, at)) is not None:
                check_sort(cell)
            found = self._found(number, said)
            if found is None:
                return None
            if found.id in self.seen:
                raise RuleError("cell.named_twice", unit=said[:40], first=self.seen[found.id])
        except RuleError as refusal:
            self._refuse(number, at, refusal)
            return None
        self.seen[found.id] = f"{self.sheet.name}!{address(number, at)}"
        return found

    def _found(self, number: int, said: str) -> SheetUnit | None:
        """The unit that a text names; None for a row without any value."""
        if not said:
            if any(self.sheet.cell(number, place) for place in set(self.chosen.columns.values())):
                raise RuleError("cell.no_unit")
            return None
        if CODE.fullmatch(said):
            if said not in self.by_code:
                raise RuleError("cell.unit_unknown", unit=said)
            return self.by_code[said]
        match self.by_name.get(said, []):
            case [one]:
                return one
            case []:
                raise RuleError("cell.name_unknown", unit=said[:40])
            case several:
                places = "、".join(f"{one.township}{one.code}" for one in several[:5])
                raise RuleError("cell.name_ambiguous", unit=said[:40], places=places)

    def _entry(self, number: int, at: int, task: Task, unit: SheetUnit) -> Entry | None:
        """What a cell says; None where it is blank, or refused, which is noted."""
        try:
            if not self.allowed(task, unit):
                raise RuleError("cell.unit_not_yours")
            found = self.entry_in(task, self.sheet.cell(number, at))
        except RuleError as refusal:
            self._refuse(number, at, refusal)
            return None
        if found.state is EntryState.BLANK:
            self.blank += 1
            return None
        return found

    def _sample(self, number: int, unit: SheetUnit) -> int:
        """The size of a unit's sample, 0 where none is asked for or it is refused; small ones are told."""
        at = self.chosen.sample
        used = any(
            kind == unit.kind and place == self.chosen.sampled for (kind, _), place in self.chosen.columns.items()
        )
        if at is None or not used or not self.sheet.cell(number, self.chosen.sampled or 0):
            return 0
        cell = self.sheet.cell(number, at)
        try:
            if cell is not None:
                check_sort(cell)
            text = cell.text.strip() if cell else ""
            if not WHOLE.fullmatch(text) or int(text) > LARGEST_SAMPLE:
                raise RuleError("cell.sample", text=text[:40])
        except RuleError as refusal:
            self._refuse(number, at, refusal)
            return 0
        if int(text) < self.chosen.least:
            self.reading.few.append((unit.name, unit.township, int(text)))
        return int(text)

    def _half(self, unit: SheetUnit, entries: Mapping[str, Entry]) -> Iterator[str]:
        """The headers after which an indicator would apply in one part only."""
        tasks = {self.targets[unit.kind, header].node.code: self.targets[unit.kind, header] for header in entries}
        for task in tasks.values():
            own: Sequence[str] = [column.header for column in task.columns]
            stands = {header: cell.entry for header in own if (cell := self.cells.get((unit.id, header)))}
            yield from (header for header in half_applicable(task.node, stands | dict(entries)) if header in entries)

    def _refuse(self, row: int, column: int, refusal: RuleError) -> None:
        self.reading.refuse(self.sheet, row, column, refusal)
