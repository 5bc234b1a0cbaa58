"""Reading accounts: those of an administrator's scope, and one with what it holds and where it is signed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from starrating.domain.access import EVERYWHERE, Place
from starrating.extensions import db
from starrating.models.accounts import Account, SessionRecord
from starrating.models.divisions import Division
from starrating.queries.identities import GrantRow, grants_of
from starrating.queries.pages import SIZE, Page, offset_of
from starrating.queries.places import divisions_within, place_of_division


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as a list shows it, with what it was granted."""

    id: int
    name: str
    display_name: str
    division_id: int | None
    division: str
    must_change_password: bool
    created_at: datetime
    disabled_at: datetime | None
    grants: tuple[GrantRow, ...] = ()


def place_of_account(account_id: int) -> Place | None:
    """The place of the division that looks after an account, everywhere for the city's own; None without account."""
    row = db.session.execute(select(Account.division_id).where(Account.id == account_id)).one_or_none()
    if row is None:
        return None
    return EVERYWHERE if row[0] is None else place_of_division(row[0])


def account(account_id: int) -> AccountRow | None:
    """One account."""
    row = db.session.execute(_columns().where(Account.id == account_id)).one_or_none()
    return replace(AccountRow(*row), grants=grants_of(account_id)) if row else None


def accounts(places: Iterable[Place], words: str = "", page: int = 1) -> Page[AccountRow]:
    """A page of the accounts looked after within the places, in the order of names."""
    held = tuple(places)
    scope = Account.division_id.in_(select(Division.id).where(divisions_within(held)))
    wanted: list[Any] = [or_(scope, Account.division_id.is_(None)) if EVERYWHERE in held else scope]
    if words:
        wanted.append(
            or_(Account.name.contains(words, autoescape=True), Account.display_name.contains(words, autoescape=True))
        )
    total = db.session.scalar(select(func.count()).select_from(Account).where(*wanted)) or 0
    number = min(max(page, 1), max(1, -(-total // SIZE)))
    rows = db.session.execute(
        _columns().where(*wanted).order_by(Account.name, Account.id).limit(SIZE).offset(offset_of(number))
    ).all()
    grants = grants_of(*(row[0] for row in rows))
    found = (replace(AccountRow(*row), grants=tuple(one for one in grants if one.account_id == row[0])) for row in rows)
    return Page(tuple(found), number, total)


def open_sessions(account_id: int) -> int:
    """How many sessions of an account have not ended."""
    counted = select(func.count()).select_from(SessionRecord)
    return (
        db.session.scalar(counted.where(SessionRecord.account_id == account_id, SessionRecord.ended_at.is_(None))) or 0
    )


def _columns() -> Any:
    return select(
        Account.id, Account.name, Account.display_name, Account.division_id, func.coalesce(Division.name, ""),
        Account.must_change_password, Account.created_at, Account.disabled_at,
    ).outerjoin(Division, Division.id == Account.division_id)  # fmt: skip
