"""Evidence: files that show what a value, a self-assessment or a finding rests on; the content lies in the store."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from starrating.domain.evidence import Medium, Purpose
from starrating.extensions import Base
from starrating.models.types import Code, Digest, Instant, Key, Moment, Name, one_of


class EvidenceFile(Base):
    """A file of a unit in a year, for an indicator or (`''`) in general; removed with a reason, never deleted.

    What an individual attached to an objection nobody with an account sent (`by` is empty): its content is deleted when
    it is removed, its row for good with the name that is forgotten.
    """

    __tablename__ = "evidence_file"
    __table_args__ = (
        one_of("purpose", Purpose),
        one_of("medium", Medium),
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("size >= 1", name="size"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        CheckConstraint("(purpose = 'spot_check') = (spot_check_id IS NOT NULL)", name="spot_check"),
        CheckConstraint("(purpose = 'objection') = (objection_id IS NOT NULL)", name="objection"),
        CheckConstraint("account_id IS NOT NULL OR purpose = 'objection'", name="account_id"),
        CheckConstraint("(removed_at IS NULL) = (removed_reason = '')", name="removed"),
        UniqueConstraint("stored"),
        Index(None, "cycle_id", "unit_id", "indicator"),
        Index(None, "spot_check_id"),
        Index(None, "objection_id"),
    )

    id: Mapped[Key]
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    indicator: Mapped[Code]
    purpose: Mapped[str] = mapped_column(String(20))
    spot_check_id: Mapped[int | None] = mapped_column(ForeignKey("spot_check.id", ondelete="RESTRICT"))
    objection_id: Mapped[int | None] = mapped_column(ForeignKey("objection.id", ondelete="RESTRICT"))
    name: Mapped[Name]
    medium: Mapped[str] = mapped_column(String(20))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[Digest]
    stored: Mapped[str] = mapped_column(String(32))
    thumbnail: Mapped[str] = mapped_column(String(32), default="")
    by: Mapped[int | None] = mapped_column("account_id", ForeignKey("account.id", ondelete="RESTRICT"))
    at: Mapped[Instant]
    removed_at: Mapped[datetime | None] = mapped_column(Moment())
    removed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    removed_reason: Mapped[str] = mapped_column(String(1000), default="")
