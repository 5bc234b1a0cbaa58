"""Exact numbers of all units at once: whole numbers times one exact unit, never a binary float.

A `Column` holds 64-bit integers where its largest value allows and Python integers (NumPy's object type) where it does
not. Every operation works out beforehand, from the largest value that is there, whether 64 bits reach, so no result
can wrap round. There is one rounding: half up, away from zero on a tie.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[Any]
"""int64, or object (Python integers) beyond 64 bits."""
Mask = NDArray[np.bool_]

_REACH = 2**62
"""Integers below this may be added once more without leaving 64 bits."""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """Exact numbers: row i is `numbers[i] × unit` where `present` (None: everywhere).

    A reader may hand over narrower integers to save memory; they are `widened` before anything is done with them.
    """

    numbers: Integers
    unit: Fraction = Fraction(1)
    present: Mask | None = None

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def known(self) -> Mask:
        """Where there is a value."""
        return np.ones(len(self), dtype=bool) if self.present is None else self.present

    def value(self, row: int) -> Fraction | None:
        """One unit's value, None where it is blank."""
        if self.present is not None and not self.present[row]:
            return None
        return int(self.numbers[row]) * self.unit

    def take(self, rows: NDArray[Any]) -> Column:
        """The column at those rows (indices or mask)."""
        present = None if self.present is None else self.present[rows]
        return Column(self.numbers[rows], self.unit, None if present is None or present.all() else present)

    def widened(self) -> Column:
        """The same with integers of 64 bits, or Python's."""
        if self.numbers.dtype in (np.int64, object):
            return self
        return Column(self.numbers.astype(np.int64), self.unit, self.present)

    def at_least(self, limit: Fraction) -> Mask:
        """Where the value is ≥ `limit`; False where blank."""
        return self._where(compare(self.numbers, ">=", _ceiling(limit / self.unit)))

    def above(self, limit: Fraction) -> Mask:
        """Where the value is > `limit`; False where blank."""
        return self._where(compare(self.numbers, ">", _floor(limit / self.unit)))

    def at_most(self, limit: Fraction) -> Mask:
        """Where the value is ≤ `limit`; False where blank."""
        return self._where(compare(self.numbers, "<=", _floor(limit / self.unit)))

    def below(self, limit: Fraction) -> Mask:
        """Where the value is < `limit`; False where blank."""
        return self._where(compare(self.numbers, "<", _ceiling(limit / self.unit)))

    def equals(self, value: Fraction) -> Mask:
        """Where the value is `value`; False where blank."""
        sought = value / self.unit
        if sought.denominator != 1:
            return np.zeros(len(self), dtype=bool)
        return self._where(compare(self.numbers, "==", sought.numerator))

    def _where(self, mask: Mask) -> Mask:
        return mask if self.present is None else mask & self.present

    def affine(self, factor: Fraction, offset: Fraction = Fraction(0)) -> Column:
        """`offset + factor × value`, exactly."""
        step = factor * self.unit
        if step == 0:
            return constant(offset, len(self), self.present)
        unit = _common_unit(step, offset) if offset else abs(step)
        numbers = add(times(self.numbers, int(step / unit)), int(offset / unit))
        return Column(numbers, unit, self.present)

    def rounded(self, digits: int) -> Column:
        """The value half up to `digits` decimal places."""
        unit = Fraction(1, 10**digits)
        ratio = self.unit / unit
        return Column(divide_half_up(self.numbers, ratio.numerator, ratio.denominator), unit, self.present)

    def clamped(self, low: Fraction | None, high: Fraction | None) -> Column:
        """The value within [low, high]; both must be whole multiples of the column's unit."""
        numbers = self.numbers
        if low is not None:
            numbers = _bounded(numbers, np.maximum, int(low / self.unit))
        if high is not None:
            numbers = _bounded(numbers, np.minimum, int(high / self.unit))
        return Column(numbers, self.unit, self.present)

    def filled(self, value: Fraction) -> Column:
        """The column with its blanks filled in; `value` must be a whole multiple of the unit."""
        if self.present is None:
            return self
        fill = int(value / self.unit)
        numbers = self.numbers if abs(fill) < _REACH else self.numbers.astype(object)
        return Column(np.where(self.present, numbers, fill).astype(numbers.dtype, copy=False), self.unit)


def constant(value: Fraction, rows: int, present: Mask | None = None) -> Column:
    """A column that holds one value everywhere."""
    unit = Fraction(1, value.denominator)
    kind = np.int64 if abs(value.numerator) < _REACH else object
    return Column(np.full(rows, value.numerator, dtype=kind), unit, present)


def column_of(values: Sequence[Fraction | None]) -> Column:
    """A column from single values, None for blank."""
    scale = 1
    for value in values:
        if value is not None:
            scale = scale * value.denominator // gcd(scale, value.denominator)
    whole = [0 if value is None else int(value * scale) for value in values]
    present = np.array([value is not None for value in values], dtype=bool)
    return Column(integers(whole), Fraction(1, scale), None if present.all() else present)


def integers(values: Sequence[int]) -> Integers:
    """An array of whole numbers, 64-bit where they fit."""
    fits = all(-_REACH < value < _REACH for value in values)
    if fits:
        return np.array(values, dtype=np.int64)
    array = np.empty(len(values), dtype=object)
    array[:] = list(values)
    return array


def rounded(value: Fraction, digits: int) -> Fraction:
    """One number half up (away from zero) to `digits` decimal places."""
    scaled = abs(value) * 10**digits
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if value >= 0 else -whole, 10**digits)


