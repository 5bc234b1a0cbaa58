"""Spot checks as they are recorded, answered, counted and withdrawn; what was found never changes afterwards.

A finding counts through the ways that everything counts: a veto as an event, a deduction as a value that is saved with
its version by whoever enters that cell. Each act is one transaction under the finding's version.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from starrating.domain.access import Act, may
from starrating.domain.entry import read_entry
from starrating.domain.faults import RuleError
from starrating.domain.spot_checks import OPEN, Effect, SpotCheckState, first_state, may_be_answered, may_count
from starrating.domain.windows import Stage
from starrating.models.cycles import Cycle
from starrating.models.spot_checks import SpotCheck
from starrating.queries.identities import Identity
from starrating.queries.windows import calendar_of
from starrating.services.audit import Subject, record
from starrating.services.clock import now
from starrating.services.evidence.rights import Here, here
from starrating.services.names import given_text
from starrating.services.rating.events import MOST, add_event, flags_of
from starrating.services.scoring.scores import Source, save_within
from starrating.services.scoring.tasks import Task, tasks_of
from starrating.services.scoring.typed_scores import Typed
from starrating.services.transaction import changed_as_shown, transaction
from starrating.services.years.windows import refusal_of

LONGEST_REASON = 500
LONGEST_TEXT = 1_000
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen and what it is to lead to, as it was typed; `seen_at` None where what was typed is no instant."""

    place: str
    seen_at: datetime | None
    found_by: str
    found: str
    effect: Effect
    header: str = ""
    value: str = ""
    flag: str = ""
    count: int = 0
    answer_due: datetime | None = None
    answer_needed: bool = True


def columns_here(about: Here) -> dict[str, Task]:
    """Header → who enters it, for the unit's kind: what a finding can touch."""
    return {
        column.header: task
        for task in tasks_of(about.cycle.id)
        if task.kind == about.unit.kind
        for column in task.columns
    }


def record_spot_check(cycle_id: int, unit_id: int, typed: Finding, by: Identity) -> int:
    """Record a finding; its key. `spot_check.none` where the person may not, `.closed` out of time, else what is wrong.

    A scheme has no key for it, so the finding itself says whether the unit is to answer first, and until when.
    """
    with transaction() as session:
        about = _held(session, cycle_id, unit_id)
        if not may(by.grants, Act.RECORD_SPOT_CHECKS, about.place):
            raise RuleError("spot_check.none")
        _check_time(about)
        finding = _checked(about, typed)
        same = session.scalar(
            select(SpotCheck.id).where(
                SpotCheck.recorded_by == by.account_id, SpotCheck.state != SpotCheckState.WITHDRAWN,
                *(getattr(SpotCheck, name) == value for name, value in finding.items()),
            )
        )  # fmt: skip
        if same is not None:
            return int(same)
        row = SpotCheck(**finding, version=1, state=first_state(typed.answer_needed), answer="", settled_reason="",
                        recorded_by=by.account_id, recorded_at=now())  # fmt: skip
        session.add(row)
        session.flush()
        record(session, "spot_check_recorded", by.account_id, _subject(about, row), year=about.cycle.year,
               effect=row.effect, found=row.found[:200])  # fmt: skip
        return row.id


def answer_spot_check(check_id: int, version: int, text: str, by: Identity) -> None:
    """The unit's answer: once, also a late one, until the finding is settled."""
    answer = given_text(text, LONGEST_TEXT)
    with transaction() as session:
        row, about = _row(session, check_id)
        if not may(by.grants, Act.ANSWER_SPOT_CHECKS, about.place):
            raise RuleError("spot_check.none")
        if row.answered_by == by.account_id and row.answer == answer:
            return
        _check_time(about)
        if not may_be_answered(SpotCheckState(row.state)):
            raise RuleError("spot_check.changed")
        if not answer:
            raise RuleError("spot_check.answer")
        _move(session, row, version, state=SpotCheckState.ANSWERED, answer=answer, answered_at=now(),
              answered_by=by.account_id)  # fmt: skip
        record(session, "spot_check_answered", by.account_id, _subject(about, row), year=about.cycle.year)


def withdraw_spot_check(check_id: int, version: int, reason: str, by: Identity) -> None:
    """Take a finding back before it counts; it stays on the list with the reason."""
    why = given_text(reason, LONGEST_REASON)
    with transaction() as session:
        row, about = _row(session, check_id)
        if not may(by.grants, Act.RECORD_SPOT_CHECKS, about.place):
            raise RuleError("spot_check.none")
        if row.state == SpotCheckState.WITHDRAWN and row.settled_by == by.account_id:
            return
        _check_time(about)
        _check_open(row, why)
        _settle(session, row, version, SpotCheckState.WITHDRAWN, why, by)
        record(session, "spot_check_withdrawn", by.account_id, _subject(about, row), year=about.cycle.year, reason=why)


