"""Pay sheets that stay: drafted as the live sheet is, confirmed by a second person, and what is due after them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from starrating.domain.access import Place
from starrating.domain.faults import RuleError
from starrating.domain.figures import plain
from starrating.domain.pay import Paid, PayRole, Rates, SheetState, still_due
from starrating.models.pay import PaySheet
from starrating.queries.divisions import path_of
from starrating.queries.pay import KeptRates, PaidUnit
from starrating.queries.pay_sheets import SheetRow, people_standing, sheet_of, sheets_of
from starrating.queries.places import place_of_division
from starrating.services.audit import Subject, record
from starrating.services.clock import now
from starrating.services.list_text import canonical, digest_of
from starrating.services.names import given_text, refuse_numbers
from starrating.services.pay import PayRow, Sheet, pay_sheet, yuan
from starrating.services.pay_coefficients import Coefficient
from starrating.services.transaction import rows_changed, transaction

FORMAT = "starrating-pay/1"
LONGEST_REASON = 500
UNAPPROVED = "unapproved"
"""Why a row that has an amount is not in a sheet yet: nobody has approved its coefficient."""


@dataclass(frozen=True, slots=True)
class NextSheet:
    """The sheet that could be drafted now: its number, its text with the digest, what it pays, whom it leaves out."""

    number: int
    text: str
    digest: str
    total: int
    rows: int
    left: int


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
    why = given_text(reason, LONGEST_REASON)
    refuse_numbers(why)
    with transaction() as session:
        place = place_of_division(township_id)
        assert place is not None
        found = _due(place, township_id, year, digest)
        if found.number > 1 and not why:
            raise RuleError("pay.sheet_reason")
        key = _store(session, township_id, year, found, why, by)
        label = f"{path_of(township_id)[-1].name}{year}-{found.number}"
        record(session, "pay_sheet_drafted", by, Subject("pay_sheet", key, label, place), year=year,
               number=found.number, total=yuan(found.total), digest=digest, reason=why)  # fmt: skip
    return key


def confirm_sheet(sheet_id: int, version: int, digest: str, by: int) -> None:
    """Confirm a draft as it was shown: by somebody else, and only while it is still what is due."""
    with transaction() as session:
        row = sheet_of(sheet_id)
        if row is None:
            raise RuleError("pay.sheet_none")
        if row.confirmed or (row.version, row.digest) != (version, digest):
            raise RuleError("pay.sheet_changed")
        if row.drafted_by == by:
            raise RuleError("pay.sheet_own")
        place = place_of_division(row.township_id)
        assert place is not None
        _due(place, row.township_id, row.year, digest)
        done = rows_changed(
            session,
            update(PaySheet)
            .where(PaySheet.id == sheet_id, PaySheet.version == version, PaySheet.state == SheetState.DRAFTED)
            .values(state=SheetState.CONFIRMED, version=version + 1, confirmed_by=by, confirmed_at=now()),
        )
        if done != 1:
            raise RuleError("pay.sheet_changed")
        label = f"{row.township}{row.year}-{row.number}"
        record(session, "pay_sheet_confirmed", by, Subject("pay_sheet", sheet_id, label, place), year=row.year,
               number=row.number, total=yuan(row.total), digest=digest)  # fmt: skip


def frozen(row: SheetRow) -> Frozen:
    """A stored sheet as its text says it; names are those of today, in clear, which pages mask."""
    said = json.loads(row.text)
    people = people_standing({one[2] for part in ("rows", "left") for one in said[part]})
    version, base, performance, shares = said["rates"]
    rates = Rates(base, performance, {PayRole(name): share for name, share in shares.items()})
    rows = []
    for unit, name, person, role, months, coefficient, rule, amount, before in said["rows"]:
        number = Fraction(coefficient) if coefficient else None
        kept = PayRow(PaidUnit(unit, name, row.township_id, row.township), person, people[person][1], PayRole(role),
                      months, Coefficient(number, rule, approved=True), amount)  # fmt: skip
        rows.append(FrozenRow(kept, before, amount - before))
    left = tuple(
        PayRow(PaidUnit(unit, name, row.township_id, row.township), person, people[person][1], PayRole(role), months,
               Coefficient(missing=why), None)
        for unit, name, person, role, months, why in said["left"]
    )  # fmt: skip
    return Frozen(KeptRates(rates, version, row.drafter, row.drafted_at), tuple(rows), left)


def _due(place: Place, township_id: int, year: int, digest: str) -> NextSheet:
    """What is due now, which must be what was shown."""
    found = next_sheet(pay_sheet(place, year), township_id, year, sheets_of(township_id, year))
    if found is None or found.digest != digest:
        raise RuleError("pay.sheet_moved")
    if not found.rows:
        raise RuleError("pay.sheet_nothing")
    return found


def _store(session: Session, township_id: int, year: int, found: NextSheet, why: str, by: int) -> int:
    """A new draft, or another in place of one that waits; the key of the table and the state decide who was faster."""
    values: dict[str, Any] = {"text": found.text, "digest": found.digest, "total": found.total, "reason": why,
                              "drafted_by": by, "drafted_at": now()}  # fmt: skip
    waiting = next((one for one in sheets_of(township_id, year) if one.number == found.number), None)
    if waiting is not None:
        done = rows_changed(
            session,
            update(PaySheet)
            .where(PaySheet.id == waiting.id, PaySheet.version == waiting.version,
                   PaySheet.state == SheetState.DRAFTED)
            .values(version=waiting.version + 1, **values),
        )  # fmt: skip
        if done != 1:
            raise RuleError("pay.sheet_changed")
        return waiting.id
    sheet = PaySheet(township_id=township_id, year=year, number=found.number, state=SheetState.DRAFTED, version=1,
                     **values)  # fmt: skip
    session.add(sheet)
    try:
        session.flush()
    except IntegrityError:
        raise RuleError("pay.sheet_changed") from None
    return sheet.id


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
