"""The district's verification of a score: open, returned or confirmed, and the one table of how it moves.

A confirmed score is locked on every way of writing until it is opened again with a reason; a returned one may be put
right by whoever enters it, and is then open again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Review(StrEnum):
    """What the district made of a score."""

    OPEN = "open"
    RETURNED = "returned"
    CONFIRMED = "confirmed"


class Verdict(StrEnum):
    """What the district does to a score."""

    CONFIRM = "confirm"
    RETURN = "return"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Row:
    """One allowed move, some only with a reason."""

    verdict: Verdict
    source: Review
    target: Review
    needs_reason: bool = False


MOVES: tuple[Row, ...] = (
    Row(Verdict.CONFIRM, Review.OPEN, Review.CONFIRMED),
    Row(Verdict.CONFIRM, Review.RETURNED, Review.CONFIRMED),
    Row(Verdict.RETURN, Review.OPEN, Review.RETURNED, needs_reason=True),
    Row(Verdict.REOPEN, Review.CONFIRMED, Review.OPEN, needs_reason=True),
)
"""Every move there is; a save by whoever enters the score opens a returned one."""


def find_move(verdict: Verdict, state: Review) -> Row | None:
    """The move out of that state, None where the table has none."""
    return next((row for row in MOVES if row.verdict is verdict and row.source is state), None)


def target_of(verdict: Verdict) -> Review:
    """Where a verdict leads."""
    return next(row.target for row in MOVES if row.verdict is verdict)


def is_locked(state: Review) -> bool:
    """True where nobody may change the score."""
    return state is Review.CONFIRMED
