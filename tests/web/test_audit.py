"""The trail: one event per change in the same transaction, chained, final in the database, shown as sentences."""

import json
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from starrating.domain.access import Role
from starrating.extensions import db
from starrating.models.append_only import TRIGGERS, creation, removal
from starrating.models.audit import AuditEvent
from starrating.services import audit
from starrating.services.accounts import accounts
from starrating.services.audit import Subject, record, verify_chain
from starrating.services.transaction import transaction
from tests.web.city import CITY, PASSWORD, identity, key_of, post, sign_in


def events() -> int:
    return db.session.scalar(select(func.count()).select_from(AuditEvent)) or 0


def test_every_act_adds_exactly_one_event(city: Any, people: dict[str, int]) -> None:
    with city.app_context():
        by = identity(people["city"], CITY)
        east, town = key_of("东区"), people["east_town"]
        acts = [
            lambda: accounts.create_account("新来的", "新来的同志", east, by),
            lambda: accounts.grant_role(people["nobody"], Role.AUDITOR, east, None, "", by),
            lambda: accounts.disable_account(town, by),
            lambda: accounts.enable_account(town, by),
            lambda: accounts.reset_password(town, by),
            lambda: accounts.change_password(identity(people["city"], CITY), PASSWORD, "另外的一句话 2099"),
        ]
        for act in acts:
            before = events()
            db.session.rollback()
            act()
            assert events() == before + 1
            db.session.rollback()


def test_doing_nothing_adds_nothing(city: Any, people: dict[str, int]) -> None:
    with city.app_context():
        by = identity(people["city"], CITY)
        before = events()
        accounts.enable_account(people["east_town"], by)
        accounts.grant_role(people["east_town"], Role.TOWNSHIP_OFFICER, key_of("东一镇"), None, "", by)
        assert events() == before


def test_without_its_event_a_change_is_undone(
    city: Any, people: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: Any, **_facts: Any) -> None:
        raise RuntimeError("no event")

    monkeypatch.setattr(accounts, "record", broken)
    with city.app_context():
        with pytest.raises(RuntimeError):
            accounts.disable_account(people["east"], identity(people["city"], CITY))
        row = db.session.execute(text("SELECT disabled_at FROM account WHERE id = :key"), {"key": people["east"]})
        assert row.scalar_one() is None


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET act = 'x'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event",
    ],
)
def test_the_database_refuses_to_change_the_trail(city: Any, statement: str) -> None:
    with city.app_context():
        before = events()
        db.session.rollback()
        with pytest.raises(DBAPIError):
            db.session.execute(text(statement))
        db.session.rollback()
        assert events() == before > 0


def fill(count: int) -> None:
    for number in range(count):
        with transaction() as session:
            record(session, "signed_out", None, Subject("account", None, f"某人{number}"), number=number)


def test_every_kind_of_tampering_is_found(city: Any) -> None:
    """With the triggers taken away, as somebody with the keys of the database could."""
    with city.app_context():
        fill(10)
        assert verify_chain().broken_at is None
        kept = (verify_chain().events, verify_chain().last_hash)
        db.session.rollback()
        dialect = db.engine.dialect.name
        columns = ["act", "subject_label", "facts", "previous_hash", "hash"]
        changes = [f"UPDATE audit_event SET {column} = '{'0' * 8}x' WHERE sequence = 5" for column in columns]
        changes += [
            "UPDATE audit_event SET account_id = NULL, at = '2001-01-01 00:00:00' WHERE sequence = 5",
            "DELETE FROM audit_event WHERE sequence = 5",
            "DELETE FROM audit_event WHERE sequence = 1",
            "UPDATE audit_event SET sequence = 1000 WHERE sequence = 5",
        ]
        for change in changes:
            for statement in [*removal(dialect, "audit_event"), change]:
                db.session.execute(text(statement))
            assert verify_chain().broken_at is not None, change
            db.session.rollback()
            db.session.remove()
        assert verify_chain((kept[0] + 1, kept[1])).broken_at is not None, "a tail that was cut off"
        assert verify_chain(kept).broken_at is None


def test_two_events_at_once_do_not_follow_the_same_one(city: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def one(_: int) -> None:
        with city.app_context():
            fill(5)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(one, range(6)))
    with city.app_context():
        report = verify_chain()
        assert (report.events, report.broken_at) == (31, None)


def test_facts_are_one_text() -> None:
    assert audit.canonical({"b": 1, "a": "甲"}) == '{"a":"甲","b":1}'


@pytest.mark.usefixtures("people")
def test_the_page_says_who_did_what(city: Any, people: dict[str, int]) -> None:
    client = city.test_client()
    sign_in(client, "city")
    assert post(client, f"/accounts/{people['east_town']}/disable").status_code == 303
    page = client.get("/audit/").text
    assert "city本人（city）停用了账号“east_town”，0处登录已退出。" in page
    assert "导入了试验市的区划和单位：新增区划7个" in page
    assert "停用了账号“east_town”" in client.get("/audit/?act=account_disabled&person=city").text
    assert "停用了账号“east_town”" not in client.get("/audit/?act=signed_in").text
    assert "停用了账号“east_town”" not in client.get("/audit/?person=west").text
    assert "停用了账号“east_town”" in client.get("/audit/?since=2024-03-01&until=2024-03-01").text
    assert "停用了账号“east_town”" not in client.get("/audit/?since=2024-03-02").text
    assert "停用了账号“east_town”" not in client.get("/audit/?until=2024-02-29").text
    west = city.test_client()
    sign_in(west, "west")
    assert "east_town" not in west.get("/audit/").text


def test_no_secret_is_in_the_trail(city: Any, people: dict[str, int]) -> None:
    with city.app_context():
        made = accounts.create_account("新来的", "新来的同志", None, identity(people["city"], CITY))
        rows = json.dumps([tuple(row) for row in db.session.execute(text("SELECT * FROM audit_event"))], default=str)
        assert made.password not in rows
        assert "argon2" not in rows


def test_the_tables_that_are_final_are_listed() -> None:
    assert TRIGGERS.keys() >= {"audit_event", "score_value", "determination", "rating", "publication"}
    assert list(creation("sqlite", "audit_event"))
