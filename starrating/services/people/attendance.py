"""Who was at a course: recorded for many people at once, by the page or a list, all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from starrating.domain.access import Act, Place, may
from starrating.domain.faults import RuleError
from starrating.domain.posts import Post
from starrating.domain.training import Presence, wanted
from starrating.models.people import Person
from starrating.models.training import TrainingAttendance, TrainingCourse
from starrating.queries import training as question
from starrating.queries.identities import Identity
from starrating.queries.places import place_of_division
from starrating.queries.training import CourseRow, Record, SeatUnit
from starrating.services.audit import Subject, record_each
from starrating.services.clock import now
from starrating.services.names import given_text, refuse_numbers
from starrating.services.people.training import LONGEST_REASON
from starrating.services.transaction import rows_changed, transaction
from starrating.services.working_days import today


@dataclass(frozen=True, slots=True)
class TypedPresence:
    """What was typed of one person at a course; an empty presence says nothing is recorded.

    `version` is that of the record that the page or list showed, 0 where there was none.
    """

    person_id: int
    presence: str
    reason: str
    made_up_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class Seated:
    """Somebody a course is for, or of whom something is recorded there: their posts, their unit, the record."""

    person_id: int
    unit: SeatUnit
    posts: tuple[Post, ...]
    record: Record | None

    @property
    def presence(self) -> str:
        """What is recorded, empty where nothing is."""
        return self.record.presence if self.record else ""


def seated_at(course: CourseRow, place: Place) -> list[Seated]:
    """Whom a course is for within a place: whoever held such a post on one of its days; by the units' codes.

    Whoever has a record stays listed while they hold any post on those days, also another one than the course is for.
    """
    posts, units = question.posts_in_days([place], course.begins_on, course.ends_on)
    kinds = {key: unit.kind for key, unit in units.items()}
    records = question.records_of(course.id)
    found: dict[int, list[Post]] = {}
    for one in posts:
        if wanted(one, kinds, course.audience, course.unit_kind) or one.person in records:
            found.setdefault(one.person, []).append(one)
    return [Seated(key, units[held[0].unit], tuple(held), records.get(key)) for key, held in found.items()]


def course_within(course_id: int, division_id: int) -> tuple[CourseRow, Place] | None:
    """A course and the part of it within a division, which is the course's own or lies within that."""
    course, place = question.course_row(course_id), place_of_division(division_id)
    if course is None or place is None or not course.place.covers(place):
        return None
    return course, place


def record_presence(course_id: int, division_id: int, typed: Sequence[TypedPresence], by: Identity) -> int:
    """Record who was at a course, all of it or nothing; how many changed. What is the same already is left."""
    with transaction() as session:
        session.execute(select(TrainingCourse.id).where(TrainingCourse.id == course_id).with_for_update())
        # A record that is being merged into another is waited for: nothing is recorded of it afterwards.
        keys = sorted({one.person_id for one in typed})
        who = select(Person.id).where(Person.id.in_(keys)).order_by(Person.id)
        session.execute(who.with_for_update(read=True, key_share=True))
        course, place = manageable(course_id, division_id, by)
        seated = {one.person_id: one for one in seated_at(course, place)}
        done = []
        for one in typed:
            if one.person_id not in seated:
                raise RuleError("presence.none")
            checked(one, course)
            done += _store(session, course, seated[one.person_id], one, by)
        if done:
            record_each(session, "presence_recorded", by.account_id, done)
        return len(done)


def manageable(course_id: int, division_id: int, by: Identity) -> tuple[CourseRow, Place]:
    """A course whose attendance within a division is one's to record, from its first day on."""
    found = course_within(course_id, division_id)
    if found is None or not may(by.grants, Act.MANAGE_PEOPLE, found[1]):
        raise RuleError("course.none")
    if found[0].cancelled:
        raise RuleError("course.cancelled")
    if found[0].begins_on > today():
        raise RuleError("presence.early", begins=found[0].begins_on)
    return found


def checked(one: TypedPresence, course: CourseRow) -> None:
    """Refuse what cannot be recorded, with the first thing that is wrong."""
    if one.presence not in ("", *Presence):
        raise RuleError("presence.choice")
    refuse_numbers(given_text(one.reason, LONGEST_REASON))
    if one.presence == Presence.ABSENT and not given_text(one.reason, LONGEST_REASON):
        raise RuleError("presence.reason")
    made_up = one.presence == Presence.MADE_UP
    if made_up and (one.made_up_on is None or not course.begins_on <= one.made_up_on <= today()):
        raise RuleError("presence.made_up", begins=course.begins_on, today=today())
    if one.made_up_on is not None and not made_up:
        raise RuleError("presence.not_made_up")


def unchanged(one: TypedPresence, stored: Record | None) -> bool:
    """True where that is recorded already."""
    if stored is None:
        return not one.presence
    said = (one.presence, given_text(one.reason, LONGEST_REASON), one.made_up_on)
    return said == (stored.presence, stored.reason, stored.made_up_on)


def _store(
    session: Session, course: CourseRow, seated: Seated, one: TypedPresence, by: Identity
) -> list[tuple[Subject, Mapping[str, Any]]]:
    """Within a transaction that holds the course: one person's record; what the trail says of it."""
    stored = seated.record
    if unchanged(one, stored):
        return []
    if one.version != (stored.version if stored else 0):
        raise RuleError("presence.changed", unit=seated.unit.name)
    values = {"presence": one.presence, "reason": given_text(one.reason, LONGEST_REASON), "made_up_on": one.made_up_on,
              "recorded_by": by.account_id, "recorded_at": now()}  # fmt: skip
    if stored is None:
        row = {"course_id": course.id, "person_id": one.person_id, "unit_id": seated.unit.id, "version": 1}
        session.execute(insert(TrainingAttendance), [row | values])
    else:
        same = (TrainingAttendance.id == stored.id, TrainingAttendance.version == stored.version)
        change = (
            update(TrainingAttendance).where(*same).values(version=stored.version + 1, **values)
            if one.presence else delete(TrainingAttendance).where(*same)
        )  # fmt: skip
        if not rows_changed(session, change.execution_options(synchronize_session=False)):
            raise RuleError("presence.changed", unit=seated.unit.name)
    place = Place(course.place.municipality, seated.unit.district_id, seated.unit.township_id, seated.unit.id)
    facts = {"person": one.person_id, "course": course.id, "before": seated.presence, "presence": one.presence}
    return [(Subject("training_course", course.id, course.title, place), facts)]
