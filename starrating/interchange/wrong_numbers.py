"""Names what is wrong with a text that should be a number, so that the person can be told what would be right."""

from __future__ import annotations

import re
import unicodedata

from starrating.domain.inputs import decimal

MOST_DIGITS = 60
_EXPONENT = re.compile(r"[-+]?[0-9]+(\.[0-9]*)?[eE][-+]?[0-9]+")
_THOUSANDS = re.compile(r"-?[0-9]{1,3}([,， ][0-9]{3})+(\.[0-9]+)?")
_DASHES = frozenset(("-", "--", "—", "——", "–", "/", "\\", "无", "空", "NA", "N/A", "n/a", "NULL", "null", "None"))
_NOT_NUMBERS = frozenset(("nan", "inf", "-inf", "infinity", "-infinity"))


def what_is_wrong(text: str) -> str:
    """The code of the fault of a text that is no plain decimal number."""
    bare = text.strip()
    if bare != text and (not bare or decimal(bare) is not None):
        return "not_a_number_spaces"
    if text in _DASHES or text.lower() in _NOT_NUMBERS:
        return "not_a_number_leave_blank"
    if text.startswith("#"):
        return "not_a_number_sheet_error"
    if decimal(unicodedata.normalize("NFKC", bare)) is not None:
        return "not_a_number_full_width"
    if text.endswith(("%", "％")):
        return "not_a_number_percent"
    return _wrong_form(text)


def _wrong_form(text: str) -> str:
    """The code for a text of ASCII digits in another form."""
    if _EXPONENT.fullmatch(text):
        return "not_a_number_exponent"
    if _THOUSANDS.fullmatch(text):
        return "not_a_number_thousands"
    if text.startswith("+") and decimal(text[1:]) is not None:
        return "not_a_number_plus"
    if any(decimal(whole) is not None for whole in (f"0{text}", f"{text}0", text.replace("-.", "-0."))):
        return "not_a_number_bare_dot"
    digits = text.removeprefix("-").replace(".", "", 1)
    if digits.isascii() and digits.isdigit() and len(digits) > MOST_DIGITS:
        return "not_a_number_too_long"
    return "not_a_number"
