"""Accounts: made, given roles, disabled and given new passwords by whoever may, within the scope that is theirs."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from starrating.domain.access import EVERYWHERE, Granted, Place, Role, may_grant, may_manage
from starrating.domain.faults import RuleError
from starrating.extensions import db
from starrating.models.accounts import Account, Grant
from starrating.queries.identities import Identity, grants_of
from starrating.queries.places import place_of_division, place_of_unit
from starrating.services.accounts.passwords import check_new, hash_password, matches, one_time_password
from starrating.services.accounts.sessions import end_sessions
from starrating.services.audit import Subject, record
from starrating.services.clock import now
from starrating.services.names import account_name, given_text
from starrating.services.transaction import transaction


@dataclass(frozen=True, slots=True)
class NewPassword:
    """An account and the one-time password that is shown once and stored nowhere."""

    account_id: int
    name: str
    password: str


def create_first_administrator(name: str) -> NewPassword:
    """Make an administrator of the city with a one-time password: for the command, where nobody can sign in yet."""
    password = one_time_password()
    hashed = hash_password(password)
    with transaction() as session:
        account = _add(session, account_name(name), "市级管理员", None, hashed)
        session.add(
            Grant(account_id=account.id, role=Role.CITY_ADMINISTRATOR, department="", granted_at=now(), granted_by=None)
        )
        record(session, "account_created", None, _subject(account), role=Role.CITY_ADMINISTRATOR)
        return NewPassword(account.id, account.name, password)


def create_account(name: str, display_name: str, division_id: int | None, by: Identity) -> NewPassword:
    """Make an account without any role, looked after by a division in the administrator's scope."""
    home = _place_of_division(division_id)
    if not may_manage(by.grants, (), home):
        raise RuleError("account.out_of_scope")
    password = one_time_password()
    hashed = hash_password(password)
    with transaction() as session:
        shown = given_text(display_name, 60) or account_name(name)
        account = _add(session, account_name(name), shown, division_id, hashed)
        record(session, "account_created", by.account_id, _subject(account, home), display_name=shown)
        return NewPassword(account.id, account.name, password)


def grant_role(account_id: int, role: Role, division_id: int | None, unit_id: int | None, department: str,
               by: Identity) -> None:  # fmt: skip
    """Give a role at a place; giving it twice changes nothing; nobody gives one to themselves."""
    place = _place_of(division_id, unit_id)
    if account_id == by.account_id:
        raise RuleError("account.own")
    if not may_grant(by.grants, role, place):
        raise RuleError("account.role_out_of_scope")
    department = given_text(department, 60) if role is Role.DISTRICT_ASSESSOR else ""
    if role is Role.DISTRICT_ASSESSOR and not department:
        raise RuleError("account.department")
    granted = Granted(role, place, department)
    with transaction() as session:
        account = _manageable(session, account_id, by)
        if granted in (row.granted for row in grants_of(account_id)):
            return
        session.add(
            Grant(account_id=account_id, role=role, division_id=division_id, unit_id=unit_id, department=department,
                  granted_at=now(), granted_by=by.account_id)
        )  # fmt: skip
        record(session, "role_granted", by.account_id, _subject(account, place), role=role, department=department)


def revoke_role(account_id: int, grant_id: int, by: Identity) -> None:
    """Take a role back; it acts at the account's next request."""
    if account_id == by.account_id:
        raise RuleError("account.own")
    with transaction() as session:
        account = _locked(session, account_id)
        row = next((row for row in grants_of(account_id) if row.id == grant_id), None)
        if row is None:
            raise RuleError("account.no_grant")
        if not may_grant(by.grants, row.granted.role, row.granted.place):
            raise RuleError("account.role_out_of_scope")
        session.execute(update(Grant).where(Grant.id == grant_id, Grant.revoked_at.is_(None)).values(revoked_at=now()))
        facts = {"role": row.granted.role, "department": row.granted.department}
        record(session, "role_revoked", by.account_id, _subject(account, row.granted.place), **facts)


