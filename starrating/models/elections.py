"""Elections of a new term (换届): of a whole division, or of one unit that votes by itself."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from starrating.extensions import Base
from starrating.models.types import Instant, Key, Moment


class Election(Base):
    """A term's election on its day; one that was entered wrongly is taken back, never erased."""

    __tablename__ = "election"
    __table_args__ = (
        CheckConstraint("(division_id IS NULL) <> (unit_id IS NULL)", name="place"),
        CheckConstraint("name <> ''", name="name"),
        Index(None, "division_id", "held_on"),
        Index(None, "unit_id"),
    )

    id: Mapped[Key]
    division_id: Mapped[int | None] = mapped_column(ForeignKey("division.id", ondelete="RESTRICT"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    name: Mapped[str] = mapped_column(String(60))
    held_on: Mapped[date]
    entered_by: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    entered_at: Mapped[Instant]
    taken_back_at: Mapped[datetime | None] = mapped_column(Moment())
