"""A pool of money split by shares in whole 分: nothing is lost and nothing added, and the same shares get the same."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import floor
from typing import TypeVar

Key = TypeVar("Key", int, str)


def split(pool: int, shares: Mapping[Key, Fraction]) -> dict[Key, int]:
    """Key → its part of the pool in 分: in proportion to its share, rounded down; what is left over goes, a 分 each, to
    the largest remainders, of equal ones to the first keys. Nobody with a share of 0 gets any."""
    whole = sum(shares.values(), Fraction(0))
    if whole <= 0:
        return dict.fromkeys(shares, 0)
    exact = {key: pool * share / whole for key, share in shares.items()}
    found = {key: floor(part) for key, part in exact.items()}
    left = pool - sum(found.values())
    for key in sorted(exact, key=lambda one: (found[one] - exact[one], one))[:left]:
        found[key] += 1
    return found
