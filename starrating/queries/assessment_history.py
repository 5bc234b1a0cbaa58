"""Reading what became of a unit's assessment: its values, the township's, moves, the district's verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from starrating.domain.assessment import Stage
from starrating.domain.entry import Entry, EntryState
from starrating.extensions import db
from starrating.models.accounts import Account
from starrating.models.assessments import AssessmentCell, AssessmentValue
from starrating.models.audit import AuditEvent
from starrating.models.cycles import Cycle
from starrating.models.scores import CellReview, ScoreCell, ScoreValue

SUBMITTED, REVIEWED = "assessment_submitted", "assessment_reviewed"
VERIFIED = "verification"


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened: a value (`before` None where it was the first), a move or a verdict (no `entry`)."""

    at: datetime
    order: int
    by: str
    stage: str
    """self, township or verification."""
    about: str
    """The header of a cell, or the code of an indicator for a move."""
    what: str = ""
    """The move or the verdict; empty for a value."""
    before: Entry | None = None
    entry: Entry | None = None
    reason: str = ""


def steps_of(cycle_id: int, unit_id: int, *, verdicts: bool) -> tuple[Step, ...]:
    """Everything, the newest first; what the district said of scores only where that is asked for."""
    found = chain(_values(cycle_id, unit_id), _moves(cycle_id, unit_id),
                  _verdicts(cycle_id, unit_id) if verdicts else ())  # fmt: skip
    return tuple(sorted(found, key=lambda step: (step.at, bool(step.what), step.order), reverse=True))


def _values(cycle_id: int, unit_id: int) -> Iterator[Step]:
    earlier = aliased(AssessmentValue)
    rows = db.session.execute(
        select(AssessmentValue.at, AssessmentValue.id, func.coalesce(Account.display_name, ""), AssessmentCell.stage,
               AssessmentCell.header, AssessmentValue.state, AssessmentValue.value, earlier.state, earlier.value,
               AssessmentValue.reason)
        .join(AssessmentCell, AssessmentCell.id == AssessmentValue.cell_id)
        .outerjoin(earlier, and_(earlier.cell_id == AssessmentValue.cell_id,
                                 earlier.version == AssessmentValue.version - 1))
        .outerjoin(Account, Account.id == AssessmentValue.by)
        .where(AssessmentCell.cycle_id == cycle_id, AssessmentCell.unit_id == unit_id)
    )  # fmt: skip
    for at, key, by, stage, header, state, value, state_before, value_before, reason in rows:
        before = Entry(EntryState(state_before), value_before) if state_before else None
        yield Step(at, key, by, stage, header, before=before, entry=Entry(EntryState(state), value), reason=reason)


def _moves(cycle_id: int, unit_id: int) -> Iterator[Step]:
    """Submissions and decisions, out of the trail: the assessment itself knows its last one only."""
    year = select(Cycle.year).where(Cycle.id == cycle_id).scalar_subquery()
    rows = db.session.execute(
        select(AuditEvent.at, AuditEvent.sequence, func.coalesce(Account.display_name, ""), AuditEvent.act,
               AuditEvent.facts, year)
        .outerjoin(Account, Account.id == AuditEvent.account_id)
        .where(AuditEvent.unit_id == unit_id, AuditEvent.act.in_((SUBMITTED, REVIEWED)))
    )  # fmt: skip
    for at, sequence, by, act, facts, of in rows:
        told = json.loads(facts)
        if told["year"] == of:
            stage = Stage.SELF if act == SUBMITTED else Stage.TOWNSHIP
            yield Step(at, sequence, by, stage.value, told["indicator"], told.get("move", "submit"),
                       reason=told.get("reason", ""))  # fmt: skip


def _verdicts(cycle_id: int, unit_id: int) -> Iterator[Step]:
    """What the district made of the scores, with the value that it was about."""
    rows = db.session.execute(
        select(CellReview.at, CellReview.id, func.coalesce(Account.display_name, ""), ScoreCell.header,
               CellReview.review, func.coalesce(ScoreValue.state, ScoreCell.state),
               func.coalesce(ScoreValue.value, ScoreCell.value), CellReview.reason)
        .join(ScoreCell, ScoreCell.id == CellReview.cell_id)
        .outerjoin(ScoreValue, and_(ScoreValue.cell_id == CellReview.cell_id, ScoreValue.version == CellReview.version))
        .outerjoin(Account, Account.id == CellReview.by)
        .where(ScoreCell.cycle_id == cycle_id, ScoreCell.unit_id == unit_id)
    )  # fmt: skip
    for at, key, by, header, review, state, value, reason in rows:
        yield Step(at, key, by, VERIFIED, header, review, entry=Entry(EntryState(state), value), reason=reason)
