"""What keeps people's data safe at the edges: numbers typed as words, merges, scope, purging while somebody returns."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from starrating.domain.access import EVERYWHERE
from starrating.domain.faults import RuleError
from starrating.domain.personal import Secret, holds_number
from starrating.domain.posts import PostKind
from starrating.extensions import db
from starrating.models.people import Person, Post
from starrating.models.rosters import RosterImport
from starrating.queries.eligibility import to_answer
from starrating.queries.places import place_of_division
from starrating.queries.privacy import looks_at
from starrating.services.audit import record
from starrating.services.clock import now
from starrating.services.people import eligibility as checks
from starrating.services.people import people as service
from starrating.services.people import vault
from starrating.services.people.people import NewPerson, Term, person_subject
from starrating.services.people.people_merge import merge_people
from starrating.services.people.personal import open_numbers, seal, store_numbers
from starrating.services.transaction import transaction
from starrating.services.upkeep.retention import NO_NAME, Due, due, purge
from tests.conftest import SQLITE_ONLY
from tests.web.city import CITY, district_administrator, identity, key_of, post
from tests.web.test_dashboards import client_of
from tests.web.test_people import stored

DAY = date(2024, 2, 1)


@pytest.fixture
def office(posted: Any, people: dict[str, int], tmp_path: Path) -> Any:
    """The city's administrator in the application in use, with a key of its own."""
    posted.config["PERSONAL_KEY_FILE"] = str(tmp_path / "keys.json")
    with posted.app_context():
        vault.add_key()
        yield identity(people["city"], CITY)
        db.session.remove()


def three() -> list[int]:
    """Three people who hold no post of another at once."""
    posts = (("东乙村", PostKind.DIRECTOR), ("东丙社区", PostKind.SECRETARY), ("西甲村", PostKind.SECRETARY))
    return [int(stored(unit, kind).person_id) for unit, kind in posts]


def merged(kept: int, gone: int, by: Any, reason: str = "查过档案") -> None:
    versions = (db.session.get_one(Person, kept).version, db.session.get_one(Person, gone).version)
    merge_people(kept, gone, versions, reason, by)


def linked(person_id: int, account_id: int) -> None:
    with transaction() as session:
        session.get_one(Person, person_id).account_id = account_id


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("2024-03-15受处分", False), ("2024-03-15至2024-04-15", False), ("2024-03-15 2024-04-15", False),
        ("2024-3-5 09:30开会", False), ("津组发〔2024〕12号", False),
        ("138 0013 8000", True), ("138-0013-8000", True), ("138 2024-03-15", True), ("2024-03-15 13800138000", True),
        ("110105 1949-12-31 002X", True), ("2345-6789", True), ("022-12345678", True), ("138.0013.8000", True),
        ("电话13800138000、13900139000", True), ("2024.3.5", False), ("2021-2024年", False),
        ("集体收入1200000元", False), ("代码130102001001的村", False), ("2024-03-15记了12次，扣3.5分", False),
    ],
)  # fmt: skip
def test_a_date_is_no_number_and_blanks_hide_none(text: str, held: object) -> None:
    assert holds_number(text) is held


@SQLITE_ONLY
def test_no_number_is_kept_as_words(office: Any) -> None:
    row, (kept, gone, _) = stored("东丙社区", PostKind.SECRETARY), three()
    key, version, number = row.id, row.version, "电话138 0013 8000"
    acts = (
        lambda: service.amend_post(key, version, Term(DAY), number, office),
        lambda: service.amend_post(key, version, Term(DAY, filed_with=number), "录错了", office),
        lambda: service.enter_post(key_of("东丁社区"), PostKind.DIRECTOR, NewPerson("陈大文"),
                                   Term(DAY, filed_with=number), office),
        lambda: merged(kept, gone, office, number),
    )  # fmt: skip
    for act in acts:
        with pytest.raises(RuleError) as refused:
            act()
        assert refused.value.code == "person.digits"
    service.amend_post(key, version, Term(DAY), "2024-03-15的文件", office)
    assert stored("东丙社区", PostKind.SECRETARY).begins_on == DAY


