"""Two ratings of the same inputs beside one another: who has another level, and how many moved from where to where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from starrating.domain.figures import plain
from starrating.domain.rating import Rating

UNRATED = -1
"""In place of a level's index: the unit is not rated."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a unit stands in one of the ratings; `total` is blank and `rank` 0 where it has none."""

    level: int
    total: str
    rank: int
    pool: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A unit whose level is another one."""

    unit: str
    before: Place
    after: Place

    @property
    def steps(self) -> int:
        """How many levels up, below 0 down; 0 for a unit that is rated in one of the two only."""
        levels = (self.before.level, self.after.level)
        return 0 if UNRATED in levels else levels[1] - levels[0]


@dataclass(frozen=True, slots=True)
class Moves:
    """Who moves, those highest now first; `flows` counts every unit by its level (before, after)."""

    units: Sequence[Move]
    flows: Counter[tuple[int, int]]
    codes: Sequence[str] = ()
    """Every unit that was compared."""

    def held(self, level: int) -> tuple[int, int]:
        """How many units have a level before and after."""
        before = sum(count for (first, _second), count in self.flows.items() if first == level)
        return before, sum(count for (_first, second), count in self.flows.items() if second == level)


def moves_of(before: Rating, after: Rating) -> Moves:
    """What is otherwise in `after`; both are ratings of the same inputs and have the same levels."""
    pairs = zip(before.level.tolist(), after.level.tolist(), strict=True)
    rows = np.flatnonzero(before.level != after.level).tolist()
    found = [Move(before.inputs.units[row], _place(before, row), _place(after, row)) for row in rows]
    found.sort(key=lambda move: (-move.before.level, -move.after.level, move.after.rank, move.unit))
    return Moves(found, Counter(pairs), before.inputs.units)


def _place(rating: Rating, row: int) -> Place:
    total = rating.total.value(row)
    reasons = rating.reasons.name(row) or ""
    return Place(
        level=int(rating.level[row]),
        total="" if total is None else plain(total),
        rank=int(rating.rank[row]),
        pool=rating.pool.name(row) or "",
        reasons=tuple(reasons.split(";")) if reasons else (),
    )
