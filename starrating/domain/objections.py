"""Objections to a result on public notice: their states, the one table of moves, and who may not decide one.

Whoever had a hand in a unit's result decides no objection to it, whatever role he holds today: what counts is what the
histories say he did. The days for a decision begin with the day after the objection came in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from starrating.domain.access import Act, Granted, Place, may
from starrating.domain.notice import closing_day


class Channel(StrEnum):
    """How an objection came in: typed by the unit itself, by an individual, or entered by the office for somebody."""

    ONLINE = "online"
    INDIVIDUAL = "individual"
    PAPER = "paper"
    TELEPHONE = "telephone"


class ObjectionState(StrEnum):
    """Where an objection stands."""

    LODGED = "lodged"
    IN_HAND = "in_hand"
    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


OPEN = (ObjectionState.LODGED, ObjectionState.IN_HAND)
"""The states in which the unit's result is not final."""
DECIDED = (ObjectionState.UPHELD, ObjectionState.PARTLY_UPHELD, ObjectionState.REJECTED)


class Step(StrEnum):
    """What is done with an objection."""

    TAKE_UP = "take_up"
    UPHOLD = "uphold"
    UPHOLD_PARTLY = "uphold_partly"
    REJECT = "reject"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Row:
    """One allowed move; a decision is for somebody who had no part in the result, and has written reasons."""

    step: Step
    source: ObjectionState
    target: ObjectionState
    decides: bool = False
    changes_result: bool = False


def _decisions(source: ObjectionState) -> tuple[Row, ...]:
    return (
        Row(Step.UPHOLD, source, ObjectionState.UPHELD, decides=True, changes_result=True),
        Row(Step.UPHOLD_PARTLY, source, ObjectionState.PARTLY_UPHELD, decides=True, changes_result=True),
        Row(Step.REJECT, source, ObjectionState.REJECTED, decides=True),
        Row(Step.WITHDRAW, source, ObjectionState.WITHDRAWN),
    )


MOVES: tuple[Row, ...] = (
    Row(Step.TAKE_UP, ObjectionState.LODGED, ObjectionState.IN_HAND),
    *_decisions(ObjectionState.LODGED),
    *_decisions(ObjectionState.IN_HAND),
)
"""Every move there is; what was decided or withdrawn has none."""

DECISIONS = (Step.UPHOLD, Step.UPHOLD_PARTLY, Step.REJECT)


def find_move(step: Step, state: ObjectionState) -> Row | None:
    """The move out of that state, None where the table has none."""
    return next((row for row in MOVES if row.step is step and row.source is state), None)


def may_see(grants: Iterable[Granted], channel: Channel, place: Place) -> bool:
    """True where the holder of the grants may read an objection: the unit what it typed itself, never what others said.

    Who wrote or called about a unit is kept from the unit, its township and whoever scores it.
    """
    held = tuple(grants)
    if may(held, Act.VIEW_ALL_OBJECTIONS, place):
        return True
    return channel is Channel.ONLINE and may(held, Act.VIEW_OBJECTIONS, place)


class Part(StrEnum):
    """What somebody did to a unit's result that keeps him from deciding an objection to it."""

    LODGED = "lodged"
    ASSESSED = "assessed"
    SCORED = "scored"
    VERIFIED = "verified"
    EVENTS = "events"
    SPOT_CHECKED = "spot_checked"
    DETERMINED = "determined"
    CONFIRMED = "confirmed"


def due_day(received_on: date, days: int, works: Callable[[date], bool]) -> date:
    """The last day for a decision, in working days; the day on which it came in does not count (民法典第二百零一条)."""
    return closing_day(received_on + timedelta(days=1), days, works)
