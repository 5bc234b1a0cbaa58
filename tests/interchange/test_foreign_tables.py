"""Tables of other systems (reliability B83): encodings, separators, line ends, heads; clear words for the rest."""

from __future__ import annotations

import io

import openpyxl
import pytest

from starrating.domain.faults import RuleError
from starrating.interchange.foreign_tables import ForeignTable, read_foreign, unpacked
from starrating.wording.sheet_faults import SHEET_FAULTS

ROWS = [["单位", "满意率", "样本"], ["双街村", "91.5", "120"], ["韩家墅，村", "88", "25"]]


def text_of(separator: str = ",", end: str = "\n", rows: list[list[str]] | None = None) -> str:
    return "".join(separator.join(row) + end for row in rows or ROWS)


def texts(table: ForeignTable) -> list[list[str]]:
    return [[(cell or " ")[1:] for cell in table.sheet.rows[row]] for row in (table.head, *table.body)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_encoding_separator_and_line_end_reads_the_same(encoding: str, separator: str, end: str) -> None:
    table = read_foreign(text_of(separator, end).encode(encoding))
    assert texts(table) == ROWS
    assert [head.letters for head in table.heads()] == ["A", "B", "C"]
    assert table.heads()[0].samples == ("双街村", "韩家墅，村")
    assert table.fingerprint == read_foreign(text_of().encode()).fingerprint


def test_quotes_titles_blank_rows_and_numbers_of_rows() -> None:
    data = '满意度调查表,,\r\n\r\n"单位","满意,率"\r\n"双街\n村",91.5\r\n,,\r\n"说""法""",7\r\n'.encode()
    table = read_foreign(data)
    assert (table.head, table.body) == (2, [3, 5])
    assert texts(table) == [["单位", "满意,率"], ["双街\n村", "91.5"], ['说"法"', "7"]]
    assert unpacked(table.packed()) == table


def test_heads_that_repeat_or_are_missing_keep_their_letters() -> None:
    heads = read_foreign("单位,得分,得分\n甲,1,2,3\n".encode()).heads()
    assert [(head.letters, head.text) for head in heads] == [("A", "单位"), ("B", "得分"), ("C", "得分"), ("D", "")]


def test_a_million_blank_rows_are_left_out() -> None:
    data = text_of(";").encode() + b";;\r\n" * 1_000_000
    assert texts(read_foreign(data)) == ROWS


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "sheet.empty"),
        (b"\n\n", "table.empty"),
        (b"a,b\n", "table.empty"),
        (b"alone\nmore\n", "table.no_heads"),
        (b"a,b\n\xff\xfe\x00\xff,1\n", "table.encoding"),
        (b"a,b\n1\x00,2\n", "table.encoding"),
        (b'a,b\n"1"x,2\n', "table.broken"),
        (b'a,b\n"1,2\n', "table.broken"),
        (b"a,b\n" + b"1,2\n" * 20_001, "sheet.extent"),
        (b",".join([b"a"] * 201) + b"\n1,2\n", "sheet.extent"),
        (b"a,b\n" + b"x" * 40_000 + b",1\n", "sheet.bomb"),
        (b"a,b\n" + b"1,2\n" * (3 * 1024 * 1024), "sheet.large"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "sheet.old"),
        (b"PK\x03\x04", "sheet.broken"),
    ],
)
def test_what_is_no_table_is_told(data: bytes, code: str) -> None:
    with pytest.raises(RuleError) as refused:
        read_foreign(data)
    assert refused.value.code == code
    assert SHEET_FAULTS[code].format(**refused.value.facts)


def test_a_workbook_is_read_from_its_first_visible_sheet_that_holds_something() -> None:
    book = openpyxl.Workbook()
    book.active.title = "空"
    hidden, sheet, other = (book.create_sheet(name) for name in ("藏", "调查", "说明"))
    hidden.sheet_state = "hidden"
    hidden.append(["x", "y"])
    sheet.append(["2024年满意度"])
    sheet.append(["统计代码", "满意率"])
    sheet.append([120113100201, 91.5])
    other.append(["口径", "入户"])
    file = io.BytesIO()
    book.save(file)
    table = read_foreign(file.getvalue())
    assert (table.sheet.name, table.head, table.aside) == ("调查", 1, ("说明",))
    assert texts(table) == [["统计代码", "满意率"], ["120113100201", "91.5"]]
