"""What is kept of people: sealed, masked for everybody, clear for a reason and on the trail, gone when it is due."""

import html
import json
import logging
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from sqlalchemy import func, select

from starrating.domain.access import EVERYWHERE, Role
from starrating.domain.faults import RuleError
from starrating.domain.personal import Secret, holds_number, is_id_number, masked_secret, plain_secret
from starrating.domain.posts import PostKind
from starrating.extensions import Base, db
from starrating.models.audit import AuditEvent
from starrating.models.people import Person, Post
from starrating.models.privacy import PersonCorrection, PersonSecret
from starrating.models.upkeep import Upkeep
from starrating.personal_register import FIELDS, PLAIN
from starrating.queries.places import place_of_division
from starrating.services.audit import verify_chain
from starrating.services.people import attendance, reserve, training, vault, workers
from starrating.services.people.people import NewPerson
from starrating.services.people.people_merge import merge_people
from starrating.services.people.personal import seal, store_numbers
from starrating.services.transaction import transaction
from starrating.services.upkeep.key_rotation import _step, rotate, waiting
from starrating.services.upkeep.retention import NO_NAME, due, purge
from tests.conftest import SQLITE_ONLY
from tests.web.city import CITY, add_account, identity, key_of, post, sign_in
from tests.web.standing_year import POSTS
from tests.web.test_dashboards import client_of
from tests.web.test_people import stored

NUMBER, TELEPHONE = "990101198001011236", "13900005678"
"""Made up: no place has a code that begins so; the last sign is the one that the others ask for."""
STANDS = "司马新竹"
"""Somebody who never held a post, put forward in an election."""
NAMES = {name for name, *_ in POSTS} | {STANDS}


@pytest.fixture
def office(posted: Any, people: dict[str, int], tmp_path: Path) -> Any:
    """The city's administrator in the application in use, with a key of its own."""
    posted.config["PERSONAL_KEY_FILE"] = str(tmp_path / "keys.json")
    with posted.app_context():
        vault.add_key()
        yield identity(people["city"], CITY)
        db.session.remove()


@pytest.fixture
def who(posted: Any, people: dict[str, int], tmp_path: Path) -> int:
    """Somebody with both numbers stored, for pages: nothing is in use any more, as a request begins."""
    posted.config["PERSONAL_KEY_FILE"] = str(tmp_path / "keys.json")
    with posted.app_context():
        vault.add_key()
        found = kept_of(identity(people["city"], CITY))
        db.session.remove()
    return found


def asked_of(app: Any, ask: Any) -> Any:
    """What a question gives in a context of its own."""
    with app.app_context():
        found = ask()
        db.session.remove()
    return found


def kept_of(office: Any) -> int:
    """Somebody with both numbers stored; the key."""
    who = int(stored("东甲村", PostKind.SECRETARY).person_id)
    store_numbers(who, 1, {Secret.ID_NUMBER: NUMBER, Secret.TELEPHONE: TELEPHONE}, set(), office)
    return who


def seen() -> list[dict[str, Any]]:
    return [json.loads(facts) for facts in db.session.scalars(
        select(AuditEvent.facts).where(AuditEvent.act == "personal_seen"))]  # fmt: skip


def test_identity_numbers() -> None:
    assert is_id_number(NUMBER)
    assert is_id_number("11010519491231002X"), "the example of the standard itself"
    for wrong in ("110105194912310021", "11010519491331002X", "1101051949123100", "", "０10105194912310021"):
        assert not is_id_number(wrong), wrong
    assert plain_secret(Secret.ID_NUMBER, " 110105 19491231-002x ") == "11010519491231002X"
    assert plain_secret(Secret.TELEPHONE, "139 0000 5678") == TELEPHONE
    assert plain_secret(Secret.TELEPHONE, "1290000567") is None
    assert masked_secret(Secret.ID_NUMBER, NUMBER) == "9" + "*" * 14 + "236"
    assert masked_secret(Secret.TELEPHONE, TELEPHONE) == "139****5678"
    assert holds_number("打 139-0000-5678 找他")
    assert not holds_number("津组发2024年第12号")


