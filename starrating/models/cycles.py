"""A district's rating year: its state, the schemes as they stood, and who fills in which indicator."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from starrating.domain.workflow import CycleState
from starrating.extensions import Base
from starrating.models.divisions import UNIT_KINDS
from starrating.models.types import Code, Digest, Instant, Key, LongText, Name, one_of


class Cycle(Base):
    """One year of one district; every step is `UPDATE … WHERE state = … AND version = …`."""

    __tablename__ = "cycle"
    __table_args__ = (
        one_of("state", CycleState),
        CheckConstraint("year BETWEEN 2000 AND 2200", name="year"),
        CheckConstraint("version >= 1", name="version"),
        UniqueConstraint("district_id", "year"),
    )

    id: Mapped[Key]
    district_id: Mapped[int] = mapped_column(ForeignKey("division.id", ondelete="RESTRICT"))
    year: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    created_at: Mapped[Instant]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))


class CycleScheme(Base):
    """The scheme that rates villages or communities in a cycle: its canonical text, kept with the cycle."""

    __tablename__ = "cycle_scheme"
    __table_args__ = (
        one_of("kind", UNIT_KINDS),
        CheckConstraint("length(digest) = 64", name="digest"),
        UniqueConstraint("cycle_id", "kind"),
    )

    id: Mapped[Key]
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[Name]
    digest: Mapped[Digest]
    text: Mapped[LongText]


class EarlierScheme(Base):
    """A scheme that another one was put in the place of after a run was made by it: runs keep their rules."""

    __tablename__ = "earlier_scheme"
    __table_args__ = (
        one_of("kind", UNIT_KINDS),
        CheckConstraint("length(digest) = 64", name="digest"),
        UniqueConstraint("cycle_id", "kind", "digest"),
    )

    id: Mapped[Key]
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[Name]
    digest: Mapped[Digest]
    text: Mapped[LongText]


class Assignment(Base):
    """Who enters a leaf indicator: one department for the whole district, or each township for its own units."""

    __tablename__ = "assignment"
    __table_args__ = (
        one_of("kind", UNIT_KINDS),
        CheckConstraint("(department <> '') <> by_township", name="assessor"),
        UniqueConstraint("cycle_id", "kind", "indicator"),
        Index(None, "cycle_id", "department"),
    )

    id: Mapped[Key]
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(String(20))
    indicator: Mapped[Code]
    department: Mapped[Name] = mapped_column(default="")
    by_township: Mapped[bool] = mapped_column(default=False)
