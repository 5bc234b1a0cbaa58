"""Decisions after publication: what they change of which units, by whom; once taken or withdrawn they never change."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from starrating.domain.decisions import DecisionSort, DecisionState
from starrating.extensions import Base
from starrating.models.divisions import UNIT_KINDS
from starrating.models.types import Code, Instant, Key, Moment, Name, one_of


class Decision(Base):
    """A decision on a published list: proposed by one person, taken by another; the edition that it gave is its own.

    Of a list only one is open at a time: what is shown to whoever decides follows from the edition that stands.
    """

    __tablename__ = "decision"
    __table_args__ = (
        one_of("kind", UNIT_KINDS),
        one_of("sort", DecisionSort),
        one_of("state", DecisionState),
        CheckConstraint("reason <> '' AND ground <> ''", name="reason"),
        CheckConstraint("edition >= 2", name="edition"),
        CheckConstraint("(state = 'decided') = (edition IS NOT NULL)", name="decided"),
        CheckConstraint("(state = 'proposed') = (settled_by IS NULL)", name="settled_by"),
        CheckConstraint("(state = 'proposed') = (settled_at IS NULL)", name="settled_at"),
        CheckConstraint("state <> 'decided' OR settled_by <> proposed_by", name="two_people"),
        UniqueConstraint("cycle_id", "kind", "edition"),
        Index("uq_decision_open", "cycle_id", "kind", unique=True,
              sqlite_where=text("state = 'proposed'"), postgresql_where=text("state = 'proposed'")),
    )  # fmt: skip

    id: Mapped[Key]
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(String(20))
    sort: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(500))
    ground: Mapped[Name]
    takes_effect_on: Mapped[date]
    edition: Mapped[int | None]
    proposed_by: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    proposed_at: Mapped[Instant]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    settled_at: Mapped[datetime | None] = mapped_column(Moment())


class DecisionUnit(Base):
    """A unit that a decision is about: the level that it had in the edition before, and the one that stands after."""

    __tablename__ = "decision_unit"
    __table_args__ = (
        CheckConstraint("level_before <> level_after", name="levels"),
        UniqueConstraint("decision_id", "unit_id"),
        Index(None, "unit_id"),
    )

    id: Mapped[Key]
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    level_before: Mapped[Code]
    level_after: Mapped[Code]
