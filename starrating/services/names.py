"""Names as they are compared: the same however they were typed."""

from __future__ import annotations

import re
import unicodedata

from starrating.domain.faults import RuleError

LONGEST = 64
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


def plain_text(value: str, longest: int) -> str:
    """A text on one line without control characters, no longer than that."""
    shown = unicodedata.normalize("NFC", value)
    if not shown.isprintable():  # only then can there be anything to leave out
        shown = "".join(letter for letter in shown if unicodedata.category(letter)[0] != "C")
    return " ".join(shown.split())[:longest]
