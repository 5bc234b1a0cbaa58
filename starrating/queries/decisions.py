"""Reading decisions on published lists: those of a year, what they change, which results rest on what was changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from starrating.domain.access import Place
from starrating.domain.decisions import DecisionState
from starrating.extensions import db
from starrating.models.accounts import Account
from starrating.models.cycles import Cycle
from starrating.models.decisions import Decision, DecisionUnit
from starrating.models.divisions import Division, Unit
from starrating.models.people import Person, Post
from starrating.models.publications import Publication
from starrating.models.ratings import Determination, Rating
from starrating.queries.places import units_within


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision with who proposed and who settled it; `edition` is the one that it gave."""

    id: int
    cycle_id: int
    kind: str
    sort: str
    state: str
    reason: str
    ground: str
    takes_effect_on: date
    edition: int | None
    proposed_by: int
    proposer: str
    proposed_at: datetime
    settled_by: int | None
    settler: str
    settled_at: datetime | None
    lifts_id: int | None
    lifts: int | None
    """The edition of the removal that is lifted."""
    lifted_by: int | None
    """The decision that lifts this one, proposed or taken."""


@dataclass(frozen=True, slots=True)
class ConcernedUnit:
    """A unit that a decision is about, the codes of its level before and after, what follows from the one before."""

    decision_id: int
    unit_id: int
    code: str
    name: str
    township: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class UnitDecision:
    """What a decision that was taken did to a unit."""

    year: int
    edition: int | None
    sort: str
    reason: str
    ground: str
    on: date
    before: str
    after: str


def decision(decision_id: int) -> DecisionRow | None:
    """One decision."""
    return next(iter(_rows(_decisions().where(Decision.id == decision_id))), None)


def decisions_of(cycle_id: int) -> tuple[DecisionRow, ...]:
    """The decisions of a year, the newest first."""
    return _rows(_decisions().where(Decision.cycle_id == cycle_id))


def concerned(decision_ids: Sequence[int]) -> tuple[ConcernedUnit, ...]:
    """The units that decisions are about, by code."""
    rows = db.session.execute(
        select(DecisionUnit.decision_id, Unit.id, Unit.code, Unit.name, Division.name, DecisionUnit.level_before,
               DecisionUnit.level_after)
        .join(Unit, Unit.id == DecisionUnit.unit_id)
        .join(Division, Division.id == Unit.township_id)
        .where(DecisionUnit.decision_id.in_(decision_ids))
        .order_by(DecisionUnit.decision_id, Unit.code, Unit.id)
    )  # fmt: skip
    return tuple(ConcernedUnit(*row) for row in rows)


def decided_of_unit(cycle_id: int, unit_id: int) -> tuple[UnitDecision, ...]:
    """The decisions taken on a unit's level of a year, in their order."""
    rows: Sequence[Any] = db.session.execute(
        select(Cycle.year, Decision.edition, Decision.sort, Decision.reason, Decision.ground, Decision.takes_effect_on,
               DecisionUnit.level_before, DecisionUnit.level_after)
        .join(Decision, Decision.id == DecisionUnit.decision_id)
        .join(Cycle, Cycle.id == Decision.cycle_id)
        .where(Decision.cycle_id == cycle_id, DecisionUnit.unit_id == unit_id, Decision.state == DecisionState.DECIDED)
        .order_by(Decision.edition)
    ).all()  # fmt: skip
    return tuple(UnitDecision(*row) for row in rows)


