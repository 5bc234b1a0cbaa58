"""Names as they are compared: the same however they were typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from enum import StrEnum
from typing import TypeVar

from starrating.domain.faults import RuleError
from starrating.domain.personal import holds_number

Choice = TypeVar("Choice", bound=StrEnum)
LONGEST = 64
UNSEEN = ("Cf", "Co", "Cn")
"""The kinds of letters that cannot be seen and are no control characters: of formats, of private use, of no use."""
_FIT = re.compile(r"[\w.@-]+")


def folded(name: str) -> str:
    """A name in the one form in which it is stored and looked for."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).strip().casefold())


def account_name(name: str) -> str:
    """The form of a new account's name, refused where it has blanks or marks that cannot be seen."""
    found = folded(name)
    if not found or len(found) > LONGEST or not _FIT.fullmatch(found):
        raise RuleError("account.name", longest=LONGEST)
    return found


def given_text(value: str, longest: int) -> str:
    """A text that somebody gave for keeps, on one line; `text.long` rather than cut, `text.marks` as in `seen_text`."""
    text = seen_text(value)
    if len(text) > longest:
        raise RuleError("text.long", most=longest)
    return text


def refuse_numbers(text: str) -> None:
    """Refuse a text that is kept as it is and holds what may be an identity number or a telephone."""
    if holds_number(text):
        raise RuleError("person.digits")


def seen_text(value: str) -> str:
    """A text on one line without control characters; `text.marks` where it has others that nobody sees.

    Marks of direction, joiners, letters of private fonts: what is kept would not be what is shown. Nothing but such
    marks is nothing.
    """
    text = unicodedata.normalize("NFC", value)
    shown = plain_text(text, len(text))
    if shown and not text.isprintable() and any(unicodedata.category(letter) in UNSEEN for letter in text):
        raise RuleError("text.marks")
    return shown


def chosen(kind: type[Choice], text: str, field: str, among: Collection[Choice] = ()) -> Choice:
    """What a form chose in a field; `form.choice` for what is on no list: what nobody chose is never stored."""
    if text not in (among or list(kind)):
        raise RuleError("form.choice", field=field)
    return kind(text)


def plain_text(value: str, longest: int) -> str:
    """A text on one line without anything that cannot be seen, no longer than that: to search by or compare."""
    shown = unicodedata.normalize("NFC", value)
    if not shown.isprintable():  # only then can there be anything to leave out
        shown = "".join(letter for letter in shown if unicodedata.category(letter)[0] != "C")
    return " ".join(shown.split())[:longest]
