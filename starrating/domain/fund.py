"""A pool of money split by shares in whole 分: nothing is lost and nothing added, and the same shares get the same.

What is confirmed stays; what is due after it is the difference. Of a share that is held back nothing is given and
nothing taken back: its part is kept for it, so that nobody else's part changes when it is given.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import floor
from typing import TypeVar

Key = TypeVar("Key", int, str, tuple[int, str])
ShareKey = tuple[int, str]
"""The unit and the rule that gives it a share."""


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a pool in 分: rounded down, what that dropped, and whether it got a 分 of what was left over."""

    floor: int
    rest: Fraction
    more: bool

    @property
    def part(self) -> int:
        """The part."""
        return self.floor + self.more


def sliced(pool: int, shares: Mapping[Key, Fraction]) -> dict[Key, Slice]:
    """Key → its part of the pool: in proportion to its share, rounded down; what is left over goes, a 分 each, to the
    largest remainders, of equal ones to the first keys. Nobody with a share of 0 gets any."""
    whole = sum(shares.values(), Fraction(0))
    if whole <= 0:
        return dict.fromkeys(shares, Slice(0, Fraction(0), more=False))
    exact = {key: pool * share / whole for key, share in shares.items()}
    left = pool - sum(floor(part) for part in exact.values())
    raised = set(sorted(exact, key=lambda one: (floor(exact[one]) - exact[one], one))[:left])
    return {key: Slice(floor(part), part - floor(part), key in raised) for key, part in exact.items()}


def split(pool: int, shares: Mapping[Key, Fraction]) -> dict[Key, int]:
    """Key → its part of the pool in 分; the parts are the pool, to the 分, wherever anybody has a share."""
    return {key: one.part for key, one in sliced(pool, shares).items()}


class PartState(StrEnum):
    """What becomes of a part: it is given, kept while its share is held back, or there is none any more."""

    GIVEN = "given"
    KEPT = "kept"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Part:
    """A unit's part of a pool by one rule, of which sheets that were confirmed gave some `before`."""

    key: ShareKey
    share: Fraction
    slice: Slice
    before: int
    state: PartState

    @property
    def part(self) -> int:
        """The part in 分; 0 where there is no share any more."""
        return self.slice.part

    @property
    def difference(self) -> int:
        """What is to be given now, or below 0 to be taken back."""
        return 0 if self.state is PartState.KEPT else self.part - self.before

    @property
    def kept(self) -> int:
        """What stays in the pool for it while it is held back; below 0 where it has more than its part."""
        return self.part - self.before if self.state is PartState.KEPT else 0


def parts_due(
    pool: int, shares: Mapping[ShareKey, Fraction], waiting: Collection[ShareKey], before: Mapping[ShareKey, int]
) -> tuple[Part, ...]:
    """Every part of a pool in the order of keys, those of shares that are gone too where something was given.

    What was given before, the differences and what is kept are the pool together, wherever anybody has a share.
    """
    cut = sliced(pool, shares)
    found = [Part(key, share, cut[key], before.get(key, 0), PartState.KEPT if key in waiting else PartState.GIVEN)
             for key, share in shares.items()]  # fmt: skip
    nothing = Slice(0, Fraction(0), more=False)
    found += [Part(key, Fraction(0), nothing, given, PartState.GONE)
              for key, given in before.items() if key not in shares and given]  # fmt: skip
    return tuple(sorted(found, key=lambda one: one.key))
