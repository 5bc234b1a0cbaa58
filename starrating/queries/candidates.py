"""Reading elections with their candidates: who stands where, what the check of each comes to, what happened."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from starrating.domain.access import Place
from starrating.domain.candidates import CandidateState, Standing, last_day_to_propose, standing_of
from starrating.domain.eligibility import Outcome, Result, expires_on, outcome_of
from starrating.domain.posts import PostKind
from starrating.extensions import db
from starrating.models.divisions import Division, Unit
from starrating.models.elections import Candidate, Election
from starrating.models.eligibility import EligibilityCheck
from starrating.models.people import Person
from starrating.queries.eligibility import AnswerRow, answers_of
from starrating.queries.pages import SIZE, Page, offset_of
from starrating.queries.places import place_of_division, place_of_unit, units_within


@dataclass(frozen=True, slots=True)
class Held:
    """An election that stands, with the place it is of."""

    id: int
    name: str
    held_on: date
    place: Place
    propose_until: date
    """The last day on which a township puts people forward."""


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A candidate: who, for which post of which unit, in which election, and how it went."""

    id: int
    election_id: int
    election: str
    held_on: date
    person_id: int
    name: str
    unit_id: int
    unit: str
    township: str
    district: str
    place: Place
    kind: PostKind
    state: CandidateState
    reason: str
    post_id: int | None
    put_forward_at: datetime
    put_forward_by: int
    decided_at: datetime | None

    @property
    def slot(self) -> tuple[int, int, PostKind]:
        """The person, the unit and the post: what a check is about."""
        return self.person_id, self.unit_id, self.kind


@dataclass(frozen=True, slots=True)
class Open:
    """An election for which townships put people forward up to a day."""

    id: int
    name: str
    until: date


@dataclass(frozen=True, slots=True)
class Checked:
    """What the latest check of a candidate says: its key, what it comes to on the day of the vote, what was found."""

    check_id: int | None
    standing: Standing
    found: tuple[AnswerRow, ...] = ()
    answered: int = 0
    asked: int = 0
    expires: date | None = None


def election(election_id: int) -> Held | None:
    """An election that was not taken back."""
    row = db.session.execute(
        select(Election.name, Election.held_on, Election.division_id, Election.unit_id, Election.propose_until)
        .where(Election.id == election_id, Election.taken_back_at.is_(None))
    ).one_or_none()  # fmt: skip
    if row is None:
        return None
    place = place_of_unit(row[3]) if row[3] is not None else place_of_division(row[2] or 0)
    return Held(election_id, row[0], row[1], place, last_day_to_propose(row[1], row[4])) if place else None


