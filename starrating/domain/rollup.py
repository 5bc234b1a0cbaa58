"""Points become groups, groups become the total: every aggregate, with what is left out left out."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

import numpy as np

from starrating.domain.curves import geometric_mean
from starrating.domain.exact import (
    Column,
    Integers,
    add,
    column_of,
    common,
    divide_half_up,
    extreme,
    multiply,
    rounded,
    times,
)
from starrating.domain.facts import Facts
from starrating.domain.faults import NOTHING_TO_TOTAL
from starrating.domain.points import leaf_result
from starrating.domain.scheme import Aggregate, Indicator, NodeKind


def node_result(facts: Facts, node: Indicator) -> Column:
    """The result of a node, worked out once where it is kept or asked for."""
    if node.code in facts.results:
        return facts.results[node.code]
    column = leaf_result(facts, node) if node.leaf is not None else _group_result(facts, node)
    if facts.kept is None or node.code in facts.kept:
        facts.results[node.code] = column
    return column


def total(facts: Facts) -> Column:
    """The sum of the roots, half up to the scheme's decimals; a unit without any root's result is refused."""
    roots = facts.scheme.indicators
    column = _sum(roots, [node_result(facts, root) for root in roots], facts.scheme.decimals)
    if column.present is not None:
        facts.refuse(NOTHING_TO_TOTAL, ~column.present, "", lambda _: {})
    return column


def _group_result(facts: Facts, node: Indicator) -> Column:
    results = [node_result(facts, child) for child in node.children]
    precision = facts.scheme.precision
    match node.aggregate:
        case Aggregate.SUM:
            column = _sum(node.children, results, precision)
        case Aggregate.MEAN:
            column = _mean(node.children, results, precision)
        case Aggregate.GEOMETRIC:
            column = _geometric(node.children, results).rounded(precision)
        case Aggregate.MIN | Aggregate.MAX:
            pick = np.minimum if node.aggregate is Aggregate.MIN else np.maximum
            column = extreme(_scaled(node.children, results), pick).rounded(precision)
    low = None if node.low is None else rounded(node.low, precision)
    high = None if node.high is None else rounded(node.high, precision)
    column = column.clamped(low, high)
    if all(result.present is None for result in results):
        return Column(column.numbers, column.unit)
    enough = np.sum([result.known for result in results], axis=0) >= node.present
    return Column(column.numbers, column.unit, None if enough.all() else enough)


def _scaled(children: Sequence[Indicator], results: Sequence[Column]) -> list[Column]:
    """What the parent takes: each result times its scale."""
    return [result.affine(child.scale) for child, result in zip(children, results, strict=True)]


def _blank_as_zero(column: Column, numbers: Integers) -> Integers:
    return numbers if column.present is None else np.where(column.present, numbers, 0)


def _sum(children: Sequence[Indicator], results: Sequence[Column], digits: int) -> Column:
    """Base children, scaled up for those left out, plus bonuses, minus penalties; rounded, not clamped."""
    columns = _scaled(children, results)
    numbers, unit = common(columns)
    base = beyond = np.zeros(len(columns[0]), dtype=np.int64)
    for child, column, number in zip(children, columns, numbers, strict=True):
        filled = _blank_as_zero(column, number)
        match child.kind:
            case NodeKind.BASE:
                base = add(base, filled)
            case NodeKind.BONUS:
                beyond = add(beyond, filled)
            case NodeKind.PENALTY:
                beyond = add(beyond, times(filled, -1))
    known = np.any([column.known for column in columns], axis=0)
    present = None if known.all() else known
    bases = [column for child, column in zip(children, columns, strict=True) if child.kind is NodeKind.BASE]
    if all(column.present is None for column in bases):
        return Column(add(base, beyond), unit, present).rounded(digits)
    whole, there = _maxima(children, columns)
    top = add(times(base, whole), multiply(beyond, there))
    ratio = unit * 10**digits
    numbers_rounded = divide_half_up(top, ratio.numerator, times(there, ratio.denominator))
    return Column(numbers_rounded, Fraction(1, 10**digits), present)


def _maxima(children: Sequence[Indicator], columns: Sequence[Column]) -> tuple[int, Integers]:
    """The base children's maxima in all and, a unit, of those present, in one whole unit; equal where none counts."""
    maxima = {c.code: (c.high or Fraction(0)) * c.scale for c in children if c.kind is NodeKind.BASE}
    bottom = lcm(*(maximum.denominator for maximum in maxima.values()))
    whole = int(sum(maxima.values(), Fraction(0)) * bottom) or 1
    there: Integers = np.zeros(len(columns[0]), dtype=np.int64)
    for child, column in zip(children, columns, strict=True):
        if child.code in maxima:
            there = add(there, times(column.known.astype(np.int64), int(maxima[child.code] * bottom)))
    return whole, np.where(there == 0, whole, there)


def _mean(children: Sequence[Indicator], results: Sequence[Column], digits: int) -> Column:
    """The weighted mean of the children that have a result, rounded."""
    columns = _scaled(children, results)
    numbers, unit = common(columns)
    bottom = lcm(*(child.weight.denominator for child in children))
    top: Integers = np.zeros(len(columns[0]), dtype=np.int64)
    weights: Integers = np.zeros(len(columns[0]), dtype=np.int64)
    for child, column, number in zip(children, columns, numbers, strict=True):
        weight = int(child.weight * bottom)
        top = add(top, times(_blank_as_zero(column, number), weight))
        weights = add(weights, times(column.known.astype(np.int64), weight))
    ratio = unit * 10**digits
    present = None if np.all(weights > 0) else np.asarray(weights > 0, dtype=bool)
    divisor = times(np.maximum(weights, 1), ratio.denominator)
    return Column(divide_half_up(top, ratio.numerator, divisor), Fraction(1, 10**digits), present)


def _geometric(children: Sequence[Indicator], results: Sequence[Column]) -> Column:
    """The weighted geometric mean of the children that have a result, worked out once for each set of values."""
    columns = _scaled(children, results)
    seen: dict[tuple[Fraction | None, ...], Fraction | None] = {}
    means: list[Fraction | None] = []
    for row in range(len(columns[0])):
        values = tuple(column.value(row) for column in columns)
        if values not in seen:
            there = [(value, child.weight) for value, child in zip(values, children, strict=True) if value is not None]
            seen[values] = geometric_mean(*zip(*there, strict=True)) if there else None
        means.append(seen[values])
    return column_of(means)
