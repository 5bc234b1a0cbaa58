"""An eligibility list as a workbook for the office: a row a leader and rule, its conditions in words, names masked."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, date, datetime

import xlsxwriter

from starrating.documents.list_workbook import FONT, SETTINGS

COLUMNS = (
    ("乡镇街道", 18), ("村社区", 30), ("代码", 15), ("书记（遮盖）", 14), ("资格", 24), ("符合吗", 12), ("差几条", 8),
    ("逐条", 100),
)  # fmt: skip
Row = tuple[str, str, str, str, str, str, int, str]


def eligible_workbook(rows: Iterable[Row], day: date) -> bytes:
    """The workbook of rows in the order of `COLUMNS`; nothing in it is ever read as a formula."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, SETTINGS) as book:
        book.set_properties({"created": datetime(day.year, day.month, day.day, tzinfo=UTC)})
        head, plain = book.add_format({**FONT, "bold": True}), book.add_format({**FONT, "num_format": "@"})
        count, sheet = book.add_format(FONT), book.add_worksheet("资格名单")
        for column, (name, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, head)
        last = 0
        for last, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(last, column, value, count)
                elif value:
                    sheet.write_string(last, column, value, plain)
        sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
        sheet.freeze_panes(1, 0)
    return file.getvalue()