def test_every_personal_column_is_registered() -> None:
    registered = {(one.table, one.column) for one in FIELDS}
    columns = {(table.name, column.name) for table in Base.metadata.tables.values() for column in table.columns}
    assert registered - columns == set(), "the register names what there is"
    about = {
        table.name for table in Base.metadata.tables.values()
        if table.name == "person" or any(key.column.table.name == "person" for key in table.foreign_keys)
    }  # fmt: skip
    told = {table: {column for of, column in registered if of == table} | PLAIN.get(table, set()) for table in about}
    left = {(table, column) for table, column in columns if table in about and column not in told[table]}
    assert left == set(), "columns of tables about people that the register does not name"
    looks = re.compile(r"phone|mobile|birth|id_number|address|raised_by|found_by|display_name|email")
    assert {one for one in columns if looks.search(one[1])} - registered == set()


def test_sealed_where_it_lies_and_found_without_opening(office: Any) -> None:
    who = kept_of(office)
    rows = {row.field: row for row in db.session.scalars(select(PersonSecret))}
    assert {row.mask for row in rows.values()} == {"9" + "*" * 14 + "236", "139****5678"}
    assert all(NUMBER not in row.sealed and TELEPHONE not in row.sealed for row in rows.values())
    ring = vault.key_ring()
    row = rows["id_number"]
    assert ring.unseal(who, Secret.ID_NUMBER, row.key_id, row.sealed) == NUMBER
    for moved in ((who + 1, Secret.ID_NUMBER), (who, Secret.TELEPHONE)):
        with pytest.raises(RuleError) as refused:
            ring.unseal(*moved, row.key_id, row.sealed)
        assert refused.value.code == "vault.damaged"
    other = int(stored("东乙村", PostKind.DIRECTOR).person_id)
    for text, code in ((NUMBER, "person.id_taken"), ("990101198001011231", "person.id_number")):
        with pytest.raises(RuleError) as wrong:
            store_numbers(other, 1, {Secret.ID_NUMBER: text}, set(), office)
        assert wrong.value.code == code
    store_numbers(who, 2, {}, {Secret.TELEPHONE}, office)
    assert set(db.session.scalars(select(PersonSecret.field))) == {"id_number"}
    if db.engine.dialect.name == "sqlite":
        path = str(db.engine.url.database)
        db.session.remove()
        for end in ("", "-wal"):
            file = Path(path + end)
            raw = file.read_bytes() if file.exists() else b""
            assert NUMBER.encode() not in raw
            assert TELEPHONE.encode() not in raw


@SQLITE_ONLY
def test_the_file_of_keys_is_nobody_else_s(office: Any, posted: Any) -> None:
    path = vault.key_file()
    path.chmod(0o640)
    with pytest.raises(RuleError) as refused:
        vault.key_ring()
    assert refused.value.code == "vault.open"
    path.chmod(0o600)
    path.write_text('{"current": "k", "keys": {"k": "c2hvcnQ="}}', encoding="utf-8")
    with pytest.raises(RuleError) as unreadable:
        vault.key_ring()
    assert unreadable.value.code == "vault.unreadable"
    path.unlink()
    with pytest.raises(RuleError) as none:
        kept_of(office)
    assert none.value.code == "vault.none"


