"""Sheets that stay: drafted as what is due was shown, confirmed by a second person, what changes later on another one.

What is due is worked out within the transaction and must have the digest that was shown. What is common to sheets of
pay and of reward money is here; what is due, each says itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from starrating.domain.faults import RuleError
from starrating.domain.pay import SheetState
from starrating.queries.divisions import path_of
from starrating.queries.places import place_of_division
from starrating.queries.staying import SheetRow, Sort, sheet_of, sheets_of
from starrating.services.audit import Subject, record
from starrating.services.clock import now
from starrating.services.consequences.pay import yuan
from starrating.services.names import given_text, refuse_numbers
from starrating.services.transaction import changed_as_shown, transaction

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of sheets, what the trail calls them, and its acts."""

    sort: Sort
    subject: str
    drafted: str
    confirmed: str


@dataclass(frozen=True, slots=True)
class NextSheet:
    """The sheet that could be drafted now: its number, its text with the digest, what it pays, what it leaves out."""

    number: int
    text: str
    digest: str
    total: int
    rows: int
    left: int


@dataclass(frozen=True, slots=True)
class Shown:
    """The digest that was shown to whoever drafts, and why they draft another sheet than the first."""

    digest: str
    reason: str


def draft(
    kind: Kind, division_id: int, year: int, due: Callable[[], NextSheet | None], shown: Shown, by: int
) -> int:  # fmt: skip
    """Draft the sheet whose digest was shown, in place of a draft that nobody has confirmed; its key."""
    why = given_text(shown.reason, LONGEST_REASON)
    refuse_numbers(why)
    with transaction() as session:
        found = _as_shown(due(), shown.digest)
        if found.number > 1 and not why:
            raise RuleError("pay.sheet_reason")
        key = _store(session, kind.sort, (division_id, year), found, why, by)
        subject = _subject(kind, key, division_id, f"{path_of(division_id)[-1].name}{year}-{found.number}")
        record(session, kind.drafted, by, subject, year=year, number=found.number, total=yuan(found.total),
               digest=found.digest, reason=why)  # fmt: skip
    return key


def confirm(
    kind: Kind, sheet_id: int, version: int, digest: str, due: Callable[[SheetRow], NextSheet | None], by: int
) -> None:
    """Confirm a draft as it was shown: by somebody else, and only while it is still what is due."""
    with transaction() as session:
        row, table = sheet_of(kind.sort, sheet_id), kind.sort.table
        if row is None:
            raise RuleError("pay.sheet_none")
        if row.confirmed or (row.version, row.digest) != (version, digest):
            raise RuleError("pay.sheet_changed")
        if row.drafted_by == by:
            raise RuleError("pay.sheet_own")
        _as_shown(due(row), digest)
        done = {"state": SheetState.CONFIRMED, "confirmed_by": by, "confirmed_at": now()}
        if not changed_as_shown(session, table, sheet_id, version, table.state == SheetState.DRAFTED, **done):
            raise RuleError("pay.sheet_changed")
        subject = _subject(kind, sheet_id, row.division_id, f"{row.division}{row.year}-{row.number}")
        record(session, kind.confirmed, by, subject, year=row.year, number=row.number, total=yuan(row.total),
               digest=digest)  # fmt: skip


def _as_shown(found: NextSheet | None, digest: str) -> NextSheet:
    """What is due now, which must be what was shown."""
    if found is None or found.digest != digest:
        raise RuleError("pay.sheet_moved")
    if not found.rows:
        raise RuleError("pay.sheet_nothing")
    return found


def _subject(kind: Kind, key: int, division_id: int, label: str) -> Subject:
    place = place_of_division(division_id)
    assert place is not None
    return Subject(kind.subject, key, label, place)


def _store(session: Session, sort: Sort, of: tuple[int, int], found: NextSheet, why: str, by: int) -> int:
    """A new draft, or another in place of one that waits; the key of the table and the state decide who was faster."""
    table = sort.table
    values: dict[str, Any] = {"text": found.text, "digest": found.digest, "total": found.total, "reason": why,
                              "drafted_by": by, "drafted_at": now()}  # fmt: skip
    waiting = next((one for one in sheets_of(sort, *of) if one.number == found.number), None)
    if waiting is not None:
        drafted = table.state == SheetState.DRAFTED
        if not changed_as_shown(session, table, waiting.id, waiting.version, drafted, **values):
            raise RuleError("pay.sheet_changed")
        return waiting.id
    sheet = table(**{sort.of.key: of[0]}, year=of[1], number=found.number, state=SheetState.DRAFTED, version=1,
                  **values)  # fmt: skip
    session.add(sheet)
    try:
        session.flush()
    except IntegrityError:
        raise RuleError("pay.sheet_changed") from None
    return sheet.id
