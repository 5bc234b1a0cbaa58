"""Reading training: the rounds and courses that concern a place, who they are for, who was there."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from starrating.domain.access import Place
from starrating.domain.posts import Post as HeldPost
from starrating.domain.posts import PostKind
from starrating.domain.training import COUNTS, Audience, Need
from starrating.extensions import db
from starrating.models.divisions import Division, Unit
from starrating.models.people import Person, Post
from starrating.models.training import TrainingAttendance, TrainingCourse, TrainingRound
from starrating.queries.places import divisions_within, place_at, units_within


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round and whose it is."""

    id: int
    name: str
    begins_on: date
    division: str
    place: Place
    need: Need


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A course and whose it is; `recorded` people have something said of them, anywhere."""

    id: int
    title: str
    begins_on: date
    ends_on: date
    hours: int
    venue: str
    audience: Audience
    unit_kind: str
    round_id: int | None
    round: str
    version: int
    cancelled: bool
    division: str
    place: Place


@dataclass(frozen=True, slots=True)
class SeatUnit:
    """A unit whose leaders are asked, with the divisions it lies in."""

    id: int
    code: str
    name: str
    kind: str
    township_id: int
    township: str
    district_id: int
    district: str


@dataclass(frozen=True, slots=True)
class Record:
    """What is recorded of somebody at a course."""

    id: int
    person_id: int
    unit_id: int
    presence: str
    reason: str
    made_up_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class Attended:
    """A course of a person: when, how long, what is recorded of them there, or was and no longer counts."""

    title: str
    begins_on: date
    ends_on: date
    hours: int
    division: str
    round: str
    presence: str
    reason: str
    made_up_on: date | None


_parent = aliased(Division)


def rounds_about(place: Place, year: int) -> tuple[RoundRow, ...]:
    """The rounds of a year that concern a place: its own, of the divisions above it, of those within it."""
    return _rounds(_about(place, TrainingRound.division_id), *_in_year(TrainingRound, year))


def round_row(round_id: int) -> RoundRow | None:
    """One round that was not withdrawn."""
    return next(iter(_rounds(TrainingRound.id == round_id)), None)


def open_rounds(place: Place, day: date) -> tuple[RoundRow, ...]:
    """The rounds to which a course of the place can belong: its own and of those above, of this year on."""
    return _rounds(TrainingRound.division_id.in_(above(place)), TrainingRound.ends_on >= day.replace(month=1, day=1))


def courses_about(place: Place, year: int) -> tuple[CourseRow, ...]:
    """The courses of a year that concern a place, the latest first."""
    return _courses(_about(place, TrainingCourse.division_id), *_in_year(TrainingCourse, year))


def course_row(course_id: int) -> CourseRow | None:
    """One course, also a cancelled one."""
    return next(iter(_courses(TrainingCourse.id == course_id)), None)


def courses_of_round(round_id: int) -> tuple[CourseRow, ...]:
    """The courses of a round that are held, the latest first."""
    return _courses(TrainingCourse.round_id == round_id, TrainingCourse.cancelled_at.is_(None))


def years_about(place: Place) -> list[int]:
    """The years in which rounds or courses that concern the place begin, the latest first."""
    days = select(TrainingRound.begins_on).where(_about(place, TrainingRound.division_id)).union(
        select(TrainingCourse.begins_on).where(_about(place, TrainingCourse.division_id))
    )  # fmt: skip
    return sorted({day.year for day in db.session.scalars(days)}, reverse=True)


def posts_in_days(places: Iterable[Place], first: date, last: date) -> tuple[tuple[HeldPost, ...], dict[int, SeatUnit]]:
    """The posts within the places held on any of the days, in the order of the units' codes, and those units."""
    township, district = aliased(Division), aliased(Division)
    rows = db.session.execute(
        select(Post.person_id, Post.unit_id, Post.kind, Post.begins_on, Post.ends_on, Unit.code, Unit.name, Unit.kind,
               township.id, township.name, district.id, district.name)
        .join(Unit, Unit.id == Post.unit_id)
        .join(township, township.id == Unit.township_id)
        .join(district, district.id == Unit.district_id)
        .where(units_within(places), Post.begins_on <= last, or_(Post.ends_on.is_(None), Post.ends_on >= first))
        .order_by(Unit.code, Post.kind.desc(), Post.begins_on, Post.id)
    ).all()  # fmt: skip
    units = {row[1]: SeatUnit(row[1], row[5], row[6], row[7], row[8], row[9], row[10], row[11]) for row in rows}
    return tuple(HeldPost(row[0], row[1], PostKind(row[2]), row[3], row[4]) for row in rows), units


def hours_of(round_ids: Collection[int]) -> dict[int, dict[int, int]]:
    """Round → person → tenths of hours at its courses, for those who were there or made it up."""
    rows = db.session.execute(
        select(TrainingCourse.round_id, TrainingAttendance.person_id, func.sum(TrainingCourse.hours))
        .join(TrainingCourse, TrainingCourse.id == TrainingAttendance.course_id)
        .where(TrainingCourse.round_id.in_(round_ids), TrainingCourse.cancelled_at.is_(None),
               TrainingAttendance.presence.in_(COUNTS), counted())
        .group_by(TrainingCourse.round_id, TrainingAttendance.person_id)
    )  # fmt: skip
    found: dict[int, dict[int, int]] = {}
    for round_id, person_id, hours in rows:
        found.setdefault(int(round_id or 0), {})[person_id] = int(hours)
    return found


def names_of(person_ids: Collection[int]) -> dict[int, str]:
    """Person → name; whoever shows it masks it."""
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {row[0]: row[1] for row in rows}