@SQLITE_ONLY
def test_a_chosen_person_of_many_digits_is_nobody(posted: Any, people: dict[str, int]) -> None:
    with posted.app_context():
        unit = key_of("东丁社区")
        db.session.remove()
    answer = post(client_of(posted, "east"), f"/people/units/{unit}/new", name="王军", who="1" * 5_000,
                  begins_on="2024-02-01", post="secretary")  # fmt: skip
    assert answer.status_code == 409


@SQLITE_ONLY
def test_a_merge_gives_nobody_their_own_record(office: Any, people: dict[str, int]) -> None:
    kept, gone, other = three()
    linked(gone, people["city"])
    for pair in ((kept, gone), (gone, kept)):
        with pytest.raises(RuleError) as own:
            merged(*pair, office)
        assert own.value.code == "person.merge_own"
    linked(gone, people["east_unit"])
    linked(other, people["east_town"])
    with pytest.raises(RuleError) as two:
        merged(gone, other, office)
    assert two.value.code == "person.merge_accounts"
    merged(kept, gone, office)
    assert db.session.get_one(Person, kept).account_id == people["east_unit"], "one account goes over"


@SQLITE_ONLY
def test_who_saw_a_merged_record_is_told_and_a_chain_of_merges_is_one_hop(office: Any) -> None:
    first, second, third = three()
    with transaction() as session:
        subject = person_subject(first, EVERYWHERE)
        record(session, "personal_seen", office.account_id, subject, reason="核对任职备案表", fields=["name"])
    merged(second, first, office)
    assert [one.reason for one in looks_at(second)] == ["核对任职备案表"]
    merged(third, second, office)
    assert [one.reason for one in looks_at(third)] == ["核对任职备案表"]
    assert {db.session.get_one(Person, key).merged_into_id for key in (first, second)} == {third}
    assert first not in due().names, "whoever they became holds a post"