def disable_account(account_id: int, by: Identity) -> None:
    """Shut an account out and end its sessions."""
    if account_id == by.account_id:
        raise RuleError("account.own")
    with transaction() as session:
        account = _manageable(session, account_id, by)
        if account.disabled_at is not None:
            return
        account.disabled_at = now()
        ended = end_sessions(session, account_id)
        home = _place_of_division(account.division_id)
        record(session, "account_disabled", by.account_id, _subject(account, home), sessions=ended)


def enable_account(account_id: int, by: Identity) -> None:
    """Let a disabled account in again."""
    with transaction() as session:
        account = _manageable(session, account_id, by)
        if account.disabled_at is None:
            return
        account.disabled_at = None
        home = _place_of_division(account.division_id)
        record(session, "account_enabled", by.account_id, _subject(account, home))


def reset_password(account_id: int, by: Identity) -> NewPassword:
    """Give an account a new one-time password and end its sessions."""
    if account_id == by.account_id:
        raise RuleError("account.own")
    password = one_time_password()
    hashed = hash_password(password)
    with transaction() as session:
        account = _manageable(session, account_id, by)
        account.password_hash, account.must_change_password = hashed, True
        account.password_changed_at = now()
        ended = end_sessions(session, account_id)
        home = _place_of_division(account.division_id)
        record(session, "password_reset", by.account_id, _subject(account, home), sessions=ended)
        return NewPassword(account.id, account.name, password)


def change_password(by: Identity, old: str, new: str) -> None:
    """Change the own password; every other session of the account ends."""
    check_new(new, by.name)
    if old == new:
        raise RuleError("password.same")
    stored = db.session.scalar(select(Account.password_hash).where(Account.id == by.account_id))
    if not matches(old, stored):
        raise RuleError("password.wrong")
    hashed = hash_password(new)
    with transaction() as session:
        account = _locked(session, by.account_id)
        if account.password_hash != stored:
            raise RuleError("password.wrong")
        account.password_hash, account.must_change_password = hashed, False
        account.password_changed_at = now()
        ended = end_sessions(session, account.id, but=by.session_id)
        home = _place_of_division(account.division_id)
        record(session, "password_changed", account.id, _subject(account, home), sessions=ended)


def _add(session: Session, name: str, display_name: str, division_id: int | None, hashed: str) -> Account:
    if session.scalar(select(Account.id).where(Account.name == name)) is not None:
        raise RuleError("account.taken", name=name)
    at = now()
    account = Account(name=name, display_name=display_name, division_id=division_id, password_hash=hashed,
                      must_change_password=True, password_changed_at=at, created_at=at)  # fmt: skip
    session.add(account)
    session.flush()
    return account


def _locked(session: Session, account_id: int) -> Account:
    account = session.get(Account, account_id, with_for_update=True)
    if account is None:
        raise RuleError("account.none")
    return account


def _manageable(session: Session, account_id: int, by: Identity) -> Account:
    """The account, locked, if it and all it holds are the administrator's to give."""
    account = _locked(session, account_id)
    theirs = tuple(row.granted for row in grants_of(account_id))
    if not may_manage(by.grants, theirs, _place_of_division(account.division_id)):
        raise RuleError("account.out_of_scope")
    return account


def _place_of(division_id: int | None, unit_id: int | None) -> Place:
    if unit_id is None:
        return _place_of_division(division_id)
    place = place_of_unit(unit_id)
    if place is None or division_id is not None:
        raise RuleError("account.no_place")
    return place


def _place_of_division(division_id: int | None) -> Place:
    if division_id is None:
        return EVERYWHERE
    place = place_of_division(division_id)
    if place is None:
        raise RuleError("account.no_place")
    return place


def _subject(account: Account, place: Place = EVERYWHERE) -> Subject:
    return Subject("account", account.id, account.name, place)
