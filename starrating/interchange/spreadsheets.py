"""Reads an uploaded spreadsheet: by its content, in a child process, into sheets of addressed cells; nothing guessed.

The server itself only looks at the first bytes and reads the child's answer, which is plain JSON. A child that takes
too long, too much memory or is killed is a refusal like any other.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from starrating.domain.faults import RuleError
from starrating.interchange.archives import MOST_BYTES
from starrating.interchange.sheet_marks import Mark
from starrating.processors import anywhere

CHILD = ("-m", "starrating.interchange.sheet_process")
PATIENCE = 30
REFUSED = 3
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class CellSort(StrEnum):
    """What a cell of a spreadsheet holds; the letters are the child process's."""

    NUMBER = "n"
    TEXT = "t"
    MOMENT = "d"
    TRUTH = "b"


SORTS = {sort.value: sort for sort in CellSort}


class Read(NamedTuple):
    """A cell: what sort, its text, and what its reader would have kept silent about it."""

    sort: CellSort
    text: str
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: row from 0 → its cells as the child wrote them; `marks` (row, column) → what to know of a cell."""

    name: str
    hidden: bool
    rows: Mapping[int, list[str | None]]
    marks: Mapping[tuple[int, int], Mark] = field(default_factory=dict)

    def cell(self, row: int, column: int) -> Read | None:
        """A cell, None where it is blank."""
        mark = self.marks.get((row, column))
        cells = self.rows.get(row, ())
        raw = cells[column] if column < len(cells) else None
        if raw is None:
            return Read(CellSort.TEXT, "", mark) if mark in (Mark.ERROR, Mark.NO_VALUE) else None
        return read_raw(raw, mark)

    def text(self, row: int, column: int) -> str:
        """A cell's text, empty where it is blank."""
        found = self.cell(row, column)
        return found.text if found else ""

    def row_numbers(self) -> Iterator[int]:
        """The rows that hold anything, from the top."""
        yield from sorted(self.rows.keys() | {row for row, _ in self.marks})


def read_raw(raw: str, mark: Mark | None = None) -> Read:
    """A cell that is not blank, as a sheet keeps it, taken apart."""
    return Read(SORTS[raw[0]], raw[1:], mark)


def address(row: int, column: int) -> str:
    """How a cell is called in a spreadsheet: `D12` for row 11 and column 3 from 0."""
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"


@anywhere()
def read_spreadsheet(data: bytes) -> tuple[Sheet, ...]:
    """The sheets of an XLSX file; `RuleError` `sheet.…` says what it is instead, or why it is not read."""
    _check_first_bytes(data)
    try:
        # The program and its arguments are constants; the file is standard input.
        done = subprocess.run(  # nosec B603
            [sys.executable, *CHILD], input=data, capture_output=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as fault:
        raise RuleError("sheet.slow") from fault
    if done.returncode == REFUSED:
        refusal = json.loads(done.stdout.rpartition(b"\n")[2])
        raise RuleError(str(refusal["code"]), **refusal["facts"])
    if done.returncode:
        raise RuleError("sheet.bomb" if done.returncode < 0 else "sheet.broken")
    return _sheets(done.stdout)


def _check_first_bytes(data: bytes) -> None:
    if not data:
        raise RuleError("sheet.empty")
    if len(data) > MOST_BYTES:
        raise RuleError("sheet.large", most=MOST_BYTES // 1024 // 1024)
    if data.startswith(OLE):
        raise RuleError("sheet.locked" if ENCRYPTED in data else "sheet.old")
    if not data.startswith(b"PK"):
        raise RuleError("sheet.other")


def _sheets(answer: bytes) -> tuple[Sheet, ...]:
    """The sheets of an answer: each begins with a line about itself, its rows follow."""
    sheets: list[Sheet] = []
    rows: dict[int, list[str | None]] = {}
    for line in answer.split(b"\n")[:-1]:
        found = json.loads(line)
        if isinstance(found, dict):
            rows = {}
            marks = {(row, at): Mark(what) for row, at, what in found["marks"]}
            sheets.append(Sheet(found["name"], found["hidden"], rows, marks))
        else:
            rows[int(found[0])] = found[1:]
    return tuple(sheets)
