"""Cases of consequences: what a rule of the scheme asks for after publication, for whom, and what people made of it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from starrating.domain.cases import About, CaseMove, CaseState
from starrating.domain.scheme import Outcome
from starrating.extensions import Base
from starrating.models.types import Code, Digest, Instant, Key, LongText, Name, one_of


class ConsequenceCase(Base):
    """A rule that held for a unit in a year, for one post, person, team or the unit; opened once, by the publication.

    `facts` is the frozen chain of facts, `digest` its SHA-256. `review_id` names the decision after publication that
    changed a star the case rests on, until people have said what becomes of it.
    """

    __tablename__ = "consequence_case"
    __table_args__ = (
        one_of("about", About),
        one_of("outcome", Outcome),
        one_of("state", CaseState),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("(state = 'deferred') = (deferred_until IS NOT NULL)", name="deferred_until"),
        UniqueConstraint("cycle_id", "unit_id", "rule", "about"),
        Index(None, "unit_id"),
        Index(None, "person_id"),
        Index(None, "state", "due_on"),
    )

    id: Mapped[Key]
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    determination_id: Mapped[int] = mapped_column(ForeignKey("determination.id", ondelete="RESTRICT"))
    rule: Mapped[Code]
    written: Mapped[Code]
    about: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    due_on: Mapped[date | None]
    deferred_until: Mapped[date | None]
    review_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id", ondelete="RESTRICT"))
    opened_at: Mapped[Instant]
    facts: Mapped[LongText]
    digest: Mapped[Digest]


class CaseEvent(Base):
    """A move of a case: who, when, into which state, with the reason, the document and what was recorded; for ever."""

    __tablename__ = "case_event"
    __table_args__ = (
        one_of("move", CaseMove),
        one_of("state", CaseState),
        UniqueConstraint("case_id", "version"),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("consequence_case.id", ondelete="RESTRICT"))
    version: Mapped[int]
    move: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(500), default="", server_default="")
    document: Mapped[Name] = mapped_column(default="", server_default="")
    day: Mapped[date | None]
    record: Mapped[LongText]
    by: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    at: Mapped[Instant]


class RestatedFacts(Base):
    """What a correction made of the facts that a unit's cases of the year rest on; those of the cases stay."""

    __tablename__ = "restated_facts"
    __table_args__ = (UniqueConstraint("decision_id", "unit_id"), Index(None, "unit_id"))

    id: Mapped[Key]
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    facts: Mapped[LongText]
    digest: Mapped[Digest]
