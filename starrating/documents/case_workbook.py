"""Cases of consequences as a workbook for the office: one row a case, texts that stay texts, names masked."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import xlsxwriter

from starrating.documents.list_workbook import FONT, SETTINGS

COLUMNS = (
    ("案号", 12), ("年度", 7), ("区", 12), ("乡镇街道", 18), ("村社区", 30), ("姓名（遮盖）", 12), ("针对", 10),
    ("上年星级", 9), ("本年星级", 9), ("依据", 24), ("条件", 60), ("应办", 30), ("期限", 12), ("状态", 14),
    ("事实链摘要", 68), ("办后要做的", 30), ("到哪一天", 12),
)  # fmt: skip


def case_workbook(lines: Iterable[Any], day: date) -> bytes:
    """The workbook of some lines; nothing in it is ever read as a formula."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, SETTINGS) as book:
        book.set_properties({"created": datetime(day.year, day.month, day.day, tzinfo=UTC)})
        head, plain = book.add_format({**FONT, "bold": True}), book.add_format({**FONT, "num_format": "@"})
        sheet = book.add_worksheet("结果运用")
        for column, (name, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, head)
        last = 0
        for last, line in enumerate(lines, 1):
            for column, text in enumerate(_texts(line)):
                if text:
                    sheet.write_string(last, column, text, plain)
        sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
        sheet.freeze_panes(1, 0)
    return file.getvalue()


def _texts(line: Any) -> tuple[str, ...]:
    row = line.row
    return (
        row.number, str(row.year), row.district, row.township, row.unit, line.person, line.about, line.previous.name,
        line.level.name, line.rule, line.condition, line.effect, row.due_on.isoformat() if row.due_on else "",
        line.state[0], row.digest, line.watch.what if line.watch else "",
        line.watch.day.isoformat() if line.watch else "",
    )  # fmt: skip
