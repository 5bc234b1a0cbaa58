"""Goes over a spreadsheet's XML as bytes before its reader does: what would blow it up, and what it would keep silent.

The reader hands out an error cell and a formula that was never calculated as blanks, and 95 % as 0.95. Those cells are
noted here with their addresses, so that nothing is guessed. Definitions of entities are refused wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from xml.etree import ElementTree as ET

from starrating.domain.faults import RuleError

MOST_ROWS, MOST_COLUMNS = 20_000, 200
"""A whole city template of the demonstration has 117 columns; its rows are the units of one district."""
MOST_CELLS = 600_000
MOST_STRINGS = 1_000_000
PERCENT_FORMATS = frozenset((9, 10))
LONGEST_TAIL = 512 * 1024

TAG = re.compile(rb"<(?:[\w.-]+:)?(row|c)(?=[\s/>])([^<>]*)>")
PLAIN = re.compile(
    rb"<(?:row r=\"([0-9]{1,5})\"(?:\s[^<>]{0,200})?"
    rb"|c r=\"([A-Z]{1,2})([0-9]{1,5})\"(?: s=\"([0-9]{1,6})\")?(?: t=\"(?:n|s|str|inlineStr)\")?/?)>"
)
"""A row or a cell as nearly all are written: with its address, and with no attribute that says more than a style."""
BEGUN = re.compile(rb"<(?:[\w.-]+:)?(?:row|c)(?=[\s/>])")
ADDRESS = re.compile(rb"(?:^|\s)r\s*=\s*[\"']\s*([A-Za-z]{0,3})([0-9]{1,7})\s*[\"']")
STYLE = re.compile(rb"(?:^|\s)s\s*=\s*[\"']\s*([0-9]{1,6})")
FAILED = re.compile(rb"(?:^|\s)t\s*=\s*[\"']e[\"']")
ENDED = re.compile(rb"</(?:[\w.-]+:)?c\s*>")
FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
VALUE = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^>]*)?>[^<]")
STRING = re.compile(rb"<(?:[\w.-]+:)?si[\s/>]")
DEFINES = re.compile(rb"<!(?:DOCTYPE|ENTITY|ATTLIST|ELEMENT)", re.IGNORECASE)
ENCODING = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)")


class Mark(StrEnum):
    """What a reader would keep silent about a cell."""

    ERROR = "error"
    NO_VALUE = "no_value"
    FORMULA = "formula"
    PERCENT = "percent"


@dataclass(slots=True)
class Marks:
    """What was noted in one sheet: (row, column) from 0 → what; and where the next cell without an address stands."""

    percent: frozenset[int] = frozenset()
    found: dict[tuple[int, int], Mark] = field(default_factory=dict)
    cells: int = 0
    row: int = -1
    column: int = -1

    def look(self, pieces: Iterable[bytes]) -> None:
        """Go over a sheet; refused where it has more rows, columns or cells than one may have."""
        rest = b""
        for piece in pieces:
            text = rest + piece
            cut = max(text.rfind(b"<row"), text.rfind(b"<c"), text.rfind(b":row"), text.rfind(b":c"))
            cut = text.rfind(b"<", 0, cut + 1) if cut > 0 else 0
            if len(text) - cut > LONGEST_TAIL:
                raise RuleError("sheet.bomb")
            self._look(text[:cut])
            rest = text[cut:]
        self._look(rest)

    def _look(self, text: bytes) -> None:
        formulas = FORMULA.search(text) is not None
        if not formulas and self._all_plain(text):
            return
        tags = list(TAG.finditer(text))
        if len(tags) != len(BEGUN.findall(text)):
            raise RuleError("sheet.broken")
        for tag, until in zip(tags, [*(one.start() for one in tags[1:]), len(text)], strict=False):
            attributes = tag[2]
            empty = attributes.endswith(b"/")
            at = ADDRESS.search(attributes)
            if tag[1] == b"row":
                self.row, self.column = (int(at[2]) - 1 if at else self.row + 1), -1
                continue
            self.cells += 1
            if at and at[1]:
                self.row, self.column = int(at[2]) - 1, _column(at[1])
            else:
                self.column += 1
            if self.cells > MOST_CELLS:
                raise RuleError("sheet.bomb")
            if not empty:
                self._note(tag, text[tag.end() : until] if formulas else b"")

    def _all_plain(self, text: bytes) -> bool:
        """True where a text has rows and cells of which there is nothing to note, which are counted then.

        They are looked at together; whatever is not as all are, or too many, or too far away, is looked at one by one.
        """
        parts = PLAIN.split(text)
        rows, letters, numbers, styles = (parts[group::5] for group in range(1, 5))
        if not rows or BEGUN.search(b"".join(parts[::5])):
            return False
        cells = len(letters) - letters.count(None)
        columns = {one: _column(one) for one in set(letters) if one}
        lowest = max(int(one) for one in {*rows, *numbers} if one)
        if lowest > MOST_ROWS or max(columns.values(), default=0) >= MOST_COLUMNS or self.cells + cells > MOST_CELLS:
            return False
        if self.percent and not self.percent.isdisjoint(int(one) for one in set(styles) if one):
            return False
        self.cells += cells
        self.row = int(rows[-1] or numbers[-1]) - 1
        self.column = columns[letters[-1]] if letters[-1] else -1
        return True

    def _note(self, tag: re.Match[bytes], content: bytes) -> None:
        """Note what is to know of a cell that holds something; `content` is what stands before the next one."""
        if self.row >= MOST_ROWS or self.column >= MOST_COLUMNS:
            raise RuleError("sheet.extent", rows=MOST_ROWS, columns=MOST_COLUMNS, row=self.row + 1)
        here = self.row, self.column
        if FAILED.search(tag[2]):
            self.found[here] = Mark.ERROR
        elif content and FORMULA.search(content := ENDED.split(content, 1)[0]):
            self.found[here] = Mark.FORMULA if VALUE.search(content) else Mark.NO_VALUE
        elif self.percent and (style := STYLE.search(tag[2])) and int(style[1]) in self.percent:
            self.found[here] = Mark.PERCENT


def check_text(pieces: Iterable[bytes]) -> Iterable[bytes]:
    """The pieces of an XML text; refused where it is not in UTF-8, defines entities or has one endless run of text."""
    rest, strings, first = b"", 0, True
    for piece in pieces:
        text = rest + piece
        if first:
            _check_encoding(text)
            first = False
        if DEFINES.search(text):
            raise RuleError("sheet.entities")
        if len(text) > LONGEST_TAIL // 4 and b"<" not in text:
            raise RuleError("sheet.bomb")
        strings += len(STRING.findall(text))
        if strings > MOST_STRINGS:
            raise RuleError("sheet.bomb")
        rest = piece[-16:]
        yield piece


def percent_styles(text: bytes) -> frozenset[int]:
    """The styles of `xl/styles.xml` under which a number is shown in hundredths."""
    try:
        root = ET.fromstring(text)  # nosec B314: definitions of entities were refused before
    except ET.ParseError as fault:
        raise RuleError("sheet.broken") from fault
    percent = set(PERCENT_FORMATS)
    for one in root.iter():
        if one.tag.endswith("}numFmt") and "%" in one.get("formatCode", ""):
            percent.add(_whole(one.get("numFmtId", "")))
    styles = next((one for one in root.iter() if one.tag.endswith("}cellXfs")), None)
    formats = [] if styles is None else [_whole(one.get("numFmtId", "0")) for one in styles]
    return frozenset(place for place, one in enumerate(formats) if one in percent)


def sheet_paths(book: bytes, relations: bytes) -> dict[str, str]:
    """Path of a member in the container → the name of the sheet that it holds."""
    try:
        sheets, links = ET.fromstring(book), ET.fromstring(relations)  # nosec B314: as above
    except ET.ParseError as fault:
        raise RuleError("sheet.broken") from fault
    targets = {one.get("Id", ""): one.get("Target", "") for one in links}
    found = {}
    for one in sheets.iter():
        key = next((value for name, value in one.attrib.items() if name.endswith("}id")), "")
        if one.tag.endswith("}sheet") and key in targets:
            target = targets[key]
            found[target.lstrip("/") if target.startswith("/") else f"xl/{target}"] = one.get("name", "")
    return found


def _check_encoding(text: bytes) -> None:
    named = ENCODING.match(text.removeprefix(b"\xef\xbb\xbf"))
    if b"\0" in text[:8] or (named and named[1].lower() not in (b"utf-8", b"us-ascii", b"ascii")):
        raise RuleError("sheet.broken")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number - 1


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else -1
