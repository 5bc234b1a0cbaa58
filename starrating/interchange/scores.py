"""Reads SCORES.csv: one row a unit, its raw values, its fields and its events, as a scheme asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from starrating.domain.exact import Column
from starrating.domain.faults import FileFault
from starrating.domain.inputs import Labels
from starrating.domain.scheme import Scheme
from starrating.interchange.collecting import FaultList, shown
from starrating.interchange.fields import KIND, UNIT, Needs, fields_needed, needs_of
from starrating.interchange.headers import kinds_of
from starrating.interchange.shape import Lines, Progress
from starrating.interchange.table import Table, read_table

__all__ = ["Scores", "fields_needed", "read_scores"]


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """The units of a file in the order of its rows, and what is known of each.

    `notices` tells what the person may want to know although nothing is wrong: a column the scheme would have read.
    """

    units: list[str]
    numbers: Mapping[str, Column]
    words: Mapping[str, Labels]
    notices: tuple[FileFault, ...]
    lines: Lines = field(repr=False)

    def line_of(self, row: int) -> int:
        """The line of the file on which a unit's row begins."""
        return self.lines[row]


def read_scores(path: str | Path, scheme: Scheme, *, progress: Progress | None = None, helped: bool = False) -> Scores:
    """The scores in `path`, a CSV or Parquet file, as `scheme` needs them; `helped` as `read_table` says.

    Raises: `FilesRefused` with everything that is wrong, at most a hundred faults.
    """
    faults = FaultList(path)
    notices: list[FileFault] = []
    needs = needs_of(scheme)
    table = read_table(
        path,
        lambda header: kinds_of(header, scheme, needs, faults, notices),
        faults=faults,
        progress=progress,
        helped=helped,
    )
    _check(table, scheme, needs, faults)
    faults.refuse_if_any()
    words = dict(table.words)
    units = _in_order_of_rows(words.pop(UNIT))
    numbers = {name: _filled(name, column) for name, column in table.numbers.items()}
    return Scores(units, numbers, words, tuple(notices), table.lines)


def _in_order_of_rows(labels: Labels) -> list[str]:
    """Each row's word; the names of a column may stand in any order."""
    names = labels.names
    return [names[code] for code in labels.codes.tolist()]


def _filled(header: str, column: Column) -> Column:
    """An event that is left blank did not happen."""
    return column.filled(Fraction(0)) if header.startswith("flag.") else column


def _check(table: Table, scheme: Scheme, needs: Needs, faults: FaultList) -> None:
    checks = _Checks(table, faults)
    if UNIT in table.words:
        checks.units(table.words[UNIT])
    for header in needs.groups:
        if header in table.words:
            checks.group(header, table.words[header])
    if KIND in needs.groups and KIND in table.words:
        checks.kind(table.words[KIND], scheme.applies_to)
    for header, column in table.numbers.items():
        if header.startswith("flag."):
            checks.events(header, column)


@dataclass(frozen=True, slots=True)
class _Checks:
    """The checks of single rows; a fault names the row's line."""

    table: Table
    faults: FaultList

    def units(self, units: Labels) -> None:
        """A unit's name is there, as it is written everywhere, and once."""
        self.faults.note_rows("blank_unit", ~units.known, self.table.line_of)
        self._spaces(UNIT, units)
        if len(units.names) < int(np.count_nonzero(units.known)):
            for row, first in _repeated(units.codes):
                facts = {"unit": shown(units.name(row) or ""), "first": self.table.line_of(first)}
                self.faults.add("duplicate_unit", self.table.line_of(row), **facts)

    def group(self, header: str, labels: Labels) -> None:
        """A field that puts the unit into a group is there, as it is written everywhere."""
        self.faults.note_rows("blank_field", ~labels.known, self.table.line_of, lambda row: {"header": header})
        self._spaces(header, labels)

    def kind(self, kinds: Labels, wanted: tuple[str, ...]) -> None:
        """The unit is of a kind that the scheme is for."""
        right = kinds.matching(np.array([name in wanted or name != name.strip() for name in kinds.names], dtype=bool))

        def facts(row: int) -> dict[str, Any]:
            return {"kind": shown(kinds.name(row) or ""), "wanted": list(wanted)}

        self.faults.note_rows("wrong_kind", kinds.known & ~right, self.table.line_of, facts)

    def events(self, header: str, column: Column) -> None:
        """A count of events is whole and not negative."""
        whole = column.numbers % column.unit.denominator == 0
        wrong = column.known & ~((column.numbers >= 0) & whole)

        def facts(row: int) -> dict[str, Any]:
            return {"header": header, "value": column.value(row)}

        self.faults.note_rows("not_an_event_count", np.asarray(wrong, dtype=bool), self.table.line_of, facts)

    def _spaces(self, header: str, labels: Labels) -> None:
        spaced = [name != name.strip() for name in labels.names]
        if any(spaced):

            def facts(row: int) -> dict[str, Any]:
                return {"header": header, "text": shown(labels.name(row) or "")}

            wrong = labels.matching(np.array(spaced, dtype=bool))
            self.faults.note_rows("spaces_around", wrong, self.table.line_of, facts)


def _repeated(codes: NDArray[np.int32]) -> Iterator[tuple[int, int]]:
    """Rows that repeat the word of an earlier row, each with the first row of that word; blanks aside."""
    order = np.argsort(codes, kind="stable")
    begins = np.append(True, codes[order][1:] != codes[order][:-1])
    first = order[np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))]
    repeats = ~begins & (codes[order] >= 0)
    pairs = sorted(zip(order[repeats].tolist(), first[repeats].tolist(), strict=True))
    yield from pairs[: FaultList.limit]
