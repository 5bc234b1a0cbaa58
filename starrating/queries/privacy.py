"""Reading what people are shown of their own data: masks, who saw them clear, corrections; never a sealed value."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select

from starrating.domain.access import Place
from starrating.extensions import db
from starrating.models.accounts import Account, SessionRecord
from starrating.models.audit import AuditEvent
from starrating.models.divisions import Unit
from starrating.models.people import Person, Post
from starrating.models.privacy import PersonCorrection, PersonSecret
from starrating.queries.places import units_within

SEEN = "personal_seen"
"""The act of the trail of whoever saw a person clear."""
MOST_SEEN = 200


@dataclass(frozen=True, slots=True)
class Look:
    """One time that somebody saw a person clear."""

    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """What a person asked to have put right, and what became of it."""

    id: int
    person_id: int
    name: str
    state: str
    said: str
    asked_by: int
    asked_at: datetime
    answer: str
    decided_at: datetime | None


def masks_of(person_id: int) -> dict[str, str]:
    """Field → how the stored number is shown."""
    rows = db.session.execute(select(PersonSecret.field, PersonSecret.mask).where(PersonSecret.person_id == person_id))
    return {row[0]: row[1] for row in rows}


def person_of_account(account_id: int) -> int | None:
    """The person whose account it is."""
    return db.session.scalar(select(Person.id).where(Person.account_id == account_id))


def account_of_person(person_id: int) -> str:
    """The name of a person's account, empty where there is none."""
    found = select(Account.name).join(Person, Person.account_id == Account.id).where(Person.id == person_id)
    return db.session.scalar(found) or ""


def looks_at(person_id: int) -> tuple[Look, ...]:
    """Who saw a person clear, or a record that was merged into theirs, the latest first."""
    merged = select(Person.id).where(Person.merged_into_id == person_id)
    subject = AuditEvent.subject_id
    rows = db.session.execute(
        select(AuditEvent.at, func.coalesce(Account.display_name, ""), AuditEvent.facts)
        .outerjoin(Account, Account.id == AuditEvent.account_id)
        .where(
            AuditEvent.act == SEEN, AuditEvent.subject_kind == "person", or_(subject == person_id, subject.in_(merged))
        )
        .order_by(AuditEvent.sequence.desc())
        .limit(MOST_SEEN)
    )
    return tuple(Look(row[0], row[1], str(json.loads(row[2]).get("reason", ""))) for row in rows)


def began(session_id: int) -> datetime | None:
    """When a session was signed in to."""
    return db.session.scalar(select(SessionRecord.created_at).where(SessionRecord.id == session_id))


def corrections_of(person_id: int) -> tuple[CorrectionRow, ...]:
    """What a person asked for, the latest first."""
    return _corrections(PersonCorrection.person_id == person_id)


def corrections_open(places: Iterable[Place]) -> tuple[CorrectionRow, ...]:
    """What waits for a decision, of people who hold or held a post within the places."""
    within = exists().where(Post.person_id == PersonCorrection.person_id, Post.unit_id == Unit.id,
                            units_within(places))  # fmt: skip
    return _corrections(PersonCorrection.state == "asked", within)


def correction(correction_id: int) -> CorrectionRow | None:
    """One of them."""
    return next(iter(_corrections(PersonCorrection.id == correction_id)), None)


def _corrections(*wanted: ColumnElement[bool]) -> tuple[CorrectionRow, ...]:
    rows = db.session.execute(
        select(
            PersonCorrection.id, PersonCorrection.person_id, Person.name, PersonCorrection.state,
            PersonCorrection.said, PersonCorrection.asked_by, PersonCorrection.asked_at, PersonCorrection.answer,
            PersonCorrection.decided_at,
        )
        .join(Person, Person.id == PersonCorrection.person_id)
        .where(*wanted)
        .order_by(PersonCorrection.id.desc())
    )  # fmt: skip
    return tuple(CorrectionRow(*row) for row in rows)
