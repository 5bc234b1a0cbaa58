"""Uploaded spreadsheets: bombs, lies and other formats are told plainly; what is read is what stands in the cells."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from starrating.domain.entry import columns_entered, needs_reason
from starrating.domain.faults import RuleError
from starrating.interchange import sheet_marks, spreadsheets
from starrating.interchange.archives import MOST_BYTES, members_of
from starrating.interchange.inert import DANGEROUS
from starrating.interchange.sheet_marks import MOST_COLUMNS, Mark
from starrating.interchange.sheet_process import number_text
from starrating.interchange.spreadsheets import CellSort, address, read_spreadsheet
from starrating.interchange.workbook_layout import Bounds, ColumnPlan, RowPlan, SheetPlan, Words
from starrating.interchange.workbook_reader import kept_of
from starrating.interchange.workbook_writer import LEADING, write_workbook
from starrating.services.years.scheme_texts import demo_schemes, read_demo
from starrating.wording.sheet_faults import SHEET_FAULTS
from tests.interchange.hostile_books import (
    BOMBS,
    FILLED,
    HEAD,
    TAIL,
    billion_laughs,
    book,
    encrypted_members,
    extent,
    members,
    parts,
)

READ = {"49 MB of texts, each another"}
"""Large, but within every limit: read within them."""


@pytest.mark.parametrize("name", BOMBS)
def test_what_would_blow_up_a_reader_is_refused(name: str) -> None:
    data = BOMBS[name]()
    if name in READ:
        assert len(read_spreadsheet(data)[0].rows) > 100
        return
    with pytest.raises(RuleError) as refused:
        read_spreadsheet(data)
    assert refused.value.code in SHEET_FAULTS
    assert SHEET_FAULTS[refused.value.code].format(**refused.value.facts)


def named(name: str) -> bytes:
    return book(parts() | {name: b"x"})


def twice() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as out:
        for name, content in parts().items():
            out.writestr(name, content)
        with pytest.warns(UserWarning, match="Duplicate name"):
            out.writestr("xl/workbook.xml", "<a/>")
    return file.getvalue()


def linked() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as out:
        info = zipfile.ZipInfo("xl/link.xml")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        out.writestr(info, "/etc/passwd")
        for name, content in parts().items():
            out.writestr(name, content)
    return file.getvalue()


def commented() -> bytes:
    file = io.BytesIO(book())
    with zipfile.ZipFile(file, "a") as out:
        out.comment = b"another directory may hide here"
    return file.getvalue()


def damaged() -> bytes:
    raw = bytearray(book())
    raw[len(raw) // 3] ^= 1
    return bytes(raw)


def open_document() -> bytes:
    return book({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"})


OTHERS: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "sheet.empty"),
    "too large": (lambda: b"PK" + bytes(MOST_BYTES), "sheet.large"),
    "an old workbook": (lambda: spreadsheets.OLE + bytes(512), "sheet.old"),
    "a workbook with a password": (lambda: spreadsheets.OLE + bytes(512) + spreadsheets.ENCRYPTED, "sheet.locked"),
    "encrypted members": (encrypted_members, "sheet.locked"),
    "a binary workbook": (lambda: named("xl/workbook.bin"), "sheet.binary"),
    "macros": (lambda: named("xl/vbaProject.bin"), "sheet.macro"),
    "links to other files": (lambda: named("xl/externalLinks/externalLink1.xml"), "sheet.external"),
    "an open document": (open_document, "sheet.open_document"),
    "a word document": (lambda: book({"word/document.xml": "<a/>"}), "sheet.other"),
    "a text": ("统计代码,得分\n1,2\n".encode, "sheet.other"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n", "sheet.other"),
    "a beginning only": (lambda: book()[:200], "sheet.broken"),
    "one bit": (damaged, "sheet.broken"),
    "something before": (lambda: b"PK" + book(), "sheet.broken"),
    "something behind": (lambda: book() + b"\0" * 8, "sheet.broken"),
    "two containers": (lambda: book() + book(), "sheet.broken"),
    "a comment": (commented, "sheet.broken"),
    "a way out": (lambda: named("../../etc/cron.d/x"), "sheet.broken"),
    "a way out on Windows": (lambda: named("..\\x"), "sheet.broken"),
    "an absolute path": (lambda: named("/etc/x"), "sheet.broken"),
    "a drive": (lambda: named("C:x"), "sheet.broken"),
    "one name twice": (twice, "sheet.broken"),
    "names alike": (lambda: named("XL/Workbook.xml"), "sheet.broken"),
    "a link": (linked, "sheet.broken"),
    "no sheets": (lambda: book({"xl/workbook.xml": "<a/>"}), "sheet.broken"),
    "broken XML": (lambda: book(parts() | {"xl/workbook.xml": "<a>"}), "sheet.broken"),
    "UTF-16": (lambda: book(parts((HEAD + TAIL).encode("utf-16"))), "sheet.broken"),
    "another encoding": (lambda: book(parts((HEAD + TAIL).replace("UTF-8", "UTF-7"))), "sheet.broken"),
    "entities in the styles": (lambda: book(parts() | {"xl/styles.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'}),
                               "sheet.entities"),
    "laughs beside the sheets": (lambda: book(parts() | {"docProps/x.xml": billion_laughs()[:0] + b"<!ENTITY"}),
                                 "sheet.entities"),
    "too many columns": (lambda: book(parts(HEAD + '<row r="1"><c r="ZZ1"><v>1</v></c></row>' + TAIL)), "sheet.extent"),
    "too many rows": (lambda: book(parts(HEAD + '<row r="20001"><c><v>1</v></c></row>' + TAIL)), "sheet.extent"),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_workbook_is_told_plainly(name: str) -> None:
    make, code = OTHERS[name]
    with pytest.raises(RuleError) as refused:
        read_spreadsheet(make())
    assert refused.value.code == code
    assert SHEET_FAULTS[code].format(**refused.value.facts)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("64 MB of XML", "sheet.bomb"),
        ("201 members", "sheet.bomb"),
        ("a ratio beyond 100", "sheet.bomb"),
        ("20,001 rows", "sheet.extent"),
        ("201 columns", "sheet.extent"),
        ("encrypted members", "sheet.locked"),
        ("a workbook with a password", "sheet.locked"),
        ("macros", "sheet.macro"),
        ("links to other files", "sheet.external"),
        ("billion laughs", "sheet.entities"),
        ("external entity", "sheet.entities"),
    ],
)
def test_each_bound_is_refused_as_what_it_is(name: str, code: str) -> None:
    with pytest.raises(RuleError) as refused:
        read_spreadsheet(BOMBS[name]())
    assert refused.value.code == code


PLAIN = [
    '<row r="{n}">',
    '<row r="{n}" spans="1:3" ht="15"/>',
    "</row>",
    '<c r="A{n}"><v>1</v></c>',
    '<c r="CV{n}" s="3" t="s"><v>1</v></c>',
    '<c r="B{n}" s="2"/>',
    '<c r="E{n}" s="1"><v>0.5</v></c>',
    '<c r="C{n}" t="inlineStr"><is><t>a &lt;c r</t></is></c>',
]
ODD = [
    "<row>",
    '<row hidden="1" r="{n}">',
    "<c><v>1</v></c>",
    '<c t="e" r="D{n}"><v>#N/A</v></c>',
    '<c r="D{n}" t="e"><v>#N/A</v></c>',
    '<c r="E{n}"><f>A1</f><v>2</v></c>',
    '<c r="F{n}" s="1"><f>A1</f></c>',
    '<x:c r="G{n}" s="1"><x:v>1</x:v></x:c>',
    '<c r="{n}"><v>1</v></c>',
    '<c r="XFD{n}"/>',
    '<c r="XFD{n}"><v>1</v></c>',
    '<c r="A1048576"/>',
    "<col/><cols></cols>",
    "<c <c",
    "<c",
]


NUMBERS = st.sampled_from([1, 1, 7, 7, 7, 20_000, 20_001])


@given(
    st.lists(st.tuples(st.sampled_from(PLAIN), NUMBERS), max_size=8),
    st.lists(st.tuples(st.sampled_from(ODD), NUMBERS, st.integers(0, 8)), max_size=2),
    st.lists(st.integers(0, 400), max_size=2),
    st.sampled_from([3, 1000]),
)
def test_cells_looked_at_together_are_noted_as_one_by_one(
    plain: list[tuple[str, int]], odd: list[tuple[str, int, int]], cuts: list[int], most: int
) -> None:
    """Wherever the pieces of a sheet are cut; the same is refused, for the same reason."""
    tags = [text.format(n=number) for text, number in plain]
    for text, number, place in odd:
        tags.insert(place, text.format(n=number))
    whole = "".join(tags).encode()
    places = [0, *sorted(cuts), len(whole)]
    told = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sheet_marks, "MOST_CELLS", most)
        for together in (True, False):
            if not together:
                patched.setattr(sheet_marks.Marks, "_all_plain", lambda _marks, _text: False)
            marks, refused = sheet_marks.Marks(frozenset({1})), ""
            try:
                marks.look(whole[begin:end] for begin, end in pairwise(places))
            except RuleError as refusal:
                refused = f"{refusal.code} {refusal.facts}"
            told.append((refused, None if refused else (marks.found, marks.cells, marks.row, marks.column)))
    assert told[0] == told[1]


def test_what_fills_a_bound_exactly_is_read() -> None:
    (long,) = read_spreadsheet(extent(20_000, 1))
    (wide,) = read_spreadsheet(extent(1, 200))
    assert (len(long.rows), len(wide.rows[0])) == (20_000, 200)
    assert len(members_of(members(200))) == 200
    assert read_spreadsheet(members(200))[0].text(0, 0) == "1"


def test_a_whole_city_template_is_far_from_the_bound() -> None:
    widest = max(
        len(columns_entered(scheme)) + sum(needs_reason(node) for node in scheme.leaves())
        for scheme in (read_demo(one.name, 2024).scheme for one in demo_schemes())
    )
    assert 100 < widest + LEADING + 1 < MOST_COLUMNS


def test_a_small_workbook_of_the_same_make_is_read() -> None:
    (sheet,) = read_spreadsheet(book())
    assert (sheet.name, sheet.hidden, sheet.text(0, 0)) == ("村", False, "1")
    assert {member.name for member in members_of(book())} == parts().keys()


def test_blank_styled_cells_far_away_are_nothing() -> None:
    far = FILLED + "".join(f'<row r="{row}"><c r="C{row}" s="0"/></row>' for row in range(30_000, 30_100))
    (sheet,) = read_spreadsheet(book(parts(HEAD + far + TAIL)))
    assert sheet.text(0, 0) == "1"


def written(fill: Callable[[Any, Any], None]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as out:
        fill(out, out.add_worksheet("村"))
    return file.getvalue()


def test_cells_are_what_they_are_and_nothing_is_guessed() -> None:
    from datetime import date, time

    def fill(out: Any, sheet: Any) -> None:
        sheet.write_number(2, 1, Decimal("0.1"))
        sheet.write_string(2, 2, "文")
        sheet.write_boolean(2, 3, True)
        sheet.write_datetime(2, 4, date(2024, 1, 2), out.add_format({"num_format": "m-d"}))
        sheet.write_datetime(2, 5, time(1, 2), out.add_format({"num_format": "hh:mm"}))
        sheet.write_formula(2, 6, "=1/0", None, "#DIV/0!")
        sheet.write_number(2, 7, Decimal("0.95"), out.add_format({"num_format": "0%"}))
        sheet.write_number(2, 8, Decimal("0.95"), out.add_format({"num_format": "0.00%"}))
        sheet.write_formula(2, 9, "=0.1+0.2", None, 0.1 + 0.2)
        sheet.write_formula(2, 10, "=1+2", None, "")
        sheet.write_number(2, 11, 120113001201)
        sheet.write_blank(2, 12, None, out.add_format({"num_format": "0%"}))

    (sheet,) = read_spreadsheet(written(fill))
    found = [(cell.sort, cell.text, cell.mark) if (cell := sheet.cell(2, at)) else None for at in range(13)]
    assert found[:6] == [
        None, (CellSort.NUMBER, "0.1", None), (CellSort.TEXT, "文", None), (CellSort.TRUTH, "TRUE", None),
        (CellSort.MOMENT, "2024-01-02", None), (CellSort.MOMENT, "01:02:00", None),
    ]  # fmt: skip
    assert found[6:] == [
        (CellSort.TEXT, "", Mark.ERROR), (CellSort.NUMBER, "0.95", Mark.PERCENT),
        (CellSort.NUMBER, "0.95", Mark.PERCENT), (CellSort.NUMBER, "0.3", Mark.FORMULA),
        (CellSort.TEXT, "", Mark.NO_VALUE), (CellSort.NUMBER, "120113001201", None), None,
    ]  # fmt: skip
    assert list(sheet.row_numbers()) == [2]


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=4))
def test_a_number_comes_back_as_it_was_typed(value: Decimal) -> None:
    text = format(value.normalize(), "f")
    assert number_text(float(value)).removeprefix("-") == (text if value else "0").removeprefix("-")


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1, "0.1"), (0.1 + 0.2, "0.3"), (1e-05, "0.00001"), (1e16, "10000000000000000"), (300.0, "300"), (5, "5"),
     (1.1, "1.1"), (12.50, "12.5"), (999999999999.9999, "1000000000000"), (-3.0, "-3"), (1e300 * 10, "1" + "0" * 301)],
)  # fmt: skip
def test_numbers_have_fifteen_digits_at_most(value: Any, text: str) -> None:
    assert number_text(value) == text


def test_numbers_that_are_none_are_no_numbers() -> None:
    assert number_text(float("nan")) == "NaN"
    assert number_text(float("inf")) == "Infinity"


def test_addresses_are_those_of_spreadsheets() -> None:
    for row, column, name in ((0, 0, "A1"), (11, 3, "D12"), (6, 25, "Z7"), (6, 26, "AA7"), (19_999, 701, "ZZ20000")):
        assert address(row, column) == name
        assert openpyxl.utils.cell.coordinate_to_tuple(name) == (row + 1, column + 1)


NAUGHTY = ["=1+1", "=HYPERLINK(\"http://x\")", "=cmd|'/c calc'!A1", "@SUM(A1)", "+1", "-1+1", "＝1+1", "＠x", "\t=1",
           "http://example.org", "1E5", "<script>alert(1)</script>", "{{7*7}}", "村\u202e甲", "𠮷村", "'quoted",
           "e\u0301", "1-2", "0012"]  # fmt: skip


@pytest.mark.parametrize("text", NAUGHTY)
def test_texts_leave_as_texts_and_come_back(text: str) -> None:
    words = Words(*"abcdef")
    columns = (
        ColumnPlan("A", "组", "名", "部", note=text, options=(text,), text=True),
        ColumnPlan("B", text, "名", text),
    )
    plan = SheetPlan("village", "村", text, text, columns,
                     [RowPlan("120113100201", text, text, [text, ""], [True, False], [3, 0])])  # fmt: skip
    data = write_workbook(7, "2024", [plan], words)
    visible = openpyxl.load_workbook(io.BytesIO(data))["村"]
    for cell in (visible.cell(7, 2), visible.cell(7, 4), visible.cell(1, 1)):
        assert (cell.data_type, cell.value) == ("s", text)
    if text.startswith(DANGEROUS):
        assert visible.cell(7, 2).quotePrefix
    sheets = read_spreadsheet(data)
    assert (sheets[0].text(6, 1), sheets[0].text(6, 3)) == (text, text)
    kept = kept_of(sheets)
    assert kept.cycle_id == 7
    assert {key: (one.version, one.text) for key, one in kept.cells["village", "120113100201"].items()} == {
        "A": (3, text),
        "B": (0, ""),
    }


def test_long_lists_and_much_to_keep_find_their_place() -> None:
    options = tuple(f"第{number}档，很长的说明{number}" for number in range(80))
    columns = tuple(ColumnPlan(f"V{number}", "组", "名", "部", options=options if number == 0 else (), text=True,
                               bounds=None if number == 0 else Bounds()) for number in range(197))  # fmt: skip
    values = ["很" * 190] * 197
    plan = SheetPlan("village", "村", "", "", columns,
                     [RowPlan("120113100201", "甲", "镇", values, [True] * 197, [1] * 197)])  # fmt: skip
    data = write_workbook(1, "", [plan], Words(*"abcdef"))
    out = openpyxl.load_workbook(io.BytesIO(data))
    lists = [one.formula1 for one in out["村"].data_validations.dataValidation if one.type == "list"]
    assert lists == ["_options!$A$1:$A$80"]
    assert [row[0].value for row in out["_options"]["A1:A80"]] == list(options)
    kept = kept_of(read_spreadsheet(data)).cells["village", "120113100201"]
    assert [one.text for one in kept.values()] == values


def test_the_child_answers_json_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    done = subprocess.run([sys.executable, *spreadsheets.CHILD], input=book(), capture_output=True, check=True)
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"name": "村", "hidden": False, "marks": []},
        [0, "n1"],
    ]
    monkeypatch.setattr(spreadsheets, "CHILD", ("-c", "import time; time.sleep(60)"))
    monkeypatch.setattr(spreadsheets, "PATIENCE", 1)
    with pytest.raises(RuleError, match=r"sheet\.slow"):
        read_spreadsheet(book())
    monkeypatch.setattr(spreadsheets, "CHILD", ("-c", "import os; os.kill(os.getpid(), 9)"))
    with pytest.raises(RuleError, match=r"sheet\.bomb"):
        read_spreadsheet(book())
    monkeypatch.setattr(spreadsheets, "CHILD", ("-c", "raise SystemExit(1)"))
    with pytest.raises(RuleError, match=r"sheet\.broken"):
        read_spreadsheet(book())
