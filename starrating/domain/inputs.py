"""What is known of the units of one scheme, as columns: raw values, events, fields, last years' levels.

Rows are units, in one order throughout. Readers (`interchange`) make these values; the rating only reads them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from starrating.domain.exact import Column, Mask, column_of


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """A column of words: row i is `names[codes[i]]`, blank where the code is -1."""

    codes: NDArray[np.int32]
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def known(self) -> Mask:
        """Where there is a word."""
        return self.codes >= 0

    def name(self, row: int) -> str | None:
        """One unit's word, None where it is blank."""
        code = int(self.codes[row])
        return None if code < 0 else self.names[code]

    def matching(self, chosen: NDArray[Any]) -> Mask:
        """Where the word is one of those that `chosen`, a mask over `names`, marks."""
        result: Mask = np.append(np.asarray(chosen, dtype=bool), False)[self.codes]
        return result

    def numbers(self) -> tuple[Column, Mask]:
        """The words read as decimal numbers, and where a word is there that is none."""
        values = [decimal(name) for name in self.names]
        if not values:
            return Column(np.zeros(len(self), np.int64), present=np.zeros(len(self), bool)), ~self.known & False
        by_name = column_of([*values, None])
        column = by_name.take(self.codes.astype(np.intp))
        return column, self.known & ~column.known


def decimal(text: str) -> Fraction | None:
    """The number a plain decimal text writes (`-12.50`), None for anything else: `1e5`, `１２`, `+5`, `NaN`, ` 5`."""
    whole, dot, part = text.removeprefix("-").partition(".")
    digits = whole + part
    if not (digits.isascii() and digits.isdigit() and whole) or (dot and not part) or len(digits) > 60:
        return None
    value = Fraction(int(digits), 10 ** len(part))
    return -value if text.startswith("-") else value


def labels_of(words: Sequence[str | None]) -> Labels:
    """Words as a column; None and the empty word are blank."""
    names: dict[str, int] = {}
    codes = [names.setdefault(word, len(names)) if word else -1 for word in words]
    return Labels(np.array(codes, dtype=np.int32), tuple(names))


UNIT = "unit"
"""The field that is a unit's own name."""
VOIDED = -2
"""In `History`: not rated that year."""
NO_LEVEL = -1
"""In `History`: nothing is known of that year."""


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Earlier years' levels: for each year an index into the scheme's levels a unit, `VOIDED` or `NO_LEVEL`."""

    years: Mapping[int, NDArray[np.int8]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """All that is known of the units: `units` are their names, unique, one a row.

    `numbers` holds raw values by header (`V1.2`, `V4.1.letter@Q3`) and events (`flag.NAME`); `words` holds chosen
    options by header and the fields (`district`, `leader.dual_role`, `appraisal`).
    """

    units: Sequence[str]
    numbers: Mapping[str, Column]
    words: Mapping[str, Labels]
    history: History = field(default_factory=History)

    def __len__(self) -> int:
        return len(self.units)
