"""Many texts at once, right and wrong, against `decimal` for each."""

import random
from fractions import Fraction

import numpy as np
import pytest

from starrating.domain.inputs import decimal
from starrating.interchange.cells import SPARE
from starrating.interchange.digits import eight_digits, eight_from
from starrating.interchange.numerals import read_numerals

ROWS = 5_000


def text(draw: random.Random, longest: int) -> str:
    """A number, or one with a character changed, left out or doubled."""
    whole = "".join(draw.choices("0123456789", k=draw.randint(1, max(longest - 3, 1))))
    part = "".join(draw.choices("0123456789", k=draw.randint(1, 3)))
    number = draw.choice(("", "", "-")) + whole + draw.choice(("", "." + part))
    if draw.random() < 0.7:
        return number if draw.random() < 0.9 else ""
    at = draw.randrange(len(number))
    return number[:at] + draw.choice(("", ".", "-", "/", ":", "+", " ", "\x7f", "é", "..", "0")) + number[at + 1 :]


def columns_of(texts: list[list[str]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    cells = [cell.encode() for column in texts for cell in column]
    ends = np.cumsum([len(cell) + 1 for cell in cells]) - 1
    starts = ends - [len(cell) for cell in cells]
    marks = np.frombuffer(b",".join(cells) + b"," + bytes(SPARE), np.uint8)
    shape = (len(texts), len(texts[0]))
    return marks, starts.reshape(shape), ends.reshape(shape)


@pytest.mark.parametrize("seed", range(4))
def test_columns_of_short_middling_and_long_texts(seed: int) -> None:
    draw = random.Random(seed)
    texts = [[text(draw, longest) for _ in range(ROWS)] for longest in (4, 8, 16, 18, 9, 40, 7)]
    read = read_numerals(*columns_of(texts), range(len(texts)))
    for column, cells in zip(read, texts, strict=True):
        for row, cell in enumerate(cells):
            value = decimal(cell)
            bad = column.bad is not None and bool(column.bad[row])
            blank = column.blank is not None and bool(column.blank[row])
            assert (bad, blank) == (value is None and cell != "", cell == ""), cell
            if value is not None:
                assert Fraction(int(column.numbers[row]), 10**column.decimals) == value, cell


def test_every_number_of_up_to_four_characters() -> None:
    texts = [f"{whole}{dot}{part}" for whole in range(100) for dot in (".", "") for part in range(10)]
    (read,) = read_numerals(*columns_of([texts]), [0], signed=False)
    assert read.bad is None
    assert [Fraction(int(number), 10**read.decimals) for number in read.numbers] == [Fraction(cell) for cell in texts]


def test_eight_digits_are_the_number_they_write() -> None:
    texts = ["12345678", "00000000", "99999999", "1234.678", "1", "", "0.1", "9999999."]
    marks, starts, ends = columns_of([texts])
    digits = eight_digits(eight_from(marks, starts[0], (ends - starts)[0]))
    assert digits.numbers.tolist() == [12345678, 0, 99999999, 1234678, 1, 0, 1, 9999999]
    assert digits.decimals.tolist() == [0, 0, 0, 3, 0, 0, 1, 0]
    assert digits.plain.all()


def test_no_rows_and_no_columns() -> None:
    marks = np.zeros(SPARE, np.uint8)
    none = np.empty((1, 0), np.int64)
    assert len(read_numerals(marks, none, none)[0].numbers) == 0
    assert read_numerals(marks, none, none, []) == []
