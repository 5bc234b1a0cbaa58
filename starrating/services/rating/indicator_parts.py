"""What units have of an indicator and could have: the parts that heat maps and tables of indicators are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from starrating.charts.heat import Part
from starrating.domain.scheme import Indicator, NodeKind
from starrating.domain.shortfalls import Shortfall, Shortfalls


def judged(lost: Shortfalls) -> list[Shortfall]:
    """The indicators of a run that have full points and count towards the full score, in the scheme's order."""
    base = set(_base(lost.scheme.indicators))
    return [leaf for leaf in lost.leaves if leaf.node.high and leaf.node.code in base]


def part_of(leaf: Shortfall, rows: NDArray[np.intp]) -> Part:
    """What the units at those rows have of an indicator, and could have; who has no result there does not count."""
    known = leaf.points.known[rows]
    points = sum(leaf.points.numbers[rows][known].tolist()) * leaf.points.unit
    return Part(points, int(known.sum()) * (leaf.node.high or Fraction(0)))


def _base(nodes: Sequence[Indicator]) -> Iterator[str]:
    """The leaves that count towards the full score: nobody is expected to have all bonuses."""
    for node in nodes:
        if node.kind is NodeKind.BASE:
            yield from _base(node.children) if node.children else (node.code,)
