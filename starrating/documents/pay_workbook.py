"""A pay sheet as a workbook for the office: amounts are numbers that re-add, formulas are texts, names are masked."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from starrating.documents.list_workbook import FONT, SETTINGS

COLUMNS = (
    ("乡镇街道", 18), ("村社区", 30), ("姓名（遮盖）", 12), ("职务", 18), ("在任月数", 10), ("系数", 8),
    ("系数依据", 28), ("金额（元）", 14), ("算式", 80), ("说明", 50),
)  # fmt: skip
DIFFERENCES = (("原已确认（元）", 14), ("补发或扣回（元）", 16))
MONTHS, AMOUNT, BEFORE = 4, 7, len(COLUMNS)


def pay_workbook(
    lines: Sequence[Any], total: int, notes: Sequence[str], day: date, before: Sequence[int] | None = None
) -> bytes:
    """The workbook of some lines and their sum in 分; `notes` stand below. Nothing in it is read as a formula.

    `before` is of a sheet of differences: what had been confirmed row by row, which two more columns say.
    """
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, SETTINGS) as book:
        book.set_properties({"created": datetime(day.year, day.month, day.day, tzinfo=UTC)})
        head, plain = book.add_format({**FONT, "bold": True}), book.add_format({**FONT, "num_format": "@"})
        money, count = book.add_format({**FONT, "num_format": "0.00"}), book.add_format(FONT)
        sheet = book.add_worksheet("待遇表")
        columns = COLUMNS if before is None else (*COLUMNS, *DIFFERENCES)
        for column, (name, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, head)
        for at, line in enumerate(lines, 1):
            for column, text in enumerate(_texts(line)):
                if text:
                    sheet.write_string(at, column, text, plain)
                elif column == MONTHS:
                    sheet.write_number(at, column, line.row.months, count)
                elif column == AMOUNT and line.row.amount is not None:
                    sheet.write_number(at, column, _yuan(line.row.amount), money)
            if before is not None:
                sheet.write_number(at, BEFORE, _yuan(before[at - 1]), money)
                sheet.write_number(at, BEFORE + 1, _yuan(line.row.amount - before[at - 1]), money)
        last = len(lines) + 1
        sheet.write_string(last, 0, "合计", head)
        sheet.write_number(last, AMOUNT if before is None else BEFORE + 1, _yuan(total), money)
        for at, note in enumerate(notes, last + 1):
            sheet.write_string(at, 0, note, plain)
        sheet.freeze_panes(1, 0)
    return file.getvalue()


def _yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)


def _texts(line: Any) -> tuple[str, ...]:
    unit = line.row.unit
    return (unit.township, unit.name, line.person, line.role, "", line.coefficient, line.row.coefficient.rule, "",
            line.formula, line.note)  # fmt: skip
