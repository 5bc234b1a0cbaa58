"""What an eligibility check comes to: one answer an item, hard ones exclude, advisory ones warn, all of them expire."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Purpose(StrEnum):
    """Why somebody is checked."""

    CANDIDATE = "candidate"
    IN_POST = "in_post"


class Result(StrEnum):
    """What a department found about one item."""

    CLEAR = "clear"
    FOUND = "found"


class Outcome(StrEnum):
    """What all answers come to."""

    OPEN = "open"
    EXCLUDED = "excluded"
    ADVISED = "advised"
    ELIGIBLE = "eligible"


@dataclass(frozen=True, slots=True)
class Answered:
    """An item's answer: hard or advisory, for how many months it is good; no result while nobody answered."""

    hard: bool
    valid_months: int
    result: Result | None
    checked_on: date | None


def outcome_of(answers: Iterable[Answered]) -> Outcome:
    """One hard finding excludes at once; otherwise nothing is said before every item is answered."""
    kept = tuple(answers)
    if any(one.hard and one.result is Result.FOUND for one in kept):
        return Outcome.EXCLUDED
    if not kept or any(one.result is None for one in kept):
        return Outcome.OPEN
    return Outcome.ADVISED if any(one.result is Result.FOUND for one in kept) else Outcome.ELIGIBLE


def expires_on(answers: Iterable[Answered]) -> date | None:
    """The first day on which some answer is no longer good; None while one is missing."""
    days = []
    for one in answers:
        if one.checked_on is None:
            return None
        days.append(months_later(one.checked_on, one.valid_months))
    return min(days, default=None)


RENEWED = timedelta(days=30)
"""How long before its end a check of somebody in post is to be repeated, so that departments have the time."""


def to_repeat(expires: date, day: date) -> bool:
    """True where somebody in post is to be asked about again on the day."""
    return expires <= day + RENEWED


def looks_back_to(opened: date, years: int) -> date | None:
    """From which day on an item looks; None where it looks at everything there ever was."""
    return months_later(opened, -12 * years) if years else None


def months_later(day: date, months: int) -> date:
    """The same day of another month, or its last where it has no such day."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(last, day.day))
        except ValueError:
            continue
    raise ValueError("a month without a 28th")
