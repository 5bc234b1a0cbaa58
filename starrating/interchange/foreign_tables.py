"""A table of another system, CSV or XLSX, as one sheet with a row of heads; told by its content, never by its name.

CSV is UTF-8 with or without a byte order mark, UTF-16 with one, or GB18030; its separator is the one of comma,
semicolon and tab that the row of heads has most of. An XLSX goes through the child process like every other.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from starrating.domain.faults import RuleError
from starrating.interchange.archives import MOST_BYTES
from starrating.interchange.sheet_marks import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Mark
from starrating.interchange.spreadsheets import OLE, Sheet, address, read_spreadsheet
from starrating.interchange.workbook_layout import KEPT

SEPARATORS = ",\t;"
HEAD_WITHIN = 30
TABLE = "CSV"
"""How the one sheet of a CSV file is called."""
LONGEST_TEXT = 32_767
SHOWN = 60
SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Head:
    """A column of a foreign table: where it is, its letters, what its head says, and what stands first below it."""

    at: int
    letters: str
    text: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ForeignTable:
    """A sheet, and the row of it that names its columns."""

    sheet: Sheet
    head: int
    aside: tuple[str, ...] = ()
    """The other sheets of the file that hold something."""

    @property
    def fingerprint(self) -> str:
        """The same for files with the same row of heads."""
        return sha256(json.dumps([head.text for head in self.heads()], ensure_ascii=False).encode()).hexdigest()

    @property
    def body(self) -> list[int]:
        """The rows below the heads that hold anything."""
        return [row for row in self.sheet.row_numbers() if row > self.head]

    def heads(self) -> tuple[Head, ...]:
        """Every column that has a head or anything below it."""
        below: dict[int, list[str]] = {}
        for row in self.body:
            for at, cell in enumerate(self.sheet.rows.get(row, ())):
                if cell is not None:
                    found = below.setdefault(at, [])
                    if len(found) < SAMPLES:
                        found.append(cell[1:][:SHOWN])
        named = {at for at, cell in enumerate(self.sheet.rows[self.head]) if cell is not None}
        return tuple(
            Head(at, address(0, at)[:-1], _one_line(self.sheet.text(self.head, at)), tuple(below.get(at, ())))
            for at in sorted(named | set(below))
        )

    def packed(self) -> dict[str, Any]:
        """As JSON keeps it."""
        marks = [[row, at, mark.value] for (row, at), mark in self.sheet.marks.items()]
        rows = [[row, *cells] for row, cells in self.sheet.rows.items()]
        return {"name": self.sheet.name, "head": self.head, "rows": rows, "marks": marks, "aside": list(self.aside)}


def unpacked(kept: dict[str, Any]) -> ForeignTable:
    """The table that was packed."""
    rows = {int(row[0]): row[1:] for row in kept["rows"]}
    marks = {(row, at): Mark(mark) for row, at, mark in kept["marks"]}
    return ForeignTable(Sheet(kept["name"], hidden=False, rows=rows, marks=marks), kept["head"], tuple(kept["aside"]))


def read_foreign(data: bytes) -> ForeignTable:
    """The table in a file; `RuleError` `sheet.…` or `table.…` says why there is none."""
    if data.startswith((b"PK", OLE)) or not data or len(data) > MOST_BYTES:
        sheets = read_spreadsheet(data)
        if any(sheet.name == KEPT for sheet in sheets):
            raise RuleError("table.ours")
        filled = [sheet for sheet in sheets if sheet.rows and not sheet.hidden]
    else:
        filled = [Sheet(TABLE, hidden=False, rows=_rows(_text(data)))]
    if not filled or not filled[0].rows:
        raise RuleError("table.empty")
    first = filled[0]
    for row in sorted(first.rows)[:HEAD_WITHIN]:
        if sum(cell is not None for cell in first.rows[row]) > 1:
            table = ForeignTable(first, row, tuple(sheet.name for sheet in filled[1:]))
            if not table.body:
                raise RuleError("table.empty")
            return table
    raise RuleError("table.no_heads")


def _text(data: bytes) -> str:
    """The text of a CSV file; nothing is replaced or left out."""
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
        break
    raise RuleError("table.encoding")


def _rows(text: str) -> dict[int, list[str | None]]:
    """Row from 0 → its cells; rows without anything are left out, however many there are."""
    found: dict[int, list[str | None]] = {}
    cells = 0
    try:
        for row, record in enumerate(_records(text)):
            shown = _cells(record)
            if not shown:
                continue
            cells += len(shown)
            if len(found) >= MOST_ROWS or len(shown) > MOST_COLUMNS or cells > MOST_CELLS:
                raise RuleError("sheet.extent", rows=MOST_ROWS, columns=MOST_COLUMNS, row=row + 1)
            found[row] = shown
    except csv.Error as fault:
        raise RuleError("table.broken") from fault
    return found


def _records(text: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)


def _separator(text: str) -> str:
    """The separator that the row of heads has most of: the first of the rows at the top that is cut in two or more."""
    for at, line in zip(range(HEAD_WITHIN), io.StringIO(text, newline=""), strict=False):
        del at
        outside = "".join(line.split('"')[::2])
        most = max(SEPARATORS, key=outside.count)
        pieces = [piece for piece in outside.split(most) if piece.strip()]
        if most in outside and (len(pieces) > 1 or line.count('"') > 2):
            return most
    return SEPARATORS[0]


def _cells(record: Sequence[str]) -> list[str | None]:
    """The cells of a record as the child process writes texts, the blank ones at its end left out."""
    shown = [f"t{cell}" if cell.strip() else None for cell in record]
    while shown and shown[-1] is None:
        shown.pop()
    if any(cell is not None and len(cell) > LONGEST_TEXT for cell in shown):
        raise RuleError("sheet.bomb")
    return shown


def _one_line(text: str) -> str:
    return " ".join(text.split())[:SHOWN]
