"""What units say of themselves and what their townships make of it, apart from the scores that the rating reads."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from starrating.domain.assessment import AssessmentState, Stage
from starrating.extensions import Base
from starrating.models.scores import HistoryEntry, ValueState
from starrating.models.types import Code, Instant, LongKey, Moment, Name, one_of


class Assessment(Base):
    """Where the assessment of one indicator of one unit stands; every move is `UPDATE … WHERE state, version`."""

    __tablename__ = "assessment"
    __table_args__ = (
        one_of("state", AssessmentState),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("state <> 'returned' OR reason <> ''", name="returned"),
        CheckConstraint("state = 'draft' OR submitted_at IS NOT NULL", name="submitted"),
        UniqueConstraint("cycle_id", "unit_id", "indicator"),
        Index(None, "cycle_id", "state"),
        Index(None, "unit_id"),
    )

    id: Mapped[LongKey]
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    indicator: Mapped[Code]
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    reason: Mapped[str] = mapped_column(String(1000), default="")
    by: Mapped[int | None] = mapped_column("account_id", ForeignKey("account.id", ondelete="RESTRICT"))
    at: Mapped[Instant]
    submitted_at: Mapped[datetime | None] = mapped_column(Moment())


class AssessmentCell(Base):
    """The current version of one header of one unit as the unit or its township has it."""

    __tablename__ = "assessment_cell"
    __table_args__ = (
        one_of("stage", Stage),
        one_of("state", ValueState),
        CheckConstraint("(state = 'value') = (value <> '')", name="value"),
        CheckConstraint("version >= 1", name="version"),
        UniqueConstraint("cycle_id", "unit_id", "stage", "header"),
        Index(None, "cycle_id", "header"),
        Index(None, "unit_id"),
    )

    id: Mapped[LongKey]
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    stage: Mapped[str] = mapped_column(String(20))
    header: Mapped[Code]
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    value: Mapped[Name]


class AssessmentValue(HistoryEntry, Base):
    """One entry of such a cell's history."""

    __tablename__ = "assessment_value"

    cell_id: Mapped[int] = mapped_column(ForeignKey("assessment_cell.id", ondelete="RESTRICT"))
