"""The trail: one event per change, chained by hash, only ever added to.

No index is on the hashes: they come in no order, and a chain is read along its sequence.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from starrating.extensions import Base
from starrating.models.types import BigKey, Code, Digest, Instant, LongText


class AuditEvent(Base):
    """Who did what to whom and when; the place is repeated as keys so that an auditor's scope is one condition."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index(None, "account_id", "sequence"),
        Index(None, "district_id", "sequence"),
        Index(None, "unit_id", "sequence"),
        Index(None, "act", "sequence"),
        Index(None, "at"),
    )

    sequence: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    act: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None] = mapped_column(BigKey)
    subject_label: Mapped[Code]
    district_id: Mapped[int | None] = mapped_column(ForeignKey("division.id", ondelete="RESTRICT"))
    township_id: Mapped[int | None] = mapped_column(ForeignKey("division.id", ondelete="RESTRICT"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    facts: Mapped[LongText]
    previous_hash: Mapped[Digest]
    hash: Mapped[Digest]
