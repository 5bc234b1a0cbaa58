"""Raw values become points: every leaf method, for all units at once.

A method gives the exact points; `leaf_result` rounds, clamps, treats blanks as the leaf says and combines periods.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from starrating.domain.conditions import LevelColumn
from starrating.domain.curves import line_points
from starrating.domain.exact import Column, Mask, add, column_of, common, constant, divide_half_up, extreme, rounded
from starrating.domain.facts import Facts
from starrating.domain.inputs import Labels, decimal
from starrating.domain.methods import (
    Bands,
    Cases,
    Checklist,
    Choice,
    Count,
    Direct,
    Leaf,
    Line,
    Missing,
    Over,
    Relative,
    Value,
)
from starrating.domain.relative import relative_points
from starrating.domain.scheme import Indicator


def leaf_result(facts: Facts, node: Indicator) -> Column:
    """The result of a leaf: rounded to the scheme's precision, within its bounds, blank where it is excluded."""
    leaf = _leaf(node)
    if leaf.counts_events:
        return _year_of_events(facts, node)
    if not leaf.periods:
        return _finish(facts, node, *_points(facts, node, ""))
    periods = [_finish(facts, node, *_points(facts, node, f"@{period}")) for period in leaf.periods]
    if facts.kept is None:
        facts.results.update(
            {f"{node.code}@{period}": column for period, column in zip(leaf.periods, periods, strict=True)}
        )
    combined = _combine(periods, leaf.over)
    return _clamped(combined.rounded(facts.scheme.precision), node, facts)


def _leaf(node: Indicator) -> Leaf:
    assert node.leaf is not None
    return node.leaf


def _finish(facts: Facts, node: Indicator, points: Column, header: str) -> Column:
    """Exact points of one period (or the year) → the rounded, clamped result with blanks treated."""
    column = _clamped(points.rounded(facts.scheme.precision), node, facts)
    return _treat_blanks(facts, node, column, header)


def _treat_blanks(facts: Facts, node: Indicator, column: Column, header: str) -> Column:
    if column.present is None:
        return column
    match _leaf(node).missing:
        case Missing.REJECT:
            facts.refuse("blank_value", ~column.present, header, lambda _: {"code": node.code, "name": node.name})
            return column
        case Missing.ZERO:
            return column.filled(_bound(Fraction(0), node, facts.scheme.precision))
        case Missing.FULL:
            assert node.high is not None
            return column.filled(rounded(node.high, facts.scheme.precision))
    return column


def _bound(value: Fraction, node: Indicator, precision: int) -> Fraction:
    """`value` clamped into the node's bounds and rounded."""
    if node.low is not None:
        value = max(value, node.low)
    if node.high is not None:
        value = min(value, node.high)
    return rounded(value, precision)


def _clamped(column: Column, node: Indicator, facts: Facts) -> Column:
    """Within the node's bounds; clamping a rounded number into rounded bounds is rounding the clamped one."""
    low = None if node.low is None else rounded(node.low, facts.scheme.precision)
    high = None if node.high is None else rounded(node.high, facts.scheme.precision)
    return column.clamped(low, high)


def _combine(periods: Sequence[Column], over: Over) -> Column:
    """Several periods into the year, over those that have a result."""
    if over in (Over.MIN, Over.MAX):
        return extreme(periods, np.minimum if over is Over.MIN else np.maximum)
    numbers, unit = common(periods)
    counts = np.zeros(len(periods[0]), dtype=np.int64)
    total = last = np.zeros(len(periods[0]), dtype=np.int64)
    for number, column in zip(numbers, periods, strict=True):
        known = column.known
        counts += known
        total = add(total, np.where(known, number, 0))
        last = np.where(known, number, last)
    present = None if counts.all() else counts > 0
    if over is Over.LAST:
        return Column(last, unit, present)
    if over is Over.SUM:
        return Column(total, unit, present)
    return Column(divide_half_up(total, 1, np.maximum(counts, 1)), unit, present)


