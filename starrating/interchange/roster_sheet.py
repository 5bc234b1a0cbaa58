"""A roster as a workbook: one row a post, heads in Chinese, choices as lists; written empty, read cell by cell.

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

SHEET = "任职名册"
CODE, UNIT, POST, HOLDER, NAME, NUMBER = "统计代码", "村社区", "职务", "系统里现任", "姓名", "人员编号"
BIRTH, EDUCATION, BEGINS, HOW, FILED, FILED_ON = "出生年份", "学历", "第一天", "怎么任职的", "备案单位", "备案日期"
ENDS, ENDING = "最后一天", "结束原因"
HEADS = (CODE, UNIT, POST, HOLDER, NAME, NUMBER, BIRTH, EDUCATION, BEGINS, HOW, FILED, FILED_ON, ENDS, ENDING)
NEEDED = (CODE, POST, NAME, BEGINS)
WIDTHS = (16, 22, 8, 12, 12, 10, 10, 12, 12, 12, 18, 12, 12, 14)
MOST_ROWS = 12_000
LOOKED = 10
"""Rows from the top in which the heads are looked for."""
SETTINGS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
FONT = {"font_name": "Microsoft YaHei", "font_size": 10}


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A row of a roster that says anything: its cells by head, and where each stands."""

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
class RosterRead:
    """What a file holds: its rows, and the heads that were left alone."""

    lines: list[RosterLine] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def write_roster(rows: Iterable[Sequence[str]], lists: Mapping[str, Sequence[str]], notes: Sequence[str]) -> bytes:
    """The workbook to be filled: a row for each post of each unit, and a page that says how."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, SETTINGS) as book:
        head = book.add_format({**FONT, "bold": True, "bg_color": "#E4F0F3", "bottom": 1})
        plain, text = book.add_format(FONT), book.add_format({**FONT, "num_format": "@"})
        sheet = book.add_worksheet(SHEET)
        for column, (name, width) in enumerate(zip(HEADS, WIDTHS, strict=True)):
            sheet.set_column(column, column, width, text)
            sheet.write_string(0, column, name, head)
        last = _write_rows(sheet, rows, text)
        for name, offered in lists.items():
            column = HEADS.index(name)
            sheet.data_validation(1, column, max(last, 1), column, {"validate": "list", "source": list(offered)})
        sheet.freeze_panes(1, 3)
        sheet.autofilter(0, 0, max(last, 1), len(HEADS) - 1)
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


def read_roster(sheets: Sequence[Sheet]) -> RosterRead:
    """The rows of the first sheet that has our heads; `RuleError` `roster.…` where none has them."""
    for sheet in sheets:
        found = _heads(sheet)
        if found is not None:
            at, places = found
            read = RosterRead(unknown=[name for name in places if name not in HEADS])
            read.lines += _lines(sheet, at, {name: column for name, column in places.items() if name in HEADS})
            if not read.lines:
                raise RuleError("roster.empty")
            return read
    raise RuleError("roster.no_heads", heads=tuple(NEEDED))


def _heads(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    for row in list(sheet.row_numbers())[:LOOKED]:
        places: dict[str, int] = {}
        for column in range(len(sheet.rows.get(row, ()))):
            name = sheet.text(row, column).strip()
            if name in places and name in HEADS:
                raise RuleError("roster.head_twice", head=name)
            if name:
                places[name] = column
        if set(NEEDED) <= places.keys():
            return row, places
    return None


def _lines(sheet: Sheet, head: int, places: Mapping[str, int]) -> Iterator[RosterLine]:
    filled = [name for name in places if name not in (CODE, UNIT, POST, HOLDER)]
    count = 0
    for row in sheet.row_numbers():
        if row <= head:
            continue
        cells = {name: cell for name, column in places.items() if (cell := sheet.cell(row, column)) is not None}
        if any(name in cells and (cells[name].text.strip() or cells[name].mark) for name in filled):
            count += 1
            if count > MOST_ROWS:
                raise RuleError("roster.long", most=MOST_ROWS)
            yield RosterLine(row, cells, places)


def unreadable(cell: Read) -> bool:
    """True where a formula gave no value or a fault."""
    return cell.mark in (Mark.ERROR, Mark.NO_VALUE)
