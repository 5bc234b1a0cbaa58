"""Reading full-time Party affairs workers: a place's list, counts against the places that are set."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import aliased

from starrating.domain.access import Place
from starrating.extensions import db
from starrating.models.divisions import Division, Unit
from starrating.models.people import Person
from starrating.models.reserve import PartyWorker, WorkerPlaces
from starrating.queries.pages import SIZE, Page, offset_of


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """A Party affairs worker: where, from when to when, how they came and on which level."""

    id: int
    person_id: int
    name: str
    unit_id: int | None
    unit: str
    township_id: int
    township: str
    district: str
    place: Place
    begins_on: date
    ends_on: date | None
    recruited: str
    source: str
    level: str
    ending: str
    version: int


STATES = ("", "left")
_township, _district = aliased(Division), aliased(Division)


def workers_page(place: Place, state: str, day: date, page: int = 1) -> Page[WorkerRow]:
    """A page of those who are workers on the day, or who left before it, by township and unit."""
    wanted = [_within([place]), _in(state, day)]
    counted = (
        select(func.count()).select_from(PartyWorker).join(_township, _township.id == PartyWorker.township_id)
        .join(_district, _district.id == _township.parent_id)
    )  # fmt: skip
    total = db.session.scalar(counted.where(*wanted)) or 0
    number = min(max(page, 1), max(1, -(-total // SIZE)))
    return Page(_workers(wanted, SIZE, offset_of(number)), number, total)


def all_workers(place: Place, state: str, day: date) -> tuple[WorkerRow, ...]:
    """All of them, for a file."""
    return _workers([_within([place]), _in(state, day)])


def worker(worker_id: int) -> WorkerRow | None:
    """One of them."""
    return next(iter(_workers([PartyWorker.id == worker_id])), None)


def place_of_worker(worker_id: int) -> Place | None:
    """The township or unit of one of them."""
    found = worker(worker_id)
    return found.place if found else None


def work_of_person(person_id: int, places: Iterable[Place] | None = None) -> tuple[WorkerRow, ...]:
    """Where a person is or was a worker, all of it or within the places, the latest first."""
    within = () if places is None else (_within(places),)
    found = _workers([PartyWorker.person_id == person_id, *within])
    return tuple(sorted(found, key=lambda one: (one.begins_on, one.id), reverse=True))


def workers_named(name: str, places: Iterable[Place]) -> tuple[WorkerRow, ...]:
    """The rows within the places of all people of exactly that name."""
    return _workers([Person.name == name, Person.merged_into_id.is_(None), _within(places)])


def counts_by_township(place: Place, day: date) -> dict[int, int]:
    """Township → how many workers it has on the day."""
    rows = db.session.execute(
        select(PartyWorker.township_id, func.count()).join(_township, _township.id == PartyWorker.township_id)
        .join(_district, _district.id == _township.parent_id)
        .where(_within([place]), _in("", day)).group_by(PartyWorker.township_id)
    )  # fmt: skip
    return {row[0]: row[1] for row in rows}


def changes_in_year(place: Place, year: int) -> tuple[int, int]:
    """How many began and how many ended in a year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    row = db.session.execute(
        select(func.count().filter(PartyWorker.begins_on.between(first, last)),
               func.count().filter(PartyWorker.ends_on.between(first, last)))
        .select_from(PartyWorker).join(_township, _township.id == PartyWorker.township_id)
        .join(_district, _district.id == _township.parent_id).where(_within([place]))
    ).one()  # fmt: skip
    return int(row[0]), int(row[1])


def places_set(division_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Division → (version, places) that hold; divisions without are left out."""
    last = (
        select(WorkerPlaces.division_id, func.max(WorkerPlaces.version).label("version"))
        .where(WorkerPlaces.division_id.in_(division_ids)).group_by(WorkerPlaces.division_id).subquery()
    )  # fmt: skip
    rows = db.session.execute(
        select(WorkerPlaces.division_id, WorkerPlaces.version, WorkerPlaces.places)
        .join(last, and_(last.c.division_id == WorkerPlaces.division_id, last.c.version == WorkerPlaces.version))
    )  # fmt: skip
    return {row[0]: (row[1], row[2]) for row in rows}


def _within(places: Iterable[Place]) -> ColumnElement[bool]:
    return or_(false(), *(_in_place(place) for place in places))


def _in_place(place: Place) -> ColumnElement[bool]:
    match place.level:
        case "everywhere":
            return true()
        case "municipality":
            return _district.parent_id == place.municipality
        case "district":
            return _district.id == place.district
        case "township":
            return _township.id == place.township
        case _:
            return PartyWorker.unit_id == place.unit


def _in(state: str, day: date) -> ColumnElement[bool]:
    left = and_(PartyWorker.ends_on.is_not(None), PartyWorker.ends_on < day)
    return left if state == "left" else ~left


def _workers(wanted: list[ColumnElement[bool]], limit: int | None = None, offset: int = 0) -> tuple[WorkerRow, ...]:
    rows = db.session.execute(
        select(PartyWorker, Person.name, func.coalesce(Unit.name, ""), _township.name, _district.name,
               _district.parent_id, _district.id)
        .join(Person, Person.id == PartyWorker.person_id)
        .join(_township, _township.id == PartyWorker.township_id)
        .join(_district, _district.id == _township.parent_id)
        .outerjoin(Unit, Unit.id == PartyWorker.unit_id)
        .where(*wanted)
        .order_by(_township.code, Unit.code, PartyWorker.begins_on, PartyWorker.id)
        .limit(limit)
        .offset(offset)
    )  # fmt: skip
    return tuple(_worker(row) for row in rows)


def _worker(row: Any) -> WorkerRow:
    one: PartyWorker = row[0]
    place = Place(row[5], row[6], one.township_id, one.unit_id)
    return WorkerRow(
        one.id, one.person_id, row[1], one.unit_id, row[2], one.township_id, row[3], row[4], place, one.begins_on,
        one.ends_on, one.recruited, one.source, one.level, one.ending, one.version,
    )  # fmt: skip
