"""Identity numbers and telephones: what one is, and how it looks where nobody asked to see it clear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from starrating.domain.masking import MASK

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
"""GB 11643-1999: the last sign of an identity number by the weighted sum of the others, modulo 11."""
_ID_NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X]")
_TELEPHONE = re.compile(r"1[3-9][0-9]{9}")
_BETWEEN = re.compile(r"[\s-]")
_LONGEST = 18
_RUN = re.compile(r"\d(?:[\s.-]*\d)*[Xx]?")
_PARTS = re.compile(r"\d+[Xx]?")
_DATE = r"(?:19|20)\d\d[-.](?:0?[1-9]|1[0-2])[-.](?:0?[1-9]|[12]\d|3[01])"
_DATES = re.compile(rf"{_DATE}(?:\s+{_DATE})*(?:\s+\d{{1,2}})?")
"""Dates and nothing else, but for what begins a time of day or counts something after them."""
_OF_A_PERSON = re.compile(r"(?:86)?1[3-9]\d{9}|0\d{2,3}\d{7,8}|\d{17}[\dXx]|\d{15}")
"""A mobile telephone, one with its area code, an identity number of today or of before 1999, rightly checked or not."""
_LOCAL = re.compile(r"(?!20)[2-8]\d{2,3}[\s-]\d{4}")
"""A telephone without its area code, written as one: two years with a dash are none."""


class Secret(StrEnum):
    """What is kept of a person only encrypted."""

    ID_NUMBER = "id_number"
    TELEPHONE = "telephone"


def plain_secret(kind: Secret, text: str) -> str | None:
    """A number as it is stored, without blanks and dashes; None where it is none."""
    found = _BETWEEN.sub("", text).upper()
    if kind is Secret.ID_NUMBER:
        return found if is_id_number(found) else None
    return found if _TELEPHONE.fullmatch(found) else None


def is_id_number(text: str) -> bool:
    """True for 18 signs whose day exists and whose last sign is the one that the others ask for."""
    if not _ID_NUMBER.fullmatch(text):
        return False
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], WEIGHTS, strict=True))
    return text[17] == CHECKS[total % 11]


def masked_secret(kind: Secret, text: str) -> str:
    """A number with its middle hidden: `138****1234`, of an identity number the first and the last three signs."""
    if kind is Secret.ID_NUMBER:
        return text[:1] + MASK * 14 + text[-3:]
    return text[:3] + MASK * 4 + text[-4:]


def holds_number(text: str) -> bool:
    """True where a text holds what may be an identity number or a telephone: it belongs in its own field.

    Blanks, dashes and full stops within a number do not hide it. Sums of money, codes of units and dates are none.
    """
    runs = [run for run in _RUN.findall(text) if not _DATES.fullmatch(run)]
    if any(_LOCAL.fullmatch(run) for run in runs):
        return True
    return any(_OF_A_PERSON.fullmatch(joined) for run in runs for joined in _joined(_PARTS.findall(run)))


def _joined(parts: list[str]) -> Iterator[str]:
    """Each part, and neighbours put together, up to the length of an identity number."""
    for first in range(len(parts)):
        joined = ""
        for part in parts[first:]:
            joined += part
            if len(joined) > _LONGEST:
                break
            yield joined
