"""Who a request comes from: the account behind a session's token, with what it was granted, while the session lasts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import aliased

from starrating.domain.access import ALLOWED, EVERYWHERE, Act, Granted, Place, Role, may
from starrating.extensions import db
from starrating.models.accounts import Account, Grant, SessionRecord
from starrating.models.divisions import Division, Unit
from starrating.queries.asking import ask, ask_apart
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


_division, _parent, _district = aliased(Division), aliased(Division), aliased(Division)
_COLUMNS = (
    Grant.id.label("grant_id"), Grant.account_id, Grant.role, Grant.department, _division.id.label("division_key"),
    _division.name.label("division_name"), _division.level, _division.parent_id, _parent.parent_id.label("above"),
    Unit.id.label("unit_key"), Unit.name.label("unit_name"), Unit.township_id, Unit.district_id,
    _district.parent_id.label("of_unit"),
)  # fmt: skip


def _placed(statement: Any) -> Any:
    """A statement over grants, with where each is, in the order in which they were given."""
    return (
        statement.outerjoin(_division, _division.id == Grant.division_id)
        .outerjoin(_parent, _parent.id == _division.parent_id)
        .outerjoin(Unit, Unit.id == Grant.unit_id)
        .outerjoin(_district, _district.id == Unit.district_id)
        .order_by(Grant.id)
    )


_HELD = _placed(select(*_COLUMNS)).where(
    Grant.account_id.in_(bindparam("accounts", expanding=True)), Grant.revoked_at.is_(None)
)
"""What accounts hold, with its place."""
_BEHIND = _placed(
    select(
        Account.id, Account.name, Account.display_name, Account.must_change_password,
        SessionRecord.id.label("session_id"), SessionRecord.seen_at, SessionRecord.created_at,
        SessionRecord.token_digest, *_COLUMNS,
    )
    .join(Account, Account.id == SessionRecord.account_id)
    .outerjoin(Grant, and_(Grant.account_id == Account.id, Grant.revoked_at.is_(None)))
).where(
    SessionRecord.token_digest.in_(bindparam("tokens", expanding=True)), SessionRecord.ended_at.is_(None),
    Account.disabled_at.is_(None),
)  # fmt: skip
"""The accounts and the sessions of tokens, a row for each grant that one holds and one where it holds none."""


def digest_of(token: str) -> str:
    """What is stored of a token."""
    return sha256(token.encode()).hexdigest()


def identities_of(tokens: Collection[str], at: datetime, idle: timedelta, absolute: timedelta) -> dict[str, Identity]:
    """Token → the identity behind it; none once the session ended, idled, grew too old or its account was disabled.

    A clock that was set back fails closed: a session from the future is none.
    """
    digests = {digest_of(token): token for token in tokens}
    behind: dict[str, list[Any]] = {}
    for row in ask_apart(_BEHIND, tokens=tuple(digests)):
        if timedelta(0) <= at - row.created_at < absolute and at - row.seen_at < idle:
            behind.setdefault(digests[row.token_digest], []).append(row)
    return {token: _identity(rows) for token, rows in behind.items()}


def _identity(rows: Sequence[Any]) -> Identity:
    """Of the rows of one session."""
    held = tuple(_grant(one).granted for one in rows if one.grant_id is not None)
    account, name, shown, must_change, session, seen, *_ = rows[0]
    return Identity(account, name, shown, must_change, session, seen, held)


def grants_of(*account_ids: int) -> tuple[GrantRow, ...]:
    """What accounts hold now, in the order in which it was given."""
    return tuple(_grant(row) for row in ask(_HELD, accounts=account_ids))


def others_who_may(act: Act, place: Place, but: int) -> tuple[str, ...]:
    """The names of those in use, but one, whom a grant allows the act at the place."""
    roles = [role for role, acts in ALLOWED.items() if act in acts]
    rows = db.session.execute(
        select(Account.id, Account.display_name)
        .where(Account.disabled_at.is_(None), Account.id != but,
               Account.id.in_(select(Grant.account_id).where(Grant.role.in_(roles), Grant.revoked_at.is_(None))))
        .order_by(Account.id)
    ).all()  # fmt: skip
    held: dict[int, list[Granted]] = {}
    for one in grants_of(*(key for key, _ in rows)):
        held.setdefault(one.account_id, []).append(one.granted)
    return tuple(name for key, name in rows if may(held.get(key, ()), act, place))


def _grant(row: Any) -> GrantRow:
    place, name = EVERYWHERE, ""
    if row.unit_key is not None:
        place, name = Place(row.of_unit, row.district_id, row.township_id, row.unit_key), row.unit_name
    elif row.division_key is not None:
        place, name = place_at(row.level, row.division_key, row.parent_id, row.above), row.division_name
    return GrantRow(row.grant_id, row.account_id, Granted(Role(row.role), place, row.department), name)
