"""The reserve list (后备力量) and full-time Party affairs workers: states, how an entry ends, ages, gaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum


class ReserveState(StrEnum):
    """How far an entry of the reserve list is."""

    NOMINATED = "nominated"
    REVIEWED = "reviewed"
    CONFIRMED = "confirmed"
    ENDED = "ended"


UNDECIDED = frozenset({ReserveState.NOMINATED, ReserveState.REVIEWED})
"""While an entry is in one of these the district has not confirmed it."""


class ReserveEnding(StrEnum):
    """Why an entry ended."""

    APPOINTED = "appointed"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    TOO_OLD = "too_old"


REASONED = frozenset({ReserveEnding.WITHDRAWN, ReserveEnding.DECLINED})
"""These endings need a reason."""


class Recruited(StrEnum):
    """How a Party affairs worker was recruited."""

    EXAM = "exam"
    SELECTED = "selected"
    TRANSFERRED = "transferred"
    OTHER = "other"


class Source(StrEnum):
    """Where a Party affairs worker comes from."""

    GRADUATE = "graduate"
    VETERAN = "veteran"
    COMMUNITY = "community"
    RETURNED = "returned"
    OTHER = "other"


class WorkerEnding(StrEnum):
    """Why somebody is no Party affairs worker any more."""

    PROMOTED = "promoted"
    MOVED = "moved"
    RESIGNED = "resigned"
    EXPIRED = "expired"
    DISMISSED = "dismissed"
    OTHER = "other"


def age_on(birth_year: int | None, day: date) -> int | None:
    """The age that somebody reaches in the year of the day; None where the year of birth is not known."""
    return day.year - birth_year if birth_year else None


def too_old(birth_year: int | None, oldest: int | None, day: date) -> bool:
    """True where somebody is past the bound; whose age is not known, or where there is none, is not."""
    age = age_on(birth_year, day)
    return age is not None and oldest is not None and age > oldest


def gaps(units: Iterable[int], confirmed: Mapping[int, int], least: int) -> dict[int, int]:
    """Unit → how many are missing there until it has the least number; units with enough are left out."""
    return {unit: least - confirmed.get(unit, 0) for unit in units if confirmed.get(unit, 0) < least}
