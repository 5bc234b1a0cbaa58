"""Signing in and out: guesses are counted in the database, sessions are records that end."""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from flask import current_app
from sqlalchemy import ColumnElement, delete, func, select, text, update
from sqlalchemy.orm import Session

from starrating.domain.access import Act, may_somewhere
from starrating.extensions import db
from starrating.models.accounts import Account, SessionRecord, SignInFailure
from starrating.queries.identities import Identity, digest_of, identities_of
from starrating.services.accounts.passwords import matches
from starrating.services.audit import Subject, record
from starrating.services.clock import now
from starrating.services.gathering import Gathering, Taking
from starrating.services.names import folded
from starrating.services.transaction import rows_changed, transaction

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 5
PER_ADDRESS = 20
KEPT = timedelta(days=1)
ONE_TIME = timedelta(days=7)
"""How long a password that must be changed is good for."""
SEEN_EVERY = timedelta(minutes=1)
ASKING = "starrating_asking"
NOTHING_ELSE: frozenset[str] = frozenset()
"""What a question is about, so that any number of them can be asked together."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever speaks through a session, to be asked for within the transaction that acts for them."""

    token: str
    account_id: int
    """Whose page it was sent from: somebody else may have signed in at that browser since."""
    act: Act


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: the token goes to the browser and is stored nowhere."""

    token: str
    account_id: int


def sign_in(name: str, password: str, address: str) -> SignedIn | None:
    """Begin a session, or None: unknown, wrong, locked and disabled are one answer after the same work.

    The attempt is counted before the password is looked at, so that guesses made at once cannot outrun the limit.
    """
    digest = sha256(folded(name).encode()).hexdigest()
    counted = _count_attempt(digest, address)
    account = db.session.scalar(select(Account).where(Account.name == folded(name)))
    stored = account.password_hash if account and counted else None
    if not matches(password, stored) or account is None:
        return None
    key = account.id
    return _begin(key, stored or "", digest, address)


def identity_behind(token: str) -> Identity | None:
    """Who speaks through a session now, None where it ended.

    On PostgreSQL requests that come at once ask in one statement, which saves more than the waiting costs; SQLite is
    asked by each. The statement is begun after the request came, so that whoever was signed out before is.
    """
    return _ask_alone(token) if db.engine.dialect.name == "sqlite" else _asking().do(token, NOTHING_ELSE)


def _asking() -> Gathering[str, Identity | None]:
    """The questions that wait in this process for the application's database; a fork has its own."""
    kept: dict[int, Gathering[str, Identity | None]] = current_app.extensions.setdefault(ASKING, {})
    return kept.get(os.getpid()) or kept.setdefault(os.getpid(), Gathering(_ask_together, _ask_alone))


def _ask_together(take: Taking[str, Identity | None]) -> None:
    members = take()
    found = _asked([one.given for one in members])
    for one in members:
        one.gave.append(found.get(one.given))


def _ask_alone(token: str) -> Identity | None:
    return _asked([token]).get(token)


def _asked(tokens: Sequence[str]) -> dict[str, Identity]:
    config = current_app.config
    return identities_of(tokens, now(), config["SESSION_IDLE"], config["SESSION_ABSOLUTE"])


def let_in(callers: Collection[Caller]) -> dict[Caller, Identity]:
    """The callers that are signed in now as that account and may do that act somewhere; all others are left out.

    It is asked in the open transaction: what is stored for somebody is stored while the session lasts.
    """
    behind = _asked(list({one.token for one in callers})) if callers else {}
    return {one: who for one in callers if (who := behind.get(one.token)) is not None and _lets_in(who, one)}


def _lets_in(who: Identity, caller: Caller) -> bool:
    own = who.account_id == caller.account_id and not who.must_change_password
    return own and may_somewhere(who.grants, caller.act)


def sign_out(session_id: int, account_id: int) -> None:
    """End a session."""
    with transaction() as session:
        ended = rows_changed(
            session,
            update(SessionRecord)
            .where(SessionRecord.id == session_id, SessionRecord.ended_at.is_(None))
            .values(ended_at=now()),
        )
        if ended:
            name = session.get_one(Account, account_id).name
            record(session, "signed_out", account_id, Subject("account", account_id, name))


def note_seen(session_id: int) -> None:
    """Keep an idle session from ending; one that ended stays ended."""
    with transaction() as session:
        session.execute(
            update(SessionRecord)
            .where(SessionRecord.id == session_id, SessionRecord.ended_at.is_(None))
            .values(seen_at=now())
        )


def end_sessions(session: Session, account_id: int, *, but: int | None = None) -> int:
    """End the sessions of an account within an act's transaction; how many."""
    return rows_changed(
        session,
        update(SessionRecord)
        .where(
            SessionRecord.account_id == account_id,
            SessionRecord.ended_at.is_(None),
            SessionRecord.id != (but if but is not None else -1),
        )
        .values(ended_at=now()),
    )


def _count_attempt(digest: str, address: str) -> bool:
    """Count an attempt; False where the account or the address has had too many."""
    with transaction() as session:
        if session.get_bind().dialect.name == "postgresql":
            for key in sorted((digest, address)):
                session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 1))"), {"key": key})
        at = now()
        session.execute(delete(SignInFailure).where(SignInFailure.at < at - KEPT))
        if _failures(session, SignInFailure.name_digest == digest, at) >= PER_ACCOUNT:
            return False
        if _failures(session, SignInFailure.address == address, at) >= PER_ADDRESS:
            return False
        session.add(SignInFailure(name_digest=digest, address=address, at=at))
        return True


def _failures(session: Session, whose: ColumnElement[bool], at: datetime) -> int:
    counted = select(func.count()).select_from(SignInFailure).where(whose, SignInFailure.at > at - WINDOW)
    return session.scalar(counted) or 0


def _begin(account_id: int, stored: str, digest: str, address: str) -> SignedIn | None:
    """Store the session, if the account is still what was checked."""
    with transaction() as session:
        at = now()
        account = session.get(Account, account_id, with_for_update=True)
        if account is None or account.disabled_at is not None or account.password_hash != stored:
            return None
        if account.must_change_password and at - account.password_changed_at > ONE_TIME:
            return None
        session.execute(delete(SignInFailure).where(SignInFailure.name_digest == digest))
        token = secrets.token_urlsafe(32)
        session.add(
            SessionRecord(
                token_digest=digest_of(token), account_id=account.id, created_at=at, seen_at=at, address=address
            )
        )
        record(session, "signed_in", account.id, Subject("account", account.id, account.name), address=address)
        return SignedIn(token, account_id)
