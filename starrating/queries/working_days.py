"""Reading the days that an administrator entered as worked or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from starrating.extensions import db
from starrating.models.accounts import Account
from starrating.models.working_days import EnteredDay


@dataclass(frozen=True, slots=True)
class EnteredDayRow:
    """A day as it was entered, with who says so and by which document."""

    day: date
    works: bool
    note: str
    by: str
    at: datetime


def entered_days() -> tuple[EnteredDayRow, ...]:
    """All entered days in their order."""
    rows = db.session.execute(
        select(EnteredDay.day, EnteredDay.works, EnteredDay.note, Account.display_name, EnteredDay.at)
        .join(Account, Account.id == EnteredDay.by)
        .order_by(EnteredDay.day)
    )
    return tuple(EnteredDayRow(*row) for row in rows)
