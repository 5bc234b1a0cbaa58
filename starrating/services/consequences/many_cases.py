"""Many cases approved at once: exactly those that were seen, as they were seen, all of them or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from starrating.domain.access import Place
from starrating.domain.cases import CaseMove, CaseState, one_by_one
from starrating.domain.faults import RuleError
from starrating.domain.scheme import Outcome
from starrating.models.cases import CaseEvent, ConsequenceCase
from starrating.queries.cases import CaseFilter, CaseRow, cases_of
from starrating.queries.many_cases import approved_by, places_of_units
from starrating.services.audit import record_each
from starrating.services.bulk import add_rows, change_rows
from starrating.services.clock import now
from starrating.services.consequences.cases import Given, step_in, told
from starrating.services.editions.list_text import canonical, digest_of
from starrating.services.transaction import transaction

MOST = 1_000
"""Cases in one act; whoever has more approves the rest after them."""
_CASES, _EVENTS = cast("Table", ConsequenceCase.__table__), cast("Table", CaseEvent.__table__)
_GIVEN = ("id", "version", "state")
_EVENT = ("case_id", "version", "move", "state", "reason", "document", "day", "record", "by", "at")
_APPROVE = (
    "UPDATE consequence_case SET state = 'approved', version = consequence_case.version + 1, deferred_until = NULL "
    "FROM {given} WHERE consequence_case.id = given.column1 AND consequence_case.version = given.column2 "
    "AND consequence_case.state = given.column3 AND consequence_case.review_id IS NULL"
)


class SeenCase(NamedTuple):
    """A case and the version in which it was on the page."""

    id: int
    version: int


def refusal_of(row: CaseRow) -> str:
    """Why a case cannot be approved together with others; blank where it can."""
    return refusal_in(row.state, row.outcome, row.review_id is not None)


def refusal_in(state: CaseState, outcome: Outcome, in_review: bool) -> str:
    """The same of all cases of an outcome in a state: nothing else decides it."""
    try:
        step_in(CaseMove.APPROVE, state, in_review)
    except RuleError as refusal:
        return refusal.code
    return "case.alone" if one_by_one(outcome) else ""


def digest_of_seen(rows: Iterable[CaseRow]) -> str:
    """The digest of what a page showed: which cases, in which state and version, for what."""
    shown = sorted((row.id, row.version, str(row.state), row.rule, row.written, row.digest) for row in rows)
    return digest_of(canonical({"cases": [list(one) for one in shown]}))


def approve_seen(place: Place, year: int, seen: Sequence[SeenCase], digest: str, by: int) -> int:
    """Approve cases of a place and year as they were seen; how many. By the same person twice it is one act.

    `case.many_none` where nothing was chosen, `case.many_changed` where anything is no longer what was seen: then no
    case is touched.
    """
    wanted = dict(sorted(seen))
    if not wanted or len(wanted) > MOST:
        raise RuleError("case.many_none", most=MOST)
    with transaction() as session:
        rows = [row for row in cases_of([place], CaseFilter(year)) if row.id in wanted]
        if len(rows) == len(wanted) and set(wanted.items()) <= approved_by(wanted, by):
            return 0
        if any(refusal_of(row) for row in rows) or len(rows) != len(wanted) or digest_of_seen(rows) != digest:
            raise RuleError("case.many_changed")
        _approve(session, rows, by)
        return len(rows)


def _approve(session: Session, rows: Sequence[CaseRow], by: int) -> None:
    """Move all of them, remember each move, and tell the trail of each."""
    given = ((row.id, row.version, str(row.state)) for row in rows)
    if change_rows(session, _APPROVE, _CASES, _GIVEN, given) != len(rows):
        raise RuleError("case.many_changed")
    at, approved, empty = now(), CaseState.APPROVED, canonical({})
    events = ((row.id, row.version + 1, str(CaseMove.APPROVE), str(approved), "", "", None, empty, by, at)
              for row in rows)  # fmt: skip
    add_rows(session, _EVENTS, _EVENT, events)
    places = places_of_units({row.unit_id for row in rows})
    record_each(session, "case_moved", by,
                [told(row, places[row.unit_id], CaseMove.APPROVE, approved, Given()) for row in rows])  # fmt: skip
