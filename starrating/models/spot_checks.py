"""Spot checks (暗访): what was found at a unit, what it is to lead to, what the unit answered, whether it counted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from starrating.domain.spot_checks import Effect, SpotCheckState
from starrating.extensions import Base
from starrating.models.types import Code, Instant, Key, Moment, Name, one_of


class SpotCheck(Base):
    """One finding; every step is `UPDATE … WHERE version = …`, what was found never changes, the end is final."""

    __tablename__ = "spot_check"
    __table_args__ = (
        one_of("effect", Effect),
        one_of("state", SpotCheckState),
        CheckConstraint("place <> '' AND found <> '' AND found_by <> ''", name="found"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("(effect = 'deduction') = (value <> '')", name="deduction"),
        CheckConstraint("value = '' OR header <> ''", name="header"),
        CheckConstraint("(effect = 'veto') = (flag <> '')", name="veto"),
        CheckConstraint("(effect = 'veto') = (count >= 1)", name="count"),
        CheckConstraint("answer_needed = (answer_due IS NOT NULL)", name="due"),
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answer"),
        CheckConstraint("(state IN ('counted', 'withdrawn')) = (settled_at IS NOT NULL)", name="settled"),
        CheckConstraint("(state IN ('counted', 'withdrawn')) = (settled_reason <> '')", name="reason"),
        Index(None, "cycle_id", "unit_id"),
    )

    id: Mapped[Key]
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    place: Mapped[Name]
    seen_at: Mapped[Instant]
    found_by: Mapped[Name]
    found: Mapped[str] = mapped_column(String(2000))
    effect: Mapped[str] = mapped_column(String(20))
    header: Mapped[Code] = mapped_column(default="")
    value: Mapped[Name] = mapped_column(default="")
    flag: Mapped[Code] = mapped_column(default="")
    count: Mapped[int] = mapped_column(default=0)
    answer_needed: Mapped[bool]
    answer_due: Mapped[datetime | None] = mapped_column(Moment())
    answer: Mapped[str] = mapped_column(String(2000), default="")
    answered_at: Mapped[datetime | None] = mapped_column(Moment())
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    recorded_by: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    recorded_at: Mapped[Instant]
    settled_at: Mapped[datetime | None] = mapped_column(Moment())
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    settled_reason: Mapped[str] = mapped_column(String(1000), default="")
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event_record.id", ondelete="RESTRICT"))
