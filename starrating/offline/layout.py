"""Text on a terminal, where a Chinese character is two columns wide: measured, wrapped, in columns; nothing is cut."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

_PIECES = re.compile(r"[!-~]+|\s+|[^!-~\s]")
_OPENING = "（“《〈【「‘(["
_CLOSING = "，。；：、）”》〉】」’％！？…)],.;:%"
_UNITS = "分次处件个级名年颗期日项月季亩户"
_GAP = 2
_NARROWEST = 8


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `share` is how much of the room it may claim when there is not enough, 0 all it needs."""

    name: str
    share: int = 0
    right: bool = False


def columns_of(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(_columns(character) for character in text)


@cache
def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def padded(text: str, room: int, *, right: bool = False) -> str:
    """A text filled with spaces to so many columns."""
    spaces = " " * max(room - columns_of(text), 0)
    return spaces + text if right else text + spaces


def hung(text: str, room: int, *, indent: int = 0, hang: int = 2) -> str:
    """A text as lines of at most `room` columns, all indented, those after the first by `hang` more."""
    first, *rest = list(wrapped(text, room - indent - hang))
    return "\n".join([" " * indent + first, *(" " * (indent + hang) + line for line in rest)])


def wrapped(text: str, room: int) -> Iterator[str]:
    """A text in lines of at most `room` columns; words, numbers and their punctuation stay together."""
    leading = len(text) - len(text.lstrip(" "))
    line: list[str] = []
    filled = leading
    for piece in _pieces(text[leading:], room - leading):
        size = columns_of(piece)
        if filled + size > room and line:
            yield (" " * leading + "".join(line)).rstrip()
            line, filled = [], leading
        if line or piece.strip():
            line.append(piece)
            filled += size
    yield (" " * leading + "".join(line)).rstrip()


def _pieces(text: str, room: int) -> Iterator[str]:
    """What a line may not be broken within."""
    piece = ""
    for found in _PIECES.findall(text):
        if piece and not _belong_together(piece[-1], found[0]):
            yield from _cut(piece, room)
            piece = ""
        piece += found
    if piece:
        yield from _cut(piece, room)


def _belong_together(before: str, after: str) -> bool:
    """No line begins with what closes, ends with what opens, or parts a number from its unit."""
    return after in _CLOSING or before in _OPENING or ((before.isdecimal() or before == "%") and after in _UNITS)


def _cut(piece: str, room: int) -> Iterator[str]:
    """A piece that is longer than a line, line by line; any other as it is."""
    rest, filled = "", 0
    for character in piece:
        size = _columns(character)
        if rest and filled + size > max(room, 2):
            yield rest
            rest, filled = "", 0
        rest, filled = rest + character, filled + size
    yield rest


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]], room: int) -> Iterator[str]:
    """Rows in aligned columns under their names; long cells wrap, a column without cells is left out."""
    kept = [index for index in range(len(columns)) if any(row[index].strip() for row in rows)]
    columns = [columns[index] for index in kept]
    cells = [[row[index] for index in kept] for row in rows]
    widths = _widths(columns, cells, room)
    yield from _line(columns, [column.name for column in columns], widths)
    yield (" " * _GAP).join("─" * width for width in widths)
    for row in cells:
        yield from _line(columns, row, widths)


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[str]], room: int) -> list[int]:
    """Each column's width: what it needs, and where that is too much, those with a share by their shares."""
    names = [columns_of(column.name) for column in columns]
    needed = [max([names[index], *(columns_of(row[index]) for row in rows)]) for index in range(len(columns))]
    room -= _GAP * (len(columns) - 1)
    widths = needed
    portion = max(needed, default=1)
    while sum(widths) > room and portion > 1:
        portion -= 1
        widths = [
            min(need, max(column.share * portion, name, _NARROWEST)) if column.share else need
            for column, need, name in zip(columns, needed, names, strict=True)
        ]
    return widths


def _line(columns: Sequence[Column], cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    """One row of a table on as many lines as its longest cell takes."""
    lines = [list(wrapped(cell, width)) for cell, width in zip(cells, widths, strict=True)]
    for index in range(max(len(cell) for cell in lines)):
        parts = [cell[index] if index < len(cell) else "" for cell in lines]
        filled = [
            padded(part, width, right=column.right) for part, width, column in zip(parts, widths, columns, strict=True)
        ]
        yield (" " * _GAP).join(filled).rstrip()
