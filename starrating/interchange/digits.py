"""Reads up to eight digits with or without a dot at once: the eight bytes of a text as one 64-bit whole number.

The first character stands in the lowest byte and the last in the highest, so that a shift moves characters, a mask
picks them, and three multiplications add up ones, tens, hundreds. Every step holds for all rows of a column.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from starrating.domain.exact import Mask

Places = NDArray[np.int64]
Words = NDArray[np.uint64]


def _each(byte: int) -> np.uint64:
    """A word with the same byte eight times."""
    return np.uint64(int.from_bytes(bytes([byte]) * 8, "little"))


_ZEROS = _each(ord("0"))
_DOTS = _each(ord(".") ^ ord("0"))
_TOP_BITS, _LOW_BITS = _each(0x80), _each(0x7F)
_PAST_NINE = _each(0x80 - 10)
_PAIRS = np.uint64(0x000000FF000000FF)
_FIRST_AND_THIRD = np.uint64(100 + (1_000_000 << 32))
_SECOND_AND_FOURTH = np.uint64(1 + (10_000 << 32))
_ONE, _SEVEN, _EIGHT, _SIXTEEN, _HALF, _ALL = (np.uint64(bits) for bits in (1, 7, 8, 16, 32, 64))
_TEN = np.uint64(10)


@dataclass(frozen=True, slots=True, eq=False)
class Digits:
    """What eight characters write: the digits as a whole number, where a dot stands, how many digits follow it.

    `dotted` is None where no row has a dot. Where `plain` is false, the other columns mean nothing.
    """

    numbers: NDArray[np.int64]
    decimals: NDArray[np.uint8]
    dotted: Mask | None
    plain: Mask


def eight_from(marks: NDArray[np.uint8], starts: Places, lengths: Places) -> Words:
    """The up to eight characters from each start on, zeros put before them; digits as 0 to 9.

    `marks` goes on eight bytes after every start.
    """
    window: Words = np.ndarray((len(marks) - 7,), dtype="<u8", buffer=marks.data, strides=(1,))
    words = window[starts]
    words ^= _ZEROS
    words <<= _ALL - (lengths << 3).view(np.uint64)
    return words


def eight_digits(words: Words) -> Digits:
    """The digits of words as `eight_from` gives them."""
    others = words ^ _DOTS
    dots = ~(((others & _LOW_BITS) + _LOW_BITS) | others) & _TOP_BITS
    if not dots.any():
        return Digits(_number(words), np.zeros(len(words), dtype=np.uint8), None, _are_digits(words))
    dotted = dots != 0
    before = (dots >> _SEVEN) - _ONE
    from_dot_on = dots << _ONE
    from_dot_on -= _ONE
    decimals = (7 - (np.bitwise_count(before) >> 3)) * dotted
    closed = (words & before) << (dotted.astype(np.uint64) << np.uint64(3))
    closed |= words & ~from_dot_on
    plain = _are_digits(closed)
    plain &= (dots & (dots - _ONE)) == 0
    return Digits(_number(closed), decimals, dotted, plain)


def _are_digits(words: Words) -> Mask:
    """Where every byte is 0 to 9."""
    others = words + _PAST_NINE
    others |= words
    others &= _TOP_BITS
    digits: Mask = others == 0
    return digits


def _number(words: Words) -> NDArray[np.int64]:
    """The number that eight digits write: first pairs, then all four pairs at once."""
    pairs = words * _TEN
    pairs += words >> _EIGHT
    number = (pairs & _PAIRS) * _FIRST_AND_THIRD
    number += ((pairs >> _SIXTEEN) & _PAIRS) * _SECOND_AND_FOURTH
    number >>= _HALF
    return number.view(np.int64)
