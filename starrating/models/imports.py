"""Imports that wait for their confirmation."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from starrating.extensions import Base
from starrating.models.types import Code, Digest, Instant, Key, LongText, Moment, Name, one_of


class ImportState(StrEnum):
    """What became of an import."""

    WAITING = "waiting"
    STORED = "stored"
    DROPPED = "dropped"


class ImportKind(StrEnum):
    """Where an import came from: our own workbook, or a table of another system."""

    WORKBOOK = "workbook"
    TABLE = "table"


class ScoreImport(Base):
    """An uploaded file as it was read; its content is kept only while it waits for whoever sent it to confirm."""

    __tablename__ = "score_import"
    __table_args__ = (
        one_of("state", ImportState),
        one_of("kind", ImportKind),
        CheckConstraint("(state = 'waiting') = (content IS NOT NULL)", name="content"),
        CheckConstraint("length(digest) = 64", name="digest"),
        CheckConstraint("changed >= 0", name="changed"),
        Index(None, "account_id", "cycle_id"),
        Index(None, "state", "expires_at"),
    )

    id: Mapped[Key]
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="RESTRICT"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[Name]
    digest: Mapped[Digest]
    state: Mapped[str] = mapped_column(String(20))
    made_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    stored_at: Mapped[datetime | None] = mapped_column(Moment())
    changed: Mapped[int]
    content: Mapped[bytes | None] = mapped_column(LargeBinary())


class ImportMapping(Base):
    """Which columns of a foreign table fill what, chosen for a district and a department or township; rows only add."""

    __tablename__ = "import_mapping"
    __table_args__ = (
        CheckConstraint("(department = '') = (township_id IS NOT NULL)", name="whose"),
        CheckConstraint("length(fingerprint) = 64", name="fingerprint"),
        Index(None, "district_id", "fingerprint"),
    )

    id: Mapped[Key]
    district_id: Mapped[int] = mapped_column(ForeignKey("division.id", ondelete="RESTRICT"))
    department: Mapped[Code]
    township_id: Mapped[int | None] = mapped_column(ForeignKey("division.id", ondelete="RESTRICT"))
    name: Mapped[Name]
    fingerprint: Mapped[Digest]
    chosen: Mapped[LongText]
    by: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    at: Mapped[Instant]
