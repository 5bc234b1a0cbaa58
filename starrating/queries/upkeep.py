"""Reading when what a timer does was last done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select

from starrating.extensions import db
from starrating.models.people import Person
from starrating.models.upkeep import PURGE, Upkeep


def last_purge() -> tuple[datetime | None, bool]:
    """When what is kept of people was last purged, None where it never was; whether anything is kept of anybody."""
    ran = select(Upkeep.ran_at).where(Upkeep.name == PURGE).scalar_subquery()
    row = db.session.execute(select(ran, exists().where(Person.purged_at.is_(None)))).one()
    return row[0], bool(row[1])
