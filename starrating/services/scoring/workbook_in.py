"""What an uploaded workbook asks for: the cells that somebody changed in it, and everything that is wrong with it.

Rows are found by their codes and columns by their keys, so that moving and sorting are no changes. A cell counts as
changed where it says something else than when the workbook was made; what was not touched is never sent, whatever
others did to it meanwhile. Nothing is written here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from starrating.domain.entry import NOTHING, Entry, EntryState, half_applicable, needs_reason
from starrating.domain.faults import RuleError
from starrating.domain.methods import Missing
from starrating.interchange.sheet_marks import Mark
from starrating.interchange.spreadsheets import Read, Sheet, address
from starrating.interchange.workbook_layout import CODE, NAME, NOTE, REASON, TOWNSHIP, Kept, KeptCell
from starrating.interchange.workbook_reader import Head, filled_sheets, kept_of
from starrating.queries.cycles import CycleRow
from starrating.queries.identities import Identity
from starrating.queries.scores import SheetUnit, standing_cells
from starrating.services.bulk import many_values
from starrating.services.names import given_text, plain_text
from starrating.services.scoring.sheet_cells import EntriesRead, Notice, Proposed, Reading, same, same_text
from starrating.services.scoring.sheets import LONGEST_REASON
from starrating.services.scoring.tasks import Task, work_of
from starrating.services.scoring.typed_scores import Typed
from starrating.services.scoring.workbook_out import Enterable, units_in

NEVER_THERE = KeptCell(0, "")


class _Column(NamedTuple):
    """A column of scores: its header, where it is, who enters it, and what is known of cells under its rule."""

    header: str
    at: int
    task: Task
    known: Mapping[str, Entry]


_Touched = tuple[_Column, KeptCell, Read | str | None]
"""A cell that was touched: its column, what it said, what it says now as `EntriesRead` takes it."""


@many_values()
def read_workbook(row: CycleRow, sheets: Sequence[Sheet], by: Identity) -> Reading:
    """What a workbook of the year changes; `RuleError` `workbook.…` where it is none of ours."""
    kept = kept_of(sheets)
    if kept.cycle_id != row.id:
        raise RuleError("workbook.other_year")
    reading = Reading()
    found = list(filled_sheets(sheets))
    if not any(head for _, head in found):
        raise RuleError("workbook.no_head")
    workbook = _Workbook(row, by, kept, reading)
    for sheet, head in found:
        if head is None:
            reading.notices.append(Notice("notice.sheet", {"sheet": sheet.name}))
        else:
            workbook.read(sheet, head)
    return reading


class _Workbook:
    """A workbook being read against the year as it stands."""

    def __init__(self, row: CycleRow, by: Identity, kept: Kept, reading: Reading) -> None:
        self.kept, self.reading = kept, reading
        work = work_of(row, by.grants)
        self.tasks = {(task.kind, column.header): task for task in work.tasks for column in task.columns}
        self.codes = {task.node.code for task in work.tasks}
        kinds = dict.fromkeys(task.kind for task in work.tasks)
        self.units = {unit.code: unit for kind in kinds for unit in units_in(row, work, kind, None)}
        headers = {header for _, header in self.tasks}
        self.cells = standing_cells(row.id, [one.id for one in self.units.values()], headers)
        self.allowed = Enterable(row, by)
        self.seen: dict[str, str] = {}
        self.entry_in = EntriesRead()
        self.in_parts = any(task.node.leaf and len(task.node.leaf.parts) > 1 for task in work.tasks)
        self.explained = {(task.kind, task.node.code) for task in work.tasks if needs_reason(task.node)}

    def read(self, sheet: Sheet, head: Head) -> None:
        """Go over a sheet."""
        page = _Page(self, sheet, head)
        page.check_columns()
        for number in sheet.row_numbers():
            if number > head.row:
                page.read_row(number)
        page.finish()


class _Page:
    """One sheet: where its columns are, and the rows as they are read."""

    def __init__(self, book: _Workbook, sheet: Sheet, head: Head) -> None:
        self.book, self.sheet, self.head = book, sheet, head
        self.columns = {key: places[0] for key, places in head.columns.items()}
        headers = {header for _, header in book.tasks}
        self.scores = [(header, at) for header, at in self.columns.items() if header in headers]
        self.entered: dict[str, list[_Column]] = {}
        self.marked = {row for row, _ in sheet.marks}
        self.explained = any(key.startswith(REASON) for key in self.columns)
        self.kinds: set[str] = set()
        self.idle_notes = 0
        self.reasons: dict[tuple[int, str], str] = {}
        self.note = (-1, "")

    def check_columns(self) -> None:
        """Refuse what stands twice or is unknown."""
        reasons = {REASON + code for code in self.book.codes}
        known = {CODE, NAME, TOWNSHIP, NOTE} | reasons | {header for header, _ in self.scores}
        for key, (first, *others) in self.head.columns.items():
            for at in others:
                told = RuleError("cell.key_twice", key=key[:60], first=address(self.head.row, first))
                self._refuse(self.head.row, at, told)
            if key not in known:
                self._refuse(self.head.row, first, RuleError("cell.key_unknown", key=key[:60]))

    def read_row(self, number: int) -> None:
        """Read a unit's row."""
        unit = self._unit(number)
        if unit is None:
            return
        self.kinds.add(unit.kind)
        before = self.book.kept.cells.get((unit.kind, unit.code), {})
        entries: dict[str, Entry] = {}
        found: list[tuple[int, Proposed]] = []
        for touched in self._touched(number, unit.kind, before):
            entry = self._entry(number, touched, unit)
            if entry is None:
                continue
            (header, at, task, _), base, _ = touched
            entries[header] = entry
            stands = self.book.cells.get((unit.id, header))
            if same(entry, stands.entry if stands else NOTHING):
                self.book.reading.already += 1
                continue
            why = self._why(number, task) if self.explained else self._note(number)
            found.append((at, Proposed(Typed(unit.id, header, base.version, entry.shown, why), base.text)))
        self._check_row(number, unit, found, entries)

    def _why(self, number: int, task: Task) -> str:
        """What explains the changes of an indicator in a row; read once."""
        key = (number, task.node.code)
        if key not in self.reasons:
            self.reasons[key] = self._reason(number, REASON + task.node.code) or self._note(number)
        return self.reasons[key]

    def _note(self, number: int) -> str:
        """What explains all changes of a row; read once a row."""
        if self.note[0] != number:
            self.note = number, self._reason(number, NOTE)
        return self.note[1]

    def _check_row(
        self, number: int, unit: SheetUnit, found: Sequence[tuple[int, Proposed]], entries: Mapping[str, Entry]
    ) -> None:
        """Refuse missing reasons and indicators that apply by half; tell of reasons that changed nothing."""
        self.book.reading.proposed += [one for _, one in found]
        half = set(_half(self.book, unit, entries)) if self.book.in_parts else set()
        for at, one in found if half or self.book.explained else ():
            header = one.typed.header
            if header in half:
                self._refuse(number, at, RuleError("entry.half_applicable"))
            if one.typed.reason or entries[header].state is not EntryState.VALUE:
                continue
            if (unit.kind, self.book.tasks[unit.kind, header].node.code) in self.book.explained:
                self._refuse(number, at, RuleError("entry.reason"))
        written = [key for key in self.columns if key == NOTE or key.startswith(REASON)]
        if not found and any(self._text(number, key) for key in written):
            self.idle_notes += 1

    def finish(self) -> None:
        """Tell what was missing or left aside."""
        notices, name, book = self.book.reading.notices, self.sheet.name, self.book
        missing = [header for kind, header in book.tasks if kind in self.kinds and header not in self.columns]
        if missing:
            shown = "、".join(missing[:5]) + ("…" if len(missing) > 5 else "")
            notices.append(Notice("notice.missing", {"sheet": name, "count": len(missing), "keys": shown}))
        if extra := self._extra():
            notices.append(Notice("notice.extra", {"sheet": name, "columns": "、".join(extra)}))
        absent = sum(kind in self.kinds and code not in book.seen for kind, code in book.kept.cells)
        if absent:
            notices.append(Notice("notice.rows", {"sheet": name, "count": absent}))
        formulas = sum(mark is Mark.FORMULA for mark in self.sheet.marks.values())
        if formulas:
            notices.append(Notice("notice.formulas", {"sheet": name, "count": formulas}))
        if self.idle_notes:
            notices.append(Notice("notice.notes", {"sheet": name, "count": self.idle_notes}))

    def _extra(self) -> list[str]:
        """The columns without a key that hold something below the head."""
        keyed = {at for places in self.head.columns.values() for at in places}
        below = Counter(
            at for row, cells in self.sheet.rows.items() if row > self.head.row
            for at in range(len(cells)) if cells[at] is not None and at not in keyed
        )  # fmt: skip
        return [address(0, at).rstrip("1") for at in sorted(below)]

    def _unit(self, number: int) -> SheetUnit | None:
        at = self.columns[CODE]
        code = self._text(number, CODE)
        if not code:
            if any(self._cell(number, place) for _, place in self.scores):
                self._refuse(number, at, RuleError("cell.no_code"))
            return None
        unit = self.book.units.get(code)
        if unit is None:
            self._refuse(number, at, RuleError("cell.unit_unknown", unit=code[:40]))
            return None
        if code in self.book.seen:
            self._refuse(number, at, RuleError("cell.unit_twice", unit=code, first=self.book.seen[code]))
            return None
        self.book.seen[code] = f"{self.sheet.name}!{address(number, at)}"
        name = self._text(number, NAME)
        if NAME in self.columns and name != plain_text(unit.name, 200):
            told = RuleError("cell.name_differs", unit=code, right=unit.name, name=name[:40])
            self._refuse(number, self.columns[NAME], told)
            return None
        return unit

    def _columns(self, kind: str) -> list[_Column]:
        """The columns of scores that units of a kind have."""
        found = self.entered.get(kind)
        if found is None:
            tasks = [(header, at, self.book.tasks.get((kind, header))) for header, at in self.scores]
            found = self.entered[kind] = [
                _Column(header, at, task, self.book.entry_in.rule(task)) for header, at, task in tasks if task
            ]
        return found

    def _touched(self, number: int, kind: str, before: Mapping[str, KeptCell]) -> Iterator[_Touched]:
        """The cells of a row that say something else than they said; 12.50 and 12.5 are the same."""
        cells, marked = self.sheet.rows.get(number, []), number in self.marked
        width = len(cells)
        for column in self._columns(kind):
            at = column.at
            base, raw = before.get(column.header, NEVER_THERE), cells[at] if at < width else None
            if marked and (number, at) in self.sheet.marks:
                yield column, base, self._cell(number, at)
            elif base.text if raw is None else not same_text(raw[1:], base.text):
                yield column, base, raw

    def _entry(self, number: int, touched: _Touched, unit: SheetUnit) -> Entry | None:
        """What a touched cell says; None where it is refused, which is noted."""
        (_, at, task, known), base, cell = touched
        try:
            if not self.book.allowed(task, unit):
                raise RuleError("cell.not_yours", text=base.text)
            return (known.get(cell) if isinstance(cell, str) else None) or self.book.entry_in(task, cell)
        except RuleError as refusal:
            self._refuse(number, at, refusal)
            return None

    def _cell(self, number: int, at: int) -> Read | None:
        return self.sheet.cell(number, at)

    def _text(self, number: int, key: str) -> str:
        at = self.columns.get(key)
        return "" if at is None else plain_text(self.sheet.text(number, at), LONGEST_REASON)

    def _reason(self, number: int, key: str) -> str:
        """What was written as a reason; one that may not stand as it is counts as none, and is noted."""
        at = self.columns.get(key)
        if at is None:
            return ""
        try:
            return given_text(self.sheet.text(number, at), LONGEST_REASON)
        except RuleError as refusal:
            self._refuse(number, at, refusal)
            return ""

    def _refuse(self, row: int, column: int, refusal: RuleError) -> None:
        self.book.reading.refuse(self.sheet, row, column, refusal)


def _half(book: _Workbook, unit: SheetUnit, entries: Mapping[str, Entry]) -> Iterator[str]:
    """The touched headers of a unit after which an indicator would apply in one part only."""
    tasks = (book.tasks[unit.kind, header] for header in entries)
    nodes = {
        task.node.code: task.node for task in tasks
        if len(task.columns) > 1
        and task.node.leaf and task.node.leaf.missing is Missing.EXCLUDE and len(task.node.leaf.parts) > 1
    }  # fmt: skip
    for node in nodes.values():
        stands = {
            header: cell.entry for header in (node.leaf.columns(node.code) if node.leaf else ())
            if (cell := book.cells.get((unit.id, header)))
        }  # fmt: skip
        yield from (header for header in half_applicable(node, stands | dict(entries)) if header in entries)
