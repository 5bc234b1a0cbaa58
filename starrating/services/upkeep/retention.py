"""What is kept no longer than it is needed: numbers, then names, of people whose last post ended long ago.

The posts stay, without a name: who led a unit in a year is history, who that was is not kept for ever. The trail names
people by their keys and is not touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import current_app
from sqlalchemy import ColumnElement, Subquery, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from starrating.extensions import db
from starrating.models.elections import Candidate, Election
from starrating.models.eligibility import CheckAnswer, EligibilityCheck
from starrating.models.growth import GrowthStep
from starrating.models.people import Person, Post
from starrating.models.privacy import PersonCorrection, PersonSecret
from starrating.models.reserve import PartyWorker, ReserveEntry
from starrating.models.rosters import RosterImport
from starrating.models.training import TrainingAttendance
from starrating.models.upkeep import PURGE, Upkeep
from starrating.models.waiting import ImportState
from starrating.queries.upkeep import last_purge
from starrating.services.audit import Subject, record_each
from starrating.services.clock import now
from starrating.services.transaction import rows_changed, transaction
from starrating.services.working_days import today

LATE = 7
"""Days without a run after which somebody is warned: it is to run every night."""
NO_NAME = "*"
"""What stands for a name that was purged."""


@dataclass(frozen=True, slots=True)
class Due:
    """Whose numbers are due, and whose names and everything else."""

    numbers: tuple[int, ...]
    names: tuple[int, ...]


def due(day: date | None = None) -> Due:
    """What a purge would do today, or on another day if nothing changes, without doing it."""
    day, config = day or today(), current_app.config
    after_vote = _years_before(day, config["PERSON_NUMBERS_YEARS"])
    numbers = _ended_before(after_vote, after_vote)
    names = _ended_before(_years_before(day, config["PERSON_NAMES_YEARS"]), after_vote)
    stored = or_(
        exists().where(PersonSecret.person_id == Person.id),
        and_(exists().where(PersonCorrection.person_id == Person.id, PersonCorrection.said != "")),
    )
    return Due(_keys(and_(numbers, stored)), _keys(and_(names, Person.purged_at.is_(None))))


@dataclass(frozen=True, slots=True)
class Ran:
    """Whole days since the last purge, None where there never was one, and whether that is too long."""

    days: int | None
    late: bool


def last_ran() -> Ran:
    """When the last purge was; it is late where something is kept of people and none ran for more than a few days."""
    last, known = last_purge()
    days = None if last is None else (now() - last).days
    return Ran(days, known and (days is None or days > LATE))


def purge() -> Due:
    """Forget what is due, each person with an event; a second run finds nothing. That it ran is noted."""
    with transaction() as session:
        found = _locked_due(session)
        _forget_rosters(session)
        _forget_numbers(session, {*found.numbers, *found.names})
        at = now()
        for start in range(0, len(found.names), 500):
            keys = found.names[start : start + 500]
            forgotten = {"name": NO_NAME, "birth_year": None, "education": "", "account_id": None, "purged_at": at}
            session.execute(update(Person).where(Person.id.in_(keys)).values(**forgotten, version=Person.version + 1))
        _forget_notes(session, found.names)
        done = [(_subject(key), {"names": key in set(found.names)}) for key in sorted({*found.numbers, *found.names})]
        if done:
            record_each(session, "person_purged", None, done)
        _note_run(session, len(done))
        return found


def _note_run(session: Session, count: int) -> None:
    """Note when it ran. The trail has the people it forgot; that there were none is no event."""
    values = {"ran_at": now(), "done": count}
    if not rows_changed(session, update(Upkeep).where(Upkeep.name == PURGE).values(**values)):
        session.add(Upkeep(name=PURGE, **values))


def _locked_due(session: Session) -> Due:
    """What is due, asked again once the people are held: whoever takes up a post waits for that, or is seen here."""
    first = due()
    keys = sorted({*first.numbers, *first.names})
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        session.execute(select(Person.id).where(Person.id.in_(part)).order_by(Person.id).with_for_update())
    again = due()
    held = set(keys)
    return Due(tuple(key for key in again.numbers if key in held), tuple(key for key in again.names if key in held))


def _forget_rosters(session: Session) -> None:
    """Rosters that nobody confirmed in time hold names of people: they go, also where nobody uploads another."""
    gone = delete(RosterImport).where(RosterImport.state == ImportState.WAITING, RosterImport.expires_at <= now())
    session.execute(gone)


def _forget_numbers(session: Session, keys: set[int]) -> None:
    ordered = sorted(keys)
    for start in range(0, len(ordered), 500):
        part = ordered[start : start + 500]
        session.execute(delete(PersonSecret).where(PersonSecret.person_id.in_(part)))
        told = {"said": "", "answer": ""}
        session.execute(update(PersonCorrection).where(PersonCorrection.person_id.in_(part)).values(**told))


def _forget_notes(session: Session, keys: tuple[int, ...]) -> None:
    """What was written about people whose names are due, why they were withdrawn or away; what was found stays."""
    checks = select(EligibilityCheck.id).where(EligibilityCheck.person_id.in_(keys))
    told = update(CheckAnswer).where(CheckAnswer.check_id.in_(checks), CheckAnswer.note != "")
    session.execute(told.values(note=NO_NAME).execution_options(synchronize_session=False))
    stood = update(Candidate).where(Candidate.person_id.in_(keys), Candidate.reason != "")
    session.execute(stood.values(reason=NO_NAME).execution_options(synchronize_session=False))
    listed = update(ReserveEntry).where(ReserveEntry.person_id.in_(keys))
    session.execute(listed.values(nominator=NO_NAME).execution_options(synchronize_session=False))
    ended = update(ReserveEntry).where(ReserveEntry.person_id.in_(keys), ReserveEntry.reason != "")
    session.execute(ended.values(reason=NO_NAME).execution_options(synchronize_session=False))
    wrong = update(GrowthStep).where(GrowthStep.person_id.in_(keys), GrowthStep.reason != "")
    session.execute(wrong.values(reason=NO_NAME).execution_options(synchronize_session=False))
    away = update(TrainingAttendance).where(TrainingAttendance.person_id.in_(keys), TrainingAttendance.reason != "")
    session.execute(away.values(reason=NO_NAME).execution_options(synchronize_session=False))


def _subject(key: int) -> Subject:
    return Subject("person", key, f"人员{key}")


def _keys(wanted: ColumnElement[bool]) -> tuple[int, ...]:
    return tuple(db.session.scalars(select(Person.id).where(wanted).order_by(Person.id)))


def _ended_before(day: date, vote: date) -> ColumnElement[bool]:
    """The condition that a person holds no post, and held none on the day or after; merged records go by whom they are.

    Whoever stood for a post or left a reserve list is kept until that day after it; a Party affairs worker is kept as
    holders of posts are. Whoever never was any of it is due at once: there is no reason to keep them.
    """
    latest = _latest()
    own = func.coalesce(Person.merged_into_id, Person.id)
    listed = select(ReserveEntry.id).where(ReserveEntry.person_id == own)
    worked = select(PartyWorker.id).where(PartyWorker.person_id == own)
    stood = select(Candidate.id).join(Election, Election.id == Candidate.election_id)
    return and_(
        ~exists().where(latest.c.person_id == own, or_(latest.c.open > 0, latest.c.ends_on >= day)),
        ~stood.where(Candidate.person_id == own, Election.held_on >= vote).exists(),
        ~listed.where(or_(ReserveEntry.ended_on.is_(None), ReserveEntry.ended_on >= vote)).exists(),
        ~worked.where(or_(PartyWorker.ends_on.is_(None), PartyWorker.ends_on >= day)).exists(),
    )


def _latest() -> Subquery:
    return (
        select(
            Post.person_id, func.max(Post.ends_on).label("ends_on"),
            func.count().filter(Post.ends_on.is_(None)).label("open"),
        )
        .group_by(Post.person_id)
        .subquery()
    )  # fmt: skip


def _years_before(day: date, years: int) -> date:
    """The same day years before; the 29th of February is the 28th there."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return date(day.year - years, day.month, last)
