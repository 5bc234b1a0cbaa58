"""Two records of one person become one: nothing that either holds is left behind, or lost without being named."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, text

from starrating.domain.faults import RuleError
from starrating.domain.personal import Secret, is_id_number
from starrating.domain.posts import PostKind
from starrating.extensions import Base, db
from starrating.models.audit import AuditEvent
from starrating.models.people import Person
from starrating.models.privacy import PersonSecret
from starrating.models.training import TrainingAttendance
from starrating.services.people import people_merge, training, vault
from starrating.services.people.attendance import TypedPresence, record_presence
from starrating.services.people.people_merge import merge_people
from starrating.services.people.personal import store_numbers
from starrating.services.people.training import TypedCourse
from starrating.services.people.training_merge import move_training
from tests.conftest import SQLITE_ONLY
from tests.web.city import CITY, identity, key_of
from tests.web.test_dashboards import client_of
from tests.web.test_people import stored

FIRST = "990101198001011236"
DAY = date(2024, 2, 1)
TELEPHONE, OTHER = "13900005678", "13700001234"
SECRETS = "person_secret"
"""Sealed to the person: opened and sealed anew, which the test of two records with numbers shows."""


@pytest.fixture
def office(posted: Any, people: dict[str, int], tmp_path: Path) -> Iterator[Any]:
    posted.config["PERSONAL_KEY_FILE"] = str(tmp_path / "keys.json")
    with posted.app_context():
        vault.add_key()
        yield identity(people["city"], CITY)
        db.session.remove()


def two() -> tuple[int, int]:
    """The secretary and the director of one village, who are one person here."""
    kinds = PostKind.SECRETARY, PostKind.DIRECTOR
    first, second = (int(stored("东乙村", kind).person_id) for kind in kinds)
    return first, second


def merged(kept: int, gone: int, by: Any) -> dict[str, Any]:
    """What the trail says of the merge."""
    versions = db.session.get_one(Person, kept).version, db.session.get_one(Person, gone).version
    db.session.rollback()
    merge_people(kept, gone, versions, "查过档案", by)
    facts = db.session.scalars(select(AuditEvent.facts).where(AuditEvent.act == "people_merged")).one()
    return dict(json.loads(facts))


def keys_to_people() -> set[tuple[str, str]]:
    """Table and column of every foreign key to a person."""
    return {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == "person"
    }


@SQLITE_ONLY
def test_every_table_that_names_a_person_is_carried_over(office: Any) -> None:
    """Of every foreign key to a person there is a statement that puts the one in the place of the other.

    A new table fails here until `services/people/people_merge.py` says what becomes of its rows.
    """
    kept, gone = two()
    said: list[tuple[str, Any]] = []

    def hear(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        said.append((" ".join(statement.split()), parameters))

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        merged(kept, gone, office)
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)
    carried = set()
    for table, column in keys_to_people():
        sets = re.compile(rf"UPDATE {table} SET (?:.*, )?{column}=\?.* WHERE .*\b{table}\.{column} = \?")
        if any(sets.match(text) and {kept, gone} <= set(given) for text, given in said):
            carried.add((table, column))
    assert keys_to_people() - carried == {(SECRETS, "person_id")}
    assert any(text.startswith(f"SELECT {SECRETS}.") and gone in given for text, given in said)


@SQLITE_ONLY
def test_a_number_that_is_dropped_for_another_is_told(posted: Any, people: dict[str, int], tmp_path: Path) -> None:
    posted.config["PERSONAL_KEY_FILE"] = str(tmp_path / "keys.json")
    second = next(one for sign in "0123456789X" if is_id_number(one := "99010119750505432" + sign))
    with posted.app_context():
        vault.add_key()
        office, (kept, gone) = identity(people["city"], CITY), two()
        store_numbers(kept, 1, {Secret.ID_NUMBER: FIRST, Secret.TELEPHONE: TELEPHONE}, set(), office)
        store_numbers(gone, 1, {Secret.ID_NUMBER: second, Secret.TELEPHONE: OTHER}, set(), office)
        facts = merged(kept, gone, office)
        assert facts["dropped"] == ["id_number", "telephone"]
        assert not {second, OTHER} & set(json.dumps(facts).split('"'))
        ring = vault.key_ring()
        rows = {one.field: one for one in db.session.scalars(select(PersonSecret))}
        assert {field: ring.unseal(kept, Secret(field), one.key_id, one.sealed) for field, one in rows.items()} == {
            "id_number": FIRST, "telephone": TELEPHONE,
        }  # fmt: skip
        db.session.remove()
    trail = client_of(posted, "city").get("/audit/").text
    for kind in ("证件号", "手机号"):
        assert f"两条的{kind}不一样，留下的是并入的那一条的。" in trail


@pytest.mark.parametrize("server", ["postgres"], indirect=True)
def test_nothing_is_recorded_of_a_record_that_is_being_merged(
    posted: Any, people: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attendance that is sent while a merge is being stored waits for it, and finds nobody; SQLite has one writer."""
    holds, goes_on, said = threading.Event(), threading.Event(), list[str]()

    def move_slowly(*given: Any) -> Any:
        holds.set()
        assert goes_on.wait(30)
        return move_training(*given)

    monkeypatch.setattr(people_merge, "move_training", move_slowly)
    with posted.app_context():
        office, (kept, gone), east = identity(people["city"], CITY), two(), key_of("东区")
        course = training.hold_course(east, TypedCourse("期", "leaders", "", "8", "", DAY, DAY), office)
        db.session.remove()

    def act(done: Callable[[], Any]) -> None:
        with posted.app_context():
            try:
                said.append(str(done()))
            except RuleError as refusal:
                said.append(refusal.code)
            db.session.remove()

    typed = [TypedPresence(gone, "attended", "", None, 0)]
    first = threading.Thread(target=act, args=[lambda: merge_people(kept, gone, (1, 1), "查过档案", office)])
    second = threading.Thread(target=act, args=[lambda: record_presence(course, east, typed, office)])
    first.start()
    assert holds.wait(30)
    second.start()
    with posted.app_context(), db.engine.connect() as watching:
        for _ in range(1_000):
            if watching.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one():
                break
            time.sleep(0.01)
        else:
            pytest.fail("nobody waits for the merge")
    goes_on.set()
    for one in (first, second):
        one.join(30)
    assert said == ["None", "presence.none"]
    with posted.app_context():
        assert db.session.scalars(select(TrainingAttendance)).all() == []
        db.session.remove()


@SQLITE_ONLY
def test_the_same_telephone_number_of_both_is_no_loss(office: Any) -> None:
    kept, gone = two()
    for one in (kept, gone):
        store_numbers(one, 1, {Secret.TELEPHONE: TELEPHONE}, set(), office)
    assert merged(kept, gone, office)["dropped"] == []
    assert db.session.scalars(select(PersonSecret.person_id)).all() == [kept]
