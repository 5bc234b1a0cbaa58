"""Reading the trail: the events within an auditor's places, newest first, narrowed by person, unit, act and time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select, true
from sqlalchemy.orm import aliased

from starrating.domain.access import Place
from starrating.extensions import db
from starrating.models.accounts import Account
from starrating.models.audit import AuditEvent
from starrating.models.divisions import Division, Unit
from starrating.queries.pages import SIZE, Page, offset_of


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event of the trail, with the names as they are now beside the label as it was then."""

    sequence: int
    at: datetime
    account: str
    """The account's name; empty for the system."""
    account_shown: str
    act: str
    subject_kind: str
    subject_id: int | None
    subject_label: str
    district: str
    township: str
    unit: str
    facts: Mapping[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What the trail is narrowed to; an empty part narrows nothing."""

    person: str = ""
    unit: str = ""
    act: str = ""
    since: datetime | None = None
    until: datetime | None = None


def events(places: Iterable[Place], narrowed: EventFilter, page: int = 1) -> Page[EventRow]:
    """A page of the events within the places that the filter leaves, newest first."""
    district, township = aliased(Division), aliased(Division)
    wanted = [or_(false(), *(_within(place) for place in places)), *_conditions(narrowed)]
    joined = (
        select(
            AuditEvent.sequence, AuditEvent.at, func.coalesce(Account.name, ""),
            func.coalesce(Account.display_name, ""), AuditEvent.act, AuditEvent.subject_kind,
            AuditEvent.subject_id, AuditEvent.subject_label, func.coalesce(district.name, ""),
            func.coalesce(township.name, ""), func.coalesce(Unit.name, ""), AuditEvent.facts, AuditEvent.hash,
        )
        .outerjoin(Account, Account.id == AuditEvent.account_id)
        .outerjoin(district, district.id == AuditEvent.district_id)
        .outerjoin(township, township.id == AuditEvent.township_id)
        .outerjoin(Unit, Unit.id == AuditEvent.unit_id)
    )  # fmt: skip
    total = db.session.scalar(
        select(func.count())
        .select_from(AuditEvent)
        .outerjoin(Account, Account.id == AuditEvent.account_id)
        .outerjoin(Unit, Unit.id == AuditEvent.unit_id)
        .where(*wanted)
    ) or 0  # fmt: skip
    number = min(max(page, 1), max(1, -(-total // SIZE)))
    rows = db.session.execute(
        joined.where(*wanted).order_by(AuditEvent.sequence.desc()).limit(SIZE).offset(offset_of(number))
    )
    return Page(tuple(_event(row) for row in rows), number, total)


def _event(row: Sequence[Any]) -> EventRow:
    *named, facts, digest = row
    parts: tuple[Any, ...] = (*named, json.loads(facts), digest)
    return EventRow(*parts)


def acts_known() -> tuple[str, ...]:
    """Every act that the trail has, in order."""
    return tuple(db.session.scalars(select(AuditEvent.act).distinct().order_by(AuditEvent.act)))


def _within(place: Place) -> ColumnElement[bool]:
    match place.level:
        case "everywhere":
            return true()
        case "municipality":
            return or_(
                AuditEvent.district_id.in_(select(Division.id).where(Division.parent_id == place.municipality)),
                (AuditEvent.subject_kind == "division") & (AuditEvent.subject_id == place.municipality),
            )
        case "district":
            return AuditEvent.district_id == place.district
        case "township":
            return AuditEvent.township_id == place.township
        case _:
            return AuditEvent.unit_id == place.unit


def _conditions(narrowed: EventFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if narrowed.person:
        found.append(
            or_(
                Account.name.contains(narrowed.person, autoescape=True),
                Account.display_name.contains(narrowed.person, autoescape=True),
            )
        )
    if narrowed.unit:
        found.append(
            or_(
                Unit.name.contains(narrowed.unit, autoescape=True), Unit.code.startswith(narrowed.unit, autoescape=True)
            )
        )
    if narrowed.act:
        found.append(AuditEvent.act == narrowed.act)
    if narrowed.since is not None:
        found.append(AuditEvent.at >= narrowed.since)
    if narrowed.until is not None:
        found.append(AuditEvent.at <= narrowed.until)
    return found
