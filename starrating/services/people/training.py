"""Rounds and courses: entered by the division that holds them, put right, withdrawn or cancelled, never erased."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from starrating.domain.access import Act, Place, may
from starrating.domain.faults import RuleError
from starrating.domain.terms import EARLIEST
from starrating.domain.training import Audience, read_hours
from starrating.models.training import UNIT_KINDS, TrainingAttendance, TrainingCourse, TrainingRound
from starrating.queries import training as question
from starrating.queries.identities import Identity
from starrating.queries.places import place_of_division
from starrating.services.audit import Subject, record
from starrating.services.clock import now
from starrating.services.names import given_text, refuse_numbers
from starrating.services.transaction import changed_as_shown, rows_changed, transaction
from starrating.services.working_days import today

LONGEST_NAME = 60
LONGEST_REASON = 200
AHEAD = 2
"""Years ahead for which a round or a course can be entered."""


@dataclass(frozen=True, slots=True)
class TypedRound:
    """A round as typed; `needed` are hours, empty for any one course."""

    name: str
    audience: str
    unit_kind: str
    needed: str
    begins_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class TypedCourse:
    """A course as typed; one of a round is for whom the round is."""

    title: str
    audience: str
    unit_kind: str
    hours: str
    venue: str
    begins_on: date | None
    ends_on: date | None
    round_id: int | None = None


def open_round(division_id: int, typed: TypedRound, by: Identity) -> int:
    """Enter a round of a division; its key."""
    name = _text(typed.name, LONGEST_NAME)
    with transaction() as session:
        place = _place(division_id, by, "round.none")
        if not name:
            raise RuleError("round.name")
        needed = read_hours(typed.needed) if typed.needed.strip() else 0
        if needed is None:
            raise RuleError("round.hours")
        begins, ends = _days(typed.begins_on, typed.ends_on)
        audience, unit_kind = _for_whom(typed.audience, typed.unit_kind)
        row = TrainingRound(division_id=division_id, name=name, audience=audience, unit_kind=unit_kind, needed=needed,
                            begins_on=begins, ends_on=ends, made_by=by.account_id, made_at=now())  # fmt: skip
        session.add(row)
        session.flush()
        record(session, "round_opened", by.account_id, Subject("training_round", row.id, name, place),
               audience=audience, needed=needed, begins_on=begins.isoformat(), ends_on=ends.isoformat())  # fmt: skip
        return row.id


def withdraw_round(round_id: int, by: Identity) -> None:
    """Withdraw a round that was entered wrongly; its courses stay, on their own. Twice is once."""
    with transaction() as session:
        row = session.get(TrainingRound, round_id)
        if row is None:
            raise RuleError("round.none")
        place, name = _place(row.division_id, by, "round.none"), row.name
        gone = rows_changed(
            session,
            update(TrainingRound).where(TrainingRound.id == round_id, TrainingRound.withdrawn_at.is_(None))
            .values(withdrawn_at=now()).execution_options(synchronize_session=False),
        )  # fmt: skip
        if gone:
            left = update(TrainingCourse).where(TrainingCourse.round_id == round_id)
            session.execute(left.values(round_id=None, version=TrainingCourse.version + 1))
            record(session, "round_withdrawn", by.account_id, Subject("training_round", round_id, name, place))


def hold_course(division_id: int, typed: TypedCourse, by: Identity) -> int:
    """Enter a course of a division; its key."""
    with transaction() as session:
        place = _place(division_id, by, "course.none")
        values = _stored(session, typed, place)
        row = TrainingCourse(division_id=division_id, version=1, made_by=by.account_id, made_at=now(), **values)
        session.add(row)
        session.flush()
        record(session, "course_entered", by.account_id, Subject("training_course", row.id, row.title, place),
               **_plain(values))  # fmt: skip
        return row.id


def amend_course(course_id: int, version: int, typed: TypedCourse, by: Identity) -> None:
    """Put right what was entered of a course that still is as its page showed it."""
    with transaction() as session:
        row, place = _held(course_id, by)
        values = _stored(session, typed, place)
        before = {name: getattr(row, name) for name in values}
        if before == values:
            return
        _change(session, row, version, values)
        record(session, "course_amended", by.account_id, Subject("training_course", course_id, row.title, place),
               before=_plain(before), after=_plain(values))  # fmt: skip


def cancel_course(course_id: int, version: int, reason: str, by: Identity) -> None:
    """Cancel a course that was not held, with the reason; what was recorded stays and counts for nothing."""
    why = _text(reason, LONGEST_REASON)
    with transaction() as session:
        row, place = _held(course_id, by)
        if not why:
            raise RuleError("course.reason")
        _change(session, row, version, {"cancelled_at": now()})
        told = select(TrainingAttendance.id).where(TrainingAttendance.course_id == course_id, question.counted())
        record(session, "course_cancelled", by.account_id, Subject("training_course", course_id, row.title, place),
               reason=why, recorded=len(session.scalars(told).all()))  # fmt: skip


def _held(course_id: int, by: Identity) -> tuple[question.CourseRow, Place]:
    row = question.course_row(course_id)
    if row is None or not may(by.grants, Act.MANAGE_PEOPLE, row.place):
        raise RuleError("course.none")
    if row.cancelled:
        raise RuleError("course.cancelled")
    return row, row.place


def _change(session: Session, row: question.CourseRow, version: int, values: dict[str, Any]) -> None:
    if not changed_as_shown(session, TrainingCourse, row.id, version, TrainingCourse.cancelled_at.is_(None), **values):
        raise RuleError("course.changed")


def _stored(session: Session, typed: TypedCourse, place: Place) -> dict[str, Any]:
    """A course's columns, of what was typed; refused with the first thing that is wrong."""
    title, venue = _text(typed.title, LONGEST_NAME), _text(typed.venue, LONGEST_NAME)
    if not title:
        raise RuleError("course.title")
    hours = read_hours(typed.hours)
    if not hours:
        raise RuleError("course.hours")
    begins, ends = _days(typed.begins_on, typed.ends_on)
    audience, unit_kind = typed.audience, typed.unit_kind
    if typed.round_id is not None:
        # Held, so that the round cannot be withdrawn between this look and the commit.
        session.execute(select(TrainingRound.id).where(TrainingRound.id == typed.round_id).with_for_update())
        of = question.round_row(typed.round_id)
        if of is None or not of.place.covers(place):
            raise RuleError("course.round")
        audience, unit_kind = of.need.audience, of.need.unit_kind
    audience, unit_kind = _for_whom(audience, unit_kind)
    return {"round_id": typed.round_id, "title": title, "audience": audience, "unit_kind": unit_kind,
            "begins_on": begins, "ends_on": ends, "hours": hours, "venue": venue}  # fmt: skip


def _for_whom(audience: str, unit_kind: str) -> tuple[str, str]:
    if audience not in list(Audience) or unit_kind not in UNIT_KINDS:
        raise RuleError("course.audience")
    return str(audience), unit_kind


def _days(begins: date | None, ends: date | None) -> tuple[date, date]:
    last = today().replace(month=1, day=1, year=today().year + AHEAD)
    if begins is None or ends is None or not EARLIEST <= begins <= ends <= last:
        raise RuleError("course.days", earliest=EARLIEST, latest=last)
    return begins, ends


def _text(value: str, longest: int) -> str:
    text = given_text(value, longest)
    refuse_numbers(text)
    return text


def _place(division_id: int, by: Identity, refusal: str) -> Place:
    place = place_of_division(division_id)
    if place is None or not may(by.grants, Act.MANAGE_PEOPLE, place):
        raise RuleError(refusal)
    return place


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
