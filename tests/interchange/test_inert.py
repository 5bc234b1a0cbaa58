"""No file that leaves holds a text that a spreadsheet would calculate: every writer of CSV and XLSX, one list."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest

from starrating.charts.chart import Table
from starrating.documents.case_workbook import case_workbook
from starrating.documents.eligible_workbook import eligible_workbook
from starrating.documents.list_workbook import COLUMNS, RANK, TOTAL, Listed, list_workbook
from starrating.documents.pay_workbook import pay_workbook
from starrating.documents.people_workbook import people_workbook
from starrating.interchange.inert import DANGEROUS, csv_text, inert
from starrating.interchange.lists import as_csv, as_xlsx
from starrating.interchange.people_sheet import Layout, write_list
from starrating.interchange.workbook_layout import ColumnPlan, RowPlan, SheetPlan, Words
from starrating.interchange.workbook_writer import write_workbook
from starrating.services.evidence import archive
from tests.house.source import PACKAGE

FIRST = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
DAY = date(2025, 1, 10)


class Everything(str):
    """A text that has itself as every part: a line of a list whose every word is the same."""

    __slots__ = ()

    def __getattr__(self, _name: str) -> Everything:
        return self

    def __call__(self) -> Everything:
        return self


def _pay(text: str) -> bytes:
    unit = SimpleNamespace(township=text, name=text)
    row = SimpleNamespace(unit=unit, months=3, amount=100, coefficient=SimpleNamespace(rule=text))
    return pay_workbook(
        [SimpleNamespace(row=row, person=text, role=text, coefficient=text, formula=text, note=text)], 100, [text], DAY
    )


def _sheet(text: str) -> bytes:
    columns = (ColumnPlan("A", "组", "名", "部", note=text, text=True), ColumnPlan("B", text, "名", text))
    row = RowPlan("120113100201", text, text, [text, ""], [True, False], [3, 0])
    return write_workbook(7, "2024", [SheetPlan("village", "村", "题", "说明", columns, [row])], Words(*"abcdef"))


def _list(text: str) -> bytes:
    row = ["" if place in (TOTAL, RANK) else text for place in range(len(COLUMNS))]
    return list_workbook(Listed("题", DAY, [row], [[text] * 8], "", [[text] * 11]))


def _people(text: str) -> bytes:
    return write_list(Layout("名单", ("姓名", "单位"), (9, 9), ("姓名",), frozenset()), [[text, text]], {}, ["怎么填"])


CSV: dict[str, Callable[[str], str]] = {
    "interchange/inert.py": lambda text: csv_text(["名称"], [[text]]),
    "interchange/lists.py": lambda text: as_csv(["名称"], [[text]]).decode(),
    "charts/chart.py": lambda text: Table(("名称",), ((text,),), (text,)).csv(),
    "services/evidence/archive.py": lambda text: archive._listing([[text] * 8]).decode(),
}
XLSX: dict[str, Callable[[str], bytes]] = {
    "interchange/lists.py": lambda text: as_xlsx("名单", ["名称"], [[text]]),
    "interchange/people_sheet.py": _people,
    "interchange/workbook_writer.py": _sheet,
    "documents/case_workbook.py": lambda text: case_workbook([Everything(text)], DAY),
    "documents/people_workbook.py": lambda text: people_workbook("名单", [("名称", 9)], [[text]], DAY),
    "documents/list_workbook.py": _list,
    "documents/eligible_workbook.py": lambda text: eligible_workbook([(text,) * 6 + (1, text)], DAY),
    "documents/pay_workbook.py": _pay,
}
OTHERS = {"demo/scores.py"}
"""Writes the demonstration's own numbers for the offline command, which reads them as they are."""


def test_the_list_is_the_list() -> None:
    assert DANGEROUS == FIRST
    assert [inert(f"{one}1") for one in FIRST] == [f"'{one}1" for one in FIRST]
    assert [inert(text) for text in ("三星", "", "'=1", "1-2")] == ["三星", "", "'=1", "1-2"]
    assert [inert(text, numbers_stay=True) for text in ("-1.5", "-1+1", "+2", "－3")][:2] == ["-1.5", "'-1+1"]


@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize("name", CSV)
def test_no_cell_of_csv_begins_as_a_formula(name: str, first: str) -> None:
    text = f"{first}HYPERLINK(1)"
    rows = list(csv.reader(io.StringIO(CSV[name](text).removeprefix("\ufeff"), newline="")))
    assert f"'{text}" in rows[-1]
    assert not any(cell.startswith(FIRST) for row in rows for cell in row)


@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize("name", XLSX)
def test_no_cell_of_a_workbook_is_a_formula(name: str, first: str) -> None:
    book: Any = openpyxl.load_workbook(io.BytesIO(XLSX[name](f"{first}HYPERLINK(1)")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if "HYPERLINK(1)" in str(cell.value)]
    assert cells
    for cell in cells:
        assert cell.data_type in ("s", "inlineStr"), cell.coordinate
        assert cell.hyperlink is None


def test_every_writer_is_among_them() -> None:
    """A module that begins to write such files is added above, or this fails."""
    found = {path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    assert {name for name, text in found.items() if "csv.writer(" in text} == {
        "interchange/inert.py", "charts/chart.py", *OTHERS,
    }  # fmt: skip
    assert {name for name, text in found.items() if "xlsxwriter.Workbook(" in text} == set(XLSX)
    assert {name for name, text in found.items() if "csv_text(" in text} == {
        *CSV, "blueprints/rating/views.py", "blueprints/public/views.py",
    } - {"charts/chart.py"}  # fmt: skip
    assert [name for name, text in found.items() if "＝" in text and "＠" in text] == ["interchange/inert.py"]
