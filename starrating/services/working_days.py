"""Which days an office works, in Beijing: China's published holidays, and the weekends that are worked in exchange.

A year whose holidays were not yet published goes by the days the law fixes and by Monday to Friday.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from starrating.domain.notice import closing_day
from starrating.services.clock import now

BEIJING = ZoneInfo("Asia/Shanghai")


def today() -> date:
    """The day it is in Beijing."""
    return now().astimezone(BEIJING).date()


def is_working_day(day: date) -> bool:
    """True where offices work on the day."""
    return bool(_calendar().is_working_day(day))


def next_working_day(day: date) -> date:
    """The day itself where offices work on it, else the next on which they do."""
    return closing_day(day, 1, is_working_day)


@cache
def _calendar() -> holidays.HolidayBase:
    return holidays.country_holidays("CN")
