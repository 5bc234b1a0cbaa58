"""Texts that no spreadsheet calculates: the one list of how a formula may begin, and CSV in which nothing does."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from starrating.domain.inputs import decimal

MARK = "\ufeff"
"""The byte order mark by which Excel and WPS know UTF-8."""
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula, or skip before one."""


def inert(text: str, *, numbers_stay: bool = False) -> str:
    """A text as it may stand in CSV: behind an apostrophe where it begins like a formula.

    A negative number begins so, too; it stays one only where the column is known to hold numbers.
    """
    if not text.startswith(DANGEROUS) or (numbers_stay and decimal(text) is not None):
        return text
    return f"'{text}"


def csv_text(head: Sequence[str], rows: Iterable[Sequence[str]], *, numbers_stay: bool = False) -> str:
    """Lines of CSV (RFC 4180), every cell of them inert."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    for row in (head, *rows):
        writer.writerow([inert(cell, numbers_stay=numbers_stay) for cell in row])
    return lines.getvalue()
