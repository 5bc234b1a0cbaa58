"""Evidence: what may be kept as one, what it is for, how much of it a unit may have, names that stand once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath


class Purpose(StrEnum):
    """What a file is evidence for: a unit's own word, a value that was entered, a spot check, an objection."""

    SELF_ASSESSMENT = "self_assessment"
    SCORE = "score"
    SPOT_CHECK = "spot_check"
    OBJECTION = "objection"


class Medium(StrEnum):
    """What a file is, by its content; nothing else is kept."""

    PDF = "pdf"
    JPEG = "jpg"
    PNG = "png"
    DOCX = "docx"
    XLSX = "xlsx"

    @property
    def is_picture(self) -> bool:
        """True for what is drawn anew and shown in the page; everything else is only handed out."""
        return self in (Medium.JPEG, Medium.PNG)

    @property
    def mime(self) -> str:
        """Its name for browsers."""
        return MIMES[self]


MIMES = {
    Medium.PDF: "application/pdf",
    Medium.JPEG: "image/jpeg",
    Medium.PNG: "image/png",
    Medium.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Medium.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ENDINGS = {"pdf": Medium.PDF, "jpg": Medium.JPEG, "jpeg": Medium.JPEG, "jpe": Medium.JPEG, "png": Medium.PNG,
           "docx": Medium.DOCX, "xlsx": Medium.XLSX}  # fmt: skip
"""What the ending of a name promises."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be kept: bytes of a file, files of an indicator of a unit, bytes of a unit in a year."""

    file_bytes: int
    files: int
    unit_bytes: int

    @property
    def unit_bytes_ever(self) -> int:
        """What a unit may have brought in a year with what was removed again, which is kept too."""
        return 2 * self.unit_bytes


def numbered(paths: Iterable[str]) -> Iterator[str]:
    """The same paths in their order, a second of one name as `name(2).pdf`; letters of either case are one name."""
    taken: set[str] = set()
    for path in paths:
        found, number = path, 1
        pure = PurePosixPath(path)
        while found.casefold() in taken:
            number += 1
            found = str(pure.with_name(f"{pure.stem}({number}){pure.suffix}"))
        taken.add(found.casefold())
        yield found
