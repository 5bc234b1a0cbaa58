"""Writes several files all or none: under other names first, and in their places only when every one is complete.

A name that is a symbolic link stays one: the file it leads to is replaced. Standard output, devices and pipes get
their text at the end, before any file is put in its place. A new file has the permissions any new file would have.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
import sys
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NoReturn

from starrating.domain.faults import FileFault, FilesRefused

STANDARD_OUTPUT = "-"
_CODES = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.ENOENT: "no_such_folder",
    errno.ENOTDIR: "no_such_folder",
    errno.EISDIR: "is_a_folder",
    errno.EACCES: "not_permitted_to_write",
    errno.EPERM: "not_permitted_to_write",
    errno.EROFS: "not_permitted_to_write",
}
_PIECE = 1 << 20


def write_all(files: Mapping[Path | None, Iterable[str]]) -> None:
    """Writes each text, in pieces, to its path; None is standard output. On a fault no file is changed.

    A reader that closes standard output early is no fault. Raises: `FilesRefused`.
    """
    with ExitStack() as cleaning:
        written = [_Draft.of(path, cleaning) for path in files]
        _refuse_same(written)
        for draft, text in zip(written, files.values(), strict=True):
            draft.fill(text)
        for draft in written:
            draft.stream_out()
        for draft in written:
            draft.put_in_place()


def _refuse_same(drafts: list[_Draft]) -> None:
    targets = [draft.target for draft in drafts if draft.target is not None]
    for draft in drafts:
        if draft.target is not None and targets.count(draft.target) > 1:
            raise FilesRefused([FileFault("written_twice", draft.name)])


@dataclass(slots=True)
class _Draft:
    """A file in the making: its text in `file`, which `temporary` names where it will become `target`."""

    name: str
    path: Path | None
    target: Path | None
    file: IO[bytes]
    temporary: Path | None = None

    @classmethod
    def of(cls, path: Path | None, cleaning: ExitStack) -> _Draft:
        name = STANDARD_OUTPUT if path is None else str(path)
        try:
            if path is None or _is_stream(path):
                return cls(name, path, None, cleaning.enter_context(tempfile.TemporaryFile()))
            target = Path(os.path.realpath(path))
            if target.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            temporary = target.parent / f".starrating-{secrets.token_hex(8)}.tmp"
            file = cleaning.enter_context(temporary.open("xb"))
            cleaning.callback(temporary.unlink, missing_ok=True)
        except (OSError, ValueError) as error:
            _refuse(name, error)
        return cls(name, path, target, file, temporary)

    def fill(self, text: Iterable[str]) -> None:
        """Writes the text under the other name, onto the disk."""
        for piece in text:
            try:
                self.file.write(piece.encode())
            except OSError as error:
                _refuse(self.name, error)
        try:
            self.file.flush()
            if self.target is not None:
                os.fsync(self.file.fileno())
        except OSError as error:
            _refuse(self.name, error)

    def stream_out(self) -> None:
        """Passes the text on where it does not become a file."""
        if self.target is not None:
            return
        self.file.seek(0)
        try:
            if self.path is None:
                _to_standard_output(self.file)
            else:
                _to_stream(self.file, self.path)
        except BrokenPipeError:
            return
        except (OSError, ValueError) as error:
            _refuse(self.name, error)

    def put_in_place(self) -> None:
        """Gives the file its name, in one step."""
        if self.target is None or self.temporary is None:
            return
        try:
            self.temporary.replace(self.target)
        except OSError as error:
            _refuse(self.name, error)
        with suppress(OSError):
            folder = os.open(self.target.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def _is_stream(path: Path) -> bool:
    """True for devices and pipes, and for names of open files such as `/dev/stdout`."""
    if path.is_absolute() and path.parts[1:2] in (("dev",), ("proc",)):
        return not path.is_dir()
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _to_standard_output(file: IO[bytes]) -> None:
    if sys.stdout is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    try:
        number = sys.stdout.fileno()
    except (OSError, ValueError):
        sys.stdout.write(file.read().decode())
        return
    sys.stdout.flush()
    _copy(file, number)


def _to_stream(file: IO[bytes], path: Path) -> None:
    """Appends, so that a file behind `/dev/stdout` keeps what it had."""
    number = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
    try:
        _copy(file, number)
    finally:
        os.close(number)


def _copy(file: IO[bytes], number: int) -> None:
    """Copies a file to a file descriptor to the last byte; Python's own buffers would fail once more at exit."""
    while piece := file.read(_PIECE):
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(number, rest) :]


def _refuse(name: str, error: OSError | ValueError) -> NoReturn:
    number = getattr(error, "errno", None)
    reason = getattr(error, "strerror", None) or str(error)
    facts = {} if number in _CODES else {"reason": reason}
    raise FilesRefused([FileFault(_CODES.get(number or 0, "unwritable"), name, None, facts)]) from error
