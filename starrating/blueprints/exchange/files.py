"""Files on their way in and out of the pages of workbooks."""

from __future__ import annotations

import io

from flask import request

from starrating.blueprints.pages import beijing
from starrating.domain.faults import RuleError
from starrating.interchange.archives import MOST_BYTES
from starrating.services.clock import now


def uploaded(field: str = "file") -> tuple[str, bytes]:
    """The name and content of the file that came with this request; `RuleError` where there is none."""
    file = request.files.get(field)
    if file is None or not file.filename:
        raise RuleError("sheet.none")
    return file.filename.replace("\\", "/").rpartition("/")[2], file.stream.read(MOST_BYTES + 1)


def in_memory(content: bytes) -> io.BytesIO:
    """A file to be sent."""
    return io.BytesIO(content)


def beijing_now(pattern: str) -> str:
    """This instant in Beijing, written that way."""
    return beijing(now(), pattern)
