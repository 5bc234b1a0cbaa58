"""Reading what corrections made of the facts that cases rest on: the last that is known of a unit's year."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, select, union_all

from starrating.domain.cases import UNDONE, CaseMove
from starrating.domain.decisions import DecisionState
from starrating.extensions import db
from starrating.models.cases import CaseEvent, ConsequenceCase, RestatedFacts
from starrating.models.decisions import Decision, DecisionUnit
from starrating.models.divisions import Unit
from starrating.models.publications import Publication
from starrating.models.ratings import Rating

EDITION = "edition"
"""Under which name the move that rescinds a case keeps the last decided edition of its list."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision that was taken gave a unit: a level, or the facts put right; the other is empty."""

    edition: int
    at: datetime
    level: str
    facts: str


@dataclass(frozen=True, slots=True)
class Rescinded:
    """When people rescinded a case, and the edition of its list that stood then; None where it was not kept yet."""

    at: datetime
    edition: int | None

    def after(self, one: Decided) -> bool:
        """True where a decision was taken before that, so that whoever rescinded knew of it."""
        return one.at <= self.at if self.edition is None else one.edition <= self.edition


def decided_of(unit_ids: Collection[int]) -> dict[tuple[int, int], tuple[Decided, ...]]:
    """(cycle, unit) → what the decisions on its own year gave it, in their order."""
    by = (Decision.cycle_id, Decision.edition, Decision.settled_at)
    nothing = literal("")
    levels = select(*by, DecisionUnit.unit_id, DecisionUnit.level_after, nothing).join(
        Decision, Decision.id == DecisionUnit.decision_id).where(
        DecisionUnit.unit_id.in_(unit_ids), Decision.state == DecisionState.DECIDED)  # fmt: skip
    facts = select(*by, RestatedFacts.unit_id, nothing, RestatedFacts.facts).join(
        Decision, Decision.id == RestatedFacts.decision_id).where(RestatedFacts.unit_id.in_(unit_ids))  # fmt: skip
    found: dict[tuple[int, int], tuple[Decided, ...]] = {}
    rows: Sequence[Any] = db.session.execute(union_all(levels, facts)).all()
    for row in sorted(rows, key=lambda row: int(row[1])):
        found[row[0], row[3]] = (*found.get((row[0], row[3]), ()), Decided(row[1], row[2], row[4], row[5]))
    return found


def rescinded_of(case_ids: Collection[int]) -> dict[int, Rescinded]:
    """Case → when it was rescinded, for those that were."""
    rows = db.session.execute(
        select(CaseEvent.case_id, CaseEvent.at, CaseEvent.record).where(
            CaseEvent.case_id.in_(case_ids), CaseEvent.move == CaseMove.RESCIND
        )
    )
    kept = ((row[0], row[1], json.loads(row[2]).get(EDITION)) for row in rows)
    return {key: Rescinded(at, None if edition is None else int(edition)) for key, at, edition in kept}


def last_edition(cycle_id: int, kind: str) -> int:
    """The last edition of a list that a decision gave; 1 where none did."""
    found = select(func.max(Decision.edition)).where(
        Decision.cycle_id == cycle_id, Decision.kind == kind, Decision.state == DecisionState.DECIDED
    )
    return db.session.scalar(found) or 1


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
