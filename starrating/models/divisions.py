"""Divisions (municipality, district, township) and the units that are rated, with keys of our own and dated codes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from starrating.extensions import Base
from starrating.models.types import Key, Name, one_of

LEVELS = ("municipality", "district", "township")
UNIT_KINDS = ("village", "community")


class Division(Base):
    """A municipality, district or township; `kind` is the official word (市辖区, 镇, 街道 …)."""

    __tablename__ = "division"
    __table_args__ = (
        one_of("level", LEVELS),
        CheckConstraint("(level = 'municipality') = (parent_id IS NULL)", name="parent"),
        CheckConstraint("length(code) = 12", name="code"),
        UniqueConstraint("code"),
        Index(None, "parent_id", "code"),
    )

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(12))
    name: Mapped[Name]
    level: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(40))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("division.id", ondelete="RESTRICT"))


class Unit(Base):
    """A village or community; `district_id` repeats the township's district so that a whole district reads in one go.

    `rated` is false for what only resembles a village or community (parks, farms): no committee, nothing to rate.
    """

    __tablename__ = "unit"
    __table_args__ = (
        one_of("kind", UNIT_KINDS),
        CheckConstraint("length(code) = 12", name="code"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
        UniqueConstraint("code", "valid_from"),
        Index(None, "district_id", "code"),
        Index(None, "township_id", "code"),
    )

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(12))
    name: Mapped[Name]
    kind: Mapped[str] = mapped_column(String(20))
    township_id: Mapped[int] = mapped_column(ForeignKey("division.id", ondelete="RESTRICT"))
    district_id: Mapped[int] = mapped_column(ForeignKey("division.id", ondelete="RESTRICT"))
    rated: Mapped[bool]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