def decided_between(cycle_id: int, kind: str, after: int, up_to: int) -> dict[int, tuple[UnitDecision, ...]]:
    """Unit → the decisions on its level that gave a determination after the one of a key, up to that of another."""
    rows = db.session.execute(
        select(DecisionUnit.unit_id, Cycle.year, Decision.edition, Decision.sort, Decision.reason, Decision.ground,
               Decision.takes_effect_on, DecisionUnit.level_before, DecisionUnit.level_after)
        .join(Decision, Decision.id == DecisionUnit.decision_id)
        .join(Cycle, Cycle.id == Decision.cycle_id)
        .join(Publication, (Publication.cycle_id == Decision.cycle_id) & (Publication.kind == Decision.kind)
              & (Publication.edition == Decision.edition))
        .where(Decision.cycle_id == cycle_id, Decision.kind == kind, Decision.state == DecisionState.DECIDED,
               Publication.determination_id > after, Publication.determination_id <= up_to)
        .order_by(Decision.edition)
    )  # fmt: skip
    found: dict[int, tuple[UnitDecision, ...]] = {}
    for row in rows:
        said: tuple[Any, ...] = tuple(row)
        found[said[0]] = (*found.get(said[0], ()), UnitDecision(*said[1:]))
    return found


def restated_under(places: Iterable[Place], year: int) -> dict[int, int]:
    """Unit → the latest year whose level was changed by a decision after the results of `year` were confirmed.

    What follows in `year` for such a unit rests on a level that no longer stands: of the year itself, or of one before.
    """
    confirmed = (
        select(Determination.kind, Cycle.district_id, func.min(Determination.confirmed_at).label("at"))
        .join(Cycle, Cycle.id == Determination.cycle_id)
        .where(Determination.state == "confirmed", Cycle.year == year)
        .group_by(Determination.kind, Cycle.district_id)
        .subquery()
    )
    rows = db.session.execute(
        select(DecisionUnit.unit_id, func.max(Cycle.year))
        .join(Decision, Decision.id == DecisionUnit.decision_id)
        .join(Cycle, Cycle.id == Decision.cycle_id)
        .join(Unit, Unit.id == DecisionUnit.unit_id)
        .join(confirmed, (confirmed.c.kind == Decision.kind) & (confirmed.c.district_id == Cycle.district_id))
        .where(Decision.state == DecisionState.DECIDED, Cycle.year <= year, Decision.settled_at > confirmed.c.at,
               units_within(places))
        .group_by(DecisionUnit.unit_id)
    )  # fmt: skip
    return {row[0]: int(row[1]) for row in rows}


def consequences_of(determination_id: int, unit_ids: Sequence[int]) -> dict[int, str]:
    """Unit → the codes of what followed from its result, as they are stored."""
    rows = db.session.execute(
        select(Rating.unit_id, Rating.consequences).where(
            Rating.determination_id == determination_id, Rating.unit_id.in_(unit_ids)
        )
    )
    return {row[0]: row[1] for row in rows}


def names_at(unit_ids: Sequence[int]) -> frozenset[str]:
    """The names of everybody who holds or held a post at the units: words that no public reason may hold."""
    found = (
        select(Person.name)
        .join(Post, Post.person_id == Person.id)
        .where(Post.unit_id.in_(unit_ids), Person.purged_at.is_(None))
    )
    return frozenset(db.session.scalars(found))


def _decisions() -> Any:
    proposer, settler, lifted, lifting = aliased(Account), aliased(Account), aliased(Decision), aliased(Decision)
    return (
        select(
            Decision.id, Decision.cycle_id, Decision.kind, Decision.sort, Decision.state, Decision.reason,
            Decision.ground, Decision.takes_effect_on, Decision.edition, Decision.proposed_by, proposer.display_name,
            Decision.proposed_at, Decision.settled_by, func.coalesce(settler.display_name, ""), Decision.settled_at,
            Decision.lifts_id, lifted.edition, lifting.id,
        )
        .join(proposer, proposer.id == Decision.proposed_by)
        .outerjoin(settler, settler.id == Decision.settled_by)
        .outerjoin(lifted, lifted.id == Decision.lifts_id)
        .outerjoin(lifting, (lifting.lifts_id == Decision.id) & (lifting.state != DecisionState.WITHDRAWN))
        .order_by(Decision.id.desc())
    )  # fmt: skip


def _rows(wanted: Any) -> tuple[DecisionRow, ...]:
    return tuple(DecisionRow(*row) for row in db.session.execute(wanted))
