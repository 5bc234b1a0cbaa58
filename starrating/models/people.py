"""People and the posts they hold from a day to a day; dual role is two overlapping posts, never a tick box."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from starrating.domain.terms import Education, Ending, How
from starrating.extensions import Base
from starrating.models.types import Key, Moment, Name, one_of

POSTS = ("secretary", "director")
FIRST_YEAR, LAST_YEAR = 1900, 2200


class Person(Base):
    """A person who holds or held a post: the name, and what the statistics of the field ask for, if it is known.

    Whoever was found to be somebody else under another key points there; the row stays, for records name it.
    """

    __tablename__ = "person"
    __table_args__ = (
        one_of("education", ("", *Education)),
        CheckConstraint(f"birth_year BETWEEN {FIRST_YEAR} AND {LAST_YEAR}", name="birth_year"),
        CheckConstraint("version >= 1", name="version"),
        UniqueConstraint("account_id"),
        CheckConstraint("merged_into_id <> id", name="merged_into_id"),
        Index(None, "name"),
        Index(None, "merged_into_id"),
    )

    id: Mapped[Key]
    name: Mapped[Name]
    birth_year: Mapped[int | None]
    education: Mapped[str] = mapped_column(String(20), default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    purged_at: Mapped[datetime | None] = mapped_column(Moment())


class Post(Base):
    """A post in a unit, from its first day up to and including its last, if it has ended.

    `how` somebody came to it, where and when that was put on file, and why it ended are empty where nobody noted them.
    """

    __tablename__ = "post"
    __table_args__ = (
        one_of("kind", POSTS),
        one_of("how", ("", *How)),
        one_of("ending", ("", *Ending)),
        CheckConstraint("ends_on IS NULL OR ends_on >= begins_on", name="days"),
        CheckConstraint("ending = '' OR ends_on IS NOT NULL", name="ended"),
        CheckConstraint("version >= 1", name="version"),
        Index(None, "unit_id", "begins_on"),
        Index(None, "person_id"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(String(20))
    begins_on: Mapped[date]
    ends_on: Mapped[date | None]
    how: Mapped[str] = mapped_column(String(20), default="", server_default="")
    filed_with: Mapped[Name] = mapped_column(default="", server_default="")
    filed_on: Mapped[date | None]
    ending: Mapped[str] = mapped_column(String(20), default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
