"""Where points are lost against comparable units: an indicator at a time, through the scheme's own sums.

Comparable are the units of the same pool of the same kind. What an indicator costs a unit is the difference between
its total and the total it would have with its points of that indicator at the median of its peers, everything else as
it is; so weights, means and bounds of groups count as they do in the rating, and nothing is rounded but what the
scheme rounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from starrating.domain.exact import Column, Integers, integers, times
from starrating.domain.facts import Facts
from starrating.domain.inputs import Inputs
from starrating.domain.rollup import node_result, total
from starrating.domain.scheme import Indicator, NodeKind, Scheme


@dataclass(frozen=True, slots=True, eq=False)
class Shortfall:
    """An indicator: the points of every unit, the median of each pool, and what being below it costs each total.

    `costs` are in the unit of the totals, 0 for whoever is not below the median.
    """

    node: Indicator
    points: Column
    medians: Mapping[int, Fraction]
    costs: Integers


@dataclass(frozen=True, slots=True, eq=False)
class Shortfalls:
    """The rated units of a determination in the order of their ranks, their pools and totals, and every indicator."""

    scheme: Scheme
    units: tuple[int, ...]
    pool: NDArray[np.int64]
    pools: tuple[str, ...]
    total: Column
    leaves: tuple[Shortfall, ...]

    def rows_of(self, units: frozenset[int]) -> NDArray[np.intp]:
        """Where those units stand."""
        return np.flatnonzero(np.array([one in units for one in self.units], dtype=bool))

    def peers(self, row: int) -> NDArray[np.intp]:
        """The rows of a unit's pool, itself among them."""
        return np.flatnonzero(self.pool == self.pool[row])


def shortfalls(
    scheme: Scheme, units: Sequence[int], pool: Sequence[int], pools: Sequence[str], points: Mapping[str, Column]
) -> Shortfalls:
    """Work out what every indicator costs every unit; `points` are the leaves' results by code."""
    pool_of = np.array(pool, dtype=np.int64)
    facts = _facts(scheme, len(units), points)
    real = total(facts)
    found = []
    for path in _paths(scheme.indicators, ()):
        node = path[-1]
        column = points[node.code]
        medians = dict(_medians(column, pool_of))
        better = _total_with(facts, path, _raised(column, medians, pool_of, _subtracted(path)))
        found.append(Shortfall(node, column, medians, better.numbers - real.numbers))
    return Shortfalls(scheme, tuple(units), pool_of, tuple(pools), real, tuple(found))


def _facts(scheme: Scheme, rows: int, points: Mapping[str, Column]) -> Facts:
    """All nodes' results, worked out from those of the leaves."""
    facts = Facts(scheme, Inputs([str(row) for row in range(rows)], {}, {}), results=dict(points), kept=None)
    for root in scheme.indicators:
        node_result(facts, root)
    return facts


def _paths(nodes: Sequence[Indicator], above: tuple[Indicator, ...]) -> Iterator[tuple[Indicator, ...]]:
    """Every leaf with the groups above it, the root first."""
    for node in nodes:
        if node.children:
            yield from _paths(node.children, (*above, node))
        else:
            yield (*above, node)


def _subtracted(path: Sequence[Indicator]) -> bool:
    """True where fewer points are better, because somebody above takes them off."""
    return sum(node.kind is NodeKind.PENALTY for node in path) % 2 == 1


def _total_with(facts: Facts, path: Sequence[Indicator], leaf: Column) -> Column:
    """The totals with another result of a leaf: only what stands above it is worked out anew."""
    above = {node.code for node in path}
    results = {code: column for code, column in facts.results.items() if code not in above}
    return total(Facts(facts.scheme, facts.inputs, results={**results, path[-1].code: leaf}))


def _medians(column: Column, pool: NDArray[np.int64]) -> Iterator[tuple[int, Fraction]]:
    """Pool → the median of those that have points; of an even number the mean of the two in the middle."""
    for one in np.unique(pool).tolist():
        ordered = np.sort(column.numbers[(pool == one) & column.known]).tolist()
        if ordered:
            half = len(ordered) // 2
            pair = ordered[half] + (ordered[half] if len(ordered) % 2 else ordered[half - 1])
            yield one, Fraction(pair, 2) * column.unit


def _raised(column: Column, medians: Mapping[int, Fraction], pool: NDArray[np.int64], fewer: bool) -> Column:
    """The points with those that are worse than their pool's median brought up to it."""
    unit = column.unit / 2
    median = integers([int(medians.get(one, Fraction(0)) / unit) for one in pool.tolist()])
    pick = np.minimum if fewer else np.maximum
    return Column(pick(times(column.numbers, 2), median), unit, column.present)
