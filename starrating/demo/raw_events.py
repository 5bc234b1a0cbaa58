"""Events and marks that could have happened: whole numbers for `count` and `cases`, 0 or 1 for `checklist`."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from starrating.demo.draw import ALL, Draw
from starrating.demo.noise import Whole

Events = dict[str, Whole]
"""Counts by header."""

_MORE_THAN_REQUIRED = 1_500


def draw_events(draw: Draw, each: Mapping[str, Fraction], required: Mapping[str, Fraction]) -> Events:
    """Counts of every part (the part without a name for `count`), spread over the periods."""
    events: Events = {}
    for part in each:
        needed = None if part not in required else int(required[part])
        number = _expected(draw, each, part) + draw.below(ALL, part, "number")
        counts = _spread(draw, number // ALL, part, needed)
        for period, count in zip(draw.periods, counts, strict=True):
            more = draw.below(ALL, part, period, "more") < _MORE_THAN_REQUIRED
            held = count if needed is None else needed - count + ((count == 0) & more)
            events[draw.header(part, period)] = held
    return events


def draw_marks(draw: Draw, items: Mapping[str, Fraction]) -> Events:
    """Marks of a checklist, by item: a good item is kept over the years, a fault is the year's."""
    marks: Events = {}
    for item, points in items.items():
        if points > 0:
            marked = draw.chance.below(ALL, draw.node.code, item) < draw.share
        else:
            faults = {name: worth for name, worth in items.items() if worth <= 0}
            marked = draw.below(ALL, item) < np.minimum(_expected(draw, faults, item), ALL * 9 // 10)
        marks[item] = marked.astype(np.int64)
    return marks


def _expected(draw: Draw, each: Mapping[str, Fraction], part: str) -> Whole:
    """How often a part is to happen, in ten-thousandths: light events often, heavy ones seldom."""
    weights = {name: 1 / abs(points) if points else Fraction(0) for name, points in each.items()}
    if not weights[part]:
        return np.zeros_like(draw.share)
    full = draw.node.high if draw.node.high is not None else 2 * max(abs(points) for points in each.values())
    share = draw.share if each[part] > 0 else ALL - draw.share
    often = full * weights[part] / sum(weights.values()) / abs(each[part])
    return share * int(often * 1000) // 1000


def _spread(draw: Draw, number: Whole, part: str, most: int | None) -> Whole:
    """A year's events over the periods (rows), at most `most` in one."""
    rows = np.arange(len(number))
    counts = np.zeros((len(draw.periods), len(number)), dtype=np.int64)
    for event in range(int(number.max(initial=0))):
        happens = number > event
        period = draw.below(len(draw.periods), part, "period", event)
        counts[period[happens], rows[happens]] += 1
    return counts if most is None else np.minimum(counts, most)
