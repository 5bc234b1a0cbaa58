"""Gathers the blocks of one column of numbers into a `Column`, in as little memory as they need."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from starrating.domain.exact import Column, Integers, Mask, largest
from starrating.interchange.numerals import REACH


class NumberBuilder:
    """A column of numbers in the making."""

    def __init__(self) -> None:
        self._numbers: list[Integers] = []
        self._decimals: list[int] = []
        self._largest: list[int] = []
        self._present: list[Mask | None] = []

    def add(self, numbers: Integers, decimals: int, present: Mask | None) -> None:
        """Adds a block: row i is `numbers[i] × 10^-decimals` where `present`."""
        reach = largest(numbers)
        self._numbers.append(_smallest(numbers, reach))
        self._largest.append(reach)
        self._decimals.append(decimals)
        self._present.append(None if present is None or present.all() else present)

    def absorb(self, other: NumberBuilder) -> None:
        """Adds all blocks of another column in the making after one's own."""
        self._numbers += other._numbers
        self._decimals += other._decimals
        self._largest += other._largest
        self._present += other._present

    def finish(self) -> Column:
        """The whole column; the builder is empty after it."""
        top = max(self._decimals, default=0)
        blocks = list(zip(self._numbers, self._decimals, self._largest, strict=True))
        reach = max((most * 10 ** (top - decimals) for _, decimals, most in blocks), default=0)
        whole: Integers = np.empty(sum(map(len, self._numbers)), dtype=_kind(reach))
        at = 0
        for numbers, decimals, most in blocks:
            part = whole[at : at + len(numbers)]
            part[:] = numbers
            if most and top > decimals:
                part *= 10 ** (top - decimals)
            at += len(numbers)
        present = self._all_present()
        self._numbers, self._decimals, self._largest, self._present = [], [], [], []
        return Column(whole, Fraction(1, 10**top), present)

    def _all_present(self) -> Mask | None:
        if all(present is None for present in self._present):
            return None
        blocks = zip(self._present, self._numbers, strict=True)
        return np.concatenate([np.ones(len(n), dtype=bool) if present is None else present for present, n in blocks])


def _smallest(numbers: Integers, reach: int) -> Integers:
    """A copy in the smallest type that holds the numbers, so that thousands of blocks stay small."""
    return numbers if numbers.dtype == object else numbers.astype(_kind(reach))


def _kind(reach: int) -> type:
    """The smallest type of whole numbers up to `reach`."""
    for kind, bits in ((np.int16, 15), (np.int32, 31)):
        if reach < 2**bits:
            return kind
    return np.int64 if reach < REACH else object
