"""The calendar of a year: a window for each stage, and the extensions that were asked for and decided."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from starrating.domain.windows import DATED
from starrating.extensions import Base
from starrating.models.types import Instant, Key, Moment, Name, one_of


class StageWindow(Base):
    """From when to when a stage of a cycle is open, both instants inside; changed under the cycle's version."""

    __tablename__ = "stage_window"
    __table_args__ = (
        one_of("stage", DATED),
        CheckConstraint("opens IS NULL OR closes IS NULL OR closes > opens", name="dates"),
        UniqueConstraint("cycle_id", "stage"),
    )

    id: Mapped[Key]
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="RESTRICT"))
    stage: Mapped[str] = mapped_column(String(20))
    opens: Mapped[datetime | None] = mapped_column(Moment())
    closes: Mapped[datetime | None] = mapped_column(Moment())


class ExtensionState(StrEnum):
    """What became of an extension that was asked for."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class StageExtension(Base):
    """A longer end of a stage for a township, a unit or a department; one asks, another decides, both are kept.

    Every change of `state` is `UPDATE … WHERE state = …`; whoever asked is never the one who approves.
    """

    __tablename__ = "stage_extension"
    __table_args__ = (
        one_of("stage", DATED),
        one_of("state", ExtensionState),
        CheckConstraint("township_id IS NOT NULL OR unit_id IS NOT NULL OR department <> ''", name="scope"),
        CheckConstraint("township_id IS NULL OR unit_id IS NULL", name="one_place"),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("state = 'withdrawn' OR (state = 'asked') = (decided_by IS NULL)", name="decided"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_at"),
        CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="second_person"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_by IS NOT NULL)", name="withdrawn"),
        CheckConstraint("(withdrawn_by IS NULL) = (withdrawn_at IS NULL)", name="withdrawn_at"),
        Index(None, "cycle_id", "state"),
    )

    id: Mapped[Key]
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="RESTRICT"))
    stage: Mapped[str] = mapped_column(String(20))
    township_id: Mapped[int | None] = mapped_column(ForeignKey("division.id", ondelete="RESTRICT"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    department: Mapped[Name] = mapped_column(default="")
    ends: Mapped[Instant]
    reason: Mapped[str] = mapped_column(String(1000))
    state: Mapped[str] = mapped_column(String(20))
    asked_by: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    asked_at: Mapped[Instant]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    decision: Mapped[str] = mapped_column(String(1000), default="")
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment())
    withdrawn_reason: Mapped[str] = mapped_column(String(1000), default="")
