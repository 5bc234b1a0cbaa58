"""A spot check's states and the steps between them: an answer comes before it counts, or the day for it has passed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum


class Effect(StrEnum):
    """What a finding is to lead to: nothing but a note, another value of an indicator, a flag of the scheme."""

    NOTED = "noted"
    DEDUCTION = "deduction"
    VETO = "veto"


WEIGHING = (Effect.DEDUCTION, Effect.VETO)
"""What changes the rating where it counts."""


class AnswerAsked(StrEnum):
    """Whether the unit is to answer before a finding counts."""

    YES = "yes"
    NO = "no"


class SpotCheckState(StrEnum):
    """Where a finding stands."""

    RECORDED = "recorded"
    ANSWER_DUE = "answer_due"
    ANSWERED = "answered"
    COUNTED = "counted"
    WITHDRAWN = "withdrawn"


OPEN = (SpotCheckState.RECORDED, SpotCheckState.ANSWER_DUE, SpotCheckState.ANSWERED)
"""The states in which something can still happen to a finding."""


def first_state(answer_needed: bool) -> SpotCheckState:
    """How a finding begins: with the unit where its answer is asked for."""
    return SpotCheckState.ANSWER_DUE if answer_needed else SpotCheckState.RECORDED


def may_be_answered(state: SpotCheckState) -> bool:
    """True while the unit can say something: asked or not, late or not, until it counts or is withdrawn."""
    return state in (SpotCheckState.RECORDED, SpotCheckState.ANSWER_DUE)


def may_count(state: SpotCheckState, answer_due: datetime | None, at: datetime) -> bool:
    """True where a finding may be counted: answered, no answer asked for, or asked and the instant has passed."""
    if state is SpotCheckState.ANSWER_DUE:
        return answer_due is not None and at > answer_due
    return state in (SpotCheckState.RECORDED, SpotCheckState.ANSWERED)
