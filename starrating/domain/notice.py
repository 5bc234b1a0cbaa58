"""How long a public notice runs: its last day, counted in days or in working days, the first day among them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

LONGEST = 366
"""How far a notice is looked ahead for; a calendar without working days would otherwise never end."""


def closing_day(opens: date, days: int, works: Callable[[date], bool] | None) -> date:
    """The last day of a notice of `days` days that opens on a day; `works` says which days count, None that all do."""
    day, left = opens, max(days, 1)
    for _ in range(LONGEST):
        left -= works is None or works(day)
        if left == 0:
            return day
        day += timedelta(days=1)
    raise ValueError("a calendar without working days")


def days_of(opens: date, closes: date, works: Callable[[date], bool] | None) -> tuple[date, ...]:
    """The days of a notice that count, the first and the last among them."""
    every = (opens + timedelta(days=number) for number in range((closes - opens).days + 1))
    return tuple(day for day in every if works is None or works(day))
