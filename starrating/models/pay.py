"""What a district pays its leaders in a year, version by version; the last one holds, none ever changes."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from starrating.extensions import Base
from starrating.models.types import Instant, Key

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
