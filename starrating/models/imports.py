"""Imports that wait for their confirmation."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from starrating.extensions import Base
from starrating.models.types import Code, Digest, Instant, Key, LongText, Name, one_of
from starrating.models.waiting import WaitingFile, waiting_rules


class ImportKind(StrEnum):
    """Where an import came from: our own workbook, or a table of another system."""

    WORKBOOK = "workbook"
    TABLE = "table"


class ScoreImport(WaitingFile, Base):
    """An uploaded file as it was read."""

    __tablename__ = "score_import"
    __table_args__ = (
        *waiting_rules(),
        one_of("kind", ImportKind),
        Index(None, "account_id", "cycle_id"),
    )

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(String(20))


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
