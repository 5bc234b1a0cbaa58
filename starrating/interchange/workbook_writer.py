"""Writes a workbook of scores with XlsxWriter: locked heads, open cells, lists and bounds, rules as notes.

Texts leave as texts, whatever they begin with; numbers leave as numbers with as many decimals as they were typed with.
A very hidden sheet keeps the version and the text of every cell with a digest over all of it.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from hashlib import sha256
from itertools import groupby
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from starrating.domain.figures import plain
from starrating.domain.inputs import decimal
from starrating.interchange.inert import DANGEROUS
from starrating.interchange.workbook_layout import (
    CODE,
    FIRST_ROW,
    FORMAT,
    GROUP_ROW,
    KEPT,
    KEY_ROW,
    LONGEST_CELL,
    NAME,
    NAME_ROW,
    OPTIONS,
    PART_ROW,
    TOWNSHIP,
    Bounds,
    ColumnPlan,
    RowPlan,
    SheetPlan,
    Words,
)

LEADING = 3
"""Columns before the scores: code, name, township."""
MOST_DIGITS = 15
"""A number with more would be rounded by a spreadsheet; it leaves as text."""
LONGEST_LIST = 250
ACCENT, GREY, LINE, HEAD = "#0E5A70", "#5F6B76", "#B9C3CA", "#E4F0F3"
BORDER = {"border": 1, "border_color": LINE}
FONT = {"font_name": "Microsoft YaHei", "font_size": 10}
ALLOWED = {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True}


def write_workbook(cycle_id: int, made: str, sheets: Sequence[SheetPlan], words: Words) -> bytes:
    """The workbook as a file; `made` is the instant and the person, for whoever opens it later."""
    file = io.BytesIO()
    settings = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(file, settings) as book:
        formats = _Formats(book)
        lists: list[tuple[str, ...]] = []
        kept: list[list[str]] = []
        for plan in sheets:
            kept += _Page(book, plan, formats, words, lists).write()
        _write_lists(book, lists)
        _write_kept(book, {"format": FORMAT, "cycle": cycle_id, "made": made}, kept)
    return file.getvalue()


class _Formats:
    """The looks of cells, each made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def of(self, **looks: Any) -> Any:
        """A look."""
        key = tuple(sorted(looks.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format(FONT | looks)
        return self.made[key]

    def cell(self, text: str, *, open_: bool, number: bool) -> Any:
        """The look of a cell of scores: open or locked, with the decimals that it was typed with."""
        looks: dict[str, Any] = {**BORDER, "locked": not open_}
        if not open_:
            looks["bg_color"] = "#E9EDEF"
        if number:
            _, _, decimals = text.partition(".")
            looks["num_format"] = f"0.{'0' * len(decimals)}" if decimals else "General"
        else:
            looks |= {"num_format": "@" if text.startswith(DANGEROUS) else "General", "align": "right"}
        if text.startswith(DANGEROUS) and not number:
            looks["quote_prefix"] = True
        return self.of(**looks)


class _Page:
    """One sheet being written, from the top; nothing above a row can be changed once it was left."""

    def __init__(self, book: Any, plan: SheetPlan, formats: _Formats, words: Words, lists: list[Any]) -> None:
        self.sheet = book.add_worksheet(plan.name)
        self.plan, self.formats, self.words, self.lists = plan, formats, words, lists

    def write(self) -> list[list[str]]:
        """Write it all; what is to be kept of its rows."""
        self._prepare()
        self._head()
        kept, row = [], FIRST_ROW
        for row, unit in enumerate(self.plan.rows, start=FIRST_ROW):
            self._row(row, unit)
            kept.append(_kept(self.plan, unit))
        for at, column in enumerate(self.plan.columns, start=LEADING):
            self._validate(column, at, row)
        return kept

    def _prepare(self) -> None:
        sheet = self.sheet
        sheet.protect("", ALLOWED)
        sheet.freeze_panes(FIRST_ROW, 2)
        for at, width in enumerate((15, 18, 14)):
            sheet.set_column(at, at, width)
        for at, column in enumerate(self.plan.columns, start=LEADING):
            sheet.set_column(at, at, column.width)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.repeat_rows(GROUP_ROW, PART_ROW)
        sheet.repeat_columns(0, 1)
        sheet.fit_to_pages(0, 0)
        sheet.set_footer("&C&P / &N")

    def _head(self) -> None:
        sheet, of = self.sheet, self.formats.of
        sheet.set_row(0, 24)
        sheet.write_string(0, 0, self.plan.title, of(bold=True, font_size=14))
        sheet.write_string(1, 0, self.plan.hint, of(font_color=GREY))
        sheet.set_row(NAME_ROW, 45)
        sheet.set_row(KEY_ROW, 12)
        head = of(**BORDER, bold=True, bg_color=HEAD, align="center", valign="vcenter", text_wrap=True)
        soft = of(**BORDER, bg_color=HEAD, align="center", valign="vcenter", text_wrap=True)
        key = of(**BORDER, font_color=GREY, font_size=7, bg_color="#F5F7F8")
        self._spans(GROUP_ROW, [column.group for column in self.plan.columns], head)
        self._spans(NAME_ROW, [column.name for column in self.plan.columns], soft)
        leading = (self.words.code, self.words.name, self.words.township)
        for at, text in enumerate((*leading, *(column.part for column in self.plan.columns))):
            sheet.write_string(PART_ROW, at, text, soft)
        for at, column in enumerate(self.plan.columns, start=LEADING):
            if column.note:
                sheet.write_comment(PART_ROW, at, column.note, {"x_scale": 2, "y_scale": 2, "font_size": 9})
        for at, text in enumerate((CODE, NAME, TOWNSHIP, *(column.key for column in self.plan.columns))):
            sheet.write_string(KEY_ROW, at, text, key)

    def _spans(self, row: int, names: Sequence[str], look: Any) -> None:
        """Names in a row of the head, those that follow each other alike as one."""
        for at in range(LEADING):
            self.sheet.write_blank(row, at, None, look)
        at = LEADING
        for name, same in groupby(names):
            after = at + len(list(same))
            if after - at > 1:
                self.sheet.merge_range(row, at, row, after - 1, name, look)
            else:
                self.sheet.write_string(row, at, name, look)
            at = after

    def _row(self, row: int, unit: RowPlan) -> None:
        plain_look = self.formats.of(**BORDER)
        for at, text in enumerate((unit.code, unit.name, unit.township)):
            look = self.formats.of(**BORDER, quote_prefix=True) if text.startswith(DANGEROUS) else plain_look
            self.sheet.write_string(row, at, text, look)
        for at, (column, text, open_) in enumerate(zip(self.plan.columns, unit.values, unit.open, strict=True)):
            number = not column.text and _is_number(text)
            look = self.formats.cell(text, open_=open_, number=number)
            if not text:
                self.sheet.write_blank(row, at + LEADING, None, look)
            elif number:
                self.sheet.write_number(row, at + LEADING, Decimal(text), look)
            else:
                self.sheet.write_string(row, at + LEADING, text, look)

    def _validate(self, column: ColumnPlan, at: int, last: int) -> None:
        """What may be typed in a column: one of a list, or a number within bounds."""
        told = {"error_title": self.words.wrong_title, "ignore_blank": True}
        if column.options:
            told |= {"validate": "list", "source": self._list(column.options), "error_message": self.words.wrong_option}
        elif column.bounds:
            formula = _within(column.bounds, xl_rowcol_to_cell(FIRST_ROW, at))
            told |= {"validate": "custom", "value": formula, "error_message": self.words.wrong_number}
        else:
            return
        self.sheet.data_validation(FIRST_ROW, at, last, at, told)

    def _list(self, options: tuple[str, ...]) -> Any:
        """A list where it is short; where it is not, the place of the hidden sheet that has it."""
        if len(",".join(options)) <= LONGEST_LIST and not any("," in option for option in options):
            return list(options)
        if options not in self.lists:
            self.lists.append(options)
        column = self.lists.index(options)
        last = xl_rowcol_to_cell(len(options) - 1, column, row_abs=True, col_abs=True)
        return f"={OPTIONS}!{xl_rowcol_to_cell(0, column, row_abs=True, col_abs=True)}:{last}"


def _is_number(text: str) -> bool:
    """True where a spreadsheet keeps the text as a number without a loss."""
    digits = text.removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS and decimal(text) is not None


def _within(bounds: Bounds, cell: str) -> str:
    """The condition that a cell keeps, as a formula of the spreadsheet."""
    said = [f"ISNUMBER({cell})"]
    if bounds.low is not None:
        said.append(f"{cell}>={plain(bounds.low)}")
    if bounds.high is not None:
        said.append(f"{cell}<={plain(bounds.high)}")
    if bounds.whole:
        said.append(f"{cell}=INT({cell})")
    inside = f"AND({','.join(said)})"
    return f'=OR({cell}="{bounds.away}",{inside})' if bounds.away else f"={inside}"


def _kept(plan: SheetPlan, unit: RowPlan) -> list[str]:
    """A row of the hidden sheet: kind, code, and header → version and text as JSON, in stretches that a cell holds."""
    cells = {
        column.key: [version, text]
        for column, version, text in zip(plan.columns, unit.versions, unit.values, strict=True)
        if version >= 0
    }
    text = json.dumps(cells, ensure_ascii=False, separators=(",", ":"))
    return [plan.kind, unit.code, *(text[at : at + LONGEST_CELL] for at in range(0, len(text), LONGEST_CELL))]


def _write_lists(book: Any, lists: Iterable[tuple[str, ...]]) -> None:
    columns = list(lists)
    if not columns:
        return
    sheet = book.add_worksheet(OPTIONS)
    sheet.very_hidden()
    for row in range(max(map(len, columns))):
        for at, options in enumerate(columns):
            if row < len(options):
                sheet.write_string(row, at, options[row])


def _write_kept(book: Any, facts: dict[str, Any], kept: Sequence[list[str]]) -> None:
    sheet = book.add_worksheet(KEPT)
    sheet.very_hidden()
    sheet.protect("")
    for row, cells in enumerate((*_headed(facts, kept), *kept)):
        for at, text in enumerate(cells):
            sheet.write_string(row, at, text)


def _headed(facts: dict[str, Any], kept: Sequence[list[str]]) -> Iterator[list[str]]:
    yield [json.dumps(facts | {"digest": kept_digest(facts, kept)}, ensure_ascii=False, sort_keys=True)]


def kept_digest(facts: dict[str, Any], kept: Sequence[Sequence[str]]) -> str:
    """The SHA-256 over what a workbook keeps: a part that was lost or moved on the way is noticed."""
    written = sha256(json.dumps(facts, ensure_ascii=False, sort_keys=True).encode())
    for row in kept:
        written.update(json.dumps(list(row), ensure_ascii=False).encode())
    return written.hexdigest()
