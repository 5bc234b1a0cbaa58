"""Reads plain decimal numbers, `-?[0-9]+(\\.[0-9]+)?`, from bytes: exactly, a whole column at once, no binary float.

A number is read as the whole number that its digits write and the count of its decimals.
"""

from __future__ import annotations

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

_MINUS, _DOT = 45, 46
_POWERS = np.array([10**power for power in range(QUICK + 1)], dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Numerals:
    """Row i is `numbers[i] × 10^-decimals`; `blank` marks rows without a text, `bad` a text that is no number."""

    numbers: Integers
    decimals: int
    blank: Mask
    bad: Mask


def read_numerals(marks: NDArray[np.uint8], starts: Places, ends: Places) -> Numerals:
    """The numbers that `marks[starts:ends]` write, one a row; `marks` goes on eight bytes after the last end."""
    first = marks[starts]
    blank = ends == starts
    negative = (first == _MINUS) & ~blank
    bodies = starts
    if negative.any():
        bodies = starts + negative
        first = marks[bodies]
    numbers, decimals, plain = _read(marks, bodies, ends)
    plain &= first != _DOT
    plain |= blank
    if not plain.all():
        numbers[~plain] = 0
        decimals[~plain] = 0
    if bodies is not starts:
        numbers = np.where(negative, -numbers, numbers)
    top = int(decimals.max(initial=0))
    numerals = Numerals(_scaled(numbers, decimals, top), top, blank, ~plain)
    long = np.flatnonzero(ends - bodies > QUICK)
    return _with_long(numerals, long, marks, starts, ends) if len(long) else numerals


def _read(marks: NDArray[np.uint8], starts: Places, ends: Places) -> tuple[NDArray[np.int64], NDArray[np.uint8], Mask]:
    """Digits as a whole number, how many are decimals, and where the text is a plain number (a blank is none)."""
    lengths = ends - starts
    longest = int(lengths.max(initial=0))
    begins = starts if longest <= 8 else np.maximum(starts, ends - 8)
    last = eight_digits(eight_from(marks, begins, np.minimum(lengths, 8)))
    numbers, decimals, plain = last.numbers, last.decimals, last.plain & (lengths > 0)
    if last.dotted is not None:
        plain &= ~last.dotted | (decimals > 0)
    if longest <= 8:
        return numbers, decimals, plain
    front = eight_digits(eight_from(marks, starts, np.clip(lengths - 8, 0, 8)))
    places = np.full(len(starts), 8, dtype=np.uint8)
    plain &= front.plain & (lengths <= QUICK)
    if last.dotted is not None:
        places -= last.dotted
    if front.dotted is not None:
        decimals = decimals + (front.decimals + places) * front.dotted
        if last.dotted is not None:
            plain &= ~(front.dotted & last.dotted)
    return numbers + front.numbers * _POWERS[places], decimals, plain


def _scaled(numbers: NDArray[np.int64], decimals: NDArray[np.uint8], top: int) -> Integers:
    """Each number in units of 10^-top."""
    if top == 0 or int(decimals.min(initial=top)) == top:
        return numbers
    if largest(numbers) * 10**top >= REACH:
        powers = np.array([10**power for power in range(top + 1)], dtype=object)
        return narrowed(numbers.astype(object) * powers[top - decimals])
    return np.asarray(numbers * _POWERS[top - decimals])


def _with_long(
    numerals: Numerals, rows: NDArray[np.intp], marks: NDArray[np.uint8], starts: Places, ends: Places
) -> Numerals:
    """The same with the rows whose text is long read one by one."""
    values: dict[int, tuple[int, int]] = {}
    bad = numerals.bad.copy()
    for row in rows.tolist():
        text = marks[starts[row] : ends[row]].tobytes().decode(errors="replace")
        bad[row] = decimal(text) is None
        if not bad[row]:
            values[row] = (int(text.replace(".", "")), len(text.partition(".")[2]))
    top = max([numerals.decimals, *(decimals for _, decimals in values.values())])
    numbers = numerals.numbers.astype(object) * 10 ** (top - numerals.decimals)
    for row, (number, decimals) in values.items():
        numbers[row] = number * 10 ** (top - decimals)
    return Numerals(narrowed(numbers), top, numerals.blank, bad)


def narrowed(numbers: Integers) -> Integers:
    """The same numbers in 64 bits where they fit."""
    if numbers.dtype == object and largest(numbers) < REACH:
        return numbers.astype(np.int64)
    return numbers
