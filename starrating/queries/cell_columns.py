"""The cells of cycles as columns: one row of the database a header, its units and values as two JSON texts.

A city's year is some hundred thousand cells; as rows each would cost several Python objects before anything is rated.
Values are read as whole numbers with a count of decimals, each distinct text once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Text, cast, func, select

from starrating.domain.exact import Column, integers
from starrating.domain.inputs import Labels, decimal
from starrating.extensions import db
from starrating.models.divisions import Unit
from starrating.models.scores import ScoreCell, ValueState

Said = list[str | None]
Cells = tuple[dict[str, Labels], dict[str, list[int]]]
"""The columns of a cycle, and where a value was marked as not applicable."""
_SHORT = 40
"""Texts longer than this are read once and not remembered."""


def columns_of(rows: Mapping[int, Mapping[int, int]], wanted: ColumnElement[bool]) -> dict[int, Cells]:
    """Cycle → header → its values as words, and header → the rows where it was marked as not applicable.

    `rows` tells for each cycle the row of each wanted unit by its key.
    """
    found = db.session.execute(
        select(ScoreCell.cycle_id, ScoreCell.header, _together(ScoreCell.unit_id), _together(ScoreCell.value))
        .where(ScoreCell.cycle_id.in_(tuple(rows)), ScoreCell.state != ValueState.BLANK,
               ScoreCell.unit_id.in_(select(Unit.id).where(wanted)))
        .group_by(ScoreCell.cycle_id, ScoreCell.header)
    ).all()  # fmt: skip
    cells: dict[int, Cells] = {cycle: ({}, {}) for cycle in rows}
    for cycle, header, ids, values in sorted((row[0], row[1], row[2], row[3]) for row in found):
        at, (words, away) = rows[cycle], cells[cycle]
        words[header], nowhere = _column([at[key] for key in json.loads(ids)], json.loads(values), len(at))
        if nowhere:
            away[header] = nowhere
    return cells


def _together(column: Any) -> ColumnElement[str]:
    """A group's values of a column as one JSON text; those of two columns come in the same order."""
    if db.session.get_bind().dialect.name == "postgresql":
        return cast(func.json_agg(column), Text)
    return func.json_group_array(column)


def _column(place: Sequence[int], values: Sequence[str], rows: int) -> tuple[Labels, list[int]]:
    """Values as a column over all units, its words sorted, and the rows that have the empty word: not applicable."""
    names = sorted({*values} - {""})
    code = {name: number for number, name in enumerate(names)} | {"": -1}
    codes = np.full(rows, -1, dtype=np.int32)
    codes[np.array(place, dtype=np.intp)] = [code[value] for value in values]
    away = sorted(at for at, value in zip(place, values, strict=True) if not value) if "" in values else []
    return Labels(codes, tuple(names)), away


def number_column(labels: Labels) -> tuple[Column, Said]:
    """Words as numbers, and as each row's canonical text: the number as short as it is, else the word itself."""
    read = [_number(name) if len(name) <= _SHORT else _number.__wrapped__(name) for name in labels.names]
    top = max((places for _, places, _ in read), default=0)
    whole = [0 if number is None else number * 10 ** (top - places) for number, places, _ in read]
    known = np.array([number is not None for number, _, _ in read] + [False])
    at: NDArray[np.intp] = labels.codes.astype(np.intp)
    column = Column(integers([*whole, 0]), Fraction(1, 10**top), known).take(at)
    texts = [*(text for _, _, text in read), None]
    return column, [texts[code] for code in labels.codes.tolist()]


@lru_cache(maxsize=1 << 16)
def _number(text: str) -> tuple[int | None, int, str]:
    """A plain decimal number as its digits, how many of them are decimals, and its shortest form.

    None and the text itself where it is no number (see `decimal`).
    """
    whole, _, part = text.removeprefix("-").partition(".")
    if decimal(text) is None:
        return None, 0, text
    part = part.rstrip("0")
    number = int(whole + part)
    shortest = f"{whole.lstrip('0') or '0'}.{part}" if part else whole.lstrip("0") or "0"
    if text.startswith("-") and number:
        return -number, len(part), f"-{shortest}"
    return number, len(part), shortest
