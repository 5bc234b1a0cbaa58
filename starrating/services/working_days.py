"""Which days an office works, in Beijing: China's published holidays, the weekends that are worked in exchange, and
what an administrator entered, which goes before both.

A year whose holidays were not yet published goes by the days the law fixes and by Monday to Friday, until somebody
enters them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

import holidays
from sqlalchemy import delete
from sqlalchemy.orm import Session

from starrating.domain.faults import RuleError
from starrating.domain.notice import closing_day
from starrating.models.working_days import EnteredDay
from starrating.queries.working_days import entered_days
from starrating.services.audit import Subject, record
from starrating.services.clock import now
from starrating.services.names import given_text
from starrating.services.transaction import transaction

BEIJING = ZoneInfo("Asia/Shanghai")
LONGEST_NOTE = 100
LONGEST_SPAN = 31
FIRST_YEAR, LAST_YEAR = 2000, 2100


def today() -> date:
    """The day it is in Beijing."""
    return now().astimezone(BEIJING).date()


def is_working_day(day: date) -> bool:
    """True where offices work on the day as far as it was published."""
    return bool(_calendar().is_working_day(day))


def office_days() -> Callable[[date], bool]:
    """What says of a day whether offices work on it, with the entered days, read once."""
    entered: Mapping[date, bool] = {one.day: one.works for one in entered_days()}
    return lambda day: entered[day] if day in entered else is_working_day(day)


def next_working_day(day: date) -> date:
    """The day itself where offices work on it, else the next on which they do."""
    return closing_day(day, 1, office_days())


def published_until() -> int:
    """The last year whose holidays the library knows as they were published."""
    return int(max(year for year in _calendar().special_public_holidays if isinstance(year, int)))


def enter_days(days: tuple[date, ...], works: bool, note: str, by: int) -> int:
    """Say of some days that offices work on them, or do not; how many changed. What stood before is replaced."""
    said = given_text(note, LONGEST_NOTE)
    if not days or len(days) > LONGEST_SPAN or not all(FIRST_YEAR <= day.year <= LAST_YEAR for day in days):
        raise RuleError("working_days.span", most=LONGEST_SPAN)
    if not said:
        raise RuleError("working_days.note")
    with transaction() as session:
        stood = {one.day: one for one in entered_days()}
        changed = [day for day in days if day not in stood or (stood[day].works, stood[day].note) != (works, said)]
        if changed:
            session.execute(delete(EnteredDay).where(EnteredDay.day.in_(changed)))
            session.add_all(EnteredDay(day=day, works=works, note=said, by=by, at=now()) for day in changed)
            _tell(session, "working_days_entered", by, changed, works=works, reason=said)
        return len(changed)


def take_back_day(day: date, by: int) -> None:
    """Take an entered day back: it is again what was published. Twice is once."""
    with transaction() as session:
        stood = {one.day: one for one in entered_days()}
        if day in stood:
            session.execute(delete(EnteredDay).where(EnteredDay.day == day))
            _tell(session, "working_day_taken_back", by, [day], works=stood[day].works, reason=stood[day].note)


def _tell(session: Session, act: str, by: int, days: list[date], **facts: object) -> None:
    record(session, act, by, Subject("entered_day", None, days[0].isoformat()), days=[day.isoformat() for day in days],
           count=len(days), **facts)  # fmt: skip


@cache
def _calendar() -> holidays.HolidayBase:
    return holidays.country_holidays("CN")
