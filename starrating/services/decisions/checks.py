"""What every decision on a published list must hold to: a list that stands, words that may be public, a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from starrating.domain.decisions import DecisionState
from starrating.domain.faults import RuleError
from starrating.domain.personal import holds_number
from starrating.domain.workflow import CycleState
from starrating.models.decisions import Decision
from starrating.models.publications import Publication
from starrating.queries.cycles import CycleRow
from starrating.queries.decisions import decisions_of, names_at
from starrating.queries.publications import PublicationHead, standing_publications
from starrating.services.clock import now
from starrating.services.names import given_text
from starrating.services.working_days import BEIJING, today

LONGEST_REASON, LONGEST_GROUND = 500, 200


@dataclass(frozen=True, slots=True)
class Said:
    """What the public will be told of a decision: why, on what ground, from which day on."""

    reason: str
    ground: str
    on: date


def open_list(row: CycleRow, kind: str) -> PublicationHead:
    """The edition that stands of a list on which nothing waits to be decided."""
    head = standing_edition(row, kind)
    if any(one.kind == kind and one.state == DecisionState.PROPOSED for one in decisions_of(row.id)):
        raise RuleError("decision.open")
    return head


def standing_edition(row: CycleRow, kind: str) -> PublicationHead:
    """The edition of a published year that stands."""
    heads = {one.kind: one for one in standing_publications(row.id)}
    if row.state is not CycleState.PUBLISHED or kind not in heads:
        raise RuleError("decision.not_published")
    return heads[kind]


def public_words(session: Session, row: CycleRow, kind: str, said: Said, unit_ids: Sequence[int]) -> Said:
    """The words as they are stored: there, naming nobody; the day since the first edition and not still to come."""
    reason, ground = given_text(said.reason, LONGEST_REASON), given_text(said.ground, LONGEST_GROUND)
    if not reason or not ground:
        raise RuleError("decision.reason")
    named = any(name and name in f"{reason}\n{ground}" for name in names_at(unit_ids))
    if named or holds_number(reason) or holds_number(ground):
        raise RuleError("decision.personal")
    published = select(func.min(Publication.published_at)).where(
        Publication.cycle_id == row.id, Publication.kind == kind
    )
    first = session.scalars(published).one().astimezone(BEIJING).date()
    if not first <= said.on <= today():
        raise RuleError("decision.day", first=first.isoformat(), last=today().isoformat())
    return Said(reason, ground, said.on)


def proposal(row: CycleRow, kind: str, sort: str, said: Said, by: int, lifts_id: int | None = None) -> Decision:
    """The row of a decision that somebody proposes."""
    return Decision(
        cycle_id=row.id, kind=kind, sort=sort, state=DecisionState.PROPOSED, reason=said.reason, ground=said.ground,
        takes_effect_on=said.on, lifts_id=lifts_id, proposed_by=by, proposed_at=now(),
    )  # fmt: skip
