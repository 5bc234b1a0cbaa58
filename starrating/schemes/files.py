"""A scheme's file → its text: read once, at most `MAX_BYTES`, UTF-8 with or without a byte-order mark."""

from __future__ import annotations

import codecs
import stat
from pathlib import Path

from starrating.domain.faults import FileFault
from starrating.schemes.tree import Unreadable

MAX_BYTES = 4 * 1024 * 1024


def read_text(path: Path) -> str:
    """The text of the file; `Unreadable` where there is none that a scheme could be."""
    return _decoded(_read_bytes(path), str(path))


def _read_bytes(path: Path) -> bytes:
    file = str(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise Unreadable([FileFault("scheme.not_a_file", file)])
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise Unreadable([FileFault("scheme.file_missing", file)]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Unreadable([FileFault("scheme.file_unreadable", file, None, {"reason": reason})]) from None
    if len(raw) > MAX_BYTES:
        raise Unreadable([FileFault("scheme.file_too_big", file, None, {"megabytes": MAX_BYTES // 2**20})])
    return raw


def _decoded(raw: bytes, file: str) -> str:
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        raise Unreadable([FileFault("scheme.not_utf8", file, line)]) from None
    raise Unreadable([FileFault("scheme.gb18030", file, line)])
