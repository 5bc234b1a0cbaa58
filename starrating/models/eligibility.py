"""Eligibility checks: what is looked at as data, a check of a person for a post, and each department's answers."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from starrating.domain.eligibility import Purpose, Result
from starrating.extensions import Base
from starrating.models.people import POSTS
from starrating.models.types import Instant, Key, Moment, Name, one_of


class CheckItem(Base):
    """Something a department looks at: hard ones exclude, advisory ones warn; 0 years look at everything."""

    __tablename__ = "check_item"
    __table_args__ = (
        CheckConstraint("look_back_years BETWEEN 0 AND 50", name="look_back_years"),
        CheckConstraint("valid_months BETWEEN 1 AND 60", name="valid_months"),
        CheckConstraint("name <> '' AND department <> ''", name="name"),
        UniqueConstraint("district_id", "code"),
    )

    id: Mapped[Key]
    district_id: Mapped[int] = mapped_column(ForeignKey("division.id", ondelete="RESTRICT"))
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[Name]
    hard: Mapped[bool]
    look_back_years: Mapped[int]
    department: Mapped[Name]
    valid_months: Mapped[int]
    retired_at: Mapped[datetime | None] = mapped_column(Moment())


class EligibilityCheck(Base):
    """A check of a person for a post in a unit; what it comes to is computed from its answers."""

    __tablename__ = "eligibility_check"
    __table_args__ = (
        one_of("kind", POSTS),
        one_of("purpose", Purpose),
        Index(None, "person_id"),
        Index(None, "unit_id"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(String(20))
    purpose: Mapped[str] = mapped_column(String(20))
    opened_by: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    opened_at: Mapped[Instant]


class CheckAnswer(Base):
    """What a department says of one item of a check: asked empty, answered once."""

    __tablename__ = "check_answer"
    __table_args__ = (
        one_of("result", ("", *Result)),
        CheckConstraint("(result = '') = (answered_at IS NULL)", name="answered_at"),
        CheckConstraint("(result = '') = (answered_by IS NULL)", name="answered_by"),
        CheckConstraint("(result = '') = (checked_on IS NULL)", name="checked_on"),
        CheckConstraint("result <> 'found' OR note <> ''", name="note"),
        UniqueConstraint("check_id", "item_id"),
        Index(None, "item_id", "result"),
    )

    id: Mapped[Key]
    check_id: Mapped[int] = mapped_column(ForeignKey("eligibility_check.id", ondelete="RESTRICT"))
    item_id: Mapped[int] = mapped_column(ForeignKey("check_item.id", ondelete="RESTRICT"))
    result: Mapped[str] = mapped_column(String(20), default="", server_default="")
    checked_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(500), default="", server_default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment())
