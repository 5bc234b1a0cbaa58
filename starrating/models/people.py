"""People and the posts they hold from a day to a day; dual role is two overlapping posts, never a tick box."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from starrating.extensions import Base
from starrating.models.types import Key, Name, one_of

POSTS = ("secretary", "director")


class Person(Base):
    """A person who holds or held a post; nothing about them beyond the name is kept here."""

    __tablename__ = "person"

    id: Mapped[Key]
    name: Mapped[Name]


class Post(Base):
    """A post in a unit, from its first day up to and including its last, if it has ended."""

    __tablename__ = "post"
    __table_args__ = (
        one_of("kind", POSTS),
        CheckConstraint("ends_on IS NULL OR ends_on >= begins_on", name="days"),
        Index(None, "unit_id", "begins_on"),
        Index(None, "person_id"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(String(20))
    begins_on: Mapped[date]
    ends_on: Mapped[date | None]
