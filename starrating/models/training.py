"""Training: rounds that everybody in a post goes through, courses, and who was there."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from starrating.domain.training import MOST_HOURS, Audience, Presence
from starrating.extensions import Base
from starrating.models.types import Instant, Key, Moment, Name, one_of

UNIT_KINDS = ("", "village", "community")


class TrainingRound(Base):
    """A round (轮训): everybody of an audience within a division goes to its courses, for some hours or any one."""

    __tablename__ = "training_round"
    __table_args__ = (
        one_of("audience", Audience),
        one_of("unit_kind", UNIT_KINDS),
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint(f"needed BETWEEN 0 AND {MOST_HOURS}", name="needed"),
        CheckConstraint("ends_on >= begins_on", name="days"),
        Index(None, "division_id", "begins_on"),
    )

    id: Mapped[Key]
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id", ondelete="RESTRICT"))
    name: Mapped[Name]
    audience: Mapped[str] = mapped_column(String(20))
    unit_kind: Mapped[str] = mapped_column(String(20))
    needed: Mapped[int]
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    made_at: Mapped[Instant]
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment())


class TrainingCourse(Base):
    """A course that a division holds, for an audience, on some days; `hours` are tenths of a class hour."""

    __tablename__ = "training_course"
    __table_args__ = (
        one_of("audience", Audience),
        one_of("unit_kind", UNIT_KINDS),
        CheckConstraint("title <> ''", name="title"),
        CheckConstraint(f"hours BETWEEN 1 AND {MOST_HOURS}", name="hours"),
        CheckConstraint("ends_on >= begins_on", name="days"),
        CheckConstraint("version >= 1", name="version"),
        Index(None, "division_id", "begins_on"),
        Index(None, "round_id"),
    )

    id: Mapped[Key]
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id", ondelete="RESTRICT"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("training_round.id", ondelete="RESTRICT"))
    title: Mapped[Name]
    audience: Mapped[str] = mapped_column(String(20))
    unit_kind: Mapped[str] = mapped_column(String(20))
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    hours: Mapped[int]
    venue: Mapped[Name]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    made_at: Mapped[Instant]
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment())


class TrainingAttendance(Base):
    """Whether somebody was at a course; the unit is that for which they were there."""

    __tablename__ = "training_attendance"
    __table_args__ = (
        one_of("presence", Presence),
        CheckConstraint("presence <> 'absent' OR reason <> ''", name="reason"),
        CheckConstraint("(presence = 'made_up') = (made_up_on IS NOT NULL)", name="made_up_on"),
        CheckConstraint("version >= 1", name="version"),
        UniqueConstraint("course_id", "person_id"),
        Index(None, "person_id"),
        Index(None, "unit_id"),
    )

    id: Mapped[Key]
    course_id: Mapped[int] = mapped_column(ForeignKey("training_course.id", ondelete="RESTRICT"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    presence: Mapped[str] = mapped_column(String(20))
    reason: Mapped[Name]
    made_up_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    recorded_by: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    recorded_at: Mapped[Instant]
