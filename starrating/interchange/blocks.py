"""Reads a CSV file as blocks of whole records, and refuses what is no UTF-8 text of lines.

Memory is bounded by a block and one record: a record longer than `LONGEST` bytes is refused without reading on.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np

from starrating.interchange.collecting import FaultList

BLOCK_SIZE = 1 << 21
LONGEST = 1_000_000
"""The longest record, in bytes."""

QUOTE, LINE_FEED = 34, 10
_LEARNT_FROM = (1 << 25) - (1 << 16)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_LONE_RETURN = re.compile(rb"\r(?!\n)")


@dataclass(frozen=True, slots=True)
class Block:
    """Whole records, each ended by a line feed; `line` is the physical line of the first byte."""

    text: bytes
    line: int

    @property
    def quoted(self) -> bool:
        """True where a quote occurs."""
        return b'"' in self.text

    def line_at(self, position: int) -> int:
        """The physical line of a byte of the block."""
        return self.line + self.text.count(b"\n", 0, position)


class Source(Protocol):
    """What blocks are read from: a file, or a stretch of one."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, at most `size`."""

    def fileno(self) -> int:
        """The file's number."""


def read_blocks(
    file: Source, faults: FaultList, size: int = BLOCK_SIZE, progress: Callable[[Fraction], None] | None = None
) -> Iterator[Block]:
    """The records of `file` from its start, block by block; a file that cannot be read is refused by `faults`."""
    seen, total = 0, _size_of(file) if progress else 0
    _keep_what_is_freed()
    chunk = _without_mark(file.read(max(size, 4)), faults)
    rest, line = b"", 1
    while True:
        data = rest + chunk
        _refuse_nul(Block(data, line), len(rest), faults)
        if not chunk and data and not data.endswith(b"\n"):
            data += b"\n"
        cut = _end_of_records(data)
        if len(data) - cut > LONGEST or (not chunk and cut < len(data)):
            _refuse_record(Block(data, line), cut, faults)
        if cut:
            block = Block(data[:cut], line)
            _refuse_undecodable(block, faults)
            _refuse_lone_return(block, faults)
            yield block
            line += block.text.count(b"\n")
        seen += len(chunk)
        if progress is not None and total:
            progress(min(Fraction(seen, total), Fraction(1)))
        if not chunk:
            return
        rest = data[cut:]
        chunk = file.read(size)


def _keep_what_is_freed() -> None:
    """Lets the next block use the memory of the last one.

    The C library of Linux gives freed memory back to the system by a limit that it learns from what is freed. One large
    array, which is never touched, teaches it to keep some; without it a sixth of the time goes into getting it anew.
    """
    np.empty(_LEARNT_FROM, dtype=np.uint8)


def _size_of(file: Source) -> int:
    """How long a file is, 0 where it cannot be known (a pipe)."""
    status = os.fstat(file.fileno())
    return status.st_size if stat.S_ISREG(status.st_mode) else 0


def _without_mark(start: bytes, faults: FaultList) -> bytes:
    """The first bytes without a byte order mark; UTF-16 is refused."""
    every_other_is_nul = b"\0\0" in (start[0:4:2], start[1:4:2]) and start[:4] != bytes(4)
    if start.startswith(_UTF_16_MARKS) or every_other_is_nul:
        faults.stop("utf_16", 1)
    return start.removeprefix(_BYTE_ORDER_MARK)


def _refuse_nul(block: Block, seen: int, faults: FaultList) -> None:
    position = block.text.find(b"\0", seen)
    if position >= 0:
        faults.stop("nul_byte", block.line_at(position))


def _end_of_records(data: bytes) -> int:
    """Where the last whole record ends: after the last line feed that stands outside quotes."""
    if b'"' not in data:
        return data.rfind(b"\n") + 1
    marks = np.frombuffer(data, dtype=np.uint8)
    feeds = np.flatnonzero(marks == LINE_FEED)
    outside = feeds[np.searchsorted(np.flatnonzero(marks == QUOTE), feeds) % 2 == 0]
    return int(outside[-1]) + 1 if len(outside) else 0


def _refuse_record(block: Block, start: int, faults: FaultList) -> None:
    """Refuses the record from `start` on, which has no end: an open quote, or a line beyond all measure."""
    record = block.text[start:]
    if record.count(b'"') % 2:
        broken, open_quote = broken_quote(record), _begin_of_cell(record, record.rfind(b'"'))
        faults.stop("broken_quote", block.line_at(start + (open_quote if broken is None else broken)))
    lone = _LONE_RETURN.search(record)
    if lone is not None:
        faults.stop("lone_return", block.line_at(start))
    faults.stop("line_too_long", block.line_at(start), limit=LONGEST)


def _refuse_undecodable(block: Block, faults: FaultList) -> None:
    try:
        block.text.decode()
    except UnicodeDecodeError as error:
        line = block.line_at(error.start)
        code = "looks_like_gb18030" if _is_gb18030(block.text) else "not_utf_8"
        faults.stop(code, line)


def _is_gb18030(text: bytes) -> bool:
    try:
        text.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True


def _refuse_lone_return(block: Block, faults: FaultList) -> None:
    """Refuses carriage returns that end a line alone; inside quotes they are text."""
    text = block.text
    if b"\r" not in text or text.count(b"\r") == text.count(b"\r\n"):
        return
    for found in _LONE_RETURN.finditer(text):
        if text.count(b'"', 0, found.start()) % 2 == 0:
            faults.stop("lone_return", block.line_at(found.start()))


def broken_quote(text: bytes) -> int | None:
    """Where the first quoted cell begins that RFC 4180 does not allow, None where all are well formed.

    Quotes open and close in turn. A quote may open only where a cell begins (or right after one that closed: a doubled
    quote), and close only where a cell ends (or right before one that opens).
    """
    marks = np.frombuffer(b"\n" + text + b"\n", dtype=np.uint8)
    quotes = np.flatnonzero(marks == QUOTE)
    opening, closing = quotes[0::2], quotes[1::2]
    opens_well = np.isin(marks[opening - 1], np.frombuffer(b',\n"', dtype=np.uint8))
    closes_well = np.isin(marks[closing + 1], np.frombuffer(b',\r\n"', dtype=np.uint8))
    badly = ~opens_well
    badly[: len(closing)] |= ~closes_well
    if not badly.any():
        return None
    return _begin_of_cell(text, int(opening[int(np.argmax(badly))]) - 1)


def _begin_of_cell(text: bytes, quote: int) -> int:
    """Where the cell begins in which the opening quote at `quote` stands, back over doubled quotes."""
    marks = np.frombuffer(text[: quote + 1], dtype=np.uint8)
    quotes = np.flatnonzero(marks == QUOTE)[::2]
    doubled = np.append(False, marks[quotes[1:] - 1] == QUOTE) if len(quotes) > 1 else np.zeros(len(quotes), bool)
    return int(quotes[np.flatnonzero(~doubled)[-1]])
