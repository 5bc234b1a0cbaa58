"""Who a request comes from: the account behind a session's token, with what it was granted, while the session lasts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from starrating.domain.access import EVERYWHERE, Granted, Place, Role
from starrating.extensions import db
from starrating.models.accounts import Account, Grant, SessionRecord
from starrating.models.divisions import Division, Unit
from starrating.queries.places import place_at


@dataclass(frozen=True, slots=True)
class Identity:
    """A signed-in account with its grants and the session it speaks through."""

    account_id: int
    name: str
    display_name: str
    must_change_password: bool
    session_id: int
    seen_at: datetime
    grants: tuple[Granted, ...]
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """The account's key, as Flask-Login asks for it."""
        return str(self.account_id)


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A grant as it stands: its key, whose it is, the role at its place, the place's name."""

    id: int
    account_id: int
    granted: Granted
    place_name: str


def digest_of(token: str) -> str:
    """What is stored of a token."""
    return sha256(token.encode()).hexdigest()


def identity_of(token: str, at: datetime, idle: timedelta, absolute: timedelta) -> Identity | None:
    """The identity behind a token; None once the session ended, idled, grew too old or its account was disabled.

    A clock that was set back fails closed: a session from the future is none.
    """
    row = db.session.execute(
        select(SessionRecord, Account)
        .join(Account, Account.id == SessionRecord.account_id)
        .where(
            SessionRecord.token_digest == digest_of(token),
            SessionRecord.ended_at.is_(None),
            Account.disabled_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    record, account = row
    if not (timedelta(0) <= at - record.created_at < absolute and at - record.seen_at < idle):
        return None
    return Identity(
        account.id,
        account.name,
        account.display_name,
        account.must_change_password,
        record.id,
        record.seen_at,
        tuple(row.granted for row in grants_of(account.id)),
    )


def grants_of(*account_ids: int) -> tuple[GrantRow, ...]:
    """What accounts hold now, in the order in which it was given."""
    division, parent, district = aliased(Division), aliased(Division), aliased(Division)
    rows = db.session.execute(
        select(Grant, division, parent, Unit, district)
        .outerjoin(division, division.id == Grant.division_id)
        .outerjoin(parent, parent.id == division.parent_id)
        .outerjoin(Unit, Unit.id == Grant.unit_id)
        .outerjoin(district, district.id == Unit.district_id)
        .where(Grant.account_id.in_(account_ids), Grant.revoked_at.is_(None))
        .order_by(Grant.id)
    )
    found = []
    row: Any
    for row in rows:
        grant, its, above, unit, units_district = row
        place, name = EVERYWHERE, ""
        if unit is not None:
            place, name = Place(units_district.parent_id, unit.district_id, unit.township_id, unit.id), unit.name
        elif its is not None:
            place, name = place_at(its.level, its.id, its.parent_id, above.parent_id if above else None), its.name
        found.append(GrantRow(grant.id, grant.account_id, Granted(Role(grant.role), place, grant.department), name))
    return tuple(found)
