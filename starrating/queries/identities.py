"""Who a request comes from: the account behind a session's token, with what it was granted, while the session lasts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from starrating.domain.access import ALLOWED, EVERYWHERE, Act, Granted, Place, Role, may
from starrating.extensions import db
from starrating.models.accounts import Account, Grant, SessionRecord
from starrating.models.divisions import Division, Unit
from starrating.queries.asking import Question, among, ask, ask_apart
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
    Grant.id, Grant.account_id, Grant.role, Grant.department, _division.id, _division.name, _division.level,
    _division.parent_id, _parent.parent_id, Unit.id, Unit.name, Unit.township_id, Unit.district_id,
    _district.parent_id,
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


_HELD = Question(_placed(select(*_COLUMNS)).where(among(Grant.account_id, "accounts"), Grant.revoked_at.is_(None)))
"""What accounts hold, with its place."""
_BEHIND = Question(_placed(
    select(
        SessionRecord.token_digest, SessionRecord.created_at, Account.id, Account.name, Account.display_name,
        Account.must_change_password, SessionRecord.id, SessionRecord.seen_at, *_COLUMNS,
    )
    .join(Account, Account.id == SessionRecord.account_id)
    .outerjoin(Grant, and_(Grant.account_id == Account.id, Grant.revoked_at.is_(None)))
).where(
    among(SessionRecord.token_digest, "tokens"), SessionRecord.ended_at.is_(None), Account.disabled_at.is_(None),
))  # fmt: skip
"""The accounts and the sessions of tokens, a row for each grant that one holds and one where it holds none."""


def digest_of(token: str) -> str:
    """What is stored of a token."""
    return sha256(token.encode()).hexdigest()


def identities_of(tokens: Collection[str], at: datetime, idle: timedelta, absolute: timedelta) -> dict[str, Identity]:
    """Token → the identity behind it; none once the session ended, idled, grew too old or its account was disabled.

    A clock that was set back fails closed: a session from the future is none.
    """
    digests = {digest_of(token): token for token in tokens}
    behind: dict[str, tuple[Any, ...]] = {}
    for row in ask_apart(_BEHIND, tokens=digests):
        digest, created_at, seen_at = row[0], row[1], row[7]
        if timedelta(0) <= at - created_at < absolute and at - seen_at < idle:
            behind[digests[digest]] = (*behind.get(digests[digest], ()), row)
    return {token: _identity(rows) for token, rows in behind.items()}


@lru_cache(maxsize=1_000)
def _identity(rows: tuple[tuple[Any, ...], ...]) -> Identity:
    """Of the rows of one session, kept by all that they say: whoever saves cell after cell is made once a minute."""
    held = tuple(_grant(one[8:]).granted for one in rows if one[8] is not None)
    account, name, shown, must_change, session, seen = rows[0][2:8]
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
    key, account, role, department, division, division_name, level, parent, above, *of_unit = row
    unit, unit_name, township, district, municipality = of_unit
    place, name = EVERYWHERE, ""
    if unit is not None:
        place, name = Place(municipality, district, township, unit), unit_name
    elif division is not None:
        place, name = place_at(level, division, parent, above), division_name
    return GrantRow(key, account, Granted(Role(role), place, department), name)