def count_spot_check(check_id: int, version: int, reason: str, by: Identity, typed: tuple[str, int] = ("", 0)) -> None:
    """Let a finding count: a note is closed, a veto becomes an event, a deduction is saved as the cell's value.

    `typed` is the value for the cell and the version that the page showed. `spot_check.unanswered` before the unit
    answered or its day has passed; a cell that somebody else changed raises `ScoresConflict` and nothing is stored.
    """
    why = given_text(reason, LONGEST_REASON)
    with transaction() as session:
        row, about = _row(session, check_id)
        if not may_settle(about, Effect(row.effect), row.header, by):
            raise RuleError("spot_check.none")
        if row.state == SpotCheckState.COUNTED and row.settled_by == by.account_id:
            return
        _check_time(about)
        _check_open(row, why)
        if not may_count(SpotCheckState(row.state), row.answer_due, now()):
            raise RuleError("spot_check.unanswered")
        event_id = None
        if row.effect == Effect.VETO:
            event_id = add_event(session, about.cycle, about.unit, flag=row.flag, count=row.count, why=why, by=by)
        if row.effect == Effect.DEDUCTION:
            cell = Typed(row.unit_id, row.header, typed[1], typed[0], why)
            save_within(session, row.cycle_id, [cell], by, Source.SPOT_CHECK, Stage.EVENTS)
        _settle(session, row, version, SpotCheckState.COUNTED, why, by, event_id=event_id)
        record(session, "spot_check_counted", by.account_id, _subject(about, row), year=about.cycle.year, reason=why)


def may_settle(about: Here, effect: Effect, header: str, by: Identity) -> bool:
    """True where it is somebody's to let a finding count: the cell's own assessor, or the district for the rest."""
    if effect is Effect.DEDUCTION:
        task = columns_here(about).get(header)
        return task is not None and task.entered_by(by.grants, about.place)
    return may(by.grants, Act.RECORD_EVENTS if effect is Effect.VETO else Act.RECORD_SPOT_CHECKS, about.place)


def _checked(about: Here, typed: Finding) -> dict[str, Any]:
    """The finding as it is stored; refused with the first thing that is wrong."""
    place, found_by = given_text(typed.place, LONGEST_NAME), given_text(typed.found_by, LONGEST_NAME)
    found = given_text(typed.found, LONGEST_TEXT)
    if not (place and found and found_by):
        raise RuleError("spot_check.found")
    if typed.seen_at is None or typed.seen_at > now():
        raise RuleError("spot_check.seen_at")
    due = _answer_due(about, typed)
    touched = columns_here(about)
    if (typed.header or typed.effect is Effect.DEDUCTION) and typed.header not in touched:
        raise RuleError("spot_check.header")
    value = flag = ""
    count = 0
    if typed.effect is Effect.DEDUCTION:
        value = read_entry(touched[typed.header].node, typed.value).value
        if not value:
            raise RuleError("spot_check.value")
    if typed.effect is Effect.VETO:
        flag, count = typed.flag, typed.count
        if flag not in flags_of(about.cycle.id, about.unit.kind):
            raise RuleError("event.unknown")
        if not 1 <= count <= MOST:
            raise RuleError("event.count", most=MOST)
    return {"cycle_id": about.cycle.id, "unit_id": about.unit.id, "place": place, "seen_at": typed.seen_at,
            "found_by": found_by, "found": found, "effect": typed.effect, "header": typed.header, "value": value,
            "flag": flag, "count": count, "answer_needed": typed.answer_needed, "answer_due": due}  # fmt: skip


def _answer_due(about: Here, typed: Finding) -> datetime | None:
    """Until when the unit may answer; it ends while the finding can still count afterwards."""
    if not typed.answer_needed:
        return None
    due, closes = typed.answer_due, calendar_of(about.cycle).closes(Stage.EVENTS, about.place)
    if due is None or due <= now():
        raise RuleError("spot_check.due")
    if closes is not None and due >= closes:
        raise RuleError("spot_check.due_late", due=due, closes=closes)
    return due


def _held(session: Session, cycle_id: int, unit_id: int) -> Here:
    """The year, kept from moving on, and the unit."""
    session.execute(select(Cycle.id).where(Cycle.id == cycle_id).with_for_update(read=True))
    return here(cycle_id, unit_id)


def _row(session: Session, check_id: int) -> tuple[SpotCheck, Here]:
    """A finding, held against others, with its year and unit."""
    where = session.execute(select(SpotCheck.cycle_id, SpotCheck.unit_id).where(SpotCheck.id == check_id)).one_or_none()
    if where is None:
        raise RuleError("spot_check.none")
    about = _held(session, where[0], where[1])
    row = session.get(SpotCheck, check_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise RuleError("spot_check.none")
    return row, about


def _check_time(about: Here) -> None:
    late = refusal_of(calendar_of(about.cycle), Stage.EVENTS, about.place, "", now())
    if late is not None:
        raise late


def _check_open(row: SpotCheck, why: str) -> None:
    if SpotCheckState(row.state) not in OPEN:
        raise RuleError("spot_check.changed")
    if not why:
        raise RuleError("spot_check.reason")


def _settle(
    session: Session, row: SpotCheck, version: int, state: SpotCheckState, why: str, by: Identity, **more: Any
) -> None:
    _move(session, row, version, state=state, settled_at=now(), settled_by=by.account_id, settled_reason=why, **more)


def _move(session: Session, row: SpotCheck, version: int, **values: Any) -> None:
    """One step of a finding, if it still is as the page showed it."""
    if not changed_as_shown(session, SpotCheck, row.id, version, SpotCheck.state.in_(OPEN), **values):
        raise RuleError("spot_check.changed")


def _subject(about: Here, row: SpotCheck) -> Subject:
    return Subject("spot_check", row.id, f"{about.unit.name} {row.place}", about.place)
