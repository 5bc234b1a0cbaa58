"""The roster as a workbook: one row a post; written empty, read cell by cell as `people_sheet` does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from starrating.interchange.people_sheet import Layout, SheetRead, read_list, write_list
from starrating.interchange.spreadsheets import Sheet

SHEET = "任职名册"
CODE, UNIT, POST, HOLDER, NAME, NUMBER = "统计代码", "村社区", "职务", "系统里现任", "姓名", "人员编号"
BIRTH, EDUCATION, BEGINS, HOW, FILED, FILED_ON = "出生年份", "学历", "第一天", "怎么任职的", "备案单位", "备案日期"
ENDS, ENDING = "最后一天", "结束原因"
HEADS = (CODE, UNIT, POST, HOLDER, NAME, NUMBER, BIRTH, EDUCATION, BEGINS, HOW, FILED, FILED_ON, ENDS, ENDING)
WIDTHS = (16, 22, 8, 12, 12, 10, 10, 12, 12, 12, 18, 12, 12, 14)
ROSTER = Layout(SHEET, HEADS, WIDTHS, (CODE, POST, NAME, BEGINS), frozenset({CODE, UNIT, POST, HOLDER}))


def write_roster(rows: Iterable[Sequence[str]], lists: Mapping[str, Sequence[str]], notes: Sequence[str]) -> bytes:
    """The workbook to be filled: a row for each post of each unit, and a page that says how."""
    return write_list(ROSTER, rows, lists, notes)


def read_roster(sheets: Sequence[Sheet]) -> SheetRead:
    """The rows of the first sheet that has our heads; `RuleError` `roster.…` where none has them."""
    return read_list(ROSTER, sheets)
