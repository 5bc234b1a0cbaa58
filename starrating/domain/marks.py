"""The edge of every level in every pool: places, the last in and the first out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from starrating.domain.figures import texts
from starrating.domain.places import UNLIMITED
from starrating.domain.rating import Rating
from starrating.domain.scheme import LevelRule, Quotas


@dataclass(frozen=True, slots=True)
class Mark:
    """A unit at the edge of a level."""

    unit: str
    total: str
    rank: int


@dataclass(frozen=True, slots=True)
class LevelMarks:
    """A level in a pool: its places (None: no limit), how many took them, the last in and the first out."""

    level: str
    rule: LevelRule | None
    places: int | None
    guaranteed: int
    taken: int
    last_in: Mark | None
    first_out: Mark | None


@dataclass(frozen=True, slots=True)
class PoolMarks:
    """A pool as the allocation left it: how many are rated, its levels from the top, the places of the bottom."""

    name: str
    rated: int
    levels: tuple[LevelMarks, ...]
    bottom: int | None


class MarkBook:
    """The marks of every pool, worked out once for all and written out pool by pool when asked for."""

    def __init__(self, rating: Rating) -> None:
        self.rating = rating
        self._pools: dict[int, PoolMarks] = {}
        self._edges = {index: self._edge(index) for index in rating.standing.allocated.placings}
        scored = rating.standing.facts.rows
        self._rows = np.arange(len(rating.inputs)) if scored is None else scored

    def of_pool(self, pool: int) -> PoolMarks:
        """The marks of the pool of that number."""
        if pool not in self._pools:
            self._pools[pool] = self._pool(pool)
        return self._pools[pool]

    def at_edge(self, index: int, pool: int) -> tuple[int, int]:
        """Where along the order the last in and the first out of a level stand in a pool; -1 for none."""
        last, first = self._edges[index]
        return int(last[pool]), int(first[pool])

    def _edge(self, index: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Of each pool, where along the order the last in and the first out of a level stand; -1 for none."""
        standing = self.rating.standing
        asked, level = standing.allocated.placings[index].candidates, standing.allocated.level
        pool, pools = standing.ranking.pool, standing.ranking.pools
        last, first = np.full(pools, -1), np.full(pools, -1)
        inside = np.flatnonzero(asked & (level == index))
        last[pool[inside]] = inside
        outside = np.flatnonzero(asked & (level < index))[::-1]
        first[pool[outside]] = outside
        return last, first

    def _pool(self, pool: int) -> PoolMarks:
        standing = self.rating.standing
        name, bottom = standing.grouping.names[pool], standing.allocated.bottom
        return PoolMarks(
            name=name,
            rated=int(standing.ranking.sizes[pool]),
            levels=tuple(self._level(index, pool, name) for index in standing.allocated.placings),
            bottom=None if bottom is None else int(bottom[pool]),
        )

    def _level(self, index: int, pool: int, name: str) -> LevelMarks:
        scheme = self.rating.scheme
        placing = self.rating.standing.allocated.placings[index]
        last, first = self._edges[index]
        rules = scheme.allocation
        assert isinstance(rules, Quotas)
        places = int(placing.places[pool])
        return LevelMarks(
            level=scheme.levels[index].code,
            rule={**rules.levels, **rules.by_pool.get(name, {})}.get(index),
            places=None if places >= UNLIMITED else places,
            guaranteed=int(placing.guaranteed[pool]),
            taken=int(placing.taken[pool]),
            last_in=self.mark(int(last[pool])),
            first_out=self.mark(int(first[pool])),
        )

    def mark(self, position: int) -> Mark | None:
        """The unit at a position of the order; None for -1."""
        if position < 0:
            return None
        row = self._rows[self.rating.standing.ranking.order[position]]
        total = texts(self.rating.total, np.array([row]), self.rating.scheme.decimals)[0]
        return Mark(self.rating.inputs.units[row], total or "", int(self.rating.rank[row]))
