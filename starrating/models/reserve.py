"""The reserve list of units with its rule, full-time Party affairs workers with the places that are set for them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from starrating.domain.reserve import Recruited, ReserveEnding, ReserveState, Source, WorkerEnding
from starrating.extensions import Base
from starrating.models.people import POSTS
from starrating.models.types import Instant, Key, Moment, Name, one_of


class ReserveRule(Base):
    """How many confirmed people each unit of a district must have, the bound of age; one row a version, for good."""

    __tablename__ = "reserve_rule"
    __table_args__ = (
        CheckConstraint("least BETWEEN 0 AND 20", name="least"),
        CheckConstraint("oldest BETWEEN 18 AND 80", name="oldest"),
        UniqueConstraint("district_id", "version"),
    )

    id: Mapped[Key]
    district_id: Mapped[int] = mapped_column(ForeignKey("division.id", ondelete="RESTRICT"))
    version: Mapped[int]
    least: Mapped[int]
    oldest: Mapped[int | None]
    set_by: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    set_at: Mapped[Instant]


class ReserveEntry(Base):
    """Somebody on the reserve list of a unit: put forward, reviewed by the township, confirmed by another, ended."""

    __tablename__ = "reserve_entry"
    __table_args__ = (
        one_of("kind", POSTS),
        one_of("state", ReserveState),
        one_of("ending", ("", *ReserveEnding)),
        CheckConstraint("nominator <> ''", name="nominator"),
        CheckConstraint("(state = 'ended') = (ending <> '')", name="ending_said"),
        CheckConstraint("(state = 'ended') = (ended_on IS NOT NULL)", name="ended_on"),
        CheckConstraint("ending NOT IN ('withdrawn', 'declined') OR reason <> ''", name="reason"),
        CheckConstraint("state NOT IN ('reviewed', 'confirmed') OR reviewed_by IS NOT NULL", name="reviewed_by"),
        CheckConstraint("state <> 'confirmed' OR confirmed_by IS NOT NULL", name="confirmed_by"),
        CheckConstraint("confirmed_by <> nominated_by AND confirmed_by <> reviewed_by", name="two_people"),
        CheckConstraint("version >= 1", name="version"),
        Index("uq_reserve_entry_open", "person_id", "unit_id", unique=True,
              sqlite_where=text("state <> 'ended'"), postgresql_where=text("state <> 'ended'")),
        Index(None, "person_id"),
        Index(None, "unit_id", "state"),
    )  # fmt: skip

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    nominator: Mapped[Name]
    nominated_on: Mapped[date]
    nominated_by: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    nominated_at: Mapped[Instant]
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    reviewed_at: Mapped[datetime | None] = mapped_column(Moment())
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment())
    ended_on: Mapped[date | None]
    ending: Mapped[str] = mapped_column(String(20), default="", server_default="")
    reason: Mapped[Name] = mapped_column(default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class WorkerPlaces(Base):
    """How many Party affairs workers a division may have; one row a version, for good."""

    __tablename__ = "worker_places"
    __table_args__ = (
        CheckConstraint("places BETWEEN 0 AND 9999", name="places"),
        UniqueConstraint("division_id", "version"),
    )

    id: Mapped[Key]
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id", ondelete="RESTRICT"))
    version: Mapped[int]
    places: Mapped[int]
    set_by: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    set_at: Mapped[Instant]


class PartyWorker(Base):
    """A full-time Party affairs worker of a township, or of a unit in it, from a first day to a last one."""

    __tablename__ = "party_worker"
    __table_args__ = (
        one_of("recruited", Recruited),
        one_of("source", Source),
        one_of("ending", ("", *WorkerEnding)),
        CheckConstraint("ends_on IS NULL OR ends_on >= begins_on", name="days"),
        CheckConstraint("(ending <> '') = (ends_on IS NOT NULL)", name="ended"),
        CheckConstraint("version >= 1", name="version"),
        Index(None, "person_id"),
        Index(None, "township_id", "begins_on"),
        Index(None, "unit_id"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    township_id: Mapped[int] = mapped_column(ForeignKey("division.id", ondelete="RESTRICT"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    begins_on: Mapped[date]
    ends_on: Mapped[date | None]
    recruited: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(20))
    level: Mapped[Name]
    ending: Mapped[str] = mapped_column(String(20), default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    entered_by: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    entered_at: Mapped[Instant]