@SQLITE_ONLY
def test_somebody_who_returns_while_the_purge_waits_is_kept(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What PostgreSQL lets happen between asking who is due and holding the people."""
    gone, other, _ = three()
    answers = iter([Due((), (gone, other)), Due((), (other,))])
    monkeypatch.setattr("starrating.services.upkeep.retention.due", lambda: next(answers))
    assert purge().names == (other,)
    assert db.session.get_one(Person, gone).purged_at is None
    assert db.session.get_one(Person, other).name == NO_NAME


@SQLITE_ONLY
def test_a_roster_that_nobody_confirmed_goes_with_the_purge(office: Any) -> None:
    at = now()
    with transaction() as session:
        for minutes in (-1, 1):
            session.add(RosterImport(division_id=key_of("东区"), account_id=office.account_id, name="名册.csv",
                                     digest="0" * 64, state="waiting", made_at=at, changed=0, content=b"x",
                                     expires_at=at + timedelta(minutes=minutes)))  # fmt: skip
    purge()
    assert [row.expires_at > at for row in db.session.scalars(select(RosterImport))] == [True]


@SQLITE_ONLY
def test_keys_that_are_dropped_lie_beside_and_go_back(office: Any) -> None:
    old = vault.key_ring()
    vault.add_key()
    gone = vault.keep_only_current()
    beside = list(vault.key_file().parent.glob("keys.json.2*"))
    assert [path.stat().st_mode & 0o777 for path in beside] == [0o600]
    assert old.current in beside[0].read_text(encoding="utf-8")
    current = vault.key_ring().current
    vault.put_back(gone)
    after = vault.key_ring()
    assert after.current == current
    assert after.keys[old.current] == old.keys[old.current]


@SQLITE_ONLY
def test_a_number_stored_while_keys_are_dropped_is_not_lost(
    office: Any, posted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, old, dropped = three()[0], vault.key_ring(), vault.keep_only_current

    def meanwhile() -> dict[str, bytes]:
        gone = dropped()
        with transaction() as session:
            seal(session, old, who, Secret.TELEPHONE, "13900005678")
        return gone

    monkeypatch.setattr(vault, "keep_only_current", meanwhile)
    said = posted.test_cli_runner().invoke(args=["rotate-personal-key", "--new", "--drop-old"])
    assert "放回文件里了" in said.output
    with transaction() as session:
        assert open_numbers(session, who) == {Secret.TELEPHONE: "13900005678"}


@SQLITE_ONLY
def test_each_role_answers_at_its_own_place(office: Any) -> None:
    east, west = key_of("东区"), key_of("西区")
    for district in (east, west):
        items = [checks.NewItem(code, code, True, 0, code, 12) for code in ("民政局", "纪委")]
        checks.add_items(district, items, office)
        checks.open_in_post(district, office)
    place, other = place_of_division(east), place_of_division(west)
    assert place is not None
    assert other is not None
    rows, answers = to_answer([(place, None), (other, "民政局")], 1)
    told = {(row.place.district, one.item.department) for row in rows.rows for one in answers[row.id]}
    assert told == {(east, "民政局"), (east, "纪委"), (west, "民政局")}


@SQLITE_ONLY
def test_a_district_of_long_ago_reads_and_changes_nobody(posted: Any, people: dict[str, int]) -> None:
    with posted.app_context():
        row = stored("西甲村", PostKind.SECRETARY)
        who = int(row.person_id)
        with transaction() as session:
            session.add(Post(person_id=who, unit_id=key_of("东丁社区"), kind=PostKind.DIRECTOR, version=1,
                             begins_on=date(2015, 1, 1), ends_on=date(2016, 1, 1)))  # fmt: skip
        db.session.remove()
    east, west = client_of(posted, "east"), client_of(posted, "west")
    for address in ("amend", "merge", "numbers", "clear"):
        assert east.get(f"/people/{who}/{address}").status_code == 404
    assert post(east, f"/people/{who}/clear", reason="核对任职备案表").status_code == 404
    page = east.get(f"/people/{who}")
    assert page.status_code == 200
    assert "东丁社区" in page.text
    assert f"/people/{who}/clear" not in page.text
    assert f"/people/{who}/numbers" not in page.text
    assert west.get(f"/people/{who}/merge").status_code == 200
    with posted.app_context():
        by = identity(people["east"], district_administrator(key_of("东区"), 0))
        with pytest.raises(RuleError) as refused:
            service.amend_person(who, 1, NewPerson("尉迟东山"), by)
        assert refused.value.code == "person.none"
        with transaction() as session:
            for one in session.scalars(select(Post).where(Post.person_id == who, Post.ends_on.is_(None))):
                one.ends_on = date(2021, 1, 1)
        db.session.remove()
    assert east.get(f"/people/{who}/merge").status_code == 404, "served last in the west"
    assert west.get(f"/people/{who}/merge").status_code == 200


def at_once(app: Any, *acts: Any) -> list[Any]:
    """Do acts at the same moment, each with its own connection: what each gave, or the code of its refusal."""
    begin = threading.Barrier(len(acts))

    def one(act: Any) -> Any:
        with app.app_context():
            begin.wait()
            try:
                return act()
            except RuleError as refusal:
                return refusal.code
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def test_two_at_once_open_one_set_of_checks_and_store_a_number_once(office: Any, posted: Any) -> None:
    east = key_of("东区")
    checks.add_items(east, [checks.NewItem("A", "受过处分", True, 0, "纪委", 12)], office)
    first, second, _ = three()
    db.session.remove()
    assert sorted(at_once(posted, *[lambda: checks.open_in_post(east, office)] * 2)) == [0, 5]
    told = at_once(posted, *[
        lambda who=who: store_numbers(who, 1, {Secret.ID_NUMBER: "990101198001011236"}, set(), office)
        for who in (first, second)
    ])  # fmt: skip
    assert sorted(map(str, told)) == ["None", "person.id_taken"]