def test_a_rotation_that_is_stopped_goes_on(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("starrating.services.upkeep.key_rotation.STEP", 10)
    ring = vault.key_ring()
    with transaction() as session:
        made = [Person(name=f"某{number}", version=1) for number in range(25)]
        session.add_all(made)
        session.flush()
        keys = [row.id for row in made]
        for key in keys:
            seal(session, ring, key, Secret.TELEPHONE, f"139{key:08d}")
    vault.add_key()
    assert waiting() == 25
    assert _step() == 10, "and here it is killed"
    assert waiting() == 15
    assert rotate() == 15
    assert (waiting(), rotate()) == (0, 0)
    gone = vault.keep_only_current()
    assert list(gone) == [ring.current]
    after = vault.key_ring()
    with transaction() as session:
        rows = session.scalars(select(PersonSecret)).all()
        told = {row.person_id: after.unseal(row.person_id, Secret.TELEPHONE, row.key_id, row.sealed) for row in rows}
    assert told == {key: f"139{key:08d}" for key in keys}
    assert verify_chain().broken_at is None


@SQLITE_ONLY
def test_clear_for_a_reason_just_after_signing_in(posted: Any, clock: Any, who: int) -> None:
    client = client_of(posted, "east")
    page = client.get(f"/people/{who}").text
    assert "139****5678" in page
    assert "欧阳东明" not in page
    for reason, said in (("", "要写明为什么看"), (f"核对{NUMBER}", "像是写了证件号")):
        refused = post(client, f"/people/{who}/clear", reason=reason)
        assert refused.status_code == 422
        assert said in refused.text
    assert asked_of(posted, seen) == []
    shown = post(client, f"/people/{who}/clear", reason="核对任职备案表")
    assert shown.status_code == 200
    assert "no-store" in shown.headers["Cache-Control"]
    for one in ("欧阳东明", NUMBER, TELEPHONE):
        assert one in shown.text
    assert [one["reason"] for one in asked_of(posted, seen)] == ["核对任职备案表"], "exactly one row"
    clock.advance(minutes=16)
    late = post(client, f"/people/{who}/clear", reason="核对任职备案表")
    assert late.status_code == 409
    assert NUMBER not in late.text
    assert len(asked_of(posted, seen)) == 1
    for name in ("east_auditor", "east_town", "east_assessor", "east_unit", "west"):
        assert post(client_of(posted, name), f"/people/{who}/clear", reason="我想看一看").status_code == 404
    assert len(asked_of(posted, seen)) == 1


@SQLITE_ONLY
def test_whose_it_is_sees_it_and_has_it_put_right(posted: Any, who: int) -> None:
    boss, own = client_of(posted, "east"), client_of(posted, "east_unit")
    assert "没有你的人员资料" in own.get("/people/own").text
    assert post(own, "/people/own", said="姓名不对").status_code == 404
    linked = {"version": str(asked_of(posted, lambda: db.session.get_one(Person, who).version))}
    assert post(boss, f"/people/{who}/account", account="没有", **linked).status_code == 422
    assert post(boss, f"/people/{who}/account", account="east", **linked).status_code == 409
    assert post(boss, f"/people/{who}/account", account="east_unit", **linked).status_code == 303
    post(boss, f"/people/{who}/clear", reason="核对任职备案表")
    page = own.get("/people/own").text
    for said in ("欧阳东明", "139****5678", "核对任职备案表", "east本人", "2020-01-01"):
        assert said in page, said
    assert NUMBER not in page
    assert post(own, "/people/own", said=f"电话该是{TELEPHONE}").status_code == 422
    assert post(own, "/people/own", said="主任从2021年5月1日起").status_code == 303
    assert post(own, "/people/own", said="还有一处").status_code == 409
    listed = boss.get("/people/corrections").text
    assert "主任从2021年5月1日起" in listed
    key = asked_of(posted, lambda: db.session.scalar(select(PersonCorrection.id)))
    assert post(client_of(posted, "west"), f"/people/corrections/{key}", outcome="done", answer="改").status_code == 404
    assert post(own, f"/people/corrections/{key}", outcome="done", answer="改").status_code == 404
    assert post(boss, f"/people/corrections/{key}", outcome="done", answer="").status_code == 422
    assert post(boss, f"/people/corrections/{key}", outcome="done", answer="照任职文件改了").status_code == 303
    assert post(boss, f"/people/corrections/{key}", outcome="refused", answer="再来").status_code == 409
    assert "照任职文件改了" in own.get("/people/own").text
    told = select(AuditEvent.act).where(AuditEvent.act.startswith("person_correction")).order_by(AuditEvent.sequence)
    acts = asked_of(posted, lambda: list(db.session.scalars(told)))
    assert acts == ["person_correction_asked", "person_correction_decided"]


def test_gone_when_it_is_due(office: Any, clock: Any) -> None:
    who = kept_of(office)
    left = int(stored("西甲村", PostKind.SECRETARY).person_id)
    with transaction() as session:
        for row in session.scalars(select(Post).where(Post.person_id == left)):
            row.ends_on = date(2023, 6, 30)
        seal(session, vault.key_ring(), left, Secret.TELEPHONE, TELEPHONE)
    assert due() == type(due())((), ())
    clock.at = datetime(2024, 7, 2, 1, tzinfo=UTC)
    before = db.session.scalar(select(func.count()).select_from(AuditEvent))
    assert due().numbers == (left,), "and nothing is done by looking"
    assert purge().numbers == (left,)
    assert set(db.session.scalars(select(PersonSecret.person_id))) == {who}
    assert db.session.get_one(Person, left).name == "尉迟西山"
    clock.at = datetime(2033, 7, 2, 1, tzinfo=UTC)
    assert purge().names == (left,)
    assert db.session.get_one(Person, left).name == NO_NAME
    assert db.session.scalar(select(func.count()).select_from(Post).where(Post.person_id == left)) == 1, "posts stay"
    assert purge() == due() == type(due())((), ())
    assert db.session.scalar(select(func.count()).select_from(AuditEvent)) == (before or 0) + 2
    assert verify_chain().broken_at is None


@SQLITE_ONLY
def test_a_merge_takes_the_numbers_along(office: Any) -> None:
    kept, gone = kept_of(office), int(stored("东乙村", PostKind.DIRECTOR).person_id)
    other = "990101197505054323"
    number = next(other[:17] + sign for sign in "0123456789X" if is_id_number(other[:17] + sign))
    store_numbers(gone, 1, {Secret.ID_NUMBER: number}, set(), office)
    version = db.session.get_one(Person, kept).version
    merge_people(gone, kept, (2, version), "查过档案", office)
    rows = {row.field: row for row in db.session.scalars(select(PersonSecret))}
    assert {row.person_id for row in rows.values()} == {gone}
    ring = vault.key_ring()
    assert ring.unseal(gone, Secret.TELEPHONE, rows["telephone"].key_id, rows["telephone"].sealed) == TELEPHONE
    assert ring.unseal(gone, Secret.ID_NUMBER, rows["id_number"].key_id, rows["id_number"].sealed) == number


def plant_growth(office: Any) -> list[str]:
    """A worker, somebody on a reserve list and a reason of absence in one township; the pages that tell of them."""
    home, unit, day = key_of("东一镇"), key_of("东甲村"), date(2024, 2, 1)
    entry = reserve.nominate(unit, "secretary", NewPerson("诸葛青云"), "村党支部", day, office)
    worker = workers.enter_worker(home, NewPerson("司马长风"), workers.TypedWorker(unit, day, "exam", "other", ""),
                                  office)  # fmt: skip
    course = training.hold_course(home, training.TypedCourse("期", "secretary", "", "8", "", day, day), office)
    absent = attendance.TypedPresence(
        stored("东甲村", PostKind.SECRETARY).person_id, "absent", "家中有事不便说", None, 0
    )
    attendance.record_presence(course, home, [absent], office)
    return [f"/training/reserve/{entry}", f"/training/workers/{worker}/amend", f"/training/divisions/{home}/workers",
            f"/training/divisions/{home}/reserve", f"/training/divisions/{home}/courses/{course}"]  # fmt: skip


HREF = re.compile(r'href="(/[^"#]*)"')


def walked(client: Any, most: int = 400) -> dict[str, str]:
    """Every page that links lead to, from the first page on: address → text."""
    found: dict[str, str] = {}
    waiting_for = ["/", "/public/", "/api/v1/years", "/people/own", "/people/fields"]
    while waiting_for and len(found) < most:
        address = waiting_for.pop(0).replace("&amp;", "&")
        if address in found or "/static/" in address or "sign-out" in address or "preferences" in address:
            continue
        answer = client.get(address)
        found[address] = answer.headers.get("Location", "") + answer.get_data().decode("utf-8", "replace")
        waiting_for += HREF.findall(found[address]) if "html" in (answer.content_type or "") else []
        waiting_for += [answer.location] if answer.location else []
    return found


def planted() -> list[str]:
    """An election in the first township with a candidate who is being checked; addresses that are about them."""
    from starrating.queries.eligibility import all_checks
    from starrating.services.people import candidates, eligibility
    from starrating.services.people.elections import enter_election
    from starrating.services.people.people import NewPerson

    office = identity(1, CITY)
    east, unit, town = key_of("东区"), key_of("东甲村"), key_of("东一镇")
    eligibility.add_items(east, [eligibility.NewItem("A", "受过处分", True, 5, "民政局", 12)], office)
    election = enter_election(east, None, "2024年换届", date(2024, 2, 15), office)
    made = candidates.put_forward(election, unit, [PostKind.DIRECTOR], NewPerson(STANDS, 1990), office)
    candidates.check_candidates(election, east, office)
    check = all_checks([place_of_division(east) or EVERYWHERE])[0].check
    here = f"/people/divisions/{town}/elections/{election}"
    return [here, f"{here}/candidates/{made[0]}", f"{here}/candidates/new", f"/people/{check.person_id}",
            f"/checks/{check.id}", "/checks/answering", f"/checks/elections/{election}/answering"]  # fmt: skip


@SQLITE_ONLY
@pytest.mark.parametrize("name", ["", "east_assessor", "east_other_town", "west", "east_unit", "east", "east_town"])
def test_no_page_export_log_or_error_tells_of_anybody(
    posted: Any, who: int, people: dict[str, int], caplog: pytest.LogCaptureFixture, name: str
) -> None:
    with posted.app_context():
        town, here = key_of("东二街道"), stored("东甲村", PostKind.SECRETARY).id
        with transaction() as session:
            add_account(session, "east_other_town", "另一个镇", None, Role.TOWNSHIP_OFFICER, division_id=town)
        asked = planted() + plant_growth(identity(people["city"], CITY))
        db.session.remove()
    client = posted.test_client()
    if name:
        sign_in(client, name)
    with caplog.at_level(logging.DEBUG):
        pages = walked(client)
        for address in (f"/people/{who}", f"/people/{who}/clear", f"/people/posts/{here}/end", "/people/99999", *asked):
            pages[f"asked {address}"] = client.get(address).text
    assert len(pages) > (20 if name else 3), "the walk saw what somebody of the role sees"
    secrets = {NUMBER, TELEPHONE, *NAMES, "诸葛青云", "司马长风"}
    if name in ("", "east_assessor", "east_other_town", "west", "east_unit"):
        secrets |= {"139****5678", "欧**明", "诸**云", "司**风", "家中有事不便说"}
    if name in ("", "east_other_town", "west", "east_unit"):
        secrets |= {"司**竹"}
    read = {unquote(address): html.unescape(unquote(text)) for address, text in pages.items()}
    told = [(address, one) for address, text in read.items() for one in secrets if one in text or one in address]
    assert told == []
    assert [one for one in secrets if one in unquote(caplog.text)] == []


@SQLITE_ONLY
def test_the_commands(office: Any, posted: Any, clock: Any) -> None:
    kept_of(office)
    run = posted.test_cli_runner()
    assert "密钥" in run.invoke(args=["create-personal-key"]).output
    turned = run.invoke(args=["rotate-personal-key", "--new", "--drop-old"])
    assert "重新加密2个号码" in turned.output
    assert "取下2把" in turned.output
    clock.advance(days=1)
    assert "到期：号码和更正要求0人" in run.invoke(args=["purge-people", "--dry-run"]).output
    clock.at += timedelta(days=9_000)
    assert "已清除" in run.invoke(args=["purge-people"]).output
    assert "上一次清除是0天以前" in run.invoke(args=["check-purge"]).output


@SQLITE_ONLY
def test_a_timer_that_does_not_run_is_told(posted: Any, who: int, clock: Any) -> None:
    run, said = posted.test_cli_runner(), "到期的个人信息"
    never = run.invoke(args=["check-purge"])
    assert never.exit_code == 1
    assert "从来没有清除过" in never.output
    for name in ("city", "east", "west", "east_auditor", "east_assessor", "east_town"):
        told = said in client_of(posted, name).get("/").text
        assert told is (name == "city"), name
    assert "已清除" in run.invoke(args=["purge-people"]).output
    clock.advance(days=7)
    assert run.invoke(args=["check-purge"]).exit_code == 0
    assert said not in client_of(posted, "city").get("/").text
    clock.advance(days=1)
    late = run.invoke(args=["check-purge"])
    assert late.exit_code == 1
    assert "上一次清除是8天以前" in late.output
    assert "已经8天没有清除" in client_of(posted, "city").get("/").text
    with posted.app_context():
        ran = db.session.scalars(select(Upkeep)).one()
        assert (ran.name, ran.done) == ("purge_people", 0)
        with transaction() as session:
            for post_ in session.scalars(select(Post).where(Post.person_id == who)):
                post_.ends_on = date(2023, 3, 20)
        db.session.remove()
    ahead = run.invoke(args=["check-purge"]).output
    assert "到期：号码和更正要求0人" in ahead
    assert "30天以内还会到期：1人" in ahead


@SQLITE_ONLY
def test_what_is_due_on_another_day(posted: Any, people: dict[str, int]) -> None:
    with posted.app_context():
        gone = int(db.session.scalar(select(Person.id).where(Person.name == "韩立强")) or 0)
        left = int(stored("西甲村", PostKind.SECRETARY).person_id)
        with transaction() as session:
            session.scalars(select(Post).where(Post.person_id == left)).one().ends_on = date(2023, 6, 30)
        assert due(date(2033, 6, 30)).names == ()
        assert due(date(2033, 7, 1)).names == (left,)
        assert set(due(date(2090, 1, 1)).names) == {gone, left}, "whoever is in post is never due"
        db.session.remove()
