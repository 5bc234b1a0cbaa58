"""Scores: every value that was ever entered, and for each cell the version that stands.

Values are text as it was entered (`12.50`, `是`), read exactly by the rating; blank, not applicable and 0 are three
states. A cell is written by `UPDATE … WHERE version = …`, its value added to the history in the same transaction.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.schema import SchemaItem

from starrating.domain.verification import Review
from starrating.extensions import Base
from starrating.models.types import Code, Instant, LongKey, Name, one_of


class ValueState(StrEnum):
    """What stands in a cell."""

    VALUE = "value"
    BLANK = "blank"
    NOT_APPLICABLE = "not_applicable"


class ScoreCell(Base):
    """The current version of one header of one unit in a cycle; a cell that was never touched has no row."""

    __tablename__ = "score_cell"
    __table_args__ = (
        one_of("state", ValueState),
        one_of("review", Review),
        CheckConstraint("(state = 'value') = (value <> '')", name="value"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("(review = 'returned') = (review_reason <> '')", name="review_reason"),
        UniqueConstraint("cycle_id", "unit_id", "header"),
        Index(None, "cycle_id", "header"),
        Index(
            "ix_score_cell_returned",
            "cycle_id",
            sqlite_where=text("review = 'returned'"),
            postgresql_where=text("review = 'returned'"),
        ),
        Index(None, "unit_id"),
    )

    id: Mapped[LongKey]
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    header: Mapped[Code]
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    value: Mapped[Name]
    review: Mapped[str] = mapped_column(String(20), default=Review.OPEN.value, server_default=Review.OPEN.value)
    review_reason: Mapped[str] = mapped_column(String(1000), default="", server_default="")


class HistoryEntry:
    """An entry of a cell's history: what, by whom, when, from where, why; never changed, never deleted."""

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[SchemaItem, ...]:
        return (
            one_of("state", ValueState),
            CheckConstraint("(state = 'value') = (value <> '')", name="value"),
            CheckConstraint("version >= 1", name="version"),
            UniqueConstraint("cell_id", "version"),
        )

    id: Mapped[LongKey]
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    value: Mapped[Name]
    by: Mapped[int | None] = mapped_column("account_id", ForeignKey("account.id", ondelete="RESTRICT"))
    at: Mapped[Instant]
    source: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(1000), default="")


class ScoreValue(HistoryEntry, Base):
    """One entry of a score's history."""

    __tablename__ = "score_value"

    cell_id: Mapped[int] = mapped_column(ForeignKey("score_cell.id", ondelete="RESTRICT"))


class CellReview(Base):
    """One step of a cell's verification: which version, what became of it, by whom, why; never changed."""

    __tablename__ = "cell_review"
    __table_args__ = (
        one_of("review", Review),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("review <> 'returned' OR reason <> ''", name="reason"),
        Index(None, "cell_id"),
    )

    id: Mapped[LongKey]
    cell_id: Mapped[int] = mapped_column(ForeignKey("score_cell.id", ondelete="RESTRICT"))
    version: Mapped[int]
    review: Mapped[str] = mapped_column(String(20))
    by: Mapped[int | None] = mapped_column("account_id", ForeignKey("account.id", ondelete="RESTRICT"))
    at: Mapped[Instant]
    reason: Mapped[str] = mapped_column(String(1000), default="")