def _year_of_events(facts: Facts, node: Indicator) -> Column:
    """Events are added over the year, `start` once, clamped once; blank periods add nothing unless refused."""
    leaf = _leaf(node)
    known = np.zeros(len(facts), dtype=bool)
    events: list[Column] = []
    for period in leaf.periods:
        weighed, header = _events(facts, node, f"@{period}")
        if leaf.missing is Missing.REJECT:
            _treat_blanks(facts, node, weighed, header)
        known |= weighed.known
        events.append(weighed.filled(Fraction(0)))
    numbers, unit = common(events)
    total = numbers[0]
    for number in numbers[1:]:
        total = add(total, number)
    present = None if leaf.missing is Missing.REJECT or known.all() else known
    points = Column(total, unit, present).affine(Fraction(1), _start(leaf))
    return _finish(facts, node, points, leaf.columns(node.code)[0])


def _start(leaf: Leaf) -> Fraction:
    assert isinstance(leaf.method, Count | Cases | Checklist)
    return leaf.method.start


def _points(facts: Facts, node: Indicator, period: str) -> tuple[Column, str]:
    """The exact points of one period (`@Q1`, or "" for the year) and the header of its value."""
    leaf = _leaf(node)
    header = facts.header_of(leaf.of) if leaf.of is not None else node.code + period
    if isinstance(leaf.method, Count | Cases | Checklist):
        weighed, header = _events(facts, node, period)
        return weighed.affine(Fraction(1), _start(leaf)), header
    if isinstance(leaf.method, Choice):
        return _choice_points(facts, leaf.method, _raw(facts, leaf, header), header), header
    value = _numbers(facts, leaf, header)
    match leaf.method:
        case Direct():
            _check_direct(facts, node, leaf.method, value, header)
            return value, header
        case Value():
            return value, header
        case Bands():
            return _band_points(facts, leaf.method, value, header), header
        case Line():
            return line_points(leaf.method, value), header
        case Relative():
            return relative_points(facts, node, leaf.method, value, header), header


def _raw(facts: Facts, leaf: Leaf, header: str) -> Column | Labels | LevelColumn:
    if leaf.of is not None:
        return facts.subject(leaf.of)
    return facts.word(header) if leaf.takes_text else facts.number(header)


def _numbers(facts: Facts, leaf: Leaf, header: str) -> Column:
    """The raw value as numbers; words of a field are read as numbers, others are a fault."""
    raw = _raw(facts, leaf, header)
    if isinstance(raw, Labels):
        column, wrong = raw.numbers()
        facts.refuse("word_not_number", wrong, header, lambda row: {"text": raw.name(row)})
        return Column(column.numbers, column.unit, None if raw.known.all() else raw.known)
    assert isinstance(raw, Column)
    return raw


def _events(facts: Facts, node: Indicator, period: str) -> tuple[Column, str]:
    """The events of one period times their points, without `start`; blank where every part is."""
    leaf = _leaf(node)
    if isinstance(leaf.method, Count):
        header = facts.header_of(leaf.of) if leaf.of is not None else node.code + period
        value = _whole(facts, _numbers(facts, leaf, header), header)
        return _missing_events(value, leaf.method.required).affine(leaf.method.each), header
    weights, required = _parts(leaf)
    known = np.zeros(len(facts), dtype=bool)
    weighed: list[Column] = []
    for part, weight in weights.items():
        header = f"{node.code}.{part}{period}"
        value = _whole(facts, facts.number(header), header)
        if isinstance(leaf.method, Checklist):
            facts.refuse("not_a_mark", value.above(Fraction(1)), header, _shown(value))
        known |= value.known
        weighed.append(_missing_events(value.filled(Fraction(0)), required.get(part)).affine(weight))
    numbers, unit = common(weighed)
    total = numbers[0]
    for number in numbers[1:]:
        total = add(total, number)
    return Column(total, unit, None if known.all() else known), f"{node.code}.{next(iter(weights))}{period}"


