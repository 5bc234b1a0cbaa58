"""Reads columns of words: each distinct word is kept once, and Python looks at few cells of a block.

Words of up to eight bytes are recognised wherever they stand, longer ones where they repeat from row to row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import category

import numpy as np
from numpy.typing import NDArray

from starrating.domain.inputs import Labels

Rows = NDArray[np.intp]
_NO_ROWS: Rows = np.empty(0, dtype=np.intp)

_LIMB = 8
_LONGEST = 64
"""Cells up to so many bytes are compared as whole numbers of eight bytes each."""


def distinct_cells(marks: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> tuple[Rows, Rows]:
    """Rows that have between them every word of the column, some perhaps twice, and each row's place among them.

    `marks` goes on `_LONGEST` bytes after the last start; no cell holds a NUL.
    """
    lengths = ends - starts
    rows = len(starts)
    longest = int(lengths.max(initial=0))
    if longest > _LONGEST or rows == 0:
        return np.arange(rows), np.arange(rows)
    limbs = [_limb(marks, starts + at, lengths - at) for at in range(0, max(longest, 1), _LIMB)]
    changes = np.zeros(rows, dtype=bool)
    for limb in limbs:
        changes[1:] |= limb[1:] != limb[:-1]
    changes[0] = True
    if len(limbs) == 1 and 4 * np.count_nonzero(changes) > rows:
        _, chosen, places = np.unique(limbs[0], return_index=True, return_inverse=True)
        return chosen, places
    return np.flatnonzero(changes), np.cumsum(changes) - 1


def _limb(marks: NDArray[np.uint8], starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Up to eight bytes of each cell as one whole number."""
    window: NDArray[np.uint64] = np.ndarray((len(marks) - _LIMB + 1,), dtype="<u8", buffer=marks.data, strides=(1,))
    unused = _LIMB - np.clip(lengths, 0, _LIMB)
    return window[starts] << (8 * unused).astype(np.uint64)


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """A block of a column of words: row i is `words[places[i]]`, or `words[i]`; the empty word is blank."""

    words: Sequence[str]
    places: Rows | None = None

    def __getitem__(self, row: int) -> str:
        return self.words[row if self.places is None else int(self.places[row])]


class WordBuilder:
    """A column of words in the making; with `names`, words that should all be different."""

    def __init__(self, *, names: bool = False) -> None:
        self._index: dict[str, int] = {"": -1}
        self._words: list[str] = []
        self._codes: list[NDArray[np.int32]] = []
        self._unprintable: list[int] = []
        self._names: list[str] | None = [] if names else None

    def add(self, block: Words) -> Rows:
        """Adds a block; returns its rows whose word has a control character in it."""
        if self._names is not None and block.places is None:
            self._names += block.words
            printable = all(map(str.isprintable, block.words))
            return _NO_ROWS if printable else np.flatnonzero([has_control(word) for word in block.words])
        codes = self._codes_of(block.words)
        codes = codes if block.places is None else codes[block.places]
        self._codes.append(codes)
        return np.flatnonzero(np.isin(codes, self._unprintable)) if self._unprintable else _NO_ROWS

    def _codes_of(self, words: Sequence[str]) -> NDArray[np.int32]:
        """Each word's code; a word that is met for the first time gets the next one."""
        known, rows = len(self._words), len(words)
        met = map(self._index.setdefault, words, range(known, known + rows))
        codes = np.fromiter(met, dtype=np.int32, count=rows)
        is_fresh = codes == np.arange(known, known + rows, dtype=np.int32)
        fresh = list(words) if is_fresh.all() else [words[row] for row in np.flatnonzero(is_fresh).tolist()]
        if len(fresh) < rows:
            closed_up = known + np.cumsum(is_fresh, dtype=np.int32) - 1
            codes = np.where(codes >= known, closed_up[np.maximum(codes - known, 0)], codes)
            self._index.update(zip(fresh, range(known, known + len(fresh)), strict=True))
        self._words += fresh
        if not all(map(str.isprintable, fresh)):
            self._unprintable += [known + at for at, word in enumerate(fresh) if has_control(word)]
        return codes

    def absorb(self, other: WordBuilder) -> None:
        """Adds all blocks of another column in the making after one's own."""
        if other._names:
            self.add(Words(other._names))
        words = [*other._words, ""]
        for codes in other._codes:
            self.add(Words(words, codes.astype(np.intp)))

    def finish(self) -> Labels:
        """The whole column; the builder is empty after it."""
        names, self._names = self._names, None
        if names is not None:
            distinct = set(names)
            if len(distinct) == len(names) and "" not in distinct:
                return Labels(np.arange(len(names), dtype=np.int32), tuple(names))
            self.add(Words(names))
        codes = np.concatenate(self._codes) if self._codes else np.empty(0, dtype=np.int32)
        labels = Labels(codes, tuple(self._words))
        self._index, self._words, self._codes, self._unprintable = {"": -1}, [], [], []
        return labels


def has_control(text: str) -> bool:
    """True where a text has a control character or a line or paragraph separator in it."""
    return not text.isprintable() and any(category(mark) in ("Cc", "Zl", "Zp") for mark in text)
