"""Rosters that wait for their confirmation; what they hold of people is kept no longer than that."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from starrating.extensions import Base
from starrating.models.imports import ImportState
from starrating.models.types import Digest, Instant, Key, Moment, Name, one_of


class RosterImport(Base):
    """An uploaded roster of a division; the file itself is kept only while it waits for whoever sent it to confirm."""

    __tablename__ = "roster_import"
    __table_args__ = (
        one_of("state", ImportState),
        CheckConstraint("(state = 'waiting') = (content IS NOT NULL)", name="content"),
        CheckConstraint("length(digest) = 64", name="digest"),
        CheckConstraint("changed >= 0", name="changed"),
        Index(None, "division_id", "account_id"),
        Index(None, "state", "expires_at"),
    )

    id: Mapped[Key]
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id", ondelete="RESTRICT"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    name: Mapped[Name]
    digest: Mapped[Digest]
    state: Mapped[str] = mapped_column(String(20))
    made_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    stored_at: Mapped[datetime | None] = mapped_column(Moment())
    changed: Mapped[int]
    content: Mapped[bytes | None] = mapped_column(LargeBinary())
