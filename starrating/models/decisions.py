"""Decisions after publication: what they change of which units, by whom; once taken or withdrawn they never change."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from starrating.domain.decisions import DecisionSort, DecisionState
from starrating.extensions import Base
from starrating.models.divisions import UNIT_KINDS
from starrating.models.scores import ValueState
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
        CheckConstraint("(sort = 'lifting') = (lifts_id IS NOT NULL)", name="lifts_id"),
        UniqueConstraint("cycle_id", "kind", "edition"),
        Index("uq_decision_lifts_id", "lifts_id", unique=True,
              sqlite_where=text("state <> 'withdrawn'"), postgresql_where=text("state <> 'withdrawn'")),
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
    lifts_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id", ondelete="RESTRICT"))
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


class DecisionInput(Base):
    """A value that a correction puts right: what it was, what counts instead; the scores themselves stay as they were.

    `header` is that of a cell or of an event (`flag.…`), whose value is how often it happened.
    """

    __tablename__ = "decision_input"
    __table_args__ = (
        one_of("state_before", ValueState),
        one_of("state_after", ValueState),
        CheckConstraint("(state_before = 'value') = (value_before <> '')", name="value_before"),
        CheckConstraint("(state_after = 'value') = (value_after <> '')", name="value_after"),
        CheckConstraint("state_before <> state_after OR value_before <> value_after", name="values"),
        UniqueConstraint("decision_id", "unit_id", "header"),
        Index(None, "unit_id"),
    )

    id: Mapped[Key]
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    header: Mapped[Code]
    state_before: Mapped[str] = mapped_column(String(20))
    value_before: Mapped[Name]
    state_after: Mapped[str] = mapped_column(String(20))
    value_after: Mapped[Name]
