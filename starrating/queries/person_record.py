"""Reading what a person's page says besides posts and stars: the appraisals entered, and the cases about the person."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from starrating.domain.access import Place
from starrating.domain.cases import About, CaseState
from starrating.domain.scheme import Outcome
from starrating.extensions import db
from starrating.models.cases import ConsequenceCase
from starrating.models.cycles import Cycle
from starrating.models.divisions import Unit
from starrating.models.scores import ScoreCell, ValueState
from starrating.queries.places import units_within

APPRAISAL = "appraisal"
"""The header under which a year's appraisal of a unit's secretary is entered."""


@dataclass(frozen=True, slots=True)
class CaseOfPerson:
    """A case about a person: of which year and unit, what it is about, how far it is, and its last day."""

    id: int
    year: int
    unit: str
    about: About
    outcome: Outcome
    state: CaseState
    due_on: date | None
    in_review: bool


def appraisals_of(unit_ids: Collection[int]) -> dict[tuple[int, int], str]:
    """(unit, year) → the grade that was entered; a year without one is left out."""
    rows = db.session.execute(
        select(ScoreCell.unit_id, Cycle.year, ScoreCell.value).join(Cycle, Cycle.id == ScoreCell.cycle_id)
        .where(ScoreCell.unit_id.in_(unit_ids), ScoreCell.header == APPRAISAL, ScoreCell.state == ValueState.VALUE)
    )  # fmt: skip
    return {(row[0], row[1]): row[2] for row in rows}


def cases_of_person(person_id: int, places: Iterable[Place]) -> tuple[CaseOfPerson, ...]:
    """The cases about a person within the places, the newest year first."""
    rows = db.session.execute(
        select(
            ConsequenceCase.id, Cycle.year, Unit.name, ConsequenceCase.about, ConsequenceCase.outcome,
            ConsequenceCase.state, ConsequenceCase.due_on, ConsequenceCase.deferred_until, ConsequenceCase.review_id,
        )
        .join(Cycle, Cycle.id == ConsequenceCase.cycle_id)
        .join(Unit, Unit.id == ConsequenceCase.unit_id)
        .where(ConsequenceCase.person_id == person_id, units_within(places))
        .order_by(Cycle.year.desc(), ConsequenceCase.id)
    )  # fmt: skip
    return tuple(
        CaseOfPerson(row[0], row[1], row[2], About(row[3]), Outcome(row[4]), CaseState(row[5]), row[7] or row[6],
                     row[8] is not None)
        for row in rows
    )  # fmt: skip
