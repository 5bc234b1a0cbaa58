"""Days that an administrator entered: worked or not, where the library of holidays does not know or is wrong."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from starrating.extensions import Base
from starrating.models.types import Instant


class EnteredDay(Base):
    """One day as it was entered, with the document that says so; taking it back deletes the row, the trail keeps it."""

    __tablename__ = "entered_day"
    __table_args__ = (CheckConstraint("note <> ''", name="note"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    works: Mapped[bool]
    note: Mapped[str] = mapped_column(String(200))
    by: Mapped[int] = mapped_column("account_id", ForeignKey("account.id", ondelete="RESTRICT"))
    at: Mapped[Instant]
