"""Where the databases of a run lie: in memory, where the machine has a place for files there and room in it.

A database in memory is as durable as one on a disk for everything that tests do, which kill processes and never the
machine; to copy one for a test, and to bring every commit of SQLite to a disk, took a third of the time of a run.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

IN_MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3
"""As many bytes have to be free there: each worker uses some hundred megabytes."""


@contextmanager
def folder(name: str) -> Iterator[Path]:
    """A new folder, gone afterwards."""
    place = _in_memory()
    if place:
        _sweep(place)
    made = Path(tempfile.mkdtemp(prefix=f"starrating-{name}-{os.getpid()}-", dir=place))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _in_memory() -> Path | None:
    """Where files lie in memory; None where there is no such place, or little room."""
    if not os.access(IN_MEMORY, os.W_OK | os.X_OK) or shutil.disk_usage(IN_MEMORY).free < ROOM:
        return None
    return IN_MEMORY


def _sweep(place: Path) -> None:
    """Take away what runs left behind that were killed: there it would hold memory."""
    for one in place.glob("starrating-*-*-*"):
        process = one.name.split("-")[2]
        with suppress(FileNotFoundError):
            if process.isdecimal() and not Path("/proc", process).exists() and one.stat().st_uid == os.getuid():
                shutil.rmtree(one, ignore_errors=True)