def _parts(leaf: Leaf) -> tuple[Mapping[str, Fraction], Mapping[str, Fraction]]:
    """The parts of a leaf with their points, and how many of which are required."""
    match leaf.method:
        case Cases(each=weights, required=required):
            return weights, required
        case Checklist(items=weights):
            return weights, {}
    raise TypeError(leaf.method)


def _whole(facts: Facts, value: Column, header: str) -> Column:
    """The value, refused where it is not a whole number of 0 or more."""
    if value.unit.denominator == 1:
        wrong = value.below(Fraction(0))
    else:
        wrong = value.below(Fraction(0)) | (value.known & (value.numbers % value.unit.denominator != 0))
    facts.refuse("not_a_count", wrong, header, _shown(value))
    return value


def _shown(value: Column) -> Callable[[int], dict[str, Any]]:
    """For a fault: the value that stands in a row."""
    return lambda row: {"value": value.value(row)}


def _missing_events(value: Column, required: Fraction | None) -> Column:
    """With `required`, the events counted are the missing ones: max(0, required − value)."""
    if required is None:
        return value
    missing = value.affine(Fraction(-1), required)
    return missing.clamped(Fraction(0), None)


def _check_direct(facts: Facts, node: Indicator, method: Direct, value: Column, header: str) -> None:
    outside = np.zeros(len(value), dtype=bool)
    if node.low is not None:
        outside |= value.below(node.low)
    if node.high is not None:
        outside |= value.above(node.high)
    facts.refuse(
        "outside_bounds", outside, header, lambda row: {"value": value.value(row), "low": node.low, "high": node.high}
    )
    if method.step is None:
        return
    steps = value.affine(1 / method.step)
    if steps.unit.denominator != 1:
        off = value.known & ~outside & (steps.numbers * steps.unit.numerator % steps.unit.denominator != 0)
        facts.refuse("off_step", off, header, lambda row: {"value": value.value(row), "step": method.step})


def _choice_points(facts: Facts, method: Choice, raw: Column | Labels | LevelColumn, header: str) -> Column:
    if isinstance(raw, Column):
        return _choice_by_number(facts, method, raw, header)
    if isinstance(raw, LevelColumn):
        levels = facts.scheme.levels
        raw = Labels(raw.indices.filled(Fraction(-1)).numbers.astype(np.int32), tuple(level.code for level in levels))
    table = column_of([method.options.get(name) for name in raw.names] + [None])
    column = table.take(raw.codes.astype(np.intp))
    wrong = raw.known & ~column.known
    facts.refuse("no_such_option", wrong, header, lambda row: {"text": raw.name(row), "options": list(method.options)})
    return Column(column.numbers, column.unit, None if raw.known.all() else raw.known)


def _choice_by_number(facts: Facts, method: Choice, raw: Column, header: str) -> Column:
    """The options of a numeric subject: labels are numbers."""
    table = column_of(list(method.options.values()))
    numbers = np.zeros(len(raw), dtype=table.numbers.dtype)
    found: Mask = np.zeros(len(raw), dtype=bool)
    for label, points in zip(method.options, table.numbers, strict=True):
        here = raw.equals(decimal(label) or Fraction(0))
        numbers = np.where(here, points, numbers)
        found |= here
    wrong = raw.known & ~found
    facts.refuse("no_such_option", wrong, header, lambda row: {"text": raw.value(row), "options": list(method.options)})
    return Column(numbers, table.unit, raw.present)


def _band_points(facts: Facts, method: Bands, value: Column, header: str) -> Column:
    table = column_of([band.points for band in method.rows])
    numbers = constant(Fraction(0), len(value)).numbers.astype(table.numbers.dtype)
    found = np.zeros(len(value), dtype=bool)
    for band, points in zip(reversed(method.rows), reversed(table.numbers), strict=True):
        if band.limit is None:
            here = np.ones(len(value), dtype=bool)
        else:
            here = value.at_most(band.limit) if method.downward else value.at_least(band.limit)
        numbers = np.where(here, points, numbers)
        found |= here
    facts.refuse("no_band", value.known & ~found, header, _shown(value))
    return Column(numbers, table.unit, value.present)
