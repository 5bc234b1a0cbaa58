"""How many places a level has in each pool: shares and numbers, rounding, and pools with rules of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from starrating.domain.exact import Mask, times
from starrating.domain.scheme import LevelRule, Quota, Quotas, Rounding

Counts = NDArray[np.int64]

UNLIMITED = 2**60
"""Places of a level without a quota."""


def share_of(counts: Counts, share: Fraction, rounding: Rounding) -> Counts:
    """`share` of each count as whole places; `CUMULATIVE` rounds down."""
    top, bottom = times(counts, share.numerator), share.denominator
    match rounding:
        case Rounding.UP:
            places = -(-top // bottom)
        case Rounding.NEAREST:
            places = (2 * top + bottom) // (2 * bottom)
        case _:
            places = top // bottom
    return np.asarray(places, dtype=np.int64)


def quota_places(quota: Quota, counts: Counts, rounding: Rounding) -> Counts:
    """A quota's places in each pool, where its share is of `counts` units."""
    if quota.share is None:
        return np.full(len(counts), quota.places or 0, dtype=np.int64)
    return share_of(counts, quota.share, rounding)


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """The level rules of every pool: `sizes` are the rated units of each, in the order of `names`."""

    rules: Quotas
    sizes: Counts
    names: tuple[str, ...]

    def rule_sets(self) -> Iterator[tuple[Mapping[int, LevelRule], Mask]]:
        """Each set of rules with the pools (a mask) that go by it."""
        own = np.array([name in self.rules.by_pool for name in self.names], dtype=bool)
        yield self.rules.levels, ~own
        for index in np.flatnonzero(own):
            pools = np.zeros(len(self.names), dtype=bool)
            pools[index] = True
            yield {**self.rules.levels, **self.rules.by_pool[self.names[index]]}, pools

    def of_level(self, index: int, count_able: Callable[[int], Counts]) -> Counts:
        """The places of a level in each pool; `count_able(level)` counts the units that could have a level."""
        places = np.zeros(len(self.names), dtype=np.int64)
        for levels, pools in self.rule_sets():
            if index in levels:
                places[pools] = self._places(levels, index, count_able)[pools]
        return places

    def is_open(self, index: int) -> Mask:
        """In which pools a level has a rule; elsewhere it is closed but to guarantees."""
        mask = np.zeros(len(self.names), dtype=bool)
        for levels, pools in self.rule_sets():
            mask |= pools & (index in levels)
        return mask

    def _places(self, levels: Mapping[int, LevelRule], index: int, count_able: Callable[[int], Counts]) -> Counts:
        quota = levels[index].quota
        if quota is None:
            return np.full(len(self.names), UNLIMITED, dtype=np.int64)
        if quota.of is not None:
            return quota_places(quota, count_able(quota.of), self.rules.rounding)
        if quota.share is None or self.rules.rounding is not Rounding.CUMULATIVE:
            return quota_places(quota, self.sizes, self.rules.rounding)
        above = sum((_plain_share(rule) for level, rule in levels.items() if level > index), Fraction(0))
        running = share_of(self.sizes, above + quota.share, Rounding.DOWN)
        return running - share_of(self.sizes, above, Rounding.DOWN)


def _plain_share(rule: LevelRule) -> Fraction:
    if rule.quota is None or rule.quota.share is None or rule.quota.of is not None:
        return Fraction(0)
    return rule.quota.share
