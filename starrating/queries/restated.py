"""Reading what corrections made of the facts that cases rest on: the last that is known of a unit's year."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import func, select

from starrating.domain.cases import UNDONE
from starrating.extensions import db
from starrating.models.cases import ConsequenceCase, RestatedFacts
from starrating.models.decisions import Decision
from starrating.models.divisions import Unit
from starrating.models.publications import Publication
from starrating.models.ratings import Rating


def restated_of(unit_ids: Collection[int]) -> dict[tuple[int, int], str]:
    """(cycle, unit) → the facts that the last correction gave it."""
    rows = db.session.execute(
        select(Decision.cycle_id, RestatedFacts.unit_id, RestatedFacts.facts)
        .join(Decision, Decision.id == RestatedFacts.decision_id)
        .where(RestatedFacts.unit_id.in_(unit_ids))
        .order_by(Decision.edition)
    )
    return {(row[0], row[1]): row[2] for row in rows}


def facts_known(cycle_id: int, kind: str) -> dict[int, str]:
    """Unit → the facts that its cases of a year rest on, those of the last correction before those of the opening."""
    first = (
        select(func.min(ConsequenceCase.id))
        .where(ConsequenceCase.cycle_id == cycle_id)
        .group_by(ConsequenceCase.unit_id)
    )
    rows = db.session.execute(
        select(ConsequenceCase.unit_id, ConsequenceCase.facts)
        .join(Unit, Unit.id == ConsequenceCase.unit_id)
        .where(ConsequenceCase.id.in_(first), Unit.kind == kind)
    )
    found = {row[0]: row[1] for row in rows}
    return found | {unit: text for (cycle, unit), text in restated_of(found).items() if cycle == cycle_id}


def cases_by_rule(cycle_id: int, unit_ids: Collection[int]) -> dict[tuple[int, str], list[int]]:
    """(unit, rule) → the cases of a year that are not undone."""
    rows = db.session.execute(
        select(ConsequenceCase.unit_id, ConsequenceCase.rule, ConsequenceCase.id).where(
            ConsequenceCase.cycle_id == cycle_id, ConsequenceCase.unit_id.in_(unit_ids),
            ConsequenceCase.state.not_in(tuple(UNDONE)),
        )
    )  # fmt: skip
    found: dict[tuple[int, str], list[int]] = {}
    for unit, rule, key in rows:
        found.setdefault((unit, rule), []).append(key)
    return found


def all_restated() -> Iterable[tuple[int, str, str, str, str]]:
    """(key, facts, digest, total, level) of all that corrections made of facts, as their edition rates the unit."""
    rows = db.session.execute(
        select(RestatedFacts.id, RestatedFacts.facts, RestatedFacts.digest, Rating.total, Rating.level)
        .join(Decision, Decision.id == RestatedFacts.decision_id)
        .join(Publication, (Publication.cycle_id == Decision.cycle_id) & (Publication.kind == Decision.kind)
              & (Publication.edition == Decision.edition))
        .join(Rating, (Rating.determination_id == Publication.determination_id)
              & (Rating.unit_id == RestatedFacts.unit_id))
        .order_by(RestatedFacts.id)
    )  # fmt: skip
    for row in rows:
        yield row[0], row[1], row[2], row[3], row[4]
