"""Reads HISTORY.csv: `unit,year,level[,voided]` of earlier years, one row a unit and year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from starrating.domain.exact import Mask
from starrating.domain.inputs import NO_LEVEL, VOIDED, History, Labels
from starrating.domain.scheme import Scheme
from starrating.interchange.collecting import FaultList, shown
from starrating.interchange.shape import Progress
from starrating.interchange.table import CellKind, Table, read_table

_FIRST_YEAR, _LAST_YEAR = 1, 9999
_COLUMNS = {"unit": CellKind.WORD, "year": CellKind.NUMBER, "level": CellKind.WORD, "voided": CellKind.NUMBER}


def read_history(
    path: str | Path, scheme: Scheme, units: Sequence[str], *, progress: Progress | None = None
) -> History:
    """The earlier years of `units`, which are unique; rows of other units and of later years are left out.

    Raises: `FilesRefused` with everything that is wrong, at most a hundred faults.
    """
    faults = FaultList(path)
    table = read_table(path, lambda header: _kinds(header, faults), faults=faults, may_be_empty=True, progress=progress)
    if not table.words.keys() >= {"unit", "level"} or "year" not in table.numbers:
        faults.refuse()
    years = _years(table, faults)
    voided = _voided(table, faults)
    faults.note_rows("blank_unit", ~table.words["unit"].known, table.line_of)
    _note_spaces(table, faults)
    rows = _rows_of(table.words["unit"], units)
    levels = _levels(table.words["level"], scheme, voided)
    asked = (rows >= 0) & (years > 0) & (years < scheme.year)
    _note_levels(table, scheme, levels, asked, faults)
    history = _Years(table, rows, years, levels, faults).gathered(asked, len(units))
    faults.refuse_if_any()
    return history


def _kinds(header: tuple[str, ...], faults: FaultList) -> Mapping[str, CellKind]:
    for name in ("unit", "year", "level"):
        if name not in header:
            faults.add("missing_column", header=name)
    return _COLUMNS


def _note_spaces(table: Table, faults: FaultList) -> None:
    """Notes units written with spaces around them: they would be taken for others, without a word."""
    units = table.words["unit"]
    spaced = units.matching(np.array([name != name.strip() for name in units.names], dtype=bool))
    faults.note_rows(
        "spaces_around", spaced, table.line_of, lambda row: {"header": "unit", "text": shown(units.name(row) or "")}
    )


def _years(table: Table, faults: FaultList) -> NDArray[np.int64]:
    """Each row's year, 0 where it is none."""
    column = table.numbers["year"].widened()
    year = column.numbers // column.unit.denominator
    right = (year * column.unit.denominator == column.numbers) & (year >= _FIRST_YEAR) & (year <= _LAST_YEAR)
    right = np.asarray(right, dtype=bool)
    if not faults.has("year"):  # a text that is no number is blank, too
        faults.note_rows("blank_field", ~column.known, table.line_of, lambda row: {"header": "year"})
    faults.note_rows("not_a_year", column.known & ~right, table.line_of, lambda row: {"value": column.value(row)})
    return np.where(right & column.known, year, 0).astype(np.int64)


def _voided(table: Table, faults: FaultList) -> Mask:
    """Where the unit was not rated."""
    column = table.numbers.get("voided")
    if column is None:
        return np.zeros(table.rows, dtype=bool)
    one = np.asarray(column.numbers == column.unit.denominator, dtype=bool)
    wrong = column.known & ~one & np.asarray(column.numbers != 0, dtype=bool)
    faults.note_rows("not_voided_mark", wrong, table.line_of, lambda row: {"value": column.value(row)})
    voided: Mask = column.known & one
    return voided


def _rows_of(labels: Labels, units: Sequence[str]) -> NDArray[np.int64]:
    """For each row of the history its unit's row in the scores, -1 for a unit that is not there."""
    places = dict(zip(units, range(len(units)), strict=True))
    by_name = [places.get(name, -1) for name in labels.names]
    return np.array([*by_name, -1], dtype=np.int64)[labels.codes]


_UNKNOWN, _BLANK = -3, -4


def _levels(labels: Labels, scheme: Scheme, voided: Mask) -> NDArray[np.int8]:
    """Each row's level as an index, `VOIDED`, or what is wrong with it."""
    order = {level.code: index for index, level in enumerate(scheme.levels)}
    by_name = np.array([*(order.get(name, _UNKNOWN) for name in labels.names), _BLANK], dtype=np.int8)
    return np.where(voided, VOIDED, by_name[labels.codes]).astype(np.int8)


def _note_levels(table: Table, scheme: Scheme, levels: NDArray[np.int8], asked: Mask, faults: FaultList) -> None:
    codes = [level.code for level in scheme.levels]
    labels = table.words["level"]

    def facts(row: int) -> dict[str, Any]:
        return {"level": shown(labels.name(row) or ""), "levels": codes}

    faults.note_rows("unknown_level", asked & (levels == _UNKNOWN), table.line_of, facts)
    faults.note_rows("blank_level", asked & (levels == _BLANK), table.line_of, lambda row: {"levels": codes})


@dataclass(frozen=True, slots=True, eq=False)
class _Years:
    """The rows of a history, to be gathered by year."""

    table: Table
    rows: NDArray[np.int64]
    years: NDArray[np.int64]
    levels: NDArray[np.int8]
    faults: FaultList

    def gathered(self, asked: Mask, size: int) -> History:
        """The levels of `size` units by year; a unit that has two rows for a year is a fault."""
        history: dict[int, NDArray[np.int8]] = {}
        for year in np.flatnonzero(np.bincount(self.years[asked], minlength=1)).tolist():
            chosen = np.flatnonzero(asked & (self.years == year))
            of_year = np.full(size, NO_LEVEL, dtype=np.int8)
            of_year[self.rows[chosen]] = self.levels[chosen]
            history[year] = of_year
            if size and int(np.bincount(self.rows[chosen], minlength=1).max()) > 1:
                self._note_repeated(chosen, year)
        return History(history)

    def _note_repeated(self, chosen: NDArray[np.intp], year: int) -> None:
        labels = self.table.words["unit"]
        firsts: dict[int, int] = {}
        for row in chosen.tolist():
            first = firsts.setdefault(int(self.rows[row]), row)
            if first != row:
                facts = {"unit": shown(labels.name(row) or ""), "year": year, "first": self.table.line_of(first)}
                self.faults.add("duplicate_year", self.table.line_of(row), **facts)
