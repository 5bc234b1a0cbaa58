"""A small city for tests: two districts of two townships of two units each, and an account for every role and place."""

import re
from pathlib import Path
from typing import Any

from starrating.domain.access import EVERYWHERE, Granted, Place, Role

PASSWORD = "星光 不负赶路人 2024"
ROWS = """code,name,parent,level,kind
990000000000,试验市,,province,直辖市
990101000000,东区,990000000000,district,市辖区
990102000000,西区,990000000000,district,市辖区
990101001000,东一镇,990101000000,township,镇
990101002000,东二街道,990101000000,township,街道
990102001000,西一镇,990102000000,township,镇
990102002000,西二街道,990102000000,township,街道
990101001201,东甲村,990101001000,unit,村
990101001202,东乙村,990101001000,unit,村
990101002001,东丙社区,990101002000,unit,社区
990101002002,东丁社区,990101002000,unit,社区
990102001201,西甲村,990102001000,unit,村
990102001501,西园村,990102001000,unit,类似村
990102002001,西丙社区,990102002000,unit,社区
990102002002,西丁社区,990102002000,unit,社区
"""


def import_city() -> None:
    """Import the city into the application in use."""
    import tempfile
    from datetime import date

    from starrating.services.divisions.divisions import import_divisions
    from starrating.services.divisions.rows import read_divisions

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "city.csv"
        file.write_text(ROWS, encoding="utf-8")
        import_divisions(read_divisions(file), date(2000, 1, 1), None)


def key_of(name: str) -> int:
    """The key of the division or unit of that name."""
    from sqlalchemy import select

    from starrating.extensions import db
    from starrating.models.divisions import Division, Unit

    found = db.session.scalar(select(Division.id).where(Division.name == name))
    key = found or db.session.scalar(select(Unit.id).where(Unit.name == name))
    db.session.remove()
    assert key is not None
    return key


ACCOUNTS: dict[str, tuple[Role | None, str]] = {
    "city": (Role.CITY_ADMINISTRATOR, ""),
    "city_auditor": (Role.AUDITOR, ""),
    "east": (Role.DISTRICT_ADMINISTRATOR, "东区"),
    "east_auditor": (Role.AUDITOR, "东区"),
    "east_assessor": (Role.DISTRICT_ASSESSOR, "东区"),
    "east_town": (Role.TOWNSHIP_OFFICER, "东一镇"),
    "east_unit": (Role.UNIT, "东甲村"),
    "west": (Role.DISTRICT_ADMINISTRATOR, "西区"),
    "nobody": (None, ""),
}
HOMES = {
    "east": "东区",
    "east_auditor": "东区",
    "east_assessor": "东区",
    "east_town": "东一镇",
    "east_unit": "东一镇",
    "west": "西区",
}


def add_account(session: Any, name: str, shown: str, home: int | None, role: Role | None, **grant: Any) -> int:
    """An account whose password is already changed, with a role where it has one; its key."""
    from starrating.models.accounts import Account, Grant
    from starrating.services.accounts.passwords import hash_password
    from starrating.services.clock import now

    account = Account(name=name, display_name=shown, division_id=home, password_hash=hash_password(PASSWORD),
                      must_change_password=False, password_changed_at=now(), created_at=now())  # fmt: skip
    session.add(account)
    session.flush()
    if role is not None:
        session.add(Grant(account_id=account.id, role=role, granted_at=now(), **grant))
    return account.id


def make_accounts() -> dict[str, int]:
    """Name → key of an account of every role, its password already changed."""
    from starrating.extensions import db
    from starrating.services.transaction import transaction

    keys = {name: key_of(name) for name in {place for _, place in ACCOUNTS.values() if place} | set(HOMES.values())}
    with transaction() as session:
        made = {
            name: add_account(
                session, name, f"{name}本人", keys[HOMES[name]] if name in HOMES else None, role,
                division_id=None if role is Role.UNIT or not place else keys[place],
                unit_id=keys[place] if role is Role.UNIT else None,
                department="民政局" if role is Role.DISTRICT_ASSESSOR else "",
            ) for name, (role, place) in ACCOUNTS.items()
        }  # fmt: skip
    db.session.remove()
    return made


def identity(account_id: int, *grants: Granted) -> Any:
    """Somebody signed in who holds those grants."""
    from starrating.queries.identities import Identity
    from starrating.services.clock import now

    return Identity(account_id, "somebody", "某人", False, 0, now(), grants)


CITY = Granted(Role.CITY_ADMINISTRATOR, EVERYWHERE)


def district_administrator(key: int, municipality: int) -> Granted:
    return Granted(Role.DISTRICT_ADMINISTRATOR, Place(municipality, key))


def token_in(page: str) -> str:
    """The token of the first form of a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page[:500]
    return found[1]


def sign_in(client: Any, name: str, password: str = PASSWORD, **more: str) -> Any:
    """Sign in as a browser does."""
    page = client.get("/accounts/sign-in").get_data(as_text=True)
    typed = {"csrf_token": token_in(page), "name": name, "password": password, **more}
    client.token = ""
    return client.post("/accounts/sign-in", data=typed)


def token_of(client: Any) -> str:
    """The token of the session that a client signed in to; a page is asked for it once a session."""
    if not client.token:
        client.token = token_in(client.get("/accounts/password").get_data(as_text=True))
    return str(client.token)


def post(client: Any, address: str, **data: Any) -> Any:
    """Post a form with the token of the session's own page."""
    page = client.get("/accounts/password").get_data(as_text=True)
    return client.post(address, data={"csrf_token": token_in(page), **data})
