"""What is kept of a person only encrypted, and what a person asks to have put right."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from starrating.domain.personal import Secret
from starrating.extensions import Base
from starrating.models.types import Digest, Instant, Key, LongText, Moment, one_of

CORRECTION_STATES = ("asked", "done", "refused")


class PersonSecret(Base):
    """A number of a person, sealed with a key that is not in the database; `mask` is what every page shows of it.

    `digest` is keyed: it finds a number that is stored twice without opening any.
    """

    __tablename__ = "person_secret"
    __table_args__ = (
        one_of("field", Secret),
        CheckConstraint("length(digest) = 64", name="digest"),
        UniqueConstraint("person_id", "field"),
        Index(None, "field", "digest"),
        Index(None, "key_id"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    field: Mapped[str] = mapped_column(String(20))
    key_id: Mapped[str] = mapped_column(String(20))
    sealed: Mapped[LongText]
    digest: Mapped[Digest]
    mask: Mapped[str] = mapped_column(String(40))
    stored_at: Mapped[Instant]


class PersonCorrection(Base):
    """What a person says is wrong with what is stored, and what the district decided."""

    __tablename__ = "person_correction"
    __table_args__ = (
        one_of("state", CORRECTION_STATES),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided_at"),
        CheckConstraint("(state = 'asked') = (decided_by IS NULL)", name="decided_by"),
        CheckConstraint("decided_by <> asked_by", name="two_people"),
        Index("uq_person_correction_open", "person_id", unique=True,
              sqlite_where=text("state = 'asked'"), postgresql_where=text("state = 'asked'")),
        Index(None, "person_id"),
    )  # fmt: skip

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    state: Mapped[str] = mapped_column(String(20))
    said: Mapped[str] = mapped_column(String(500))
    asked_by: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    asked_at: Mapped[Instant]
    answer: Mapped[str] = mapped_column(String(500), default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
