"""Which raw values a leaf could have had: drawn so that its points come near a share, always valid under its method.

Values are whole numbers, tenths, steps or option names, written as text; a blank is left only where `missing` has a
meaning for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np

from starrating.demo.draw import ALL, Draw
from starrating.demo.noise import Whole
from starrating.demo.raw_events import draw_events, draw_marks
from starrating.domain.exact import Mask
from starrating.domain.methods import Band, Bands, Cases, Checklist, Choice, Count, Direct, Line, Missing

Columns = dict[str, list[str]]
"""Texts by header, one a unit."""

_LEFT_BLANK = {Missing.FULL: 3_000, Missing.ZERO: 6_000}
"""Chance that a unit with nothing to report leaves the leaf blank."""
_EXCLUDED = 300
"""Chance that a leaf that may be excluded does not concern a unit."""


def draw_columns(draw: Draw) -> Columns:
    """The texts of a leaf's columns; none for a leaf whose value is a subject."""
    if draw.leaf.of is not None:
        return {}
    columns, nothing = _filled(draw)
    match draw.leaf.missing:
        case Missing.REJECT:
            return columns
        case Missing.EXCLUDE:
            blank = draw.chance.below(ALL, draw.node.code, "excluded") < _EXCLUDED
        case missing:
            blank = nothing & (draw.below(ALL, "blank") < _LEFT_BLANK[missing])
    gaps = blank.tolist()
    return {
        header: ["" if gap else text for gap, text in zip(gaps, texts, strict=True)]
        for header, texts in columns.items()
    }


def _filled(draw: Draw) -> tuple[Columns, Mask]:
    """The columns without a blank, and which units have nothing to report."""
    match draw.leaf.method:
        case Count(each=each, required=required):
            return _numbered(draw_events(draw, {"": each}, {} if required is None else {"": required}), not required)
        case Cases(each=each, required=required):
            return _numbered(draw_events(draw, each, required), not required)
        case Checklist(items=items):
            drawn = {period: draw_marks(draw.in_period(period), items) for period in draw.periods}
            marks = {draw.header(item, period): drawn[period][item] for period in draw.periods for item in items}
            return _numbered(marks, True)
        case Choice(options=options):
            return _chosen(draw, options)
    columns = {draw.header(period=period): _single(draw.in_period(period)) for period in draw.periods}
    return columns, np.zeros(len(draw.share), dtype=bool)


def _numbered(events: dict[str, Whole], may_be_nothing: bool) -> tuple[Columns, Mask]:
    nothing = sum(events.values()) == 0 if may_be_nothing else np.zeros(len(next(iter(events.values()))), dtype=bool)
    return {header: [str(count) for count in counts.tolist()] for header, counts in events.items()}, np.asarray(nothing)


def _chosen(draw: Draw, options: Mapping[str, Fraction]) -> tuple[Columns, Mask]:
    labels = sorted(options, key=lambda label: options[label])
    ladder = [options[label] for label in labels]
    picks = {period: _rung(draw.in_period(period), ladder) for period in draw.periods}
    plain = len(labels) - 1 if draw.leaf.missing is Missing.FULL else 0
    nothing = np.all([pick == plain for pick in picks.values()], axis=0)
    columns = {draw.header(period=period): [labels[i] for i in pick.tolist()] for period, pick in picks.items()}
    return columns, np.asarray(nothing)


def _single(draw: Draw) -> list[str]:
    """One number a unit, in tenths or steps."""
    match draw.leaf.method:
        case Bands(rows=rows, downward=downward):
            return _tenths(_within_bands(draw, rows, downward))
        case Line(at=at):
            return _tenths(_on_line(draw, at))
        case Direct(step=step):
            return _steps(draw, step or Fraction(1, 10))
    return _steps(draw, Fraction(1, 10))


def _within_bands(draw: Draw, rows: Sequence[Band], downward: bool) -> Whole:
    """A value inside the row whose points come near, in tenths; the open ends go half as far again."""
    limits = [row.limit for row in rows if row.limit is not None]
    edges = [int(limit * 10) for limit in limits]
    best = edges[0] // 2 if downward else (1000 if 600 < edges[0] <= 1000 else edges[0] * 3 // 2)
    worst = edges[-1] * 3 // 2 + 10 if downward else edges[-1] * 2 // 3
    ends = [best, *edges, worst][: len(rows) + 1]
    order = sorted(range(len(rows)), key=lambda row: rows[row].points)
    row = np.array(order)[_rung(draw, [rows[i].points for i in order])]
    near, far = np.array(ends[:-1])[row], np.array(ends[1:])[row]
    inside = _part(draw, np.maximum(abs(near - far), 1))
    values: Whole = far - inside if downward else far + inside  # `to` belongs to its row, and so does `from`
    return values


def _part(draw: Draw, width: Whole) -> Whole:
    """A whole number from 0 to width − 1, where in its row a unit stands from year to year."""
    return draw.chance.below(ALL, draw.node.code, "within") * width // ALL


def _on_line(draw: Draw, at: Sequence[tuple[Fraction, Fraction]]) -> Whole:
    """The value whose points come near, in tenths."""
    knots = sorted(at, key=lambda knot: knot[1])
    low, high = int(knots[0][1] * 1000), int(knots[-1][1] * 1000)
    points = low + draw.share * (high - low) // ALL
    values = np.full(len(points), int(knots[0][0] * 10), dtype=np.int64)
    for (x0, y0), (x1, y1) in pairwise(knots):
        if y1 > y0:
            start, rise = int(y0 * 1000), int(y1 * 1000) - int(y0 * 1000)
            inside = int(x0 * 10) + (points - start) * int((x1 - x0) * 10) // rise
            values = np.where(points > start, inside, values)
    return values


def _steps(draw: Draw, step: Fraction) -> list[str]:
    """The value itself, on a step between the bounds (0 to 100 where a bound is not given)."""
    low = draw.node.low if draw.node.low is not None else Fraction(0)
    high = draw.node.high if draw.node.high is not None else Fraction(100)
    first, steps = -(-low // step), int((high - low) / step)
    numbers = int(first) + draw.share * steps // ALL
    texts = {number: decimal_text(number * step) for number in np.unique(numbers).tolist()}
    return [texts[number] for number in numbers.tolist()]


def _rung(draw: Draw, ladder: Sequence[Fraction]) -> Whole:
    """Which of ascending points comes near: the rung under the share, or by chance the one above it."""
    rungs = np.array([int(points * 1000) for points in ladder], dtype=np.int64)
    points = rungs[0] + draw.share * int(rungs[-1] - rungs[0]) // ALL
    under = np.clip(np.searchsorted(rungs, points, side="right") - 1, 0, max(len(rungs) - 2, 0))
    above = np.minimum(under + 1, len(rungs) - 1)
    beyond = (points - rungs[under]) * ALL // np.maximum(rungs[above] - rungs[under], 1)
    rung: Whole = np.where(draw.below(ALL, "rung") < beyond, above, under)
    return rung


def _tenths(numbers: Whole) -> list[str]:
    return [decimal_text(Fraction(number, 10)) for number in numbers.tolist()]


def decimal_text(value: Fraction) -> str:
    """A decimal fraction as plain text without trailing zeros."""
    if value.denominator == 1:
        return str(value.numerator)
    digits = next(digits for digits in range(1, 10) if 10**digits % value.denominator == 0)
    whole, part = divmod(abs(value.numerator) * 10**digits // value.denominator, 10**digits)
    return f"{'-' if value < 0 else ''}{whole}.{part:0{digits}d}"
