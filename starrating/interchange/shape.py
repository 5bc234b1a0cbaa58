"""What a table that was read is: its header, its columns of numbers and words, and the line of each row."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from starrating.domain.exact import Column
from starrating.domain.inputs import Labels
from starrating.interchange.collecting import FaultList, shown
from starrating.interchange.columns import NumberBuilder
from starrating.interchange.numerals import Numerals
from starrating.interchange.words import WordBuilder, Words, has_control
from starrating.interchange.wrong_numbers import what_is_wrong


class CellKind(StrEnum):
    """How the cells under a header are read; a NAME is a word that should be another one in every row."""

    NUMBER = "number"
    WORD = "word"
    NAME = "name"
    SKIP = "skip"


Plan = Callable[[tuple[str, ...]], Mapping[str, CellKind]]
"""Chooses for each header how its cells are read; a header it leaves out is skipped."""

Progress = Callable[[Fraction], None]
"""Is told which share of a file has been read, from 0 to 1; not where that cannot be known (a pipe)."""


class Lines:
    """On which line of the file each row begins: kept by blocks of rows, most of them a line a row."""

    def __init__(self) -> None:
        self.rows = 0
        self._first_rows: list[int] = []
        self._places: list[int | NDArray[Any]] = []

    def add(self, rows: int, places: int | NDArray[Any]) -> None:
        """Adds a block of rows: the line of the first, where each row is one line, or the line of each."""
        if rows:
            self._first_rows.append(self.rows)
            self._places.append(places)
            self.rows += rows

    def absorb(self, other: Lines, before: int) -> None:
        """Adds the rows of a later part, which counted its lines from 1, `before` lines further down."""
        ends = [*other._first_rows[1:], other.rows]
        for first, end, places in zip(other._first_rows, ends, other._places, strict=True):
            self.add(end - first, places + before)

    def __getitem__(self, row: int) -> int:
        if not 0 <= row < self.rows:
            raise IndexError(row)
        block = bisect_right(self._first_rows, row) - 1
        places, offset = self._places[block], row - self._first_rows[block]
        return places + offset if isinstance(places, int) else int(places[offset])


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table as columns; blank cells are blank in them, skipped columns are not there."""

    header: tuple[str, ...]
    numbers: Mapping[str, Column]
    words: Mapping[str, Labels]
    lines: Lines = field(repr=False)

    @property
    def rows(self) -> int:
        """How many rows there are, the header not counted."""
        return self.lines.rows

    def line_of(self, row: int) -> int:
        """The physical line of the CSV file on which row `row` (0 the first) begins; 1 is the file's first line.

        Of a Parquet file, which has no lines, it is the line that the row would have in a plain CSV: `row + 2`.
        """
        return self.lines[row]


def planned(header: Sequence[str], line: int, plan: Plan, faults: FaultList) -> list[tuple[int, str, CellKind]]:
    """Position, name and kind of every column to read; a header that is not in order refuses the file."""
    before = len(faults)
    _note_header_faults(header, line, faults)
    kinds = plan(tuple(name.strip() for name in header))
    if len(faults) > before and any(name != name.strip() or header.count(name) > 1 for name in header):
        faults.refuse()
    chosen = ((at, name, kinds.get(name, CellKind.SKIP)) for at, name in enumerate(header))
    return [(at, name, kind) for at, name, kind in chosen if kind is not CellKind.SKIP]


def _note_header_faults(header: Sequence[str], line: int, faults: FaultList) -> None:
    if len(header) == 1 and any(mark in header[0] for mark in ";\t；，|"):
        faults.stop("other_separator", line)
    counts = Counter(header)
    for at, name in enumerate(header):
        if not name.strip():
            faults.add("blank_header", line, column=at + 1)
        elif has_control(name):
            faults.add("control_in_header", line, header=shown(name))
        elif name != name.strip():
            faults.add("spaces_in_header", line, header=shown(name), right=shown(name.strip()))
        elif counts[name] > 1 and name not in header[:at]:
            faults.add("duplicate_header", line, header=shown(name), times=counts[name])


class TableBuilder:
    """A table in the making, block by block."""

    def __init__(self, header: Sequence[str], chosen: Sequence[tuple[int, str, CellKind]], faults: FaultList) -> None:
        self.header = tuple(header)
        self.chosen = tuple(chosen)
        self.lines = Lines()
        self._numbers = {name: NumberBuilder() for _, name, kind in chosen if kind is CellKind.NUMBER}
        words = {name: kind for _, name, kind in chosen if kind is not CellKind.NUMBER}
        self._words = {name: WordBuilder(names=kind is CellKind.NAME) for name, kind in words.items()}
        self.faults = faults

    def add_numbers(
        self, header: str, numerals: Numerals, text: Callable[[int], str], line: Callable[[int], int]
    ) -> None:
        """Adds a block of numbers; `text` and `line` name a row of the block where it is no number."""
        for row in [] if numerals.bad is None else np.flatnonzero(numerals.bad).tolist():
            if self.faults.full_at(line(row)):
                break
            found = text(row)
            self.faults.add(what_is_wrong(found), line(row), header=header, text=shown(found))
        self._numbers[header].add(numerals.numbers, numerals.decimals, numerals.present)

    def add_words(self, header: str, words: Words, line: Callable[[int], int]) -> None:
        """Adds a block of words."""
        for row in self._words[header].add(words).tolist():
            if self.faults.full_at(line(row)):
                break
            self.faults.add("control_character", line(row), header=header, text=shown(words[row]))

    def absorb(self, other: TableBuilder, before: int) -> None:
        """Adds the rows of a later part of the same file, whose first line comes after `before` others."""
        for name, builder in self._numbers.items():
            builder.absorb(other._numbers[name])
        for word, words in self._words.items():
            words.absorb(other._words[word])
        self.lines.absorb(other.lines, before)

    def finish(self) -> Table:
        """The table; the builder is empty after it."""
        numbers = {name: builder.finish() for name, builder in self._numbers.items()}
        words = {name: builder.finish() for name, builder in self._words.items()}
        return Table(self.header, numbers, words, self.lines)
