"""What every uploaded file is while it waits for whoever sent it to look at it and confirm."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import SchemaItem

from starrating.models.types import Digest, Instant, Key, Moment, Name, one_of


class ImportState(StrEnum):
    """What became of an import."""

    WAITING = "waiting"
    STORED = "stored"
    DROPPED = "dropped"


class WaitingFile:
    """The columns of a file that waits; its content is kept only until it is stored or dropped."""

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    name: Mapped[Name]
    digest: Mapped[Digest]
    state: Mapped[str] = mapped_column(String(20))
    made_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    stored_at: Mapped[datetime | None] = mapped_column(Moment())
    changed: Mapped[int]
    content: Mapped[bytes | None] = mapped_column(LargeBinary())


def waiting_rules() -> tuple[SchemaItem, ...]:
    """What holds in every table of waiting files, and the index by which the expired are found."""
    return (
        one_of("state", ImportState),
        CheckConstraint("(state = 'waiting') = (content IS NOT NULL)", name="content"),
        CheckConstraint("length(digest) = 64", name="digest"),
        CheckConstraint("changed >= 0", name="changed"),
        Index(None, "state", "expires_at"),
    )
