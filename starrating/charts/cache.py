"""Keeps drawn pictures on disk by the digest of their data: drawn once, never out of date, never too many."""

from __future__ import annotations

import fcntl
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from starrating.charts.chart import Chart

MOST_BYTES = 256 * 1024 * 1024
MOST_RENDERS = 4
TURNS, LOCKS, PROMISED = "turns", 64, ".promised"
LOOK = 0.03
"""How long one waits before looking again whether a picture has come, in seconds."""
LOW_WATER = 0.8
"""Down to which part of the limit old pictures are removed, so that not every new one has to look for old ones."""


@dataclass(slots=True)
class _Turn:
    """The lock of one picture that is being drawn, and how many wait for it."""

    lock: threading.Lock
    waiting: int = 0


class ChartCache:
    """Pictures in a folder, each under its digest; the least recently used go first when there are too many bytes.

    Several processes may share the folder: a picture appears by a rename, whole or not at all. One digest is drawn at
    most once at a time, whichever process draws it; the lock of one that is killed is open again. A process draws no
    more than `renders` pictures at once.
    """

    def __init__(self, folder: Path, *, most_bytes: int = MOST_BYTES, renders: int = MOST_RENDERS) -> None:
        if most_bytes < 1 or renders < 1:
            raise ValueError("a cache holds at least a byte and draws at least one picture at once")
        self._folder = folder
        self._most_bytes = most_bytes
        self._renders = threading.BoundedSemaphore(renders)
        self._turns: dict[str, _Turn] = {}
        self._guard = threading.Lock()
        self._sweep = threading.Lock()
        self._bytes: int | None = None

    def svg(self, chart: Chart) -> bytes:
        """The picture of a chart for a page."""
        return self.kept(f"{chart.digest}.svg", chart.svg)

    def png(self, chart: Chart, dpi: int = 192) -> bytes:
        """The picture of a chart by itself."""
        return self.kept(f"{chart.digest}-{int(dpi)}.png", lambda: chart.png(dpi))

    def known(self, name: str) -> bytes | None:
        """What is kept under a name, None where nothing is."""
        return _read(self._place(name))

    def has(self, name: str) -> bool:
        """Whether something is kept under a name."""
        return self._place(name).exists()

    def promise(self, name: str) -> None:
        """Say to other processes that this one will draw it."""
        place = self._promise(name)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()

    def unpromise(self, name: str) -> None:
        """It is drawn, or it will not be."""
        self._promise(name).unlink(missing_ok=True)

    def promised(self, name: str, patience: float) -> bytes | None:
        """What another process has promised, as soon as it is there; None where nobody has, or it takes too long."""
        end = time.monotonic() + patience
        while self._promise(name).exists() and time.monotonic() < end:
            time.sleep(LOOK)
        return self.known(name)

    def _place(self, name: str) -> Path:
        return self._folder / name[:2] / name

    def _promise(self, name: str) -> Path:
        return self._folder / name[:2] / f"{name}{PROMISED}"

    def kept(self, name: str, draw: Callable[[], bytes]) -> bytes:
        """What has a name that follows from its data; drawn where it is not there yet."""
        path = self._place(name)
        known = _read(path)
        if known is not None:
            return known
        try:
            with self._turn(name), self._turn_of_all(name):
                known = _read(path)
                if known is not None:
                    return known
                with self._renders:
                    drawn = draw()
                self._store(path, drawn)
                return drawn
        finally:
            self.unpromise(name)

    @contextmanager
    def _turn_of_all(self, name: str) -> Iterator[None]:
        """One process at a time for one picture; a few locks are enough for all, which never have to be removed."""
        folder = self._folder / TURNS
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / str(crc32(name.encode()) % LOCKS)).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _turn(self, name: str) -> Iterator[None]:
        """One thread at a time for one picture; the lock is forgotten when nobody waits for it."""
        with self._guard:
            turn = self._turns.setdefault(name, _Turn(threading.Lock()))
            turn.waiting += 1
        try:
            with turn.lock:
                yield
        finally:
            with self._guard:
                turn.waiting -= 1
                if not turn.waiting:
                    del self._turns[name]

    def _store(self, path: Path, drawn: bytes) -> None:
        """Puts a picture in its place by a rename; one that is larger than the whole cache is not kept."""
        if len(drawn) > self._most_bytes:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(drawn)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        with self._sweep:
            self._bytes = None if self._bytes is None else self._bytes + len(drawn)
            if self._bytes is None or self._bytes > self._most_bytes:
                self._bytes = self._remove_old()

    def _remove_old(self) -> int:
        """Counts what is kept and removes the least recently used where it is too much; returns what is left."""
        found = sorted(_pictures(self._folder), key=lambda picture: (picture.used, str(picture.path)))
        total = sum(picture.size for picture in found)
        if total <= self._most_bytes:
            return total
        for picture in found:
            if total <= self._most_bytes * LOW_WATER:
                break
            picture.path.unlink(missing_ok=True)
            total -= picture.size
        return total


@dataclass(frozen=True, slots=True)
class _Picture:
    path: Path
    size: int
    used: int


def _pictures(folder: Path) -> Iterator[_Picture]:
    """Every picture that is kept, those left half-written by a killed process too."""
    for path in folder.glob("??/*"):
        try:
            status = path.stat()
        except FileNotFoundError:
            continue
        yield _Picture(path, status.st_size, status.st_mtime_ns)


def _read(path: Path) -> bytes | None:
    """A picture that is kept, marked as used just now; None where there is none."""
    try:
        known = path.read_bytes()
        os.utime(path)
    except FileNotFoundError:
        return None
    return known
