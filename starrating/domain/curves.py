"""Points on a curve: straight lines, lines in the logarithm, and the geometric mean.

Lines are exact. Logarithms and roots are computed to 50 significant digits, kept to 25 (so that a result that is exact
stays exact) and only then rounded like everything else; the contract asks for 15.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np

from starrating.domain.exact import Column, column_of, common, constant
from starrating.domain.methods import Line

_PRECISE = Context(prec=50, rounding=ROUND_HALF_EVEN, Emax=999_999, Emin=-999_999)
_KEPT = Context(prec=25, rounding=ROUND_HALF_EVEN, Emax=999_999, Emin=-999_999)


def line_points(line: Line, value: Column) -> Column:
    """The points of a value on a line: straight between its points, flat outside."""
    if line.log:
        return by_value(value, lambda number: log_points(line, number))
    ends = [constant(points, len(value)) for points in (line.at[0][1], line.at[-1][1])]
    pieces = [(value.at_most(line.at[0][0]), ends[0]), (value.at_least(line.at[-1][0]), ends[1])]
    for (left, low), (right, high) in pairwise(line.at):
        slope = (high - low) / (right - left)
        pieces.append((value.above(left) & value.at_most(right), value.affine(slope, low - slope * left)))
    numbers, unit = common([piece for _, piece in pieces])
    where = [mask for mask, _ in pieces]
    chosen = numbers[0]
    for mask, number in zip(where[1:], numbers[1:], strict=True):
        chosen = np.where(mask, number, chosen)
    return Column(chosen, unit, value.present)


def by_value(value: Column, curve: Callable[[Fraction], Fraction]) -> Column:
    """A curve that must be worked out number by number: once for each distinct value."""
    distinct, place = np.unique(value.numbers, return_inverse=True)
    column = column_of([curve(int(number) * value.unit) for number in distinct]) if len(distinct) else value
    return Column(column.numbers[place], column.unit, value.present)


def log_points(line: Line, value: Fraction) -> Fraction:
    """One value's points on a line in ln(value); the line's own points are met exactly."""
    if value <= line.at[0][0]:
        return line.at[0][1]
    for (left, low), (right, high) in pairwise(line.at):
        if value == right:
            return high
        if value < right:
            share = _PRECISE.divide(_ln(value / left), _ln(right / left))
            rise = _PRECISE.multiply(_decimal(high - low), share)
            return Fraction(_KEPT.plus(_PRECISE.add(_decimal(low), rise)))
    return line.at[-1][1]


def geometric_mean(values: Sequence[Fraction], weights: Sequence[Fraction]) -> Fraction:
    """The weighted geometric mean, 0 if any value is 0 or less."""
    if min(values) <= 0:
        return Fraction(0)
    total = Decimal(0)
    for value, weight in zip(values, weights, strict=True):
        total = _PRECISE.add(total, _PRECISE.multiply(_decimal(weight), _ln(value)))
    return Fraction(_KEPT.plus(_PRECISE.exp(_PRECISE.divide(total, _decimal(sum(weights, Fraction(0)))))))


def _ln(value: Fraction) -> Decimal:
    return _PRECISE.ln(_decimal(value))


def _decimal(value: Fraction) -> Decimal:
    return _PRECISE.divide(Decimal(value.numerator), Decimal(value.denominator))
