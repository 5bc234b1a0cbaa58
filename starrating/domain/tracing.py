"""Two ratings of the same units at two instants: whose points are otherwise, what a value put back does."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from starrating.domain.exact import Column, common
from starrating.domain.facts import Facts
from starrating.domain.faults import InputsRefused
from starrating.domain.figures import texts
from starrating.domain.inputs import Inputs, Labels, labels_of
from starrating.domain.rating import Rating, rate
from starrating.domain.scheme import Indicator


@dataclass(frozen=True, slots=True)
class PointsMoved:
    """What a leaf gave a unit before and gives it now; None where it gives nothing or the unit is not scored."""

    node: Indicator
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one unit that can be put back: its row, and the headers that it is about."""

    row: int
    headers: frozenset[str]


def points_moved(before: Rating, after: Rating) -> dict[int, list[PointsMoved]]:
    """Row → the leaves that give a unit other points; both ratings have kept every node of one scheme."""
    found: dict[int, list[PointsMoved]] = {}
    for node in after.scheme.leaves():
        pairs = zip(_points(before, node), _points(after, node), strict=True)
        for row, (first, second) in enumerate(pairs):
            if first != second:
                found.setdefault(row, []).append(PointsMoved(node, first, second))
    return found


def _points(rating: Rating, node: Indicator) -> Sequence[str | None]:
    """What a leaf gives to every unit of the inputs."""
    facts: Facts = rating.standing.facts
    own = texts(facts.results[node.code], np.arange(len(facts)))
    if facts.rows is None:
        return own
    spread: list[str | None] = [None] * len(rating.inputs)
    for row, points in zip(facts.rows.tolist(), own, strict=True):
        spread[row] = points
    return spread


def levels_put_back(before: Rating, after: Rating, changes: Collection[Change]) -> NDArray[np.int8] | None:
    """The level of every unit with some changes put back to what stood before; None where that cannot be rated."""
    try:
        return rate(after.scheme, _put_back(before.inputs, after.inputs, changes)).level
    except InputsRefused:
        return None


def _put_back(before: Inputs, after: Inputs, changes: Collection[Change]) -> Inputs:
    numbers, words = dict(after.numbers), dict(after.words)
    for header in {header for change in changes for header in change.headers}:
        rows = [change.row for change in changes if header in change.headers]
        if header in before.numbers or header in numbers:
            numbers[header] = _numbers(before.numbers.get(header), numbers.get(header), rows, len(after))
        if header in before.words or header in words:
            words[header] = _words(before.words.get(header), words.get(header), rows, len(after))
    return Inputs(after.units, numbers, words, after.history)


def _numbers(before: Column | None, after: Column | None, rows: list[int], size: int) -> Column:
    """A column as it is now, with some rows as they were."""
    blank = Column(np.zeros(size, dtype=np.int64), present=np.zeros(size, dtype=bool))
    was, now = (before or blank).widened(), (after or blank).widened()
    (old, new), unit = common([was, now])
    there = np.zeros(size, dtype=bool)
    there[rows] = True
    return Column(np.where(there, old, new), unit, np.where(there, was.known, now.known))


def _words(before: Labels | None, after: Labels | None, rows: list[int], size: int) -> Labels:
    words = [after.name(row) if after else None for row in range(size)]
    for row in rows:
        words[row] = before.name(row) if before else None
    return labels_of(words)
