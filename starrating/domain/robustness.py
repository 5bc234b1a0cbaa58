"""In what share of slightly different weights a unit would have had the same level: whole numbers, the same every time.

A re-weighting takes the points of each base indicator of the first level times a number of thousandths between 900 and
1,100, and all of them times one exact fraction more, so that their maxima add up to what they did. Nothing else is
touched: points, bonuses and penalties, lines, quotas, vetoes. It is a scheme with other `scale`s (in a `mean` other
`weight`s), rated by the engine itself; only what lies above those indicators is worked out again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from starrating.domain.exact import Column, common
from starrating.domain.facts import Facts, Grouping
from starrating.domain.rating import Rating, stand
from starrating.domain.reasons import levels_after_drops
from starrating.domain.rollup import node_result, total
from starrating.domain.scheme import Aggregate, Indicator, NodeKind, Scheme

DRAWS, SPREAD, SEED = 1_000, 100, 20240101
"""How many re-weightings, how far each weight goes up or down in thousandths, and what the draws are made of."""
_ROWS = 50_000
"""Units times draws that are allocated at once, so that memory does not grow with either."""


@dataclass(frozen=True, slots=True, eq=False)
class Robustness:
    """`counts[unit, level]`: in how many of the `draws` a unit had a level; no draw for a unit that is not rated."""

    draws: int
    units: Sequence[str]
    level: NDArray[np.int8]
    counts: NDArray[np.int32]

    @property
    def held(self) -> NDArray[np.int32]:
        """In how many draws each unit had the level that it has; 0 for a unit that is not rated."""
        return np.where(self.level < 0, 0, self.counts[np.arange(len(self.level)), self.level]).astype(np.int32)

    def share(self, row: int, level: int | None = None) -> str:
        """In how many of a hundred draws a unit had its level (or another), never rounded up to what it was not."""
        wanted = int(self.level[row]) if level is None else level
        whole = int(self.counts[row, wanted]) * 1000 // self.draws
        return f"{whole // 10}.{whole % 10}%"


def weighted_of(scheme: Scheme) -> tuple[Indicator, ...]:
    """The indicators whose weights are drawn: the base ones where the tree first has several; () where none weighs."""
    return _base(scheme)


def weights_of(scheme: Scheme) -> dict[str, Fraction]:
    """Code → weight of those indicators: what each can give at most, in a `mean` its weight; none that gives 0."""
    if _weighed_in_mean(scheme):
        return {node.code: node.weight for node in _base(scheme)}
    return {node.code: _maximum(node) for node in _base(scheme) if _maximum(node)}


def with_weights(scheme: Scheme, wanted: Mapping[str, Fraction]) -> Scheme:
    """The scheme with those weights, meant as `weights_of` has them."""
    nodes = [node for node in _base(scheme) if node.code in wanted]
    if _weighed_in_mean(scheme):
        return _with(scheme, {node.code: replace(node, weight=wanted[node.code]) for node in nodes})
    scales = {node.code: node.scale * wanted[node.code] / _maximum(node) for node in nodes}
    return _with(scheme, {node.code: replace(node, scale=scales[node.code]) for node in nodes})


def factor(draw: int, code: str) -> int:
    """The thousandths of one indicator's weight in one draw: from the seed's SHA-256, so the same on every machine."""
    told = sha256(f"{SEED}:{draw}:{code}".encode()).digest()
    return 1000 - SPREAD + int.from_bytes(told, "big") % (2 * SPREAD + 1)


def reweighted(scheme: Scheme, draw: int) -> Scheme:
    """The scheme with the weights of one draw."""
    weighted = _base(scheme)
    factors = {node.code: factor(draw, node.code) for node in weighted}
    if _weighed_in_mean(scheme):
        return _with(scheme, {node.code: replace(node, weight=node.weight * factors[node.code]) for node in weighted})
    whole = sum((_maximum(node) for node in weighted), Fraction(0))
    drawn = sum((_maximum(node) * factors[node.code] for node in weighted), Fraction(0))
    even = whole / drawn if drawn else Fraction(1, 1000)
    return _with(scheme, {node.code: replace(node, scale=node.scale * factors[node.code] * even) for node in weighted})


def robustness(
    rating: Rating, *, draws: int = DRAWS, announce: Callable[[int], None] = lambda _: None
) -> Robustness | None:
    """How often each unit keeps its level; None where no weights add up, or where nobody is rated.

    The rating must have kept every node; `announce` is told the number of draws done, now and then.
    """
    weighted = weighted_of(rating.scheme)
    size = len(rating.inputs)
    if len(weighted) < 2 or not np.any(rating.level >= 0):
        return None
    facts = rating.standing.facts
    counts = np.zeros((size, len(rating.scheme.levels)), dtype=np.int32)
    together = max(1, _ROWS // len(facts))
    for start in range(0, draws, together):
        chosen = range(start, min(start + together, draws))
        standing = stand(_side_by_side(rating, [_facts_of(facts, rating.scheme, draw) for draw in chosen]))
        level = levels_after_drops(rating.scheme, standing.ranking, standing.limits, standing.allocated)
        assert standing.facts.rows is not None
        np.add.at(counts, (standing.facts.rows[standing.ranking.order], level), 1)
        announce(chosen.stop)
    return Robustness(draws, rating.inputs.units, rating.level, counts)


def _facts_of(facts: Facts, scheme: Scheme, draw: int) -> Facts:
    """The facts under the weights of one draw: what lies below them is taken over, what lies above worked out again."""
    drawn = reweighted(scheme, draw)
    above = _above(scheme)
    own = replace(
        facts, scheme=drawn, total=None, rank=None, pool_sizes=None, level=None, faults=[],
        results={code: column for code, column in facts.results.items() if code not in above},
        evaluate=lambda held, code: node_result(held, drawn.node(code)),
    )  # fmt: skip
    own.total = total(own)
    return own


def _side_by_side(rating: Rating, drawn: Sequence[Facts]) -> Facts:
    """Several draws as one set of units, each draw with pools of its own: allocated all at once, as any pools are."""
    facts, grouping = rating.standing.facts, rating.standing.grouping
    times, size = len(drawn), len(facts)
    rows = np.arange(size) if facts.rows is None else facts.rows
    tiled, above = np.tile(np.arange(size), times), _above(rating.scheme)
    pools = np.repeat(np.arange(times) * len(grouping.names), size) + np.tile(grouping.ids, times)
    own = replace(
        facts, rows=np.tile(rows, times), rank=None, pool_sizes=None, level=None, faults=[], _previous=None,
        rated=None if facts.rated is None else np.tile(facts.rated, times),
        total=_stacked([one.total for one in drawn if one.total is not None]),
        results={code: column.take(tiled) for code, column in facts.results.items() if code not in above},
        _groups={rating.scheme.allocation.pool: Grouping(pools, grouping.names * times)},
    )  # fmt: skip
    own.results.update({code: _stacked([one.points(code) for one in drawn]) for code in above})
    return own


def _stacked(columns: Sequence[Column]) -> Column:
    """Columns of the same units under one another, in one unit."""
    numbers, unit = common(columns)
    known = np.concatenate([column.known for column in columns])
    return Column(np.concatenate(numbers), unit, None if known.all() else known)


def _parent(scheme: Scheme) -> Indicator | None:
    """The group whose children are weighed, None for the roots: down from a single base indicator to several."""
    parent: Indicator | None = None
    children = scheme.indicators
    while True:
        base = [node for node in children if node.kind is NodeKind.BASE]
        if len(base) != 1 or not base[0].children:
            return parent
        parent, children = base[0], base[0].children


def _weighed_in_mean(scheme: Scheme) -> bool:
    parent = _parent(scheme)
    return parent is not None and parent.aggregate is Aggregate.MEAN


def _base(scheme: Scheme) -> tuple[Indicator, ...]:
    """The base indicators under that group; () where it takes the smallest, the largest or a geometric mean."""
    parent = _parent(scheme)
    if parent is not None and parent.aggregate not in (Aggregate.SUM, Aggregate.MEAN):
        return ()
    children = scheme.indicators if parent is None else parent.children
    return tuple(node for node in children if node.kind is NodeKind.BASE)


def _maximum(node: Indicator) -> Fraction:
    """What an indicator can give its parent at most."""
    return (node.high or Fraction(0)) * node.scale


def _with(scheme: Scheme, changed: Mapping[str, Indicator]) -> Scheme:
    return replace(scheme, indicators=tuple(_changed(root, changed) for root in scheme.indicators))


def _changed(node: Indicator, changed: Mapping[str, Indicator]) -> Indicator:
    """The node with what is changed in it or right below a chain of single groups."""
    if node.code in changed:
        return changed[node.code]
    if not any(one.code in changed for one in node.walk()):
        return node
    return replace(node, children=tuple(_changed(child, changed) for child in node.children))


def _above(scheme: Scheme) -> frozenset[str]:
    """The groups over the weighed indicators: their results change with the weights."""
    weighed = {node.code for node in weighted_of(scheme)}
    return frozenset(
        node.code
        for node in scheme.nodes()
        if any(one.code in weighed for child in node.children for one in child.walk())
    )
