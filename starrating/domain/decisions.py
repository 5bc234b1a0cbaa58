"""Decisions after publication: what a unit has by the rules, what its removals leave of it, and what lifting one gives.

A removal is a ceiling from its day on, as long as no later decision lifts it: whatever the rules give, be it by
corrected values, the unit has no more than the lowest of its ceilings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from starrating.domain.scheme import Scheme


class DecisionSort(StrEnum):
    """What a decision does: takes levels away, lifts what took them away, or corrects values, which moves others."""

    REMOVAL = "removal"
    LIFTING = "lifting"
    CORRECTION = "correction"


class DecisionState(StrEnum):
    """Where a decision stands."""

    PROPOSED = "proposed"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a decision did to one unit: from which level to which, by which edition; `lifts` is an edition or None."""

    sort: str
    before: str
    after: str
    edition: int
    lifts: int | None = None


def levels_below_top(scheme: Scheme) -> tuple[str, ...]:
    """The levels that a removal may leave, from the lowest up: all but the highest."""
    return tuple(level.code for level in scheme.levels[:-1])


def ceilings(entries: Sequence[Entry]) -> tuple[str, ...]:
    """The levels that the removals of a unit leave which no later decision has lifted."""
    lifted = {one.lifts for one in entries if one.sort == DecisionSort.LIFTING}
    return tuple(one.after for one in entries if one.sort == DecisionSort.REMOVAL and one.edition not in lifted)


def left_of(earned: str, above: Iterable[str], order: Sequence[str]) -> str:
    """The level that stands: the one by the rules, or the lowest ceiling; a unit that is not rated has none.

    `order` has the codes of the levels from the lowest up.
    """
    return min((earned, *above), key=order.index) if earned else ""


def earned_before(entries: Iterable[Entry], level: str) -> str:
    """The level by the rules of a unit with the level `level`, where its edition does not say it.

    Without a ceiling over it, that is the level. With one, nothing but removals and liftings has happened to it since
    ceilings began to be over it without a break (a correction since would have said it): what the removal that began
    them took away is what the rules gave.
    """
    above: set[int] = set()
    given = level
    for one in entries:
        if one.sort == DecisionSort.REMOVAL:
            given = given if above else one.before
            above.add(one.edition)
        elif one.sort == DecisionSort.LIFTING and one.lifts is not None:
            above.discard(one.lifts)
    return given if above else level
