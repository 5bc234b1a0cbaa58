"""The rows of a roster as posts: every cell is read or refused, and nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from starrating.domain.faults import RuleError
from starrating.domain.posts import PostKind
from starrating.interchange import roster_sheet as sheet
from starrating.interchange.people_sheet import SheetLine
from starrating.models.people import FIRST_YEAR
from starrating.services.people.people import LONGEST_FILED, LONGEST_NAME, YOUNGEST
from starrating.services.sheet_rows import RowReader, Words, Wrong
from starrating.services.working_days import today

ANOTHER = "新"
"""What stands for a person's number where somebody only has the name of one who is stored."""
ANOTHER_TYPED = frozenset({ANOTHER, "new"})
"""How that is typed, in either language."""


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A post as a roster says it; empty parts say nothing."""

    line: SheetLine
    code: str
    kind: PostKind
    name: str
    number: str
    birth_year: int | None
    education: str
    begins_on: date
    how: str
    filed_with: str
    filed_on: date | None
    ends_on: date | None
    ending: str


class _Row(RowReader):
    """One row of a roster while it is read."""

    def name(self) -> str:
        """The person's name."""
        found = self.text(sheet.NAME, LONGEST_NAME)
        if not found or any(letter.isdecimal() or letter == "*" for letter in found):
            self.refuse(sheet.NAME, "roster.name")
        return found

    def birth_year(self) -> int | None:
        """The year of birth."""
        text, last = self.text(sheet.BIRTH, 10), today().year - YOUNGEST
        if text.isascii() and text.isdecimal() and FIRST_YEAR <= int(text) <= last:
            return int(text)
        if text:
            self.refuse(sheet.BIRTH, "roster.birth_year", text=text, first=FIRST_YEAR, last=last)
        return None

    def number(self) -> str:
        """The key of a stored person, or that it is another one."""
        text = self.text(sheet.NUMBER, 12)
        if text.lower() in ANOTHER_TYPED:
            return ANOTHER
        if text and not (text.isascii() and text.isdecimal() and len(text) < 10):
            self.refuse(sheet.NUMBER, "roster.number", text=text)
        return text

    def code(self) -> str:
        """The unit's code."""
        text = self.text(sheet.CODE, 20)
        if not (text.isascii() and text.isdecimal() and len(text) == 12):
            self.refuse(sheet.CODE, "roster.code", text=text)
        return text


def read_row(line: SheetLine, words: Words) -> tuple[RosterRow | None, list[Wrong]]:
    """A row as a post, or everything that is wrong with it."""
    row = _Row(line, words)
    code, kind, name = row.code(), row.chosen(sheet.POST, needed=True), row.name()
    begins, ends = row.day(sheet.BEGINS, needed=True), row.day(sheet.ENDS)
    filed_with, filed_on = row.text(sheet.FILED, LONGEST_FILED), row.day(sheet.FILED_ON)
    ending, how = row.chosen(sheet.ENDING), row.chosen(sheet.HOW)
    number, birth, education = row.number(), row.birth_year(), row.chosen(sheet.EDUCATION)
    if filed_on is not None and not filed_with:
        row.refuse(sheet.FILED, "roster.filed")
    if begins is not None and ends is not None and ends < begins:
        row.refuse(sheet.ENDS, "roster.days")
    if ending and ends is None:
        row.refuse(sheet.ENDS, "roster.ending")
    if row.wrong or begins is None:
        return None, row.wrong
    return RosterRow(line, code, PostKind(kind), name, number, birth, education, begins, how, filed_with, filed_on,
                     ends, ending), []  # fmt: skip


def read_rows(lines: list[SheetLine], words: Words) -> tuple[list[RosterRow], list[Wrong]]:
    """All rows, and everything that is wrong with any."""
    rows: list[RosterRow] = []
    wrong: list[Wrong] = []
    for line in lines:
        row, faults = read_row(line, words)
        rows += [row] if row else []
        wrong += faults
    wrong += _twice(rows)
    return rows, wrong


def _twice(rows: list[RosterRow]) -> Iterator[Wrong]:
    """Rows that say the same post of the same day again."""
    seen: dict[tuple[str, PostKind, date], SheetLine] = {}
    for row in rows:
        first = seen.setdefault((row.code, row.kind, row.begins_on), row.line)
        if first is not row.line:
            told = RuleError("roster.twice", first=first.address(sheet.NAME))
            yield Wrong(row.line.address(sheet.NAME), told)
