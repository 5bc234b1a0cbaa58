"""Candidates of an election: where they stand in it, and whether what was checked lets them be elected."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from starrating.domain.eligibility import Outcome


class CandidateState(StrEnum):
    """Where a candidate is in an election.

    `proposed` is whom a township put forward and the district has not decided on; only `put_forward` stands.
    """

    PROPOSED = "proposed"
    PUT_FORWARD = "put_forward"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
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


GONE = frozenset({CandidateState.WITHDRAWN, CandidateState.DECLINED})
"""Whoever is in one of these can be put forward again."""
WAITING = frozenset({CandidateState.PROPOSED, CandidateState.PUT_FORWARD})
"""Whoever is in one of these was not elected once somebody else is."""
MAY_STAND = frozenset({Standing.ADVISED, Standing.FREE})
"""With these somebody can be elected; what is only advised against is for people to decide."""
TO_ASK = frozenset({Standing.UNASKED, Standing.EXPIRED})
"""With these the departments are to be asked, or asked again."""


def last_day_to_propose(held_on: date, until: date | None) -> date:
    """The last day on which a township puts somebody forward: the election's own, else the day before the vote."""
    return until or held_on - timedelta(days=1)


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
