"""Reading in one question what townships put forward and a district decides: for elections and for the reserve."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, literal, null, select, union_all

from starrating.domain.access import Place
from starrating.domain.candidates import CandidateState
from starrating.extensions import db
from starrating.models.divisions import Unit
from starrating.models.elections import Candidate, Election
from starrating.queries.places import units_within
from starrating.queries.reserve import to_confirm


@dataclass(frozen=True, slots=True)
class Waits:
    """An election with how many people of townships wait for the district's decision."""

    id: int
    name: str
    held_on: date
    count: int


def to_decide(place: Place, account_id: int) -> tuple[tuple[Waits, ...], int]:
    """The elections in which people wait, the nearest vote first; how many of the reserve an account can confirm."""
    proposed = (
        select(Election.id, Election.name, Election.held_on, func.count())
        .join(Candidate, Candidate.election_id == Election.id)
        .join(Unit, Unit.id == Candidate.unit_id)
        .where(Election.taken_back_at.is_(None), Candidate.state == CandidateState.PROPOSED, units_within([place]))
        .group_by(Election.id, Election.name, Election.held_on)
    )
    listed = select(literal(0), literal(""), null(), to_confirm(place, account_id).scalar_subquery())
    rows = db.session.execute(union_all(proposed, listed)).all()
    found = sorted((Waits(*row) for row in rows if row[0]), key=lambda one: (one.held_on, one.id))
    return tuple(found), next(int(row[3]) for row in rows if not row[0])
