from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from starrating.domain.faults import FileFault, FilesRefused
from starrating.interchange.table import Table, read_table
from tests.interchange.base import codes, plan, said


def parquet(folder: Path, **columns: pa.Array) -> Path:
    path = folder / "t.parquet"
    pq.write_table(pa.table(columns), path)
    return path


def read(folder: Path, **columns: pa.Array) -> Table:
    return read_table(parquet(folder, **columns), plan)


def refused(folder: Path, **columns: pa.Array) -> tuple[FileFault, ...]:
    with pytest.raises(FilesRefused) as caught:
        read(folder, **columns)
    return said(caught.value)


def values(table: Table, name: str) -> list[Fraction | None]:
    return [table.numbers[name].value(row) for row in range(table.rows)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 38), st.integers(0, 9), st.data())
def test_decimals_are_read_exactly(tmp_path: Path, precision: int, scale: int, data: st.DataObject) -> None:
    scale = min(scale, precision)
    whole = st.integers(-(10**precision) + 1, 10**precision - 1)
    numbers = data.draw(st.lists(st.none() | whole, min_size=1, max_size=8))
    texts = [
        None if number is None else Decimal((number < 0, tuple(map(int, str(abs(number)))), -scale))
        for number in numbers
    ]
    for kind in (pa.decimal128(precision, scale), pa.decimal256(precision + 20, scale)):
        expected = [None if number is None else Fraction(number, 10**scale) for number in numbers]
        assert values(read(tmp_path, n=pa.array(texts, kind)), "n") == expected


@pytest.mark.parametrize("kind", [pa.int8(), pa.int64(), pa.uint8(), pa.uint64()])
def test_whole_numbers_are_read_exactly(tmp_path: Path, kind: pa.DataType) -> None:
    most = 2**kind.bit_width - 1 if "u" in str(kind) else 2 ** (kind.bit_width - 1) - 1
    assert values(read(tmp_path, n=pa.array([0, None, most], kind)), "n") == [0, None, most]


def test_texts_are_read_as_those_of_a_csv(tmp_path: Path) -> None:
    for kind in (pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())):
        table = read(
            tmp_path, n=pa.array(["1.50", None, "", "-2"]).cast(kind), w=pa.array(["村", None, "", "b"]).cast(kind)
        )
        assert values(table, "n") == [Fraction(3, 2), None, None, -2]
        assert [table.words["w"].name(row) for row in range(4)] == ["村", None, None, "b"]
    assert codes(refused(tmp_path, n=pa.array(["1", "1e5", "2"]))) == [("not_a_number_exponent", 3)]


def test_whole_numbers_may_be_words(tmp_path: Path) -> None:
    table = read(tmp_path, w=pa.array([110101001, None]))
    assert [table.words["w"].name(row) for row in range(2)] == ["110101001", None]


def test_rows_count_as_in_a_csv_with_a_header(tmp_path: Path) -> None:
    table = read(tmp_path, n=pa.array(range(200_000)))
    assert (table.line_of(0), table.line_of(199_999)) == (2, 200_001)
    assert table.numbers["n"].numbers.tolist() == list(range(200_000))


@pytest.mark.parametrize(
    ("column", "code"),
    [
        (pa.array(np.array([1, 2], np.float16)), "other_type_column"),
        (pa.array([date(2024, 1, 1), None]), "other_type_column"),
        (pa.array([True, False]), "other_type_column"),
        (pa.array([[1], [2]]), "other_type_column"),
        (pa.array([b"a", b"b"]), "other_type_column"),
    ],
)
def test_other_types_are_refused_where_they_are_read(tmp_path: Path, column: pa.Array, code: str) -> None:
    assert codes(refused(tmp_path, n=column)) == [(code, 1)]
    assert read(tmp_path, n=pa.array([1, 2]), s=column).rows == 2


def test_binary_floats_are_the_decimals_that_were_written(tmp_path: Path) -> None:
    texts = ["9.5", "0.1", "-2.675", "1234567.89", "100", "0.000123", "123456789012345", "8.1"]
    table = read(tmp_path, n=pa.array([*map(float, texts), None]))
    assert values(table, "n") == [*map(Fraction, texts), None]
    assert values(read(tmp_path, n=pa.array([9.5, 0.1], pa.float32())), "n") == [Fraction("9.5"), Fraction("0.1")]


@pytest.mark.parametrize("number", [0.1 + 0.2, 1 / 3, 1e300, float("nan"), float("inf")])
def test_a_binary_float_that_nobody_wrote_is_refused(tmp_path: Path, number: float) -> None:
    assert refused(tmp_path, n=pa.array([9.5, number]))[0].line == 3


def test_empty_columns_and_tables(tmp_path: Path) -> None:
    assert values(read(tmp_path, n=pa.nulls(2)), "n") == [None, None]
    assert codes(refused(tmp_path, n=pa.array([], pa.int64()))) == [("only_header", 1)]
    assert read(tmp_path, s=pa.array([1, 2])).rows == 2


def test_what_is_no_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.PARQUET"
    good = parquet(tmp_path, n=pa.array(range(1000))).read_bytes()
    for data in (b"", b"PAR1", b"unit,n\na,1\n", good[:-20], good[:50] + bytes(200) + good[250:]):
        path.write_bytes(data)
        with pytest.raises(FilesRefused) as caught:
            read_table(path, plan)
        assert codes(said(caught.value)) == [("not_parquet", None)]
