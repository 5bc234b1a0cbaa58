"""Honours and reward money as workbooks for the office: a row a unit, texts that stay texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from starrating.documents.people_workbook import people_workbook

HONOURS = (("年度", 8), ("区", 12), ("乡镇街道", 18), ("村社区", 30), ("上年星级", 10), ("本年星级", 10),
           ("授还是摘", 10), ("事项", 30), ("状态", 14))  # fmt: skip
FUNDS = (("乡镇街道", 18), ("村社区", 30), ("依据", 30), ("份额", 10), ("金额（元）", 16), ("说明", 24),
         ("算式", 60))  # fmt: skip
DIFFERENCES = (("原已确认（元）", 16), ("补发或扣回（元）", 16))


def honours_workbook(rows: Iterable[Sequence[str]], day: date) -> bytes:
    """The workbook of rows in the order of `HONOURS`."""
    return people_workbook("授牌摘牌", HONOURS, rows, day)


def funds_workbook(rows: Iterable[Sequence[str]], day: date, *, differs: bool = False) -> bytes:
    """The workbook of rows in the order of `FUNDS`, of a later sheet with what is different; the sum and notes last."""
    return people_workbook("奖励资金", (*FUNDS, *DIFFERENCES) if differs else FUNDS, rows, day)
