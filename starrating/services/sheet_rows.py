"""A row of an uploaded list while it is read: every cell is read or refused, and nothing is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from starrating.domain.faults import RuleError
from starrating.domain.terms import EARLIEST
from starrating.interchange.people_sheet import SheetLine, unreadable
from starrating.services.names import plain_text
from starrating.services.working_days import today

DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?(?:T00:00:00)?|(\d{4})(\d\d)(\d\d)")

Words = Mapping[str, Mapping[str, str]]
"""Head → word as people write it → code: posts, ways, endings, schooling."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A cell that is not read: where, and why."""

    address: str
    refusal: RuleError


class RowReader:
    """One row while it is read; what is wrong with it gathers in `wrong`."""

    def __init__(self, line: SheetLine, words: Words) -> None:
        self.line, self.words = line, words
        self.wrong: list[Wrong] = []

    def refuse(self, head: str, code: str, **facts: object) -> None:
        """Note a cell that is not read."""
        self.wrong.append(Wrong(self.line.address(head), RuleError(code, **facts)))

    def text(self, head: str, longest: int) -> str:
        """A cell's text on one line."""
        cell = self.line.cells.get(head)
        if cell is not None and unreadable(cell):
            self.refuse(head, "roster.formula")
        found = plain_text(self.line.text(head), longest + 1)
        if len(found) > longest:
            self.refuse(head, "roster.too_long", most=longest)
        return found

    def day(self, head: str, *, needed: bool = False) -> date | None:
        """A day in any way people write one."""
        text = self.text(head, 30)
        if not text and not needed:
            return None
        found = DAY.fullmatch(text)
        try:
            day = date(*(int(part) for part in found.groups() if part)) if found else None
        except ValueError:
            day = None
        if day is None or not EARLIEST <= day <= today():
            self.refuse(head, "roster.day", text=text, earliest=EARLIEST, today=today())
            return None
        return day

    def chosen(self, head: str, *, needed: bool = False) -> str:
        """A code, by the word for it."""
        text = self.text(head, 30)
        offered = self.words[head]
        if text in offered:
            return offered[text]
        if text or needed:
            self.refuse(head, "roster.choice", text=text, offered=tuple(offered))
        return ""

    def whole(self, head: str) -> int | None:
        """A whole number that must be there, such as a key."""
        text = self.text(head, 12)
        if text.isascii() and text.isdecimal() and len(text) < 10:
            return int(text)
        self.refuse(head, "roster.whole", text=text)
        return None
