"""Exact columns: every operation agrees with `Fraction`, within 64 bits and beyond."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from starrating.domain.exact import (
    Column,
    add,
    column_of,
    common,
    divide_half_up,
    integers,
    multiply,
    rounded,
    sorted_by,
    times,
)

WHOLE = st.one_of(st.integers(-1000, 1000), st.integers(-(2**62), 2**62), st.integers(-(10**30), 10**30))
NUMBER = st.builds(lambda whole, digits: Fraction(whole, 10**digits), WHOLE, st.integers(0, 8))
COLUMN = st.lists(st.one_of(NUMBER, st.none()), min_size=1, max_size=8)
FACTOR = st.fractions(-1000, 1000, max_denominator=999)


def values(column: Column) -> list[Fraction | None]:
    return [column.value(row) for row in range(len(column))]


@given(COLUMN)
def test_a_column_holds_what_it_was_given(given_values: list[Fraction | None]) -> None:
    assert values(column_of(given_values)) == given_values


@given(COLUMN, FACTOR, NUMBER)
def test_affine_is_exact(given_values: list[Fraction | None], factor: Fraction, offset: Fraction) -> None:
    expected = [None if value is None else offset + factor * value for value in given_values]
    assert values(column_of(given_values).affine(factor, offset)) == expected


@given(COLUMN, FACTOR, st.integers(0, 8))
def test_rounding_is_half_up_away_from_zero(given_values: list[Fraction | None], factor: Fraction, digits: int) -> None:
    column = column_of(given_values).affine(factor).rounded(digits)
    for got, value in zip(values(column), given_values, strict=True):
        if value is not None:
            assert got is not None
            exact = value * factor
            distance = abs(got - exact) * 10**digits
            assert (got * 10**digits).denominator == 1
            assert distance <= Fraction(1, 2)
            assert distance < Fraction(1, 2) or abs(got) > abs(exact)
            assert got == rounded(exact, digits)


@pytest.mark.parametrize(
    ("text", "digits", "expected"),
    [("0.5", 0, "1"), ("-0.5", 0, "-1"), ("2.675", 2, "2.68"), ("-0.004", 2, "0"), ("99.995", 2, "100")],
)
def test_rounding_by_example(text: str, digits: int, expected: str) -> None:
    assert rounded(Fraction(text), digits) == Fraction(expected)


@given(COLUMN, NUMBER)
def test_comparisons_are_exact(given_values: list[Fraction | None], limit: Fraction) -> None:
    column = column_of(given_values)
    for at in (limit, *(value for value in given_values if value is not None)):
        for limit_here in (at, at + Fraction(1, 10**9), at - Fraction(1, 10**9)):
            known = [value is not None for value in given_values]
            held = [value or Fraction(0) for value in given_values]
            pairs = list(zip(known, held, strict=True))
            assert list(column.at_least(limit_here)) == [k and v >= limit_here for k, v in pairs]
            assert list(column.above(limit_here)) == [k and v > limit_here for k, v in pairs]
            assert list(column.at_most(limit_here)) == [k and v <= limit_here for k, v in pairs]
            assert list(column.below(limit_here)) == [k and v < limit_here for k, v in pairs]
            assert list(column.equals(limit_here)) == [k and v == limit_here for k, v in pairs]


@given(st.lists(st.tuples(WHOLE, WHOLE), min_size=1, max_size=6), WHOLE)
def test_integers_never_wrap(pairs: list[tuple[int, int]], factor: int) -> None:
    first, second = integers([a for a, _ in pairs]), integers([b for _, b in pairs])
    assert [int(n) for n in add(first, second)] == [a + b for a, b in pairs]
    assert [int(n) for n in multiply(first, second)] == [a * b for a, b in pairs]
    assert [int(n) for n in times(first, factor)] == [a * factor for a, _ in pairs]
    assert [int(n) for n in add(first, factor)] == [a + factor for a, _ in pairs]


@given(st.lists(st.tuples(WHOLE, st.integers(1, 10**20)), min_size=1, max_size=6), st.integers(-(10**12), 10**12))
def test_division_row_by_row(pairs: list[tuple[int, int]], factor: int) -> None:
    result = divide_half_up(integers([a for a, _ in pairs]), factor, integers([b for _, b in pairs]))
    assert [int(n) for n in result] == [int(rounded(Fraction(a * factor, b), 0)) for a, b in pairs]


@given(st.lists(COLUMN.map(lambda column: (column * 8)[:8]), min_size=1, max_size=4))
def test_a_common_unit_keeps_every_value(columns: list[list[Fraction | None]]) -> None:
    made = [column_of(column) for column in columns]
    numbers, unit = common(made)
    for number, column in zip(numbers, made, strict=True):
        assert values(Column(number, unit, column.present)) == values(column)


@given(st.lists(st.tuples(st.integers(-5, 5), st.integers(-(2**61), 2**61), st.integers(0, 2)), max_size=12))
def test_sorting_by_several_keys_is_stable(rows: list[tuple[int, int, int]]) -> None:
    keys = [np.array([row[place] for row in rows], dtype=np.int64) for place in range(3)]
    for chosen in (keys, [keys[0], keys[2]]):
        wanted = sorted(range(len(rows)), key=lambda row: tuple(int(key[row]) for key in chosen))
        assert list(sorted_by(chosen)) == wanted
