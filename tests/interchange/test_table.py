from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from starrating.domain.faults import FilesRefused
from starrating.interchange.blocks import LONGEST
from starrating.interchange.table import read_table
from tests.interchange.base import codes, faults_of, file_with, plan, said, table_of

BLOCKS = (1, 2, 3, 7, 64, 1 << 20)
NUMBERS = st.one_of(
    st.just(""),
    st.from_regex(r"-?[0-9]{1,3}(\.[0-9]{1,2})?", fullmatch=True),
    st.from_regex(r"-?[0-9]{1,20}(\.[0-9]{1,20})?", fullmatch=True),
    st.from_regex(r"-?[0-9]{1,30}\.[0-9]{1,30}", fullmatch=True),
)
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=12)
SKIPPED = st.text(st.sampled_from('a,"\n\r村 '), max_size=6)


def written(draw: st.DrawFn, text: str, end: str) -> str:
    must = any(mark in text for mark in ',"\r\n')
    if must or draw(st.booleans()):
        return '"' + text.replace('"', '""') + '"'
    return text


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, list[tuple[str, str, str, str]], list[int]]:
    """A file, its rows and the line of each."""
    end = draw(st.sampled_from(["\n", "\r\n"]))
    rows = draw(st.lists(st.tuples(NUMBERS, WORDS, SKIPPED, NUMBERS), min_size=1, max_size=12))
    text, lines = "n1,w1,s,n2" + end, []
    for row in rows:
        text += end * draw(st.integers(0, 1))
        lines.append(text.count("\n") + 1)
        text += ",".join(written(draw, cell, end) for cell in row) + end
    if draw(st.booleans()):
        text = text.removesuffix(end)
    mark = b"\xef\xbb\xbf" if draw(st.booleans()) else b""
    return mark + text.encode(), rows, lines


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files(), st.sampled_from(BLOCKS))
def test_a_table_is_read_as_it_was_written(tmp_path: Path, file: tuple, size: int) -> None:
    data, rows, lines = file
    table = table_of(tmp_path, data, block_size=size)
    assert table.rows == len(rows)
    for row, (first, word, _, second) in enumerate(rows):
        assert table.numbers["n1"].value(row) == (Fraction(first) if first else None)
        assert table.numbers["n2"].value(row) == (Fraction(second) if second else None)
        assert table.words["w1"].name(row) == (word or None)
        assert table.line_of(row) == lines[row]
    assert table.header == ("n1", "w1", "s", "n2")


def test_numbers_have_one_unit_with_the_most_decimals_met(tmp_path: Path) -> None:
    for size in BLOCKS:
        table = table_of(tmp_path, "n,w\n3.0,a\n5,a\n-0.125,b\n,\n7.5,c\n", block_size=size)
        column = table.numbers["n"]
        assert column.unit == Fraction(1, 1000)
        assert column.widened().numbers.dtype == np.int64
        assert column.numbers[:3].tolist() == [3000, 5000, -125]
        assert column.known.tolist() == [True, True, True, False, True]


def test_numbers_beyond_64_bits_are_python_integers(tmp_path: Path) -> None:
    column = table_of(tmp_path, "n\n12345678901234567890\n0.5\n").numbers["n"]
    assert column.numbers.dtype == object
    assert column.value(0) == 12345678901234567890
    tiny = "0." + "0" * 58 + "1"
    assert table_of(tmp_path, f"n\n0\n{tiny}\n0\n", block_size=3).numbers["n"].value(1) == Fraction(1, 10**59)


def test_a_column_without_blanks_has_no_mask(tmp_path: Path) -> None:
    assert table_of(tmp_path, "n\n1\n2\n").numbers["n"].present is None


def test_a_blank_cell_is_blank_also_in_quotes(tmp_path: Path) -> None:
    table = table_of(tmp_path, 'n,w\n"",""\n1,a\n')
    assert table.numbers["n"].value(0) is None
    assert table.words["w"].name(0) is None


def test_words_are_kept_exactly(tmp_path: Path) -> None:
    text = 'w,s\n" 东村 ",1\n东\u3000村,2\n"a ""b"", c",3\n０１,4\nabcdefgh,5\nabcdefghi,6\nabcdefgh,7\n'
    labels = table_of(tmp_path, text).words["w"]
    assert [labels.name(row) for row in range(7)] == [
        " 东村 ", "东\u3000村", 'a "b", c', "０１", "abcdefgh", "abcdefghi", "abcdefgh",
    ]  # fmt: skip
    assert len(set(labels.names)) == len(labels.names) == 6


