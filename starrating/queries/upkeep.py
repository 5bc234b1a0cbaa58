"""Reading when what a timer does was last done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select

from starrating.extensions import db
from starrating.models.people import Person
from starrating.models.upkeep import PURGE, Upkeep


def last_purge() -> datetime | None:
    """When what is kept of people was last purged; None where it never was."""
    return db.session.scalar(select(Upkeep.ran_at).where(Upkeep.name == PURGE))


def knows_people() -> bool:
    """True where anything is kept of anybody that can be purged one day."""
    return bool(db.session.scalar(select(exists().where(Person.purged_at.is_(None)))))