def records_of(course_id: int) -> dict[int, Record]:
    """Person → what is recorded of them at a course, under whichever of their units."""
    rows = db.session.execute(
        select(TrainingAttendance.id, TrainingAttendance.person_id, TrainingAttendance.unit_id,
               TrainingAttendance.presence, TrainingAttendance.reason, TrainingAttendance.made_up_on,
               TrainingAttendance.version)
        .where(TrainingAttendance.course_id == course_id, counted())
    )  # fmt: skip
    return {row[1]: Record(*row) for row in rows}


def counts_of(course_ids: Collection[int], places: Iterable[Place]) -> dict[int, dict[str, int]]:
    """Course → what is recorded → of how many within the places."""
    rows = db.session.execute(
        select(TrainingAttendance.course_id, TrainingAttendance.presence, func.count())
        .join(Unit, Unit.id == TrainingAttendance.unit_id)
        .where(TrainingAttendance.course_id.in_(course_ids), units_within(places), counted())
        .group_by(TrainingAttendance.course_id, TrainingAttendance.presence)
    )
    found: dict[int, dict[str, int]] = {}
    for course_id, presence, count in rows:
        found.setdefault(course_id, {})[presence] = count
    return found


def counted() -> ColumnElement[bool]:
    """The condition that a record counts: what a merged record was left with is told and counts for nothing."""
    merged = select(Person.id).where(Person.merged_into_id.is_not(None))
    return TrainingAttendance.person_id.not_in(merged)


def courses_of_person(person_id: int, places: Iterable[Place] | None) -> tuple[Attended, ...]:
    """The courses of a person for units within the places, or all of them, the latest first; cancelled ones not."""
    return _attended(TrainingAttendance.person_id == person_id, places)


def courses_left(person_id: int, places: Iterable[Place] | None) -> tuple[Attended, ...]:
    """The same of what records that were merged into the person's say of courses of which the person has a record."""
    merged = select(Person.id).where(Person.merged_into_id == person_id)
    return _attended(TrainingAttendance.person_id.in_(merged), places)


def _attended(whose: ColumnElement[bool], places: Iterable[Place] | None) -> tuple[Attended, ...]:
    within = () if places is None else (units_within(places),)
    rows = db.session.execute(
        select(TrainingCourse.title, TrainingCourse.begins_on, TrainingCourse.ends_on, TrainingCourse.hours,
               Division.name, func.coalesce(TrainingRound.name, ""), TrainingAttendance.presence,
               TrainingAttendance.reason, TrainingAttendance.made_up_on)
        .join(TrainingCourse, TrainingCourse.id == TrainingAttendance.course_id)
        .join(Division, Division.id == TrainingCourse.division_id)
        .join(Unit, Unit.id == TrainingAttendance.unit_id)
        .outerjoin(TrainingRound, TrainingRound.id == TrainingCourse.round_id)
        .where(whose, TrainingCourse.cancelled_at.is_(None), *within)
        .order_by(TrainingCourse.begins_on.desc(), TrainingCourse.id.desc(), TrainingAttendance.id)
    )  # fmt: skip
    return tuple(Attended(*row) for row in rows)


def place_of_course(course_id: int) -> Place | None:
    """Whose a course is."""
    found = course_row(course_id)
    return found.place if found else None


def above(place: Place) -> list[int]:
    """The divisions on the way down to a place, its own among them."""
    return [key for key in (place.municipality, place.district, place.township) if key is not None]


def _about(place: Place, column: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    within = select(Division.id).where(divisions_within([place]))
    return or_(column.in_(above(place)), column.in_(within))


def _in_year(table: Any, year: int) -> tuple[ColumnElement[bool], ...]:
    return table.begins_on >= date(year, 1, 1), table.begins_on <= date(year, 12, 31)


def _rounds(*conditions: ColumnElement[bool]) -> tuple[RoundRow, ...]:
    rows = db.session.execute(
        select(TrainingRound, Division.name, Division.level, Division.id, Division.parent_id, _parent.parent_id)
        .join(Division, Division.id == TrainingRound.division_id)
        .outerjoin(_parent, _parent.id == Division.parent_id)
        .where(and_(TrainingRound.withdrawn_at.is_(None), *conditions))
        .order_by(TrainingRound.begins_on.desc(), TrainingRound.id.desc())
    )
    return tuple(
        RoundRow(one.id, one.name, one.begins_on, name, place_at(level, key, parent, grandparent),
                 Need(Audience(one.audience), one.unit_kind, one.needed, one.ends_on))
        for one, name, level, key, parent, grandparent in rows
    )  # fmt: skip


def _courses(*conditions: ColumnElement[bool]) -> tuple[CourseRow, ...]:
    rows = db.session.execute(
        select(TrainingCourse, TrainingRound.name, Division.name, Division.level, Division.id, Division.parent_id,
               _parent.parent_id)
        .join(Division, Division.id == TrainingCourse.division_id)
        .outerjoin(_parent, _parent.id == Division.parent_id)
        .outerjoin(TrainingRound, TrainingRound.id == TrainingCourse.round_id)
        .where(*conditions)
        .order_by(TrainingCourse.begins_on.desc(), TrainingCourse.id.desc())
    )  # fmt: skip
    return tuple(
        CourseRow(one.id, one.title, one.begins_on, one.ends_on, one.hours, one.venue, Audience(one.audience),
                  one.unit_kind, one.round_id, of or "", one.version, one.cancelled_at is not None, name,
                  place_at(level, key, parent, grandparent))
        for one, of, name, level, key, parent, grandparent in rows
    )  # fmt: skip
