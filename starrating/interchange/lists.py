"""Writes a list as a file for an office: CSV with a byte order mark, or XLSX; texts never become formulas."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

from starrating.interchange.inert import DANGEROUS, MARK, csv_text
from starrating.interchange.workbook_writer import FONT


def as_csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The list as CSV; a text that a spreadsheet would calculate is led by an apostrophe."""
    return (MARK + csv_text(head, rows, numbers_stay=True)).encode()


def as_xlsx(name: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The list as a sheet of texts, its head frozen."""
    file = io.BytesIO()
    settings = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, settings) as book:
        sheet = book.add_worksheet(name)
        plain, bold = book.add_format(FONT), book.add_format(FONT | {"bold": True, "bg_color": "#E4F0F3"})
        quoted = book.add_format(FONT | {"quote_prefix": True})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(head) - 1, 18)
        for at, text in enumerate(head):
            sheet.write_string(0, at, text, bold)
        for number, row in enumerate(rows, start=1):
            for at, text in enumerate(row):
                sheet.write_string(number, at, text, quoted if text.startswith(DANGEROUS) else plain)
    return file.getvalue()
