"""Objections to results on notice, each with its receipt; what was said never changes, a decision is final."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from starrating.domain.objections import Channel, ObjectionState
from starrating.extensions import Base
from starrating.models.types import Digest, Instant, Key, LongText, Moment, Name, one_of

SETTLED = "('upheld', 'partly_upheld', 'rejected', 'withdrawn')"
UPHELD = "('upheld', 'partly_upheld')"


class Objection(Base):
    """One objection; every step is `UPDATE … WHERE version = …`.

    `number` and `code` together open its state to whoever holds the receipt. `changes` and `moved` (JSON) are what an
    upheld one changed and whom that moved, `trial_digest` the content digest that was shown before it was accepted.
    """

    __tablename__ = "objection"
    __table_args__ = (
        one_of("state", ObjectionState),
        one_of("channel", Channel),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("grounds <> ''", name="grounds"),
        CheckConstraint("length(code) >= 8", name="code"),
        CheckConstraint("(channel IN ('online', 'individual')) = (raised_by = '')", name="raised_by"),
        CheckConstraint("(channel = 'individual') = (lodged_by IS NULL)", name="lodged_by"),
        CheckConstraint("due_on > received_on", name="due_on"),
        CheckConstraint(f"(state IN {SETTLED}) = (settled_at IS NOT NULL)", name="settled_at"),
        CheckConstraint(f"(state IN {SETTLED}) = (settled_by IS NOT NULL)", name="settled_by"),
        CheckConstraint(f"(state IN {SETTLED}) = (reasons <> '')", name="reasons"),
        CheckConstraint(f"(state IN {UPHELD}) = (trial_digest <> '')", name="trial_digest"),
        CheckConstraint(f"(state IN {UPHELD}) = (changes <> '[]')", name="changes"),
        CheckConstraint("state = 'withdrawn' OR settled_by IS NULL OR settled_by <> lodged_by", name="two_people"),
        UniqueConstraint("number"),
        Index(None, "cycle_id", "unit_id"),
        Index(None, "unit_id"),
    )

    id: Mapped[Key]
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    determination_id: Mapped[int] = mapped_column(ForeignKey("determination.id", ondelete="RESTRICT"))
    number: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(12))
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(20))
    raised_by: Mapped[Name] = mapped_column(default="")
    indicators: Mapped[LongText]
    grounds: Mapped[str] = mapped_column(String(2000))
    lodged_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    lodged_at: Mapped[Instant]
    received_on: Mapped[date]
    due_on: Mapped[date]
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    taken_at: Mapped[datetime | None] = mapped_column(Moment())
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    settled_at: Mapped[datetime | None] = mapped_column(Moment())
    reasons: Mapped[str] = mapped_column(String(2000), default="")
    changes: Mapped[LongText]
    moved: Mapped[LongText]
    trial_digest: Mapped[Digest] = mapped_column(default="")


class Objector(Base):
    """Who an individual's objection came from, sealed together; the masks are what whoever may read it sees.

    `form_key` is the digest of the form that was sent: sent twice it is one objection. Once nothing has to be answered
    any more, `sealed` and the masks are emptied, and the row is final.
    """

    __tablename__ = "objector"
    __table_args__ = (
        CheckConstraint("length(form_key) = 64", name="form_key"),
        CheckConstraint("(sealed = '') = (key_id = '')", name="key_id"),
        CheckConstraint("(sealed = '') = (mask_name = '')", name="mask_name"),
        CheckConstraint("(sealed = '') = (mask_contact = '')", name="mask_contact"),
        UniqueConstraint("objection_id"),
        UniqueConstraint("form_key"),
        Index(None, "key_id"),
    )

    id: Mapped[Key]
    objection_id: Mapped[int] = mapped_column(ForeignKey("objection.id", ondelete="RESTRICT"))
    form_key: Mapped[Digest]
    key_id: Mapped[str] = mapped_column(String(20))
    sealed: Mapped[LongText]
    mask_name: Mapped[Name]
    mask_contact: Mapped[Name]
    stored_at: Mapped[Instant]
