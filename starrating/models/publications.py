"""Notices before a list is final, the lists that were published: their exact text, chained, signed, never changed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from starrating.extensions import Base
from starrating.models.divisions import UNIT_KINDS
from starrating.models.types import Digest, Instant, Key, LongText, Name, one_of


class Notice(Base):
    """A public notice of a determination: its first and last day, the text that was shown, where to object."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("closes_on >= opens_on", name="days"),
        UniqueConstraint("determination_id"),
    )

    id: Mapped[Key]
    determination_id: Mapped[int] = mapped_column(ForeignKey("determination.id", ondelete="RESTRICT"))
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    text: Mapped[LongText]
    contact: Mapped[str] = mapped_column(String(300), default="", server_default="")
    opened_at: Mapped[Instant]
    opened_by: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))


class Publication(Base):
    """An edition of the list of a cycle and kind; a correction is a new edition that refers to the one before."""

    __tablename__ = "publication"
    __table_args__ = (
        one_of("kind", UNIT_KINDS),
        CheckConstraint("edition >= 1", name="edition"),
        CheckConstraint("length(digest) = 64", name="digest"),
        UniqueConstraint("cycle_id", "kind", "edition"),
        Index(None, "published_at"),
    )

    id: Mapped[Key]
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(String(20))
    edition: Mapped[int]
    determination_id: Mapped[int] = mapped_column(ForeignKey("determination.id", ondelete="RESTRICT"))
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id", ondelete="RESTRICT"))
    digest: Mapped[Digest]
    previous_digest: Mapped[str] = mapped_column(String(64), default="")
    text: Mapped[LongText]
    public_key: Mapped[str] = mapped_column(String(64), default="", server_default="")
    signature: Mapped[str] = mapped_column(String(128), default="", server_default="")
    published_at: Mapped[Instant]
    published_by: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))


class SigningKey(Base):
    """A public key by which editions were signed, from its first edition on; the private half is never stored here."""

    __tablename__ = "signing_key"
    __table_args__ = (CheckConstraint("length(public_key) = 64", name="public_key"), UniqueConstraint("public_key"))

    id: Mapped[Key]
    public_key: Mapped[str] = mapped_column(String(64))
    since: Mapped[Instant]


class KeyRevocation(Base):
    """A key that no longer counts from an instant on: what it signed since may be anybody's; said once, for good."""

    __tablename__ = "key_revocation"
    __table_args__ = (
        CheckConstraint("length(public_key) = 64", name="public_key"),
        CheckConstraint("reason <> ''", name="reason"),
        UniqueConstraint("public_key"),
    )

    id: Mapped[Key]
    public_key: Mapped[str] = mapped_column(String(64))
    since: Mapped[Instant]
    reason: Mapped[Name]
    noted_at: Mapped[Instant]
