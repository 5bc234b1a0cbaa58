"""Reads a CSV file into a table: UTF-8 with or without a byte order mark, LF or CRLF, commas, RFC 4180 quotes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from starrating.interchange.blocks import BLOCK_SIZE, Block, read_blocks
from starrating.interchange.cells import Cells, split
from starrating.interchange.collecting import FaultList
from starrating.interchange.halves import Stretch, middle_of, read_halves
from starrating.interchange.numerals import read_numerals
from starrating.interchange.shape import CellKind, Plan, Progress, Table, TableBuilder, planned
from starrating.interchange.words import Words, distinct_cells


def read_csv(
    file: BinaryIO,
    plan: Plan,
    faults: FaultList,
    *,
    size: int = BLOCK_SIZE,
    may_be_empty: bool = False,
    progress: Progress | None = None,
    helped: bool = False,
) -> Table:
    """The table in `file`; faults of cells and rows are noted in `faults`, after which the table is not to be used.

    Where it is `helped`, a second process may read the half of a large file.
    """
    blocks = read_blocks(file, faults, size, progress)
    first = _first_cells(blocks, faults)
    header = first.record(0)
    chosen = planned(header, first.line_of(0), plan, faults)
    if helped and not len(faults) and (middle := middle_of(file)) is not None:
        here = file.tell()
        halves = read_halves(
            file,
            middle,
            lambda: TableBuilder(header, chosen, FaultList(faults.file)),
            lambda stretch, builder: _read_stretch(stretch, builder, size, progress),
        )
        if halves is not None:
            return halves.finish()
        file.seek(here)
    builder = TableBuilder(header, chosen, faults)
    _add(builder, first.without_first())
    for block in blocks:
        faults.refuse_if_full()
        _add(builder, split(block, faults, len(header)))
    if builder.lines.rows == 0 and not len(faults) and not may_be_empty:
        faults.stop("only_header", first.line_of(0))
    return builder.finish()


def _read_stretch(stretch: Stretch, builder: TableBuilder, size: int, progress: Progress | None) -> None:
    """Adds the records of a stretch of the file, but for the header, up to the first fault."""
    headed = stretch.begin == 0
    for block in read_blocks(stretch, builder.faults, size, progress):
        cells = split(block, builder.faults, len(builder.header))
        if headed and len(cells):
            cells, headed = cells.without_first(), False
        _add(builder, cells)
        builder.faults.refuse_if_any()


def _first_cells(blocks: Iterator[Block], faults: FaultList) -> Cells:
    """The cells of the first block that has any."""
    for cells in (split(block, faults) for block in blocks):
        if len(cells):
            break
    else:
        faults.stop("empty_file")
    return cells


def _add(builder: TableBuilder, cells: Cells) -> None:
    """Adds the cells of a block to the columns they belong to."""
    numbers = [(at, name) for at, name, kind in builder.chosen if kind is CellKind.NUMBER]
    signed = b"-" in cells.block.text
    numerals = read_numerals(cells.marks, cells.starts, cells.ends, [at for at, _ in numbers], signed=signed)
    for (at, name), column in zip(numbers, numerals, strict=True):
        builder.add_numbers(name, column, partial(cells.text, at), cells.line_of)
    for at, name, kind in builder.chosen:
        if kind is not CellKind.NUMBER:
            builder.add_words(name, _words(cells, at, kind), cells.line_of)
    builder.lines.add(len(cells), cells.block.line if cells.lines is None else cells.lines)


def _words(cells: Cells, column: int, kind: CellKind) -> Words:
    if kind is CellKind.NAME:
        return Words(cells.texts(column))
    rows, places = distinct_cells(cells.marks, cells.starts[column], cells.ends[column])
    return Words(cells.texts(column, rows), places)
