"""Pay sheets that stay: drafted as the live sheet is, confirmed by a second person, and what is due after them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from starrating.domain.figures import plain
from starrating.domain.pay import Paid, PayRole, Rates, still_due
from starrating.domain.pay import amount as pay_of
from starrating.queries.pay import KeptRates, PaidUnit
from starrating.queries.pay_sheets import people_standing, sheets_of
from starrating.queries.places import place_of_division
from starrating.queries.staying import PAY, SheetRow
from starrating.services.consequences.pay import PayRow, Sheet, pay_sheet
from starrating.services.consequences.pay_coefficients import Coefficient
from starrating.services.consequences.staying import Kind, NextSheet, Shown, confirm, draft
from starrating.services.editions.list_text import canonical, digest_of

FORMAT = "starrating-pay/1"
SHEETS = Kind(PAY, "pay_sheet", "pay_sheet_drafted", "pay_sheet_confirmed")
UNAPPROVED = "unapproved"
"""Why a row that has an amount is not in a sheet yet: nobody has approved its coefficient."""


@dataclass(frozen=True, slots=True)
class FrozenRow:
    """A row of a stored sheet as the live sheet shows one, with what sheets before it had confirmed."""

    row: PayRow
    before: int
    difference: int


@dataclass(frozen=True, slots=True)
class Frozen:
    """A stored sheet read again from its text."""

    rates: KeptRates
    rows: tuple[FrozenRow, ...]
    left: tuple[PayRow, ...]


def next_sheet(sheet: Sheet, township_id: int, year: int, kept: Iterable[SheetRow]) -> NextSheet | None:
    """What is due in a township after the sheets that are confirmed; None where no rates are stored."""
    if sheet.rates is None:
        return None
    confirmed = [one for one in kept if one.confirmed]
    paid = _standing([row for one in confirmed for row in _paid(one.text)])
    good = [row for row in sheet.rows if row.amount is not None and row.coefficient.approved]
    left = [row for row in sheet.rows if row not in good]
    now_due = [_as_paid(row) for row in good]
    due = still_due(paid, now_due, {(row.unit.id, row.person_id, row.role) for row in left}, sheet.open_units)
    number = len(confirmed) + 1
    names = {row[0]: row[1] for one in confirmed for row in json.loads(one.text)["rows"]}
    names |= {row.unit.id: row.unit.name for row in sheet.rows}
    text = canonical({
        "format": FORMAT, "township": township_id, "year": year, "number": number, "rates": _rates_said(sheet.rates),
        "rows": [[row.unit, names[row.unit], row.person, row.role, row.months, row.coefficient, row.rule, row.amount,
                  row.before] for row in due],
        "left": [[row.unit.id, row.unit.name, row.person_id, row.role, row.months, row.missing or UNAPPROVED]
                 for row in left],
    })  # fmt: skip
    return NextSheet(number, text, digest_of(text), sum(row.difference for row in due), len(due), len(left))


def draft_sheet(township_id: int, year: int, digest: str, reason: str, by: int) -> int:
    """Draft the sheet whose digest was shown, in place of a draft that nobody has confirmed; its key."""
    return draft(SHEETS, township_id, year, lambda: _due(township_id, year), Shown(digest, reason), by)


def confirm_sheet(sheet_id: int, version: int, digest: str, by: int) -> None:
    """Confirm a draft as it was shown: by somebody else, and only while it is still what is due."""
    confirm(SHEETS, sheet_id, version, digest, lambda row: _due(row.division_id, row.year), by)


def frozen(row: SheetRow) -> Frozen:
    """A stored sheet as its text says it; names are those of today, in clear, which pages mask."""
    said = json.loads(row.text)
    people = people_standing({one[2] for part in ("rows", "left") for one in said[part]})
    version, base, performance, shares = said["rates"]
    rates = Rates(base, performance, {PayRole(name): share for name, share in shares.items()})
    rows = []
    for unit, name, person, role, months, coefficient, rule, amount, before in said["rows"]:
        number = Fraction(coefficient) if coefficient else None
        kept = PayRow(PaidUnit(unit, name, row.division_id, row.division), person, people[person][1], PayRole(role),
                      months, Coefficient(number, rule, approved=True), amount)  # fmt: skip
        rows.append(FrozenRow(kept, before, amount - before))
    left = tuple(
        PayRow(PaidUnit(unit, name, row.division_id, row.division), person, people[person][1], PayRole(role), months,
               Coefficient(missing=why), None)
        for unit, name, person, role, months, why in said["left"]
    )  # fmt: skip
    return Frozen(KeptRates(rates, version, row.drafter, row.drafted_at), tuple(rows), left)


def holds(row: SheetRow) -> bool:
    """True where every amount of a stored sheet follows again from its rates, and they come to its total."""
    said = json.loads(row.text)
    _, base, performance, shares = said["rates"]
    rates = Rates(base, performance, {PayRole(name): share for name, share in shares.items()})
    told = [one.amount == (pay_of(rates, Fraction(one.coefficient), one.role, one.months) if one.coefficient else 0)
            for one in _paid(row.text)]  # fmt: skip
    return all(told) and sum(one.difference for one in _paid(row.text)) == row.total


def _due(township_id: int, year: int) -> NextSheet | None:
    """What is due now."""
    place = place_of_division(township_id)
    assert place is not None
    return next_sheet(pay_sheet(place, year), township_id, year, sheets_of(township_id, year))


def _rates_said(kept: KeptRates) -> list[Any]:
    return [kept.version, kept.rates.base, kept.rates.performance,
            {role.value: share for role, share in kept.rates.shares.items()}]  # fmt: skip


def _as_paid(row: PayRow) -> Paid:
    assert row.amount is not None
    assert row.coefficient.number is not None
    return Paid(row.unit.id, row.person_id, row.role, row.months, plain(row.coefficient.number), row.coefficient.rule,
                row.amount)  # fmt: skip


def _paid(text: str) -> list[Paid]:
    """The rows of a stored sheet."""
    return [Paid(unit, person, PayRole(role), *rest) for unit, _, person, role, *rest in json.loads(text)["rows"]]


def _standing(rows: list[Paid]) -> list[Paid]:
    """Rows under who people are now: a record that was merged into another is that one."""
    people = people_standing({row.person for row in rows}) if rows else {}
    return [replace(row, person=people[row.person][0]) for row in rows]
