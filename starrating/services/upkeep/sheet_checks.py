"""Every sheet of pay and of reward money that was stored, worked out again from what is stored with it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

from starrating.domain.fund import PartState
from starrating.queries.cycles import schemes_of
from starrating.queries.staying import FUND, PAY, SheetRow, every_sheet, years_of_cases
from starrating.services.consequences import fund_sheets, pay_sheets
from starrating.services.editions.list_text import digest_of
from starrating.services.years.scheme_texts import read_kept


@dataclass(frozen=True, slots=True)
class SheetsChecked:
    """What a reading of all sheets found: how many, and the keys of those of pay and of reward money that are wrong."""

    count: int
    pay: tuple[int, ...]
    funds: tuple[int, ...]


def check_sheets() -> SheetsChecked:
    """Read every sheet there is: its text is what was stored, its amounts follow again, and so does its total."""
    pay, funds = tuple(every_sheet(PAY)), tuple(every_sheet(FUND))
    wrong = tuple(row.id for row in pay if digest_of(row.text) != row.digest or not pay_sheets.holds(row))
    return SheetsChecked(len(pay) + len(funds), wrong, tuple(_wrong_funds(funds)))


def _wrong_funds(rows: tuple[SheetRow, ...]) -> Iterator[int]:
    """The keys of those that are wrong. A text that is not what was stored says nothing of what was given before: the
    sheets after it of the same district and year rest on it and are named too."""
    known = _Given()
    for _, group in groupby(rows, lambda row: (row.division_id, row.year)):
        before: list[Mapping[str, Any]] = []
        for row in group:
            if digest_of(row.text) != row.digest:
                yield row.id
                continue
            text = json.loads(row.text)
            if not _follows(row, text, before) or not known.holds(text):
                yield row.id
            if row.confirmed:
                before.append(text)


def _follows(row: SheetRow, text: Mapping[str, Any], before: list[Mapping[str, Any]]) -> bool:
    """True where the parts are those of the pool and the shares after the sheets before, and come to the total."""
    given = fund_sheets.given_before(before)
    parts = fund_sheets.parts_again(text)
    stored = [(one[0], one[1], one[7], one[8]) for one in text["parts"]]
    told = [(*part.key, part.part, part.before) for part in parts]
    known = all(part.before == given.get(part.key, 0) for part in parts)
    return known and stored == told and sum(part.difference for part in parts) == row.total


class _Given:
    """The shares that schemes give, each scheme read once."""

    def __init__(self) -> None:
        self.shares: dict[tuple[int, str], dict[str, Fraction]] = {}

    def holds(self, text: Mapping[str, Any]) -> bool:
        """True where every share of a stored sheet is what the rule gives in the scheme of its case's year."""
        kept = [one for one in text["parts"] if one[9] != PartState.GONE]
        years = years_of_cases({one[5] for one in kept})
        return all(Fraction(one[6]) == self._of(years[one[5]]).get(one[1]) for one in kept)

    def _of(self, year: tuple[int, str]) -> dict[str, Fraction]:
        if year not in self.shares:
            scheme = read_kept(schemes_of(year[0])[year[1]].text).scheme
            self.shares[year] = {one.code: one.effect.what for one in scheme.consequences
                                 if isinstance(one.effect.what, Fraction)}  # fmt: skip
        return self.shares[year]
