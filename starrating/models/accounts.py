"""Accounts, what they were granted, their sessions and the failures to sign in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from starrating.domain.access import Role
from starrating.extensions import Base
from starrating.models.types import BigKey, Digest, Instant, Key, LongKey, Moment, Name, one_of


class Account(Base):
    """Who signs in; `name` is NFKC-normalised and folded; the division is the office that looks after the account."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("name"), Index(None, "division_id"))

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(64))
    display_name: Mapped[Name]
    division_id: Mapped[int | None] = mapped_column(ForeignKey("division.id", ondelete="RESTRICT"))
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change_password: Mapped[bool]
    password_changed_at: Mapped[Instant]
    created_at: Mapped[Instant]
    disabled_at: Mapped[datetime | None] = mapped_column(Moment())


class Grant(Base):
    """A role given at a division or a unit, an assessor's for a department; taken back, never deleted."""

    __tablename__ = "account_grant"
    __table_args__ = (
        one_of("role", Role),
        CheckConstraint("(unit_id IS NOT NULL) = (role = 'unit')", name="unit"),
        CheckConstraint("division_id IS NOT NULL OR unit_id IS NOT NULL OR role IN ('city_administrator', 'auditor')",
                        name="place"),
        CheckConstraint("division_id IS NULL OR unit_id IS NULL", name="one_place"),
        CheckConstraint("(department <> '') = (role = 'district_assessor')", name="department"),
        Index(None, "account_id"),
    )  # fmt: skip

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    role: Mapped[str] = mapped_column(String(30))
    division_id: Mapped[int | None] = mapped_column(ForeignKey("division.id", ondelete="RESTRICT"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    department: Mapped[Name] = mapped_column(default="")
    granted_at: Mapped[Instant]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    revoked_at: Mapped[datetime | None] = mapped_column(Moment())


class SessionRecord(Base):
    """One signed-in browser; only the SHA-256 of its random token is stored."""

    __tablename__ = "session_record"
    __table_args__ = (UniqueConstraint("token_digest"), Index(None, "account_id"))

    id: Mapped[LongKey]
    token_digest: Mapped[Digest]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    created_at: Mapped[Instant]
    seen_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(Moment())
    address: Mapped[str] = mapped_column(String(64))


class SignInFailure(Base):
    """A failed attempt: the name as a digest, for a password typed into the wrong field must not be readable."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index(None, "name_digest", "at"), Index(None, "address", "at"))

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    name_digest: Mapped[Digest]
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[Instant]
