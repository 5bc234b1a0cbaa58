"""The states of a district's year and the one table of allowed steps; a step that is not in it does not exist."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from starrating.domain.access import Act


class CycleState(StrEnum):
    """Where a year stands."""

    DRAFT = "draft"
    SCORING = "scoring"
    VERIFICATION = "verification"
    DETERMINED = "determined"
    NOTICE = "notice"
    PUBLISHED = "published"


class CycleStep(StrEnum):
    """What moves a year on, or back."""

    OPEN_SCORING = "open_scoring"
    CLOSE_SCORING = "close_scoring"
    CONFIRM_DETERMINATION = "confirm_determination"
    OPEN_NOTICE = "open_notice"
    PUBLISH = "publish"
    RETURN_TO_DRAFT = "return_to_draft"
    RETURN_TO_SCORING = "return_to_scoring"
    RETURN_TO_VERIFICATION = "return_to_verification"


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed step: from a state to a state, by whoever may do the act; a step back gives its reason."""

    step: CycleStep
    source: CycleState
    target: CycleState
    act: Act
    needs_reason: bool = False


STEPS: tuple[Step, ...] = (
    Step(CycleStep.OPEN_SCORING, CycleState.DRAFT, CycleState.SCORING, Act.PREPARE_CYCLE),
    Step(CycleStep.CLOSE_SCORING, CycleState.SCORING, CycleState.VERIFICATION, Act.PREPARE_CYCLE),
    Step(CycleStep.CONFIRM_DETERMINATION, CycleState.VERIFICATION, CycleState.DETERMINED, Act.CONFIRM),
    Step(CycleStep.OPEN_NOTICE, CycleState.DETERMINED, CycleState.NOTICE, Act.PUBLISH),
    Step(CycleStep.PUBLISH, CycleState.NOTICE, CycleState.PUBLISHED, Act.PUBLISH),
    Step(CycleStep.RETURN_TO_DRAFT, CycleState.SCORING, CycleState.DRAFT, Act.PREPARE_CYCLE, needs_reason=True),
    Step(
        CycleStep.RETURN_TO_SCORING, CycleState.VERIFICATION, CycleState.SCORING, Act.PREPARE_CYCLE, needs_reason=True
    ),
    Step(
        CycleStep.RETURN_TO_VERIFICATION, CycleState.DETERMINED, CycleState.VERIFICATION, Act.CONFIRM, needs_reason=True
    ),
    Step(CycleStep.RETURN_TO_VERIFICATION, CycleState.NOTICE, CycleState.VERIFICATION, Act.CONFIRM, needs_reason=True),
)
"""Every step there is; a published year has none."""


def find_step(step: CycleStep, state: CycleState) -> Step | None:
    """The step out of that state, None where the table has none."""
    return next((row for row in STEPS if row.step is step and row.source is state), None)


def steps_from(state: CycleState) -> tuple[Step, ...]:
    """What can be done next, in the order of the table."""
    return tuple(row for row in STEPS if row.source is state)


def takes_scores(state: CycleState) -> bool:
    """True while scores and events may be entered: in scoring by assessors, in verification by the district."""
    return state in (CycleState.SCORING, CycleState.VERIFICATION)
