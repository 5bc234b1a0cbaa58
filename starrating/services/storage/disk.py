"""Files on disk: written beside their place, forced to the disk, then put in place in one step."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from starrating.services.storage import Kept, NotKept, StoreFull, StoreUnreachable

NAME = re.compile(r"[0-9a-f]{32}")
UNFINISHED = ".part"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class DiskStore:
    """A folder with a subfolder for every first two digits; nobody else writes there."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)

    def put(self, name: str, content: bytes) -> None:
        """Write, `fsync`, rename, `fsync` the folder; what was begun is taken away where that fails."""
        place = self._place(name)
        begun = place.with_suffix(UNFINISHED)
        with self._faults():
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                with os.fdopen(os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                begun.rename(place)
                _sync(place.parent)
            except OSError:
                begun.unlink(missing_ok=True)
                raise

    def read(self, name: str) -> bytes:
        """The content of a plain file in the folder; a link is none."""
        with self._faults():
            place = self._place(name)
            try:
                with os.fdopen(os.open(place, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
                    return file.read()
            except FileNotFoundError as fault:
                raise NotKept(name) from fault

    def remove(self, name: str) -> None:
        """Take a file away."""
        with self._faults():
            self._place(name).unlink(missing_ok=True)

    def files(self) -> Iterator[Kept]:
        """Every file of the folder; an unfinished one under its name with `.part`."""
        with self._faults():
            for folder in sorted(one for one in self.folder.glob("??") if one.is_dir()):
                for file in sorted(folder.iterdir()):
                    told = file.lstat()
                    yield Kept(file.name, told.st_size, datetime.fromtimestamp(told.st_mtime, UTC))

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """A full disk is `StoreFull`, any other fault of the disk `StoreUnreachable`."""
        try:
            yield
        except OSError as fault:
            raise (StoreFull if fault.errno in FULL else StoreUnreachable)(str(fault)) from fault

    def _place(self, name: str) -> Path:
        """Where a name lies: nothing but our own names leads anywhere."""
        if not NAME.fullmatch(name.removesuffix(UNFINISHED)):
            raise NotKept(name)
        return self.folder / name[:2] / name


def _sync(folder: Path) -> None:
    """Force the entry of a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
