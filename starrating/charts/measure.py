"""How wide words are, and where their lines break, by the advances of the font that the package ships."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NARROW = (
    "224 323 474 555 555 921 680 278 338 338 467 555 278 347 278 392 "
    "555 555 555 555 555 555 555 555 555 555 278 278 555 555 555 474 "
    "946 608 657 638 688 589 552 689 728 293 535 646 543 812 723 742 "
    "633 742 635 596 599 721 575 878 573 531 603 338 392 338 555 559 "
    "606 563 618 510 620 554 325 564 607 275 275 552 284 926 610 606 "
    "620 620 388 468 377 607 521 802 498 521 475 338 270 338 555"
)
ADVANCES = {chr(32 + place): int(width) / 1000 for place, width in enumerate(_NARROW.split())}
"""Advances of printable ASCII in ems of the regular font; what is not listed is taken as one em, a Han character."""

BOLD = 1.06
"""Bold Latin letters and digits are wider by about so much; Han characters are not."""

_BEFORE = "、，。；：！？）》」』”’%％…"
_AFTER = "（《「『“‘"
_LATIN = "[A-Za-z0-9.,+'’/%-]+"
_COUNTED = "(?:年度?|[个分处项名格])"
"""What a number counts stays with it."""
_PIECE = re.compile(rf"[{_AFTER}]*(?:{_LATIN}(?:(?<=[0-9]){_COUNTED})?|.)[{_BEFORE}]*", re.DOTALL)
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff\ud800-\udfff]")


def clean(text: str) -> str:
    """`text` without what cannot be drawn or stand in XML: controls, marks of direction, halves of characters."""
    return _FORBIDDEN.sub("", unicodedata.normalize("NFC", re.sub(r"[\t\r\n]+", " ", text)))


@lru_cache(maxsize=4096)
def width_of(text: str, size: float, bold: bool = False) -> float:
    """How wide `text` is, in pixels."""
    narrow = sum(ADVANCES.get(letter, 0.0) for letter in text)
    wide = sum(letter not in ADVANCES for letter in text)
    return size * (narrow * (BOLD if bold else 1) + wide)


@lru_cache(maxsize=4096)
def lines_of(text: str, limit: float, size: float, bold: bool = False) -> tuple[str, ...]:
    """`text` in as few lines as `limit` pixels allow, of about equal width; nothing is ever cut off."""
    lines = _filled(text, limit, size, bold)
    if len(lines) < 2:
        return lines
    low, high = width_of(text, size, bold) / len(lines), limit
    for _ in range(7):
        middle = (low + high) / 2
        tried = _filled(text, middle, size, bold)
        if len(tried) <= len(lines):
            lines, high = tried, middle
        else:
            low = middle
    return lines


def _filled(text: str, limit: float, size: float, bold: bool) -> tuple[str, ...]:
    lines, line = [], ""
    for piece in _pieces(text, limit, size, bold):
        if line and width_of((line + piece).rstrip(), size, bold) > limit:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return (*lines, line.rstrip()) if line.strip() or not lines else tuple(lines)


def _pieces(text: str, limit: float, size: float, bold: bool) -> list[str]:
    """What is not parted: a word, or a character with the punctuation that belongs to it; too long, each letter."""
    pieces: list[str] = []
    for piece in _PIECE.findall(text):
        pieces += [piece] if width_of(piece, size, bold) <= limit else list(piece)
    return pieces