def candidates_page(election_id: int, places: Iterable[Place], state: str, page: int = 1) -> Page[CandidateRow]:
    """A page of the candidates of an election within the places, in one state or in any, by unit and post."""
    wanted = [Candidate.election_id == election_id, units_within(places)]
    if state:
        wanted.append(Candidate.state == state)
    counted = select(func.count()).select_from(Candidate).join(Unit, Unit.id == Candidate.unit_id)
    total = db.session.scalar(counted.where(*wanted)) or 0
    number = min(max(page, 1), max(1, -(-total // SIZE)))
    return Page(_candidates(wanted, SIZE, offset_of(number)), number, total)


def states_of(election_id: int, places: Iterable[Place]) -> dict[str, int]:
    """How many candidates there are in all and in each state."""
    rows = db.session.execute(
        select(Candidate.state, func.count()).join(Unit, Unit.id == Candidate.unit_id)
        .where(Candidate.election_id == election_id, units_within(places)).group_by(Candidate.state)
    )  # fmt: skip
    found: dict[str, int] = {row[0]: row[1] for row in rows}
    return {"": sum(found.values())} | {state.value: found.get(state.value, 0) for state in CandidateState}


def candidate(candidate_id: int) -> CandidateRow | None:
    """One candidate."""
    return next(iter(_candidates([Candidate.id == candidate_id])), None)


def candidates_by_id(election_id: int, keys: Collection[int]) -> tuple[CandidateRow, ...]:
    """Those of the keys that are candidates of the election."""
    return _candidates([Candidate.election_id == election_id, Candidate.id.in_(keys)])


def candidates_of(
    election_id: int, places: Iterable[Place], states: Collection[CandidateState]
) -> tuple[CandidateRow, ...]:  # fmt: skip
    """All candidates of an election within the places in one of the states."""
    return _candidates([Candidate.election_id == election_id, Candidate.state.in_(states), units_within(places)])


def open_to_propose(place: Place, day: date) -> tuple[Open, ...]:
    """The elections of the divisions around a township for which it can still put people forward, the nearest first."""
    around = [key for key in (place.municipality, place.district, place.township) if key is not None]
    here = select(Unit.id).where(units_within([place]))
    rows = db.session.execute(
        select(Election.id, Election.name, Election.held_on, Election.propose_until)
        .where(Election.taken_back_at.is_(None), Election.held_on >= day,
               or_(Election.division_id.in_(around), Election.unit_id.in_(here)))
        .order_by(Election.held_on, Election.id)
    )  # fmt: skip
    found = [Open(row[0], row[1], last_day_to_propose(row[2], row[3])) for row in rows]
    return tuple(one for one in found if one.until >= day)


def candidacies_of_person(person_id: int, places: Iterable[Place] | None = None) -> tuple[CandidateRow, ...]:
    """Where a person stands or stood, all of it or within the places, the latest first."""
    within = () if places is None else (units_within(places),)
    found = _candidates([Candidate.person_id == person_id, *within])
    return tuple(sorted(found, key=lambda one: (one.held_on, one.id), reverse=True))


def candidates_named(name: str, places: Iterable[Place]) -> tuple[CandidateRow, ...]:
    """The candidacies within the places of all people of exactly that name."""
    return _candidates([Person.name == name, Person.merged_into_id.is_(None), units_within(places)])


def checked(rows: Iterable[CandidateRow]) -> dict[int, Checked]:
    """Candidate → what the latest check of the same person for the same post of the same unit says."""
    kept = tuple(rows)
    latest = _latest_checks({one.person_id for one in kept})
    answers = answers_of([latest[one.slot] for one in kept if one.slot in latest])
    return {one.id: _checked(one, latest.get(one.slot), answers) for one in kept}


def _checked(row: CandidateRow, check_id: int | None, answers: Mapping[int, list[AnswerRow]]) -> Checked:
    if check_id is None:
        return Checked(None, Standing.UNASKED)
    own = answers.get(check_id, [])
    told = [one.answered for one in own]
    outcome: Outcome = outcome_of(told)
    expires = expires_on(told)
    found = tuple(one for one in own if one.result == Result.FOUND)
    done = sum(one.result is not None for one in told)
    return Checked(check_id, standing_of(outcome, expires, row.held_on), found, done, len(own), expires)


def _latest_checks(people: Collection[int]) -> dict[tuple[int, int, PostKind], int]:
    rows = db.session.execute(
        select(EligibilityCheck.person_id, EligibilityCheck.unit_id, EligibilityCheck.kind,
               func.max(EligibilityCheck.id))
        .where(EligibilityCheck.person_id.in_(people))
        .group_by(EligibilityCheck.person_id, EligibilityCheck.unit_id, EligibilityCheck.kind)
    )  # fmt: skip
    return {(row[0], row[1], PostKind(row[2])): row[3] for row in rows}


def _candidates(
    wanted: list[ColumnElement[bool]], limit: int | None = None, offset: int = 0
) -> tuple[CandidateRow, ...]:  # fmt: skip
    township, district = aliased(Division), aliased(Division)
    rows = db.session.execute(
        select(
            Candidate.id, Election.id, Election.name, Election.held_on, Person.id, Person.name, Unit.id, Unit.name,
            township.name, district.name, district.parent_id, district.id, township.id, Candidate.kind,
            Candidate.state, Candidate.reason, Candidate.post_id, Candidate.put_forward_at,
            Candidate.put_forward_by, Candidate.decided_at,
        )
        .join(Election, Election.id == Candidate.election_id)
        .join(Person, Person.id == Candidate.person_id)
        .join(Unit, Unit.id == Candidate.unit_id)
        .join(township, township.id == Unit.township_id)
        .join(district, district.id == Unit.district_id)
        .where(Election.taken_back_at.is_(None), *wanted)
        .order_by(Unit.code, Candidate.kind.desc(), Candidate.id)
        .limit(limit)
        .offset(offset)
    )  # fmt: skip
    return tuple(_candidate(row) for row in rows)


def _candidate(row: Any) -> CandidateRow:
    place = Place(row[10], row[11], row[12], row[6])
    parts: tuple[Any, ...] = (*row[:10], place, PostKind(row[13]), CandidateState(row[14]), *row[15:])
    return CandidateRow(*parts)
