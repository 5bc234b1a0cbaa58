"""A unit's own assessment of one indicator: its states, and the one table of who moves it from where to where.

The unit writes while it is a draft or was returned, and submits; the township takes it over, changes it or returns it
with a reason. What stands in no row does not exist: nobody edits what lies with the other side.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from starrating.domain.access import Act


class Stage(StrEnum):
    """Whose value it is, beside the department's own in the score cell."""

    SELF = "self"
    TOWNSHIP = "township"


class AssessmentState(StrEnum):
    """Where an indicator's assessment stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REVIEWED = "reviewed"


class Move(StrEnum):
    """What is done to an assessment."""

    SAVE = "save"
    SUBMIT = "submit"
    ACCEPT = "accept"
    CHANGE = "change"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Row:
    """One allowed move: from a state to a state, by whoever may do the act; some only with a reason."""

    move: Move
    source: AssessmentState
    target: AssessmentState
    act: Act
    needs_reason: bool = False


MOVES: tuple[Row, ...] = (
    Row(Move.SAVE, AssessmentState.DRAFT, AssessmentState.DRAFT, Act.ASSESS_SELF),
    Row(Move.SAVE, AssessmentState.RETURNED, AssessmentState.RETURNED, Act.ASSESS_SELF),
    Row(Move.SUBMIT, AssessmentState.DRAFT, AssessmentState.SUBMITTED, Act.ASSESS_SELF),
    Row(Move.SUBMIT, AssessmentState.RETURNED, AssessmentState.SUBMITTED, Act.ASSESS_SELF),
    Row(Move.ACCEPT, AssessmentState.SUBMITTED, AssessmentState.REVIEWED, Act.REVIEW_ASSESSMENTS),
    Row(Move.CHANGE, AssessmentState.SUBMITTED, AssessmentState.REVIEWED, Act.REVIEW_ASSESSMENTS, needs_reason=True),
    Row(Move.CHANGE, AssessmentState.REVIEWED, AssessmentState.REVIEWED, Act.REVIEW_ASSESSMENTS, needs_reason=True),
    Row(Move.RETURN, AssessmentState.SUBMITTED, AssessmentState.RETURNED, Act.REVIEW_ASSESSMENTS, needs_reason=True),
    Row(Move.RETURN, AssessmentState.REVIEWED, AssessmentState.RETURNED, Act.REVIEW_ASSESSMENTS, needs_reason=True),
)
"""Every move there is."""


def find_move(move: Move, state: AssessmentState) -> Row | None:
    """The move out of that state, None where the table has none."""
    return next((row for row in MOVES if row.move is move and row.source is state), None)


def sources_of(move: Move) -> tuple[AssessmentState, ...]:
    """The states that a move can begin in."""
    return tuple(row.source for row in MOVES if row.move is move)
