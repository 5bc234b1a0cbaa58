"""Who a request comes from: the account behind a session's token, with what it was granted, while the session lasts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, select
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


_BEHIND = (
    select(
        Account.id, Account.name, Account.display_name, Account.must_change_password,
        SessionRecord.id.label("session_id"), SessionRecord.seen_at, SessionRecord.created_at,
        Account.id.label("account_id"),
    )
    .join(Account, Account.id == SessionRecord.account_id)
    .where(SessionRecord.token_digest == bindparam("token"), SessionRecord.ended_at.is_(None),
           Account.disabled_at.is_(None))
)  # fmt: skip
"""The account and the session of a token; made once, since every request asks it."""


def _held() -> Any:
    division, parent, district = aliased(Division), aliased(Division), aliased(Division)
    return (
        select(
            Grant.id, Grant.account_id, Grant.role, Grant.department, division.id.label("division_key"),
            division.name.label("division_name"), division.level, division.parent_id,
            parent.parent_id.label("above"), Unit.id.label("unit_key"), Unit.name.label("unit_name"),
            Unit.township_id, Unit.district_id, district.parent_id.label("of_unit"),
        )
        .outerjoin(division, division.id == Grant.division_id)
        .outerjoin(parent, parent.id == division.parent_id)
        .outerjoin(Unit, Unit.id == Grant.unit_id)
        .outerjoin(district, district.id == Unit.district_id)
        .where(Grant.account_id.in_(bindparam("accounts", expanding=True)), Grant.revoked_at.is_(None))
        .order_by(Grant.id)
    )  # fmt: skip


_HELD = _held()
"""What accounts hold, with its place; made once."""


def digest_of(token: str) -> str:
    """What is stored of a token."""
    return sha256(token.encode()).hexdigest()


def identity_of(token: str, at: datetime, idle: timedelta, absolute: timedelta) -> Identity | None:
    """The identity behind a token; None once the session ended, idled, grew too old or its account was disabled.

    A clock that was set back fails closed: a session from the future is none.
    """
    row = db.session.execute(_BEHIND, {"token": digest_of(token)}).one_or_none()
    if row is None:
        return None
    if not (timedelta(0) <= at - row.created_at < absolute and at - row.seen_at < idle):
        return None
    held = tuple(one.granted for one in grants_of(row.account_id))
    return Identity(*row[:6], held)


def grants_of(*account_ids: int) -> tuple[GrantRow, ...]:
    """What accounts hold now, in the order in which it was given."""
    found = []
    for row in db.session.execute(_HELD, {"accounts": account_ids}):
        place, name = EVERYWHERE, ""
        if row.unit_key is not None:
            place, name = Place(row.of_unit, row.district_id, row.township_id, row.unit_key), row.unit_name
        elif row.division_key is not None:
            place, name = place_at(row.level, row.division_key, row.parent_id, row.above), row.division_name
        found.append(GrantRow(row.id, row.account_id, Granted(Role(row.role), place, row.department), name))
    return tuple(found)
