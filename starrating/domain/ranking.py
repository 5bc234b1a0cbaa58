"""Who stands where in a pool: the order, the competition rank, and who is tied with whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from starrating.domain.conditions import LevelColumn
from starrating.domain.exact import Column, Mask, dense, sorted_by
from starrating.domain.facts import Facts, Grouping
from starrating.domain.inputs import Labels
from starrating.domain.scheme import RankKey

Positions = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Rated units in the order of pool and rank.

    `order` are the rows, best first within each pool; `pool` and `tie` number, along that order, the pool and the group
    of units equal in every key; `rank` is the competition rank by row (1, 2, 2, 4), 0 for a unit not ranked.
    """

    order: Positions
    pool: NDArray[np.int64]
    tie: NDArray[np.int64]
    rank: NDArray[np.int64]
    pools: int

    @property
    def sizes(self) -> NDArray[np.int64]:
        """How many rated units each pool has."""
        return np.bincount(self.pool, minlength=self.pools)

    def above(self, chosen: Mask) -> NDArray[np.int64]:
        """Along the order: how many `chosen` units (a mask along it) stand in the pool above one's tied group."""
        running: NDArray[np.int64] = np.cumsum(chosen) - chosen
        return _at_start(running, self.tie) - _at_start(running, self.pool)

    def tied(self, chosen: Mask) -> NDArray[np.int64]:
        """Along the order: how many `chosen` units one's tied group has."""
        counts: NDArray[np.int64] = np.bincount(self.tie[chosen], minlength=int(self.tie.max(initial=-1)) + 1)
        return counts[self.tie]


def rank_units(facts: Facts, grouping: Grouping, keys: Sequence[RankKey]) -> Ranking:
    """The rated units ranked within their pools by the keys; a unit without a value for a key comes last in it."""
    pool = grouping.ids
    rows = np.arange(len(facts)) if facts.rated is None else np.flatnonzero(facts.rated)
    sort_keys = [_sort_key(facts, key)[rows] for key in keys]
    order = sorted_by([pool[rows], *sort_keys])
    by_order = [key[order] for key in sort_keys]
    pool_by_order = pool[rows][order]
    differs = np.zeros(len(order), dtype=bool)
    for column in (pool_by_order, *by_order):
        differs[1:] |= column[1:] != column[:-1]
    differs[:1] = True
    tie: NDArray[np.int64] = np.cumsum(differs) - 1
    position = np.arange(len(order))
    rank = np.zeros(len(facts), dtype=np.int64)
    rank[rows[order]] = _at_start(position, tie) - _at_start(position, pool_by_order) + 1
    return Ranking(rows[order], pool_by_order, tie, rank, len(grouping.names))


def _sort_key(facts: Facts, key: RankKey) -> NDArray[np.int64]:
    """Whole numbers that sort ascending as the key ranks, blanks last."""
    column = as_numbers(facts.subject(key.subject))
    numbers = dense(column.numbers)
    numbers = numbers if key.ascending else -numbers
    if column.present is None:
        return numbers
    return np.where(column.present, numbers, numbers.max(initial=0, where=column.present) + 1)


def as_numbers(column: Any) -> Column:
    """A subject's column as numbers: levels by their index, words read as numbers."""
    if isinstance(column, LevelColumn):
        return column.indices
    if isinstance(column, Labels):
        return column.numbers()[0]
    assert isinstance(column, Column)
    return column


def _at_start(values: NDArray[np.int64], groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each position the value at the first position of its group; groups stand together."""
    starts = np.ones(len(groups), dtype=bool)
    starts[1:] = groups[1:] != groups[:-1]
    return values[starts][np.cumsum(starts) - 1] if len(values) else values
