"""A list of people or posts as a workbook: heads in Chinese, choices as lists; written to be filled, read cell by cell.

Nothing is guessed: a head that is not ours is told and left alone, a head that is needed and missing is a refusal.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter

from starrating.domain.faults import RuleError
from starrating.interchange.sheet_marks import Mark
from starrating.interchange.spreadsheets import Read, Sheet, address

MOST_ROWS = 12_000
LOOKED = 10
"""Rows from the top in which the heads are looked for."""
SETTINGS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
FONT = {"font_name": "Microsoft YaHei", "font_size": 10}


@dataclass(frozen=True, slots=True)
class Layout:
    """What a list is called and which columns it has."""

    name: str
    heads: tuple[str, ...]
    widths: tuple[int, ...]
    needed: tuple[str, ...]
    """Heads without which a sheet is not this list."""
    given: frozenset[str]
    """Columns that come filled: a row that says nothing beside them is not read."""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A row of a list that says anything: its cells by head, and where each stands."""

    row: int
    cells: Mapping[str, Read]
    places: Mapping[str, int]

    def text(self, head: str) -> str:
        """A cell's text without blanks around it, empty where there is none."""
        found = self.cells.get(head)
        return found.text.strip() if found else ""

    def address(self, head: str) -> str:
        """How the cell is called in the file."""
        return address(self.row, self.places.get(head, 0))


@dataclass
class SheetRead:
    """What a file holds: its rows, and the heads that were left alone."""

    lines: list[SheetLine] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def write_list(
    layout: Layout, rows: Iterable[Sequence[str]], lists: Mapping[str, Sequence[str]], notes: Sequence[str]
) -> bytes:  # fmt: skip
    """The workbook to be filled: the rows, and a page that says how."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, SETTINGS) as book:
        head = book.add_format({**FONT, "bold": True, "bg_color": "#E4F0F3", "bottom": 1})
        plain, text = book.add_format(FONT), book.add_format({**FONT, "num_format": "@"})
        sheet = book.add_worksheet(layout.name)
        for column, (name, width) in enumerate(zip(layout.heads, layout.widths, strict=True)):
            sheet.set_column(column, column, width, text)
            sheet.write_string(0, column, name, head)
        last = _write_rows(sheet, rows, text)
        for name, offered in lists.items():
            column = layout.heads.index(name)
            sheet.data_validation(1, column, max(last, 1), column, {"validate": "list", "source": list(offered)})
        sheet.freeze_panes(1, 3)
        sheet.autofilter(0, 0, max(last, 1), len(layout.heads) - 1)
        help_page = book.add_worksheet("怎么填")
        help_page.set_column(0, 0, 100, plain)
        for row, line in enumerate(notes):
            help_page.write_string(row, 0, line, plain)
    return file.getvalue()


def _write_rows(sheet: Any, rows: Iterable[Sequence[str]], look: Any) -> int:
    last = 0
    for last, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if cell:
                sheet.write_string(last, column, cell, look)
    return last


def read_list(layout: Layout, sheets: Sequence[Sheet]) -> SheetRead:
    """The rows of the first sheet that has our heads; `RuleError` `roster.…` where none has them."""
    for sheet in sheets:
        found = _heads(layout, sheet)
        if found is not None:
            at, places = found
            read = SheetRead(unknown=[name for name in places if name not in layout.heads])
            ours = {name: column for name, column in places.items() if name in layout.heads}
            read.lines += _lines(layout, sheet, at, ours)
            if not read.lines:
                raise RuleError("roster.empty")
            return read
    raise RuleError("roster.no_heads", heads=layout.needed)


def _heads(layout: Layout, sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    for row in list(sheet.row_numbers())[:LOOKED]:
        places: dict[str, int] = {}
        for column in range(len(sheet.rows.get(row, ()))):
            name = sheet.text(row, column).strip()
            if name in places and name in layout.heads:
                raise RuleError("roster.head_twice", head=name)
            if name:
                places[name] = column
        if set(layout.needed) <= places.keys():
            return row, places
    return None


def _lines(layout: Layout, sheet: Sheet, head: int, places: Mapping[str, int]) -> Iterator[SheetLine]:
    filled = [name for name in places if name not in layout.given]
    count = 0
    for row in sheet.row_numbers():
        if row <= head:
            continue
        cells = {name: cell for name, column in places.items() if (cell := sheet.cell(row, column)) is not None}
        if any(name in cells and (cells[name].text.strip() or cells[name].mark) for name in filled):
            count += 1
            if count > MOST_ROWS:
                raise RuleError("roster.long", most=MOST_ROWS)
            yield SheetLine(row, cells, places)


def unreadable(cell: Read) -> bool:
    """True where a formula gave no value or a fault."""
    return cell.mark in (Mark.ERROR, Mark.NO_VALUE)
