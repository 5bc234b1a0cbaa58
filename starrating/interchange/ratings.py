"""Writes and reads RATINGS.csv: UTF-8 without a mark, LF, quotes only where they are needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from starrating.domain.inputs import Labels
from starrating.interchange.collecting import FaultList, shown
from starrating.interchange.table import CellKind, read_table

COLUMNS = ("unit", "status", "total", "rank", "pool", "level", "previous", "change", "reasons", "consequences")
"""The header of RATINGS.csv."""
_ROWS = 1 << 14
_QUOTED = frozenset('",\r\n')


def rating_chunks(columns: Mapping[str, Sequence[str] | Labels]) -> Iterator[str]:
    """The text of a CSV file piece by piece: a header, then a row a unit.

    A column is a list of texts, or `Labels`, which are cheap where few words repeat; a blank label is an empty cell.
    """
    yield ",".join(map(_cell, columns)) + "\n"
    ready = [_ready(column) for column in columns.values()]
    rows = len(ready[0]) if ready else 0
    for at in range(0, rows, _ROWS):
        parts = [_texts(column, slice(at, at + _ROWS)) for column in ready]
        yield "\n".join(map(",".join, zip(*parts, strict=True))) + "\n"


def _ready(column: Sequence[str] | Labels) -> Sequence[str] | Labels:
    """The column with its cells quoted where they must be."""
    if isinstance(column, Labels):
        return Labels(column.codes, tuple(map(_cell, column.names)))
    return column if _QUOTED.isdisjoint("".join(column)) else list(map(_cell, column))


def _texts(column: Sequence[str] | Labels, part: slice) -> Sequence[str]:
    if not isinstance(column, Labels):
        return column[part]
    names = (*column.names, "")
    return [names[code] for code in column.codes[part].tolist()]


def _cell(text: str) -> str:
    if _QUOTED.isdisjoint(text):
        return text
    return '"' + text.replace('"', '""') + '"'


def read_ratings(path: str | Path) -> dict[str, dict[str, str]]:
    """The rows of a file of ratings by unit, each a cell by header; of `COLUMNS` only `unit` must be there.

    Raises: `FilesRefused`.
    """
    faults = FaultList(path)
    table = read_table(path, lambda header: _all_words(header, faults), faults=faults, may_be_empty=True)
    if "unit" not in table.words:
        faults.refuse()
    faults.note_rows("blank_unit", ~table.words["unit"].known, table.line_of)
    columns = {name: _texts(labels, slice(None)) for name, labels in table.words.items()}
    ratings: dict[str, dict[str, str]] = {}
    first: dict[str, int] = {}
    for row, unit in enumerate(columns["unit"]):
        if unit in ratings and unit and not faults.full:
            faults.add("duplicate_unit", table.line_of(row), unit=shown(unit), first=table.line_of(first[unit]))
        first.setdefault(unit, row)
        ratings[unit] = {name: texts[row] for name, texts in columns.items()}
    faults.refuse_if_any()
    return ratings


def _all_words(header: tuple[str, ...], faults: FaultList) -> Mapping[str, CellKind]:
    if "unit" not in header:
        faults.add("missing_column", header="unit")
    return {**dict.fromkeys(header, CellKind.WORD), "unit": CellKind.NAME}
