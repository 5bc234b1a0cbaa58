"""What a district pays its leaders, version by version; the sheets of pay and reward money that two people make."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from starrating.domain.pay import SheetState
from starrating.extensions import Base
from starrating.models.types import Digest, Instant, Key, LongText, one_of

MOST_MONEY, MOST_SHARE = 999_999_999, 2000
"""In 分, and in thousandths."""


class PayRate(Base):
    """Base and performance of a whole year in 分, the share of each role in thousandths."""

    __tablename__ = "pay_rate"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint(f"base BETWEEN 0 AND {MOST_MONEY}", name="base"),
        CheckConstraint(f"performance BETWEEN 0 AND {MOST_MONEY}", name="performance"),
        CheckConstraint(f"dual_share BETWEEN 0 AND {MOST_SHARE}", name="dual_share"),
        CheckConstraint(f"secretary_share BETWEEN 0 AND {MOST_SHARE}", name="secretary_share"),
        CheckConstraint(f"director_share BETWEEN 0 AND {MOST_SHARE}", name="director_share"),
        UniqueConstraint("district_id", "year", "version"),
    )

    id: Mapped[Key]
    district_id: Mapped[int] = mapped_column(ForeignKey("division.id", ondelete="RESTRICT"))
    year: Mapped[int]
    version: Mapped[int]
    base: Mapped[int]
    performance: Mapped[int]
    dual_share: Mapped[int]
    secretary_share: Mapped[int]
    director_share: Mapped[int]
    by: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    at: Mapped[Instant]


def _staying(place: str) -> tuple[CheckConstraint | UniqueConstraint, ...]:
    """What holds for sheets of a place and year that two people make."""
    return (
        one_of("state", SheetState),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("(state = 'confirmed') = (confirmed_by IS NOT NULL)", name="confirmed_by"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> drafted_by", name="two_people"),
        UniqueConstraint(place, "year", "number"),
    )


class Staying:
    """A sheet of a year: the first, then one for every difference since; frozen when it is confirmed.

    `text` holds the rows without a name, `digest` is its SHA-256, `total` in 分 what it pays (below 0: takes back).
    """

    id: Mapped[Key]
    year: Mapped[int]
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    text: Mapped[LongText]
    digest: Mapped[Digest]
    total: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(500), default="", server_default="")
    drafted_by: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    drafted_at: Mapped[Instant]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    confirmed_at: Mapped[Instant | None]


class PaySheet(Staying, Base):
    """What a township pays its leaders for a year."""

    __tablename__ = "pay_sheet"
    __table_args__ = _staying("township_id")

    township_id: Mapped[int] = mapped_column(ForeignKey("division.id", ondelete="RESTRICT"))


class FundSheet(Staying, Base):
    """How a district splits its pool of reward money of a year; its text says the pool and every part of it."""

    __tablename__ = "fund_sheet"
    __table_args__ = _staying("district_id")

    district_id: Mapped[int] = mapped_column(ForeignKey("division.id", ondelete="RESTRICT"))
