"""When what has to be done again and again was last done, so that somebody is told when it is not."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from starrating.extensions import Base
from starrating.models.types import Instant

PURGE = "purge_people"


class Upkeep(Base):
    """A work that is done by a timer: the last time it was, and how many things it did then."""

    __tablename__ = "upkeep"
    __table_args__ = (CheckConstraint("done >= 0", name="done"),)

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    ran_at: Mapped[Instant]
    done: Mapped[int]
