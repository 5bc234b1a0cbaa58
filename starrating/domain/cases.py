"""What becomes of a consequence: its states, the one table of allowed moves, the posts it is decided for, its last day.

Software says that something is due; every move is made by a person. A move that is not in the table does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from starrating.domain.scheme import Bearer, Consequence, Outcome


class CaseState(StrEnum):
    """Where a case stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DEFERRED = "deferred"
    WAIVED = "waived"
    CARRIED_OUT = "carried_out"
    CLOSED = "closed"
    RESCINDED = "rescinded"


class CaseMove(StrEnum):
    """What somebody does with a case."""

    APPROVE = "approve"
    DEFER = "defer"
    WAIVE = "waive"
    RETURN = "return"
    CARRY_OUT = "carry_out"
    BALLOT = "ballot"
    CLOSE = "close"
    UPHOLD = "uphold"
    RESCIND = "rescind"


class About(StrEnum):
    """What a case is decided for: one of two posts, the person whatever posts they hold, the team, the unit."""

    SECRETARY = "secretary"
    DIRECTOR = "director"
    PERSON = "person"
    TEAM = "team"
    UNIT = "unit"


class Need(StrEnum):
    """What a move must bring with it."""

    REASON = "reason"
    UNTIL = "until"
    DONE_ON = "done_on"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Step:
    """A move out of some states into another (None: the state stays), with what it needs; `review` answers one."""

    move: CaseMove
    sources: frozenset[CaseState]
    target: CaseState | None
    needs: tuple[Need, ...] = ()
    review: bool = False


OPEN = frozenset({CaseState.PROPOSED, CaseState.APPROVED, CaseState.DEFERRED})
"""The states in which something is still to be done before the last day."""
UNDONE = frozenset({CaseState.WAIVED, CaseState.RESCINDED})
"""The states in which nothing follows any more."""

STEPS: tuple[Step, ...] = (
    Step(CaseMove.APPROVE, frozenset({CaseState.PROPOSED, CaseState.DEFERRED}), CaseState.APPROVED),
    Step(CaseMove.CARRY_OUT, frozenset({CaseState.APPROVED}), CaseState.CARRIED_OUT, (Need.DONE_ON, Need.DOCUMENT)),
    Step(CaseMove.DEFER, OPEN, CaseState.DEFERRED, (Need.REASON, Need.UNTIL)),
    Step(CaseMove.WAIVE, OPEN, CaseState.WAIVED, (Need.REASON,)),
    Step(CaseMove.RETURN, frozenset({CaseState.APPROVED}), CaseState.PROPOSED, (Need.REASON,)),
    Step(CaseMove.BALLOT, frozenset({CaseState.CARRIED_OUT}), None),
    Step(CaseMove.CLOSE, frozenset({CaseState.CARRIED_OUT}), CaseState.CLOSED),
    Step(CaseMove.UPHOLD, frozenset(CaseState) - UNDONE, None, (Need.REASON,), review=True),
    Step(CaseMove.RESCIND, frozenset(CaseState) - UNDONE, CaseState.RESCINDED, (Need.REASON,), review=True),
)
"""Every move there is, what leads on before what holds up; a ballot is of admonitions alone (`domain/case_records.py`).

While a review is open nothing but its answer is possible: no act rests on a star that fell.
"""


def steps_from(state: CaseState, in_review: bool) -> tuple[Step, ...]:
    """What can be done with a case now, in the order of the table."""
    return tuple(one for one in STEPS if state in one.sources and one.review is in_review)


def find_step(move: CaseMove, state: CaseState, in_review: bool) -> Step | None:
    """The step of that move out of a state; None where the table has none."""
    return next((one for one in steps_from(state, in_review) if one.move is move), None)


BY_POST = frozenset({Outcome.MEASURE})
"""The outcomes that touch posts; what is paid, allowed or given concerns the person once."""


def one_by_one(outcome: Outcome) -> bool:
    """True where a case is never approved together with others: a measure, a talk as much as a removal."""
    return outcome is Outcome.MEASURE


def matters_of(entry: Consequence) -> tuple[About, ...]:
    """The matters that a rule opens where it holds.

    The Party post and the committee post are decided by different bodies, even where one person holds both: a measure
    against whoever holds both is two matters.
    """
    match entry.bearer:
        case Bearer.DUAL_ROLE:
            return (About.SECRETARY, About.DIRECTOR) if entry.effect.outcome in BY_POST else (About.PERSON,)
        case Bearer.SECRETARY:
            return (About.SECRETARY,)
        case Bearer.DIRECTOR:
            return (About.DIRECTOR,)
        case Bearer.TEAM:
            return (About.TEAM,)
    return (About.UNIT,)


def last_day(published_on: date, within_days: int | None) -> date | None:
    """The last day for a measure: so many calendar days after the day of publication, which itself is not counted."""
    return None if within_days is None else published_on + timedelta(days=within_days)


def due_day(state: CaseState, due_on: date | None, deferred_until: date | None) -> date | None:
    """The day by which something has to be done in a state; None where nothing has, or no day was said."""
    if state not in OPEN:
        return None
    return deferred_until if state is CaseState.DEFERRED else due_on
