"""Determinations and the ratings they gave; once confirmed by a second person nothing of them changes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from starrating.extensions import Base
from starrating.models.divisions import UNIT_KINDS
from starrating.models.types import BigKey, Code, Digest, Instant, Key, LongText, Moment, Name, one_of

DETERMINATION_STATES = ("trial", "confirmed")


class Determination(Base):
    """One run of the rating over a cycle's units of one kind: a trial, or the one that was confirmed.

    A year that was taken back after its confirmation begins a new `round`; the latest confirmed one stands.
    """

    __tablename__ = "determination"
    __table_args__ = (
        one_of("kind", UNIT_KINDS),
        one_of("state", DETERMINATION_STATES),
        CheckConstraint("determined_by <> confirmed_by", name="two_people"),
        CheckConstraint("(state = 'confirmed') = (confirmed_by IS NOT NULL)", name="confirmed_by"),
        CheckConstraint("(state = 'confirmed') = (confirmed_at IS NOT NULL)", name="confirmed_at"),
        Index("uq_determination_confirmed", "cycle_id", "kind", "round", unique=True,
              sqlite_where=text("state = 'confirmed'"), postgresql_where=text("state = 'confirmed'")),
        Index(None, "cycle_id", "determined_at"),
    )  # fmt: skip

    id: Mapped[Key]
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(String(20))
    round: Mapped[int] = mapped_column(default=1, server_default="1")
    state: Mapped[str] = mapped_column(String(20))
    scheme_digest: Mapped[Digest]
    input_digest: Mapped[Digest]
    engine_version: Mapped[str] = mapped_column(String(40))
    determined_by: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    determined_at: Mapped[Instant]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment())


class Rating(Base):
    """What one unit was given: the total as exact text, its place, level and movement, the reasons as JSON."""

    __tablename__ = "rating"
    __table_args__ = (UniqueConstraint("determination_id", "unit_id"), Index(None, "unit_id"))

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    determination_id: Mapped[int] = mapped_column(ForeignKey("determination.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    status: Mapped[str] = mapped_column(String(20))
    total: Mapped[str] = mapped_column(String(120))
    rank: Mapped[int | None]
    pool: Mapped[Name]
    level: Mapped[Code]
    level_name: Mapped[Name]
    stars: Mapped[int | None]
    previous: Mapped[Code] = mapped_column(default="", server_default="")
    change: Mapped[int | None]
    movement: Mapped[str] = mapped_column(String(20))
    reasons: Mapped[LongText]
    consequences: Mapped[LongText]