@pytest.mark.parametrize("size", BLOCKS)
def test_each_word_has_one_code_in_the_order_of_rows(tmp_path: Path, size: int) -> None:
    words = ["优", "良", "", "优", "一个比八个字节长的词", "良", "一个比八个字节长的词", "x" * 100, "优", "x" * 100]
    labels = table_of(tmp_path, "w,s\n" + "".join(f"{word},1\n" for word in words), block_size=size).words["w"]
    assert [labels.name(row) or "" for row in range(10)] == words
    assert len(labels.names) == 4


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("１２", "not_a_number_full_width"),
        ("1e5", "not_a_number_exponent"),
        ("1.2E+10", "not_a_number_exponent"),
        ("NaN", "not_a_number_leave_blank"),
        ("inf", "not_a_number_leave_blank"),
        ("-", "not_a_number_leave_blank"),
        ("无", "not_a_number_leave_blank"),
        ("+5", "not_a_number_plus"),
        (" 5", "not_a_number_spaces"),
        ("5 ", "not_a_number_spaces"),
        ("5\u3000", "not_a_number_spaces"),
        (" ", "not_a_number_spaces"),
        ('"1,5"', "not_a_number"),
        ('"1,234.5"', "not_a_number_thousands"),
        ("#DIV/0!", "not_a_number_sheet_error"),
        ("95%", "not_a_number_percent"),
        (".5", "not_a_number_bare_dot"),
        ("-.0", "not_a_number_bare_dot"),
        ("-.5", "not_a_number_bare_dot"),
        ("5.", "not_a_number_bare_dot"),
        ("1" * 61, "not_a_number_too_long"),
        ("1.2.3", "not_a_number"),
        ("1..2", "not_a_number"),
        ("--5", "not_a_number"),
        ("5-", "not_a_number"),
        (".", "not_a_number"),
        ("-.", "not_a_number"),
        ("0x10", "not_a_number"),
        ("1_000", "not_a_number"),
        ("很好", "not_a_number"),
        ("123456789.1234567.", "not_a_number"),
        ("1.23456789.1", "not_a_number"),
        (".123456789", "not_a_number_bare_dot"),
        ("12345678/9", "not_a_number"),
        ("1:2", "not_a_number"),
    ],
)
def test_what_is_no_plain_decimal_is_refused_with_a_hint(tmp_path: Path, text: str, code: str) -> None:
    (fault,) = faults_of(tmp_path, f"w,n\na,1\nb,{text}\nc,2\n")
    assert (fault.code, fault.line, fault.facts["header"]) == (code, 3, "n")
    assert text.strip('"')[:40].strip("\u3000") in fault.facts["text"].replace("\\u3000", "")


@given(st.text(st.sampled_from("0123456789.-+e /:٣"), max_size=24))
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_number_is_taken_exactly_where_decimal_takes_it(tmp_path: Path, text: str) -> None:
    from starrating.domain.inputs import decimal

    value = decimal(text)
    for around in ("", "7,", "1234567890.5,"):
        data = ",".join(f"n{at}" for at in range(around.count(",") + 1)) + f",s\n{around}{text},x\n"
        last = f"n{around.count(',')}"
        if value is not None or text == "":
            assert table_of(tmp_path, data).numbers[last].value(0) == value
        else:
            assert [fault.line for fault in faults_of(tmp_path, data)] == [2]


def test_all_faults_come_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    text = "n1,n2,w\n1,x,a\ny,2,b\n1,2\n1,2,c,d\n3,3,a\x07\n"
    assert codes(faults_of(tmp_path, text)) == [
        ("not_a_number", 2), ("not_a_number", 3), ("too_few_cells", 4), ("too_many_cells", 5), ("control_character", 6),
    ]  # fmt: skip


