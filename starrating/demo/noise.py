"""Chance that can be repeated: whole numbers hashed from a seed, a unit and a word, the same on every machine.

A value depends on nothing but the three, so one more column, unit or year changes no other value. All arithmetic is in
whole numbers: no floating point, no generator whose stream may change with a version.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
SEED = 20240630
ONE = 1000
"""One standard deviation of `bell`."""

_QUARTERS = (0, 16, 32, 48)
_BELL_MEAN, _BELL_DEVIATION = 131070, 37837  # of the sum of four numbers spread evenly over 0–65535


class Chance:
    """Repeatable chance for an array of units; `words` name what the value is for."""

    def __init__(self, codes: Whole) -> None:
        self._codes = codes.astype(np.uint64)

    def below(self, limit: int, *words: object) -> Whole:
        """Whole numbers spread evenly over 0 … limit − 1 (limit at most a million)."""
        hashed = self._hashed(words) >> np.uint64(32)
        return ((hashed * np.uint64(limit)) >> np.uint64(32)).astype(np.int64)

    def bell(self, *words: object) -> Whole:
        """Whole numbers around 0, bell-shaped, standard deviation `ONE`, never beyond 3.47 of it."""
        hashed = self._hashed(words)
        added = sum((hashed >> np.uint64(shift)) & np.uint64(0xFFFF) for shift in _QUARTERS)
        return (np.asarray(added).astype(np.int64) - _BELL_MEAN) * ONE // _BELL_DEVIATION

    def _hashed(self, words: tuple[object, ...]) -> NDArray[np.uint64]:
        text = "/".join(str(word) for word in (SEED, *words))
        key = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
        return _mixed(_mixed(self._codes ^ np.uint64(key)) + np.uint64(key))


def word_bell(*words: object) -> int:
    """One number of `Chance.bell` that belongs to words alone."""
    return int(Chance(np.zeros(1, dtype=np.int64)).bell(*words)[0])


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of splitmix64: every bit of the input moves every bit of the output."""
    numbers = numbers + np.uint64(0x9E3779B97F4A7C15)
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))
