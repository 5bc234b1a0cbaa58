"""The path of growth of a district, version by version, and the steps that people took on it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from starrating.extensions import Base
from starrating.models.types import Instant, Key, LongText, Moment, Name


class GrowthPath(Base):
    """The stages of a city or district as a text; one row a version, for good."""

    __tablename__ = "growth_path"
    __table_args__ = (
        CheckConstraint("text <> ''", name="text"),
        UniqueConstraint("division_id", "version"),
    )

    id: Mapped[Key]
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id", ondelete="RESTRICT"))
    version: Mapped[int]
    text: Mapped[LongText]
    set_by: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    set_at: Mapped[Instant]


class GrowthStep(Base):
    """That somebody came to a stage: when, by which body and document; a wrong one is taken back, never erased."""

    __tablename__ = "growth_step"
    __table_args__ = (
        CheckConstraint("stage <> '' AND stage_name <> ''", name="stage"),
        CheckConstraint("body <> ''", name="body"),
        CheckConstraint("(taken_back_at IS NULL) = (reason = '')", name="reason"),
        Index(None, "person_id"),
        Index(None, "township_id", "taken_on"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    township_id: Mapped[int] = mapped_column(ForeignKey("division.id", ondelete="RESTRICT"))
    path_id: Mapped[int] = mapped_column(ForeignKey("growth_path.id", ondelete="RESTRICT"))
    stage: Mapped[str] = mapped_column(String(20))
    stage_name: Mapped[Name]
    taken_on: Mapped[date]
    body: Mapped[Name]
    document: Mapped[Name]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    recorded_at: Mapped[Instant]
    taken_back_at: Mapped[datetime | None] = mapped_column(Moment())
    reason: Mapped[Name] = mapped_column(default="", server_default="")
