"""Splits a block of records into cells, by commas and quotes as RFC 4180 has them, all at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from starrating.domain.exact import Mask
from starrating.interchange.blocks import LINE_FEED, LONGEST, QUOTE, Block, broken_quote
from starrating.interchange.collecting import FaultList
from starrating.interchange.digits import Places

COMMA, RETURN = 44, 13
SPARE = 72
"""Bytes that may be read beyond the last record, so that readers of eight bytes at once need no check."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The cells of a block's records: where each begins and ends in `marks`, quotes left out; columns × records.

    `lines` is the line of each record, None where each record is one line.
    """

    block: Block
    marks: NDArray[np.uint8]
    starts: Places
    ends: Places
    lines: Places | None

    def __len__(self) -> int:
        return int(self.starts.shape[1])

    def line_of(self, record: int) -> int:
        """The physical line on which a record begins."""
        return self.block.line + record if self.lines is None else int(self.lines[record])

    def without_first(self) -> Cells:
        """The cells without the first record, the header."""
        lines = np.arange(self.block.line + 1, self.block.line + len(self)) if self.lines is None else self.lines[1:]
        return Cells(self.block, self.marks, self.starts[:, 1:], self.ends[:, 1:], lines)

    def record(self, record: int) -> list[str]:
        """All cells of a record, as they are meant."""
        return self._meant(self.starts[:, record], self.ends[:, record])

    def text(self, column: int, record: int) -> str:
        """One cell, as it is meant."""
        return self.texts(column, np.array([record]))[0]

    def texts(self, column: int, records: NDArray[np.intp] | slice = slice(None)) -> list[str]:
        """Cells of a column, as they are meant: doubled quotes are single ones."""
        return self._meant(self.starts[column, records], self.ends[column, records])

    def _meant(self, starts: Places, ends: Places) -> list[str]:
        text = self.block.text
        cells = [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        if not self.block.quoted:
            return b",".join(cells).decode().split(",") if cells else []
        return [cell.decode().replace('""', '"') for cell in cells]


def split(block: Block, faults: FaultList, columns: int | None = None) -> Cells:
    """The cells of a block; `columns` is how many a record has, by default as many as the block's first record.

    Blank lines are left out. A record with too few or too many cells is a fault and left out; a broken quote or a
    record that is too long ends the reading.
    """
    if block.quoted:
        _refuse_broken_quote(block, faults)
    records = _Records.of(block)
    records.refuse_long(faults)
    blank = records.blank
    if columns is None:
        columns = int(records.counts[np.argmin(blank)]) if len(blank) else 0
    even = records.counts == columns
    if not (even | blank).all():
        records.note_uneven(np.flatnonzero(~even & ~blank), columns, faults)
    return records.shaped(even & ~blank, columns)


def _refuse_broken_quote(block: Block, faults: FaultList) -> None:
    position = broken_quote(block.text)
    if position is not None:
        faults.stop("broken_quote", block.line_at(position))


@dataclass(frozen=True, slots=True, eq=False)
class _Records:
    """Where the cells of a block end, one after the other, and which of them are the last of their records."""

    block: Block
    marks: NDArray[np.uint8]
    ends: Places
    lasts: Places
    counts: Places
    begins: Places

    @classmethod
    def of(cls, block: Block) -> _Records:
        """The cells between commas and line feeds outside quotes."""
        marks = np.frombuffer(block.text + bytes(SPARE), dtype=np.uint8)
        separates = marks == COMMA
        separates |= marks == LINE_FEED
        if block.quoted:
            separates &= ~np.logical_xor.accumulate(marks == QUOTE)
        ends = np.flatnonzero(separates)
        lasts = np.flatnonzero(marks[ends] == LINE_FEED)
        begins = np.append(0, ends[lasts[:-1]] + 1)[: len(lasts)]
        return cls(block, marks, ends, lasts, np.diff(lasts, prepend=-1), begins)

    @property
    def blank(self) -> Mask:
        """Which records are blank lines."""
        blank: Mask = self.counts == 1
        if blank.any():
            sizes = self.ends[self.lasts] - self.begins
            blank &= (sizes == 0) | ((sizes == 1) & (self.marks[self.begins] == RETURN))
        return blank

    def refuse_long(self, faults: FaultList) -> None:
        """Refuses a file with a record that is longer than any table's."""
        long = np.flatnonzero(self.ends[self.lasts] - self.begins > LONGEST)
        if len(long):
            faults.stop("line_too_long", self.block.line_at(int(self.begins[long[0]])), limit=LONGEST)

    def note_uneven(self, uneven: NDArray[np.intp], columns: int, faults: FaultList) -> None:
        """Notes the records that have another number of cells than the header."""
        for record in uneven[: faults.limit].tolist():
            found = int(self.counts[record])
            code = "too_few_cells" if found < columns else "too_many_cells"
            faults.add(code, self.block.line_at(int(self.begins[record])), found=found, expected=columns)

    def shaped(self, chosen: Mask, columns: int) -> Cells:
        """The cells of the chosen records, which have `columns` each, quotes and returns left out."""
        begins, grid = self.begins, self.ends
        if not chosen.all():
            begins = begins[chosen]
            grid = grid[self.lasts[chosen][:, None] + np.arange(1 - columns, 1)]
        ends = np.ascontiguousarray(grid.reshape(-1, columns).T)
        starts = np.empty_like(ends)
        starts[:1] = begins
        np.add(ends[:-1], 1, out=starts[1:])
        if b"\r" in self.block.text:
            ends[-1:] -= (self.marks[ends[-1:] - 1] == RETURN) & (ends[-1:] > starts[-1:])
        lines = None
        if self.block.quoted or not chosen.all():
            lines = self.block.line + np.searchsorted(np.flatnonzero(self.marks == LINE_FEED), begins)
        if self.block.quoted:
            in_quotes = self.marks[starts] == QUOTE
            starts += in_quotes
            ends -= in_quotes
        return Cells(self.block, self.marks, starts, ends, lines)
