"""Reads a large plain CSV file with a second process: each reads one half, and the halves are put together.

It is only an acceleration. A file that has quotes, is small, or has anything wrong in it is left to be read in one
piece, which finds every fault in its order. The second process is a fork of this one, so a server with threads must not
ask for it; the offline command does.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import BinaryIO

from starrating.domain.faults import FilesRefused
from starrating.interchange.shape import TableBuilder
from starrating.processors import anywhere

_PIECE = 1 << 22
WORTH_A_PROCESS = 32 << 20
"""Bytes from which on a second process gains more than it costs."""


class Stretch:
    """A stretch of a file, from one byte to before another, read like a file."""

    def __init__(self, file: BinaryIO, begin: int, end: int | None) -> None:
        file.seek(begin)
        self.begin = begin
        self._file, self._left = file, None if end is None else end - begin

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`."""
        if self._left is None:
            return self._file.read(size)
        text = self._file.read(min(size, self._left))
        self._left -= len(text)
        return text

    def fileno(self) -> int:
        """The file's own number."""
        return self._file.fileno()


Reader = Callable[[Stretch, TableBuilder], None]
"""Reads a stretch of whole records into a table in the making."""


@dataclass(frozen=True, slots=True)
class Middle:
    """Where the second half of a file begins, and the physical line that begins there."""

    at: int
    line: int


def middle_of(file: BinaryIO) -> Middle | None:
    """The begin of the record after the middle of a file; None where it is not worth it, or not safe, to halve it."""
    try:
        size = os.fstat(file.fileno()).st_size
        if size < WORTH_A_PROCESS or (os.cpu_count() or 1) < 2 or not hasattr(os, "fork"):
            return None
        return _begin_after(file.fileno(), size // 2, size)
    except OSError:
        return None


def _begin_after(number: int, half: int, size: int) -> Middle | None:
    """Where the first record begins after `half`, and its line; None where a quote stands anywhere in the file."""
    begin, line = 0, 1
    for at in range(0, size, _PIECE):
        text = os.pread(number, _PIECE, at)
        if b'"' in text:
            return None
        if begin:
            continue
        feed = text.find(b"\n", max(half - at, 0)) if at + len(text) > half else -1
        line += text.count(b"\n") if feed < 0 else text.count(b"\n", 0, feed + 1)
        begin = at + feed + 1 if feed >= 0 else 0
    return Middle(begin, line) if 0 < begin < size else None


@anywhere()
def read_halves(
    file: BinaryIO, middle: Middle, builder: Callable[[], TableBuilder], read: Reader
) -> TableBuilder | None:
    """Both halves of a file in one builder; None where anything is wrong in either of them."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    helper = context.Process(target=_read_second, args=(theirs, file.name, middle, builder(), read), daemon=True)
    helper.start()
    theirs.close()
    try:
        first = _whole(Stretch(file, 0, middle.at), builder(), read)
        second = _received(ours) if first is not None else None
    finally:
        ours.close()
        helper.terminate()
        helper.join()
    if first is None or second is None:
        return None
    first.absorb(second, middle.line - 1)
    return first


def _received(connection: Connection) -> TableBuilder | None:
    """What the second process has read; None where it found something wrong or did not live to tell."""
    try:
        received: TableBuilder | None = connection.recv()
    except (EOFError, OSError):
        return None
    return received


def _read_second(connection: Connection, name: str, middle: Middle, builder: TableBuilder, read: Reader) -> None:
    with suppress(OSError), Path(name).open("rb") as file, connection:
        connection.send(_whole(Stretch(file, middle.at, None), builder, read))


def _whole(stretch: Stretch, builder: TableBuilder, read: Reader) -> TableBuilder | None:
    """The builder with the stretch read into it, None where anything is wrong with it."""
    try:
        read(stretch, builder)
    except FilesRefused:
        return None
    return None if len(builder.faults) else builder
