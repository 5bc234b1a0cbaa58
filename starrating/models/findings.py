"""What somebody looked at and found in order: a doubt about scores that was put aside with a reason."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from starrating.extensions import Base
from starrating.models.types import Code, Digest, Instant, Key


class PutAside(Base):
    """A doubt that was put aside. `digest` covers what was seen: if the values change, the doubt is a new one."""

    __tablename__ = "put_aside"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("length(digest) = 64", name="digest"),
        UniqueConstraint("cycle_id", "digest"),
    )

    id: Mapped[Key]
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="RESTRICT"))
    digest: Mapped[Digest]
    check: Mapped[Code] = mapped_column("check_code")
    subject: Mapped[str] = mapped_column(String(400))
    reason: Mapped[str] = mapped_column(String(1000))
    by: Mapped[int] = mapped_column("account_id", ForeignKey("account.id", ondelete="RESTRICT"))
    at: Mapped[Instant]
