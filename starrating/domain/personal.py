"""Identity numbers and telephones: what one is, and how it looks where nobody asked to see it clear."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from starrating.domain.masking import MASK

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
"""GB 11643-1999: the last sign of an identity number by the weighted sum of the others, modulo 11."""
LONG_NUMBER = re.compile(r"\d{7,}")
_ID_NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X]")
_TELEPHONE = re.compile(r"1[3-9][0-9]{9}")
_BETWEEN = re.compile(r"[\s-]")
_RUN = re.compile(r"\d(?:[\s-]*\d)*")
_DATE = r"(?:19|20)\d\d-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12]\d|3[01])"
_DATES = re.compile(rf"{_DATE}(?:\s+{_DATE})*(?:\s+\d{{1,2}})?")
"""Dates and nothing else, but for what begins a time of day or counts something after them."""


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

    Blanks and dashes within a number do not hide it; a date with dashes is no number.
    """
    runs = (run for run in _RUN.findall(text) if not _DATES.fullmatch(run))
    return any(LONG_NUMBER.search(_BETWEEN.sub("", run)) for run in runs)