def largest(numbers: Integers) -> int:
    """The largest absolute value, 0 for no rows."""
    if len(numbers) == 0:
        return 0
    return max(abs(int(numbers.max())), abs(int(numbers.min())))


def times(numbers: Integers, factor: int) -> Integers:
    """`numbers × factor`, in Python integers where 64 bits do not reach."""
    if factor == 1:
        return numbers
    return _wide(numbers, largest(numbers) * abs(factor), abs(factor)) * factor


def add(numbers: Integers, other: Integers | int) -> Integers:
    """`numbers + other`, in Python integers where 64 bits do not reach."""
    if isinstance(other, int):
        return numbers if other == 0 else _wide(numbers, largest(numbers) + abs(other)) + other
    reach = largest(numbers) + largest(other)
    return _wide(numbers, reach) + _wide(other, reach)


def multiply(numbers: Integers, other: Integers) -> Integers:
    """`numbers × other` row by row, in Python integers where 64 bits do not reach."""
    reach = largest(numbers) * largest(other)
    return _wide(numbers, reach) * _wide(other, reach)


def divide_half_up(numbers: Integers, numerator: int, denominator: int | Integers) -> Integers:
    """`numbers × numerator / denominator` (denominator > 0, one for all or one a row), half up, away from zero."""
    if isinstance(denominator, int):
        if denominator == 1:
            return times(numbers, numerator)
        reach = 2 * largest(numbers) * abs(numerator) + denominator
        bottom: int | Integers = denominator
        wide = _wide(numbers, reach, 2 * denominator)
    else:
        reach = 2 * largest(numbers) * abs(numerator) + 2 * largest(denominator)
        wide, bottom = _wide(numbers, reach), _wide(denominator, reach)
    doubled = np.abs(wide) * (2 * abs(numerator)) + bottom
    whole = doubled // (2 * bottom)
    negative = (wide < 0) != (numerator < 0)
    return _narrow(np.where(negative, -whole, whole))


def common(columns: Sequence[Column]) -> tuple[list[Integers], Fraction]:
    """The numbers of several columns in one unit that is fine enough for all of them."""
    unit = columns[0].unit
    for column in columns[1:]:
        unit = _common_unit(unit, column.unit)
    return [times(column.numbers, int(column.unit / unit)) for column in columns], unit


def extreme(columns: Sequence[Column], pick: Any) -> Column:
    """The smallest or largest (`pick`: np.minimum, np.maximum) of several columns, over those that have a value."""
    numbers, unit = common(columns)
    best, known = numbers[0], columns[0].known
    for other, column in zip(numbers[1:], columns[1:], strict=True):
        both = known & column.known
        best = np.where(both, pick(best, other), np.where(known, best, other))
        known = known | column.known
    return Column(best, unit, None if known.all() else known)


def dense(numbers: Integers) -> NDArray[np.int64]:
    """64-bit integers in the same order as `numbers`, for sorting."""
    if numbers.dtype != object:
        return numbers
    return np.unique(numbers, return_inverse=True)[1].astype(np.int64)


def sorted_by(keys: Sequence[NDArray[np.int64]]) -> NDArray[np.intp]:
    """The order of rows by several keys, the first weighing most; equal rows keep their order.

    The keys go into one number where 64 bits hold them all: one sort instead of one a key.
    """
    if len(keys[0]) == 0:
        return np.zeros(0, dtype=np.intp)
    lows = [int(key.min()) for key in keys]
    spans = [int(key.max()) - low + 1 for key, low in zip(keys, lows, strict=True)]
    if prod(spans) >= _REACH:
        return np.lexsort(tuple(reversed(keys)))
    packed = keys[0] - lows[0]
    for key, low, span in zip(keys[1:], lows[1:], spans[1:], strict=True):
        packed = packed * span + (key - low)
    return np.argsort(packed, kind="stable")


def compare(numbers: Integers, sign: str, limit: int) -> Mask:
    """`numbers sign limit`, also where the limit is beyond 64 bits."""
    if numbers.dtype != object and abs(limit) >= 2**63:
        always = (limit > 0) == (sign in ("<", "<="))
        return np.full(len(numbers), always and sign != "==", dtype=bool)
    match sign:
        case ">=":
            result = numbers >= limit
        case ">":
            result = numbers > limit
        case "<=":
            result = numbers <= limit
        case "<":
            result = numbers < limit
        case _:
            result = numbers == limit
    return np.asarray(result, dtype=bool)


def _bounded(numbers: Integers, bound: Any, limit: int) -> Integers:
    wide = numbers if abs(limit) < _REACH else numbers.astype(object)
    result: Integers = bound(wide, limit)
    return result


def _wide(numbers: Integers, reach: int, constant: int = 0) -> Integers:
    if numbers.dtype == object or (reach < _REACH and constant < _REACH):
        return numbers
    return numbers.astype(object)


def _narrow(numbers: Integers) -> Integers:
    if numbers.dtype == object and largest(numbers) < _REACH:
        return numbers.astype(np.int64)
    return numbers


def _common_unit(first: Fraction, second: Fraction) -> Fraction:
    """The coarsest unit of which both are whole multiples."""
    bottom = first.denominator * second.denominator // gcd(first.denominator, second.denominator)
    top = gcd(abs(int(first * bottom)), abs(int(second * bottom)))
    return Fraction(top, bottom)


def _ceiling(value: Fraction) -> int:
    return -((-value.numerator) // value.denominator)


def _floor(value: Fraction) -> int:
    return value.numerator // value.denominator
