"""A published list as a workbook: one row a unit, texts that stay texts, the digests on a second sheet."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from starrating.interchange.inert import DANGEROUS

COLUMNS = (
    ("年度", 7), ("区", 12), ("乡镇街道", 20), ("类别", 7), ("名称", 34), ("代码", 15), ("星级", 8), ("上年度星级", 11),
    ("变动", 12), ("总分", 10), ("名次", 7), ("发布以后", 16),
)  # fmt: skip
TOTAL, RANK = 9, 10
EDITION_COLUMNS = (("区", 12), ("类别", 7), ("版次", 7), ("发布日期", 12), ("摘要（SHA-256）", 68),
                   ("发文机关", 40), ("发文字号", 24), ("更正的是（摘要）", 68))  # fmt: skip
DECIDED_COLUMNS = (("区", 12), ("类别", 7), ("名称", 34), ("代码", 15), ("改哪里", 24), ("发布时", 12), ("改为", 12),
                   ("从哪一天起", 12), ("见于第几版", 10), ("理由", 60), ("依据", 30))  # fmt: skip
SETTINGS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "vcenter"}


@dataclass(frozen=True, slots=True)
class Listed:
    """What the workbook is of: its rows in the order of `COLUMNS`, the editions in that of `EDITION_COLUMNS`, what was
    decided after publication in that of `DECIDED_COLUMNS`.
    """

    title: str
    day: date
    rows: Iterable[Sequence[str]]
    editions: Sequence[Sequence[str]]
    sample: str
    decided: Sequence[Sequence[str]] = ()


def list_workbook(listed: Listed) -> bytes:
    """The workbook; the same rows give the same bytes."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, SETTINGS) as book:
        made = datetime(listed.day.year, listed.day.month, listed.day.day, tzinfo=UTC)
        book.set_properties({"title": listed.title, "comments": listed.sample, "created": made})
        _units(book, listed)
        _editions(book, listed)
        if listed.decided:
            _decided(book, listed)
    return file.getvalue()


def _units(book: Any, listed: Listed) -> None:
    sheet, looks = book.add_worksheet("名单"), _Looks(book)
    _head(sheet, COLUMNS, looks)
    last = 0
    for last, row in enumerate(listed.rows, 1):
        for column, text in enumerate(row):
            if column in (TOTAL, RANK) and text:
                number = Decimal(text)
                sheet.write_number(last, column, number, looks.number(number))
            elif text:
                sheet.write_string(last, column, text, looks.text(text))
    sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第&P页，共&N页" + (f"&R{listed.sample}" if listed.sample else ""))


def _editions(book: Any, listed: Listed) -> None:
    """The second sheet: which editions the list was read from, to be checked against the signed texts."""
    sheet, looks = book.add_worksheet("版次和摘要"), _Looks(book)
    _head(sheet, EDITION_COLUMNS, looks)
    for place, row in enumerate(listed.editions, 1):
        for column, text in enumerate(row):
            sheet.write_string(place, column, text, looks.text(text))
    sheet.freeze_panes(1, 0)
    if listed.sample:
        sheet.write_string(len(listed.editions) + 2, 0, listed.sample, looks.text(listed.sample))


def _decided(book: Any, listed: Listed) -> None:
    """The third sheet, of a list that was restated: what was decided after it was published, and why."""
    sheet, looks = book.add_worksheet("发布以后的决定"), _Looks(book)
    _head(sheet, DECIDED_COLUMNS, looks)
    for place, row in enumerate(listed.decided, 1):
        for column, text in enumerate(row):
            if text:
                sheet.write_string(place, column, text, looks.text(text))
    sheet.freeze_panes(1, 0)


def _head(sheet: Any, columns: Sequence[tuple[str, int]], looks: _Looks) -> None:
    for column, (name, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, looks.head)


class _Looks:
    """The looks of cells, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self.head = book.add_format({**FONT, "bold": True, "bg_color": "#F5F7F8", "bottom": 1})
        self._plain = book.add_format(FONT)
        self._quoted = book.add_format({**FONT, "quote_prefix": True})
        self._numbers: dict[int, Any] = {}

    def text(self, text: str) -> Any:
        """A text's; one that could be taken for a formula stays a text when somebody edits it."""
        return self._quoted if text.startswith(DANGEROUS) else self._plain

    def number(self, number: Decimal) -> Any:
        """A number's, with as many decimals as it was written with."""
        places = max(0, -int(number.as_tuple().exponent))
        if places not in self._numbers:
            shown = "0" + ("." + "0" * places if places else "")
            self._numbers[places] = self._book.add_format({**FONT, "num_format": shown})
        return self._numbers[places]
