"""All evidence of a unit as one ZIP, written while it is sent; Chinese names as Windows and WPS read them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from starrating.domain.evidence import numbered
from starrating.interchange.inert import MARK, csv_text
from starrating.queries.evidence import FileRow
from starrating.services.working_days import BEIJING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

UNFIT = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
LONGEST_FOLDER = 60
DAMAGED = "没有放进来：存着的文件缺失或被改动"
LISTING = "清单.csv"
HEADINGS = ("文件", "指标", "名称", "字节", "SHA-256", "谁传的", "什么时候", "说明")


class _Outlet(io.RawIOBase):
    """Takes what the archive writes and gives it on; it cannot be wound back."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: ReadableBuffer) -> int:
        self.pieces.append(bytes(piece))
        return len(self.pieces[-1])

    def taken(self) -> bytes:
        """What was written since this was last asked."""
        found, self.pieces = b"".join(self.pieces), []
        return found


def archive(
    files: Sequence[FileRow], folder: Callable[[str], str], content: Callable[[FileRow], bytes | None], at: datetime
) -> Iterator[bytes]:
    """The ZIP in pieces, one file at a time in memory, the list with every SHA-256 as its last member.

    `folder` names the folder of an indicator; `content` is None for a file that is not what was kept, which the list
    then says.
    """
    outlet = _Outlet()
    paths = list(numbered([LISTING, *(f"{_fit(folder(row.indicator))}/{row.name}" for row in files)]))[1:]
    lines = []
    with ZipFile(outlet, "w") as archive_file:
        for path, row in zip(paths, files, strict=True):
            found = content(row)
            lines.append(_line(path, row, "" if found is not None else DAMAGED))
            if found is not None:
                archive_file.writestr(_member(path, row.at, ZIP_STORED), found)
                yield outlet.taken()
        archive_file.writestr(_member(LISTING, at, ZIP_DEFLATED), _listing(lines))
        yield outlet.taken()
    yield outlet.taken()


def _fit(folder: str) -> str:
    """A folder's name that every system takes."""
    return UNFIT.sub("", folder)[:LONGEST_FOLDER].strip(" .") or "佐证"


def _member(path: str, at: datetime, method: int) -> ZipInfo:
    """A member with the time of Beijing; a name that is not ASCII is written and marked as UTF-8."""
    member = ZipInfo(path, at.astimezone(BEIJING).timetuple()[:6])
    member.compress_type, member.create_system, member.external_attr = method, 0, 0
    return member


def _line(path: str, row: FileRow, note: str) -> list[str]:
    when = row.at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
    return [path, row.indicator, row.name, str(row.size), row.sha256, row.by, when, note]


def _listing(lines: Sequence[Sequence[str]]) -> bytes:
    """The list as Excel and WPS open it; a cell that would be a formula is text."""
    return (MARK + csv_text(HEADINGS, lines)).encode()
