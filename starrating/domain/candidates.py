"""Candidates of an election: where they stand in it, and whether what was checked lets them be elected."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from starrating.domain.eligibility import Outcome


class CandidateState(StrEnum):
    """Where a candidate is in an election."""

    PUT_FORWARD = "put_forward"
    WITHDRAWN = "withdrawn"
    ELECTED = "elected"
    NOT_ELECTED = "not_elected"


class Standing(StrEnum):
    """What the check of a candidate says on the day of the vote."""

    UNASKED = "unasked"
    WAITING = "waiting"
    BARRED = "barred"
    EXPIRED = "expired"
    ADVISED = "advised"
    FREE = "free"


MAY_STAND = frozenset({Standing.ADVISED, Standing.FREE})
"""With these somebody can be elected; what is only advised against is for people to decide."""
TO_ASK = frozenset({Standing.UNASKED, Standing.EXPIRED})
"""With these the departments are to be asked, or asked again."""


def standing_of(outcome: Outcome | None, expires: date | None, held_on: date) -> Standing:
    """What the latest check comes to: a hard finding bars, even an old one; the others must be good on the day."""
    if outcome is None:
        return Standing.UNASKED
    if outcome is Outcome.EXCLUDED:
        return Standing.BARRED
    if outcome is Outcome.OPEN:
        return Standing.WAITING
    if expires is None or expires <= held_on:
        return Standing.EXPIRED
    return Standing.ADVISED if outcome is Outcome.ADVISED else Standing.FREE
