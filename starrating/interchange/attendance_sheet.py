"""The list of a course as a workbook: one row a person, to be filled with who was there."""

from __future__ import annotations

from starrating.interchange.people_sheet import Layout

SHEET = "培训名册"
NUMBER, NAME, TOWNSHIP, UNIT, POST = "人员编号", "姓名（遮盖）", "乡镇街道", "村社区", "职务"
PRESENCE, REASON, MADE_UP_ON, VERSION = "出勤", "缺勤原因", "补课日期", "版本"
HEADS = (NUMBER, NAME, TOWNSHIP, UNIT, POST, PRESENCE, REASON, MADE_UP_ON, VERSION)
ATTENDANCE = Layout(
    SHEET, HEADS, (10, 14, 18, 24, 14, 10, 30, 14, 8), (NUMBER, PRESENCE, VERSION),
    frozenset({NUMBER, NAME, TOWNSHIP, UNIT, POST, VERSION}),
)  # fmt: skip
