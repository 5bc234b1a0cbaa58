"""Decisions after publication, and to which level a unit that loses its own may fall by the scheme's own rules."""

from __future__ import annotations

from enum import StrEnum

from starrating.domain.scheme import Scheme


class DecisionSort(StrEnum):
    """What a decision does: takes levels away within the year; or will correct values, which moves others too."""

    REMOVAL = "removal"


class DecisionState(StrEnum):
    """Where a decision stands."""

    PROPOSED = "proposed"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


def levels_below_top(scheme: Scheme) -> tuple[str, ...]:
    """The levels that a removal may leave, from the lowest up: all but the highest."""
    return tuple(level.code for level in scheme.levels[:-1])
