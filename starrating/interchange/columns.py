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

    def finish(self) -> Column:
        """The whole column; the builder is empty after it."""
        top = max(self._decimals, default=0)
        blocks = list(zip(self._numbers, self._decimals, self._largest, strict=True))
        reach = max((most * 10 ** (top - decimals) for _, decimals, most in blocks), default=0)
        kind = np.int64 if reach < REACH else object
        whole = np.empty(sum(map(len, self._numbers)), dtype=kind)
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
    if numbers.dtype == object:
        return numbers
    kind = np.int16 if reach < 2**15 else np.int32 if reach < 2**31 else np.int64
    return numbers.astype(kind)
