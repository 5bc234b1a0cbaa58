"""Full-time Party affairs workers: entered, put right, ended; how many a division may have, version by version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from starrating.domain.access import Act, Place, may
from starrating.domain.faults import RuleError
from starrating.domain.reserve import Recruited, Source, WorkerEnding
from starrating.domain.terms import EARLIEST
from starrating.models.people import Person
from starrating.models.reserve import PartyWorker, WorkerPlaces
from starrating.queries import workers as question
from starrating.queries.identities import Identity
from starrating.queries.places import place_of_division, place_of_unit
from starrating.queries.workers import WorkerRow
from starrating.services.audit import Subject, record
from starrating.services.clock import now
from starrating.services.names import given_text, refuse_numbers
from starrating.services.people.people import NewPerson, known_or_new
from starrating.services.transaction import changed_as_shown, transaction
from starrating.services.working_days import today

LONGEST = 60
MOST_PLACES = 9_999


@dataclass(frozen=True, slots=True)
class TypedWorker:
    """Where and how somebody is a worker, as typed."""

    unit_id: int | None
    begins_on: date | None
    recruited: str
    source: str
    level: str


def enter_worker(township_id: int, who: int | NewPerson, typed: TypedWorker, by: Identity) -> int:
    """Enter somebody known or new as a worker of a township or a unit in it; the key."""
    with transaction() as session:
        place = _township(township_id, by)
        values = _stored(typed, place)
        person_id = known_or_new(session, who, by)
        _refuse_two(person_id, values["begins_on"], None, 0)
        row = PartyWorker(person_id=person_id, township_id=township_id, version=1, entered_by=by.account_id,
                          entered_at=now(), **values)  # fmt: skip
        session.add(row)
        session.flush()
        record(session, "worker_entered", by.account_id, _subject(row.id, place), person=person_id, **_plain(values))
        return row.id


def amend_worker(worker_id: int, version: int, typed: TypedWorker, by: Identity) -> None:
    """Put right what was entered of somebody, or note another contract or level."""
    with transaction() as session:
        row = _held(session, worker_id, by)
        values = _stored(typed, Place(row.place.municipality, row.place.district, row.township_id))
        if row.ends_on is not None and values["begins_on"] > row.ends_on:
            raise RuleError("worker.day", earliest=EARLIEST, today=row.ends_on)
        before = {name: getattr(row, name) for name in values}
        if before == values:
            return
        _refuse_two(row.person_id, values["begins_on"], row.ends_on, row.id)
        _change(session, row, version, **values)
        record(session, "worker_amended", by.account_id, _subject(row.id, row.place), person=row.person_id,
               before=_plain(before), after=_plain(values))  # fmt: skip


def end_worker(worker_id: int, version: int, ends_on: date | None, ending: str, by: Identity) -> None:
    """End somebody's time as a worker; the same twice is once."""
    with transaction() as session:
        row = _held(session, worker_id, by)
        if ending not in list(WorkerEnding):
            raise RuleError("worker.ending")
        if ends_on is None or not row.begins_on <= ends_on <= today():
            raise RuleError("worker.day", earliest=row.begins_on, today=today())
        if (row.ends_on, row.ending) == (ends_on, ending):
            return
        _refuse_two(row.person_id, row.begins_on, ends_on, row.id)
        _change(session, row, version, ends_on=ends_on, ending=ending)
        record(session, "worker_ended", by.account_id, _subject(row.id, row.place), person=row.person_id,
               ends_on=ends_on.isoformat(), ending=ending)  # fmt: skip


def set_places(division_id: int, version: int, places: int | None, by: Identity) -> None:
    """Set how many workers a division may have, after the version that the page showed."""
    with transaction() as session:
        place = place_of_division(division_id)
        if place is None or not may(by.grants, Act.MANAGE_PEOPLE, place):
            raise RuleError("worker.none")
        if places is None or not 0 <= places <= MOST_PLACES:
            raise RuleError("worker.places", most=MOST_PLACES)
        of = select(func.max(WorkerPlaces.version)).where(WorkerPlaces.division_id == division_id)
        if (session.scalar(of) or 0) != version:
            raise RuleError("worker.places_changed")
        session.add(WorkerPlaces(division_id=division_id, version=version + 1, places=places, set_by=by.account_id,
                                 set_at=now()))  # fmt: skip
        try:
            session.flush()
        except IntegrityError:
            raise RuleError("worker.places_changed") from None
        record(session, "worker_places_set", by.account_id, Subject("division", division_id, "专职党务工作者", place),
               places=places)  # fmt: skip


def _township(township_id: int, by: Identity) -> Place:
    place = place_of_division(township_id)
    if place is None or place.level != "township" or not may(by.grants, Act.MANAGE_PEOPLE, place):
        raise RuleError("worker.none")
    return place


def _held(session: Session, worker_id: int, by: Identity) -> WorkerRow:
    """One of them, whose person is held until the commit: nobody enters a second row for them meanwhile."""
    row = question.worker(worker_id)
    if row is None or not may(by.grants, Act.MANAGE_PEOPLE, row.place):
        raise RuleError("worker.none")
    session.execute(select(Person.id).where(Person.id == row.person_id).with_for_update())
    return row


def _stored(typed: TypedWorker, place: Place) -> dict[str, Any]:
    """The columns, of what was typed; refused with the first thing that is wrong."""
    if typed.unit_id is not None:
        unit = place_of_unit(typed.unit_id)
        if unit is None or unit.township != place.township:
            raise RuleError("worker.unit")
    if typed.begins_on is None or not EARLIEST <= typed.begins_on <= today():
        raise RuleError("worker.day", earliest=EARLIEST, today=today())
    if typed.recruited not in list(Recruited) or typed.source not in list(Source):
        raise RuleError("worker.choice")
    level = given_text(typed.level, LONGEST)
    refuse_numbers(level)
    return {"unit_id": typed.unit_id, "begins_on": typed.begins_on, "recruited": typed.recruited,
            "source": typed.source, "level": level}  # fmt: skip


def _refuse_two(person_id: int, begins_on: date, ends_on: date | None, but: int) -> None:
    """Nobody is a worker twice on one day."""
    for one in question.work_of_person(person_id):
        meets = (one.ends_on is None or one.ends_on >= begins_on) and (ends_on is None or one.begins_on <= ends_on)
        if one.id != but and meets:
            raise RuleError("worker.twice", begins=one.begins_on)


def _change(session: Session, row: WorkerRow, version: int, **values: Any) -> None:
    if not changed_as_shown(session, PartyWorker, row.id, version, **values):
        raise RuleError("worker.changed")


def _subject(key: int, place: Place) -> Subject:
    return Subject("party_worker", key, "专职党务工作者", place)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
