"""Reading in one question what waits for a district: what townships put forward, the reserve, cases near their day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, literal, null, select, union_all

from starrating.domain.access import Place
from starrating.domain.candidates import CandidateState
from starrating.extensions import db
from starrating.models.divisions import Unit
from starrating.models.elections import Candidate, Election
from starrating.queries.case_records import asking_waiting
from starrating.queries.places import units_within
from starrating.queries.reserve import to_confirm

CASES, LISTED = -1, -2
"""What stands for the key of an election in the rows of the others."""


@dataclass(frozen=True, slots=True)
class Waits:
    """An election with how many people of townships wait for the district's decision."""

    id: int
    name: str
    held_on: date
    count: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a district: elections with proposals, the reserve, cases near their day or in review."""

    proposed: tuple[Waits, ...]
    to_confirm: int
    cases: int
    first: date | None
    reviews: int


def waiting_for(place: Place, account_id: int, by: date) -> Waiting:
    """What waits for the decisions of a district's office, the nearest vote first: one question."""
    proposed = (
        select(Election.id, Election.name, Election.held_on, func.count(), literal(0))
        .join(Candidate, Candidate.election_id == Election.id)
        .join(Unit, Unit.id == Candidate.unit_id)
        .where(Election.taken_back_at.is_(None), Candidate.state == CandidateState.PROPOSED, units_within([place]))
        .group_by(Election.id, Election.name, Election.held_on)
    )
    near, first, reviews = asking_waiting([place], by).subquery().c
    cases = select(literal(CASES), literal(""), first, near, reviews)
    confirmed = to_confirm(place, account_id).scalar_subquery()
    listed = select(literal(LISTED), literal(""), null(), confirmed, literal(0))
    rows = {row[0]: row for row in db.session.execute(union_all(proposed, cases, listed))}
    last, own = rows.pop(CASES), rows.pop(LISTED)
    found = sorted((Waits(*row[:4]) for row in rows.values()), key=lambda one: (one.held_on, one.id))
    return Waiting(tuple(found), own[3], last[3], last[2], last[4])
