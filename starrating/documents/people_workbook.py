"""A list of people as a workbook for the office: texts that stay texts, names masked by whoever makes the rows."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

import xlsxwriter

from starrating.documents.list_workbook import FONT, SETTINGS


def people_workbook(
    name: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[str]], day: date
) -> bytes:  # fmt: skip
    """The workbook of some rows under (head, width); nothing in it is ever read as a formula."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, SETTINGS) as book:
        book.set_properties({"created": datetime(day.year, day.month, day.day, tzinfo=UTC)})
        head, plain = book.add_format({**FONT, "bold": True}), book.add_format({**FONT, "num_format": "@"})
        sheet = book.add_worksheet(name)
        for column, (title, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, head)
        last = 0
        for last, row in enumerate(rows, 1):
            for column, text in enumerate(row):
                if text:
                    sheet.write_string(last, column, text, plain)
        sheet.autofilter(0, 0, last, len(columns) - 1)
        sheet.freeze_panes(1, 0)
    return file.getvalue()
