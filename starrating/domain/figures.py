"""Exact numbers written out: with a fixed number of decimals, or as short as they are."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from starrating.domain.exact import Column

_LONGEST = 60
"""Decimal places beyond which a number is written as a fraction."""


def fixed(value: Fraction, digits: int) -> str:
    """A number with exactly so many decimal places; it must have no more."""
    return _placed(int(value * 10**digits), digits)


@lru_cache(maxsize=4096)
def plain(value: Fraction) -> str:
    """A number as short as it is: `12.5`; as a fraction, `47/84`, where it does not end. The same few come often."""
    digits = 0
    while digits <= _LONGEST:
        if 10**digits % value.denominator == 0:
            return fixed(value, digits)
        digits += 1
    return f"{value.numerator}/{value.denominator}"


def texts(column: Column, rows: NDArray[np.intp], digits: int | None = None) -> list[str | None]:
    """The numbers of some rows written out, each distinct one once; None where blank."""
    numbers = column.numbers[rows]
    distinct, place = np.unique(numbers, return_inverse=True)
    written: list[str | None] = []
    for number in distinct:
        value = int(number) * column.unit
        written.append(plain(value) if digits is None else fixed(value, digits))
    result = [written[index] for index in place]
    if column.present is not None:
        for index in np.flatnonzero(~column.present[rows]):
            result[index] = None
    return result


def signed(steps: Any) -> str:
    """A number of steps with its sign; 0 has none."""
    return f"{int(steps):+d}" if steps else "0"


def _placed(whole: int, digits: int) -> str:
    text = str(abs(whole)).rjust(digits + 1, "0")
    if digits:
        text = f"{text[:-digits]}.{text[-digits:]}"
    return f"-{text}" if whole < 0 else text
