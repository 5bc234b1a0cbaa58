"""Reads plain decimal numbers, `-?[0-9]+(\\.[0-9]+)?`, from bytes: exactly, a whole column at once, no binary float.

A number is read as the whole number that its digits write and the count of its decimals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from starrating.domain.exact import Integers, Mask, largest
from starrating.domain.inputs import decimal
from starrating.interchange.digits import Places, eight_digits, eight_from

REACH = 2**62
"""Whole numbers below this stay in 64 bits, as `starrating.domain.exact` keeps them."""
QUICK = 16
"""The longest number, in bytes without its sign, that is read without Python."""

_MINUS = 45
_AT_ONCE = 1 << 15
"""Cells that are read at once: few enough to stay in a processor's cache, enough to be worth a call."""
_POWERS = np.array([10**power for power in range(QUICK + 1)], dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Numerals:
    """Row i is `numbers[i] × 10^-decimals`; `blank` marks rows without a text, `bad` a text that is no number."""

    numbers: Integers
    decimals: int
    blank: Mask | None = None
    bad: Mask | None = None

    @property
    def present(self) -> Mask | None:
        """Where there is a number, None: everywhere."""
        if self.blank is None or self.bad is None:
            empty = self.bad if self.blank is None else self.blank
        else:
            empty = self.blank | self.bad
        return None if empty is None else ~empty


def read_numerals(
    marks: NDArray[np.uint8], starts: Places, ends: Places, columns: Sequence[int] = (0,), *, signed: bool = True
) -> list[Numerals]:
    """The numbers that `marks[starts:ends]` write, some `columns` of `starts` and `ends`, which are columns × rows.

    `marks` goes on eight bytes after the last end. Without `signed`, no text has a minus sign.
    """
    lengths = {at: ends[at] - starts[at] for at in columns}
    short = [at for at in columns if int(lengths[at].max(initial=0)) <= 8]
    long = [at for at in columns if at not in set(short)]
    at_once = max(_AT_ONCE // max(starts.shape[1], 1), 1)
    found: dict[int, Numerals] = {}
    for alike in (short, long):
        for first in range(0, len(alike), at_once):
            chosen = alike[first : first + at_once]
            found.update(zip(chosen, _read_alike(marks, starts[chosen], ends[chosen], signed), strict=True))
    return [found[at] for at in columns]


def _read_alike(marks: NDArray[np.uint8], starts: Places, ends: Places, signed: bool) -> list[Numerals]:
    """The numbers of several columns, all at once."""
    lengths = ends - starts
    shape, bodies, sizes = starts.shape, starts, lengths
    negative: Mask | None = None
    if signed:
        negative = (marks[starts] == _MINUS) & (lengths > 0)
        bodies, sizes = starts + negative, lengths - negative
    numbers, decimals, plain = _read(marks, bodies.ravel(), ends.ravel(), sizes.ravel())
    if negative is not None:
        plain &= ((sizes > 0) | ~negative).ravel()
        np.negative(numbers, out=numbers, where=negative.ravel())
    if not plain.all():
        numbers[~plain] = 0
        decimals[~plain] = 0
    columns = zip(numbers.reshape(shape), decimals.reshape(shape), plain.reshape(shape), lengths, strict=True)
    found = [_numerals(*column) for column in columns]
    if int(sizes.max(initial=0)) <= QUICK:
        return found
    return [_with_long(numerals, marks, *places) for numerals, *places in zip(found, starts, ends, sizes, strict=True)]


def _numerals(numbers: Integers, decimals: NDArray[np.uint8], plain: Mask, lengths: Places) -> Numerals:
    """One column, in units of its finest number."""
    top = int(decimals.max(initial=0))
    blank = lengths == 0 if int(lengths.min(initial=1)) == 0 else None
    return Numerals(_scaled(numbers, decimals, top), top, blank, None if plain.all() else ~plain)


def _read(
    marks: NDArray[np.uint8], starts: Places, ends: Places, lengths: Places
) -> tuple[NDArray[np.int64], NDArray[np.uint8], Mask]:
    """Digits as a whole number, how many are decimals, and where the text is a plain number; a blank is 0."""
    if int(lengths.max(initial=0)) <= 8:
        last = eight_digits(eight_from(marks, starts, lengths))
        if last.dotted is not None:
            last.plain[last.dotted & ((last.decimals == 0) | (last.decimals + 1 == lengths))] = False
        return last.numbers, last.decimals, last.plain
    last = eight_digits(eight_from(marks, np.maximum(starts, ends - 8), np.minimum(lengths, 8)))
    front = eight_digits(eight_from(marks, starts, np.clip(lengths - 8, 0, 8)))
    in_last = np.zeros(len(starts), dtype=bool) if last.dotted is None else last.dotted
    in_front = np.zeros(len(starts), dtype=bool) if front.dotted is None else front.dotted
    places = 8 - in_last.astype(np.uint8)
    decimals = last.decimals + (front.decimals + places) * in_front
    plain = last.plain & front.plain & (lengths <= QUICK) & ~(in_last & in_front)
    plain[(in_last | in_front) & ((decimals == 0) | (decimals + 1 == lengths))] = False
    return last.numbers + front.numbers * _POWERS[places], decimals, plain


def _scaled(numbers: NDArray[np.int64], decimals: NDArray[np.uint8], top: int) -> Integers:
    """Each number in units of 10^-top."""
    if top == 0 or int(decimals.min(initial=top)) == top:
        return numbers
    if largest(numbers) * 10**top >= REACH:
        powers = np.array([10**power for power in range(top + 1)], dtype=object)
        return narrowed(numbers.astype(object) * powers[top - decimals])
    return np.asarray(numbers * _POWERS[top - decimals])


def _with_long(numerals: Numerals, marks: NDArray[np.uint8], starts: Places, ends: Places, sizes: Places) -> Numerals:
    """One column with the rows whose text is longer than `QUICK` read one by one."""
    rows = np.flatnonzero(sizes > QUICK).tolist()
    if numerals.bad is None or not rows:
        return numerals
    bad = numerals.bad.copy()
    values: dict[int, tuple[int, int]] = {}
    for row in rows:
        text = marks[starts[row] : ends[row]].tobytes().decode(errors="replace")
        bad[row] = decimal(text) is None
        if not bad[row]:
            values[row] = (int(text.replace(".", "")), len(text.partition(".")[2]))
    if not values:
        return numerals
    top = max(numerals.decimals, *(decimals for _, decimals in values.values()))
    numbers = numerals.numbers.astype(object) * 10 ** (top - numerals.decimals)
    for row, (number, decimals) in values.items():
        numbers[row] = number * 10 ** (top - decimals)
    return Numerals(narrowed(numbers), top, numerals.blank, bad if bad.any() else None)


def narrowed(numbers: Integers) -> Integers:
    """The same numbers in 64 bits where they fit."""
    if numbers.dtype == object and largest(numbers) < REACH:
        return numbers.astype(np.int64)
    return numbers
