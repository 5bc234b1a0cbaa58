"""Events of a unit in a year that a scheme asks about: vetoes, bonuses, incidents, each with its reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from starrating.extensions import Base
from starrating.models.types import Code, Instant, Key, Moment


class EventRecord(Base):
    """How often a flag of the scheme happened to a unit; withdrawn with a reason, never deleted."""

    __tablename__ = "event_record"
    __table_args__ = (
        CheckConstraint("count >= 1", name="count"),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", name="withdrawn"),
        Index(None, "cycle_id", "unit_id"),
    )

    id: Mapped[Key]
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    flag: Mapped[Code]
    count: Mapped[int]
    reason: Mapped[str] = mapped_column(String(1000))
    by: Mapped[int | None] = mapped_column("account_id", ForeignKey("account.id", ondelete="RESTRICT"))
    at: Mapped[Instant]
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment())
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    withdrawn_reason: Mapped[str] = mapped_column(String(1000), default="")
