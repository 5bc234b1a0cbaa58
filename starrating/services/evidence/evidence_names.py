"""The name under which a file is shown and handed out: as it was given, without what a name must not hold."""

from __future__ import annotations

import re
import unicodedata

from starrating.domain.evidence import ENDINGS, Medium
from starrating.domain.faults import RuleError

LONGEST_NAME = 160
UNNAMED = "未命名"
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)")
_ENDING = re.compile(r"(?=[a-z0-9]*[a-z])[a-z0-9]{1,5}", re.IGNORECASE)


def shown_name(given: str, medium: Medium) -> str:
    """The name to show and hand out: as given, without path, control and direction marks; the ending is the content's.

    Raises `evidence.ending` where the name promises something else than the file is; a picture of the other kind is
    taken and its ending set right.
    """
    bare = plain_name(given)
    stem, dot, ending = bare.rpartition(".")
    promised = ENDINGS.get(ending.strip().lower()) if dot else None
    if dot and promised is None and _ENDING.fullmatch(ending.strip()):
        raise RuleError("evidence.ending", ending=ending.strip(), medium=medium.value)
    if promised and promised is not medium and not (promised.is_picture and medium.is_picture):
        raise RuleError("evidence.ending", ending=ending.strip(), medium=medium.value)
    stem = (stem if promised else bare).strip(" .") or UNNAMED
    if _DEVICES.fullmatch(stem.partition(".")[0].strip()):
        stem = "_" + stem
    kept = ending.strip() if promised is medium else medium.value
    return f"{stem[: LONGEST_NAME - len(kept) - 1].rstrip(' .')}.{kept}"


def plain_name(given: str) -> str:
    """The last part of what was given as a name, as it can be shown."""
    return _visible(re.split(r"[/\\]", given)[-1])[:LONGEST_NAME]


def _visible(text: str) -> str:
    """A text without what cannot be seen (controls, direction marks, lone surrogates) or what no file system takes."""
    told = (letter for letter in unicodedata.normalize("NFC", text) if unicodedata.category(letter)[0] != "C")
    return " ".join("".join(letter for letter in told if letter not in '<>:"|?*').split())
