"""Elections of a new term (换届), of a whole division or of one unit that votes by itself, and their candidates."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from starrating.domain.candidates import CandidateState
from starrating.extensions import Base
from starrating.models.people import POSTS
from starrating.models.types import Instant, Key, Moment, one_of


class Election(Base):
    """A term's election on its day; one that was entered wrongly is taken back, never erased.

    `propose_until` is the last day on which townships put people forward; without one that is the day before the vote.
    """

    __tablename__ = "election"
    __table_args__ = (
        CheckConstraint("(division_id IS NULL) <> (unit_id IS NULL)", name="place"),
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("propose_until <= held_on", name="propose_until"),
        Index(None, "division_id", "held_on"),
        Index(None, "unit_id"),
    )

    id: Mapped[Key]
    division_id: Mapped[int | None] = mapped_column(ForeignKey("division.id", ondelete="RESTRICT"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    name: Mapped[str] = mapped_column(String(60))
    held_on: Mapped[date]
    propose_until: Mapped[date | None]
    entered_by: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    entered_at: Mapped[Instant]
    taken_back_at: Mapped[datetime | None] = mapped_column(Moment())


class Candidate(Base):
    """Somebody put forward for a post of a unit in an election; whoever was elected has the post that followed.

    Whom a township proposes waits for the district: somebody else decides, the database itself refuses the same one.
    """

    __tablename__ = "candidate"
    __table_args__ = (
        one_of("kind", POSTS),
        one_of("state", CandidateState),
        CheckConstraint("(state = 'elected') = (post_id IS NOT NULL)", name="post_id"),
        CheckConstraint("state NOT IN ('withdrawn', 'declined') OR reason <> ''", name="reason"),
        CheckConstraint("state <> 'declined' OR decided_by IS NOT NULL", name="decided_by"),
        CheckConstraint("decided_by <> put_forward_by", name="two_people"),
        Index(None, "election_id", "unit_id"),
        Index(None, "person_id"),
        Index(None, "unit_id"),
    )

    id: Mapped[Key]
    election_id: Mapped[int] = mapped_column(ForeignKey("election.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(500), default="", server_default="")
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id", ondelete="RESTRICT"))
    put_forward_by: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    put_forward_at: Mapped[Instant]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