@pytest.mark.parametrize("size", [64, 1 << 20])
def test_at_most_a_hundred_faults_and_the_first_ones(tmp_path: Path, size: int) -> None:
    faults = faults_of(tmp_path, "n1,n2\n" + "x,y\n" * 5000, block_size=size)
    assert [fault.line for fault in faults] == [line for line in range(2, 52) for _ in range(2)]


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    text = '\n\nn,s\n\n1,"a\nb\nc"\n2,x\r\n\r\n3,"\r\n"\n4,y\n'
    for size in BLOCKS:
        table = table_of(tmp_path, text, block_size=size)
        assert [table.line_of(row) for row in range(table.rows)] == [5, 8, 10, 12]
        with pytest.raises(IndexError):
            table.line_of(4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", [("empty_file", None)]),
        (b"\xef\xbb\xbf", [("empty_file", None)]),
        (b"\n\n\r\n", [("empty_file", None)]),
        (b"n,w\n", [("only_header", 1)]),
        (b"n,w", [("only_header", 1)]),
        (b"\nn,w\n\n\n", [("only_header", 2)]),
        ("n,w\n1,村\n".encode("gb18030"), [("looks_like_gb18030", 2)]),
        (b"n,w\n1,a\n1,\xff\n", [("not_utf_8", 3)]),
        (b"n,w\n1,\xed\xa0\x80\n", [("not_utf_8", 2)]),
        ("n,w\n1,村\n".encode("utf-16"), [("utf_16", 1)]),
        ("n,w\n1,a\n".encode("utf-16-le"), [("utf_16", 1)]),
        ("n,w\n1,a\n".encode("utf-16-be"), [("utf_16", 1)]),
        (b"n,w\n1,a\n2,\0\n", [("nul_byte", 3)]),
        (b"\0\0\0\0\0\0", [("nul_byte", 1)]),
        (b"n,w\r1,a\r2,b\r", [("lone_return", 1)]),
        (b"n,w\n1,a\r2,b\n", [("lone_return", 2)]),
        (b'n,w\n1,a\n2,"b\n3,c\n', [("broken_quote", 3)]),
        (b'n,w\n1,a\n2,"b""\n3,c\n', [("broken_quote", 3)]),
        (b'n,w\n1,"a"b\n2,b\n', [("broken_quote", 2)]),
        (b'n,w\n1,"a\nx""y\n"b\n2,b\n', [("broken_quote", 2)]),
        (b'n,w\n1,a"b"\n2,b\n', [("broken_quote", 2)]),
        (b'n,w\n1,"a\n2,"b"\n', [("broken_quote", 2)]),
        (b'n,w\n1,"a" ,\n', [("broken_quote", 2)]),
        (b'n,w\n1,5"\n2,b\n', [("broken_quote", 2)]),
        (b"n;w\n1;a\n", [("other_separator", 1)]),
        (b"n\tw\n1\ta\n", [("other_separator", 1)]),
        (b"n,,w\n1,1,a\n", [("blank_header", 1)]),
        (b"n,n,w\n1,1,a\n", [("duplicate_header", 1)]),
        (b"n, w\n1,a\n", [("spaces_in_header", 1)]),
        (b"n,w\x07\n1,a\n", [("control_in_header", 1)]),
        (b'n,"w\nx"\n1,a\n', [("control_in_header", 1)]),
        (b'n,w\n1,"a\nb"\n', [("control_character", 2)]),
        (b"n,w\n1,a\tb\n", [("control_character", 2)]),
        ("n,w\n1,a\u2028b\n".encode(), [("control_character", 2)]),
        ("n,w\n1,a\x85b\n".encode(), [("control_character", 2)]),
    ],
)
@pytest.mark.parametrize("size", [1, 5, 1 << 20])
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, text: bytes, expected: list, size: int) -> None:
    assert codes(faults_of(tmp_path, text, block_size=size)) == expected


def test_text_faults_do_not_depend_on_the_columns_asked_for(tmp_path: Path) -> None:
    assert table_of(tmp_path, "n,s\n1,a\tb\n").rows == 1
    assert codes(faults_of(tmp_path, "n,s\n1,\x00\n")) == [("nul_byte", 2)]


def test_several_faults_of_a_header_come_at_once(tmp_path: Path) -> None:
    assert [fault.code for fault in faults_of(tmp_path, "n,n, w,,x\n1,2,a,b,c\n")] == [
        "duplicate_header", "spaces_in_header", "blank_header",
    ]  # fmt: skip


def test_what_cannot_be_opened_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: str | Path) -> list[str]:
        with pytest.raises(FilesRefused) as caught:
            read_table(path, plan)
        return [fault.code for fault in said(caught.value)]

    assert refused(tmp_path / "none.csv") == ["missing_file"]
    assert refused(tmp_path) == ["is_a_folder"]
    assert refused("a\0b") == ["unreadable"]
    (tmp_path / "f").write_text("n\n1\n")
    assert refused(tmp_path / "f" / "g") == ["unreadable"]

    def forbidden(*_: object) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr(Path, "open", forbidden)
    assert refused(tmp_path / "f") == ["not_permitted_to_read"]


def test_a_line_may_not_be_longer_than_the_limit(tmp_path: Path) -> None:
    fits = "n,s\n1," + "x" * (LONGEST - 2) + "\n"
    for size in (1 << 16, 1 << 22):
        assert table_of(tmp_path, fits, block_size=size).rows == 1
        assert codes(faults_of(tmp_path, "n,s\n0,\n1," + "x" * LONGEST + "\n2,\n", block_size=size)) == [
            ("line_too_long", 3)
        ]
    assert codes(faults_of(tmp_path, 'n,s\n1,"' + "x\n" * LONGEST)) == [("broken_quote", 2)]


def test_progress_is_told_up_to_the_whole(tmp_path: Path) -> None:
    shares: list[Fraction] = []
    read_table(file_with(tmp_path, "n\n" + "1\n" * 100), plan, block_size=32, progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_a_plan_may_leave_headers_out(tmp_path: Path) -> None:
    table = read_table(file_with(tmp_path, "a,b\n1,2\n"), lambda header: {})
    assert (table.rows, table.numbers, table.words) == (1, {}, {})
