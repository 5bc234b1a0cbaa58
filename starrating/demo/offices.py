"""The demonstration's accounts: one of every role for one district, two administrators for every district."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from starrating.domain.access import EVERYWHERE, Granted, Role
from starrating.extensions import db
from starrating.models.accounts import Account
from starrating.models.divisions import Division, Unit
from starrating.queries.identities import Identity
from starrating.services.accounts.accounts import NewPassword, create_account, create_first_administrator, grant_role
from starrating.services.accounts.passwords import hash_password, one_time_password
from starrating.services.audit import Subject, record
from starrating.services.clock import now
from starrating.services.transaction import transaction

CITY = "city"


@dataclass(frozen=True, slots=True)
class Shown:
    """An account whose one-time password is printed, once."""

    name: str
    office: str
    password: str


@dataclass(frozen=True, slots=True)
class Offices:
    """Who acts in the demonstration: two administrators a district, and the accounts to be tried."""

    administrators: dict[int, tuple[int, int]]
    tried: dict[str, str]


def create_offices(tried_in: str, departments: tuple[str, ...]) -> Offices:
    """Make the accounts; those of the district `tried_in` are to be tried. Nobody knows a password yet."""
    made = create_first_administrator(CITY)
    city = Identity(
        made.account_id, made.name, made.name, False, 0, now(), (Granted(Role.CITY_ADMINISTRATOR, EVERYWHERE),)
    )
    municipality = db.session.scalars(select(Division).where(Division.level == "municipality")).one()
    districts = [(row.id, row.code, row.name) for row in db.session.scalars(
        select(Division).where(Division.level == "district").order_by(Division.code))]  # fmt: skip
    home = next((row for row in districts if row[2] == tried_in), districts[0])
    tried = {CITY: f"{municipality.name}，市级管理员"}
    administrators = {}
    for key, code, name in districts:
        pair = [
            _made(f"q{code[4:6]}-{number}", f"{name}管理员{letter}", key, Role.DISTRICT_ADMINISTRATOR, city)
            for number, letter in enumerate("甲乙", start=1)
        ]
        administrators[key] = (pair[0].account_id, pair[1].account_id)
        if key == home[0]:
            tried |= {one.name: f"{name}，区级管理员（{'甲乙'[number]}）" for number, one in enumerate(pair)}
    tried |= _office(home[0], home[2], departments, city)
    return Offices(administrators, tried)


def _office(district: int, name: str, departments: tuple[str, ...], city: Identity) -> dict[str, str]:
    """The other roles of one district, each in one place."""
    unit, township = _example(district)
    tried = {}
    for number, department in enumerate(departments, start=1):
        made = _made(
            f"bumen-{number}", f"{name}{department}", district, Role.DISTRICT_ASSESSOR, city, department=department
        )
        tried[made.name] = f"{name}，区级评定员，{department}"
    made = _made("zhen-1", f"{township.name}经办人", township.id, Role.TOWNSHIP_OFFICER, city)
    tried[made.name] = f"{name}{township.name}，乡镇街道经办人"
    made = _made("cun-1", unit.name, township.id, Role.UNIT, city, unit=unit.id)
    tried[made.name] = f"{name}{township.name}{unit.name}，村（社区）"
    for number, other in enumerate(_others(unit), start=2):
        _made(f"cun-{number}", other.name, township.id, Role.UNIT, city, unit=other.id)
    made = _made("ducha-1", f"{name}督查员", district, Role.AUDITOR, city)
    tried[made.name] = f"{name}，督查员"
    return tried


def _example(district: int) -> tuple[Unit, Division]:
    found = select(Unit).where(Unit.district_id == district, Unit.rated.is_(True)).order_by(Unit.kind.desc(), Unit.code)
    unit = db.session.scalars(found.limit(1)).one()
    township = db.session.get_one(Division, unit.township_id)
    db.session.expunge(unit)
    db.session.expunge(township)
    return unit, township


def _others(unit: Unit) -> list[Unit]:
    """A few more units of the township, whose accounts assess themselves; nobody is told their passwords."""
    found = select(Unit).where(
        Unit.township_id == unit.township_id, Unit.rated.is_(True), Unit.id != unit.id, Unit.kind == unit.kind
    )
    others = list(db.session.scalars(found.order_by(Unit.code).limit(3)))
    for other in others:
        db.session.expunge(other)
    return others


def _made(name: str, shown: str, home: int, role: Role, by: Identity, *, department: str = "",
          unit: int | None = None) -> NewPassword:  # fmt: skip
    made = create_account(name, shown, home, by)
    grant_role(made.account_id, role, None if unit else home, unit, department, by)
    return made


def give_passwords(offices: Offices) -> tuple[Shown, ...]:
    """Give the accounts to be tried fresh one-time passwords, each on the trail."""
    shown = []
    for name, office in offices.tried.items():
        password = one_time_password()
        hashed = hash_password(password)
        with transaction() as session:
            account = session.scalars(select(Account).where(Account.name == name)).one()
            account.password_hash, account.must_change_password = hashed, True
            account.password_changed_at = now()
            record(session, "password_reset", None, Subject("account", account.id, account.name), sessions=0)
        shown.append(Shown(name, office, password))
    return tuple(shown)
