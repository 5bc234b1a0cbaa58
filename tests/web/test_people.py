"""People and posts: one holder a day, hand-overs in one act, conflicts shown, names only where one may see them."""

import html
import logging
import re
from datetime import date
from typing import Any, cast
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from starrating.domain.faults import RuleError
from starrating.domain.posts import Post as HeldPost
from starrating.domain.posts import PostKind, dual_roles
from starrating.domain.terms import overlapping, vacant_since
from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.models.people import Person, Post
from starrating.queries import people as question
from starrating.services.people import people as service
from starrating.services.people.hand_overs import HandOver, hand_over, hand_over_both
from starrating.services.people.people import NewPerson, Term
from tests.conftest import SQLITE_ONLY
from tests.web.city import ACCOUNTS, CITY, identity, key_of, post
from tests.web.standing_year import POSTS
from tests.web.test_dashboards import client_of

SECRETARY, DIRECTOR = PostKind.SECRETARY, PostKind.DIRECTOR
SEERS = {"city", "city_auditor", "east", "east_auditor", "east_town"}
NAMES = {name for name, *_ in POSTS}
DAY = date(2024, 2, 1)
"""Before the instant at which the tests' clock stands."""


def held(kind: PostKind, begins: date, ends: date | None = None, person: int = 1) -> HeldPost:
    return HeldPost(person, 7, kind, begins, ends)


def test_days_that_meet() -> None:
    terms = [held(SECRETARY, date(2020, 1, 1), date(2021, 12, 31)), held(SECRETARY, date(2023, 1, 1))]
    assert overlapping(terms, date(2022, 1, 1), date(2022, 12, 31)) is None
    assert overlapping(terms, date(2021, 12, 31), date(2022, 1, 1)) == terms[0]
    assert overlapping(terms, date(2022, 6, 1), None) == terms[1]
    assert overlapping(terms, date(2019, 1, 1), date(2019, 12, 31)) is None


def test_since_when_a_post_is_empty() -> None:
    founded, day = date(2000, 1, 1), date(2024, 3, 1)
    assert vacant_since([], founded, day) == founded
    assert vacant_since([held(SECRETARY, date(2020, 1, 1))], founded, day) is None
    assert vacant_since([held(SECRETARY, date(2020, 1, 1), date(2024, 1, 31))], founded, day) == date(2024, 2, 1)
    assert vacant_since([held(SECRETARY, date(2024, 4, 1))], founded, day) == founded


def stored(unit: str, kind: PostKind) -> Any:
    with db.session.no_autoflush:
        return db.session.scalars(
            select(Post).where(Post.unit_id == key_of(unit), Post.kind == kind).order_by(Post.begins_on.desc())
        ).first()


def acts() -> list[str]:
    return list(db.session.scalars(select(AuditEvent.act).order_by(AuditEvent.sequence)))


@pytest.fixture
def office(posted: Any, people: dict[str, int]) -> Any:
    """The city's administrator, in the application in use."""
    with posted.app_context():
        yield identity(people["city"], CITY)
        db.session.remove()


def test_a_hand_over_leaves_no_gap_and_no_overlap(office: Any) -> None:
    old = stored("东甲村", SECRETARY)
    before, key, version = len(acts()), old.id, old.version
    new = hand_over(HandOver(key, version, NewPerson("陈大文", 1980),
                                     Term(DAY, "by_election", "东区委组织部", DAY), "moved"), office)  # fmt: skip
    ended, begun = question.post(key), question.post(new)
    assert ended is not None
    assert begun is not None
    assert (ended.ends_on, ended.ending) == (date(2024, 1, 31), "moved")
    assert (begun.begins_on, begun.how, begun.filed_with) == (DAY, "by_election", "东区委组织部")
    assert len(acts()) == before + 1
    assert acts()[-1] == "post_handed_over"
    posts = [HeldPost(row.person_id, row.unit_id, row.kind, row.begins_on, row.ends_on)
             for row in question.posts_of_unit(begun.unit_id)]  # fmt: skip
    assert dual_roles(posts, date(2024, 1, 31)) == {begun.unit_id: ended.person_id}
    assert dual_roles(posts, DAY) == {}, "the director stayed, the secretary changed"
    with pytest.raises(RuleError) as refused:
        hand_over(HandOver(key, version, NewPerson("赵小明"), Term(DAY), "moved"), office)
    assert refused.value.code == "post.changed", "the second of two successors is refused"
    assert db.session.scalar(select(Person.id).where(Person.name == "赵小明")) is None, "nothing of it was stored"


def both_of(unit: str) -> tuple[dict[PostKind, Any], Any]:
    """The posts of a unit that last, and what hands one of them over."""
    rows = {kind: stored(unit, kind) for kind in PostKind}
    known = {kind: (row.id, row.version) for kind, row in rows.items()}

    def to(kind: PostKind, name: str, day: date, ending: str = "moved") -> HandOver:
        return HandOver(*known[kind], NewPerson(name), Term(day), ending)

    return rows, to


def test_both_posts_change_hands_in_one_act(office: Any) -> None:
    unit = key_of("东甲村")
    rows, to = both_of("东甲村")
    before, old = len(acts()), rows[SECRETARY].person_id
    wrong = {SECRETARY: to(SECRETARY, "陈大文", DAY), DIRECTOR: to(DIRECTOR, "赵小明", DAY, "")}
    with pytest.raises(RuleError) as refused:
        hand_over_both(unit, wrong, office, to_one=False)
    assert (refused.value.code, refused.value.facts["at"]) == ("post.ending", DIRECTOR)
    assert len(acts()) == before, "neither was handed over"
    later = date(2024, 2, 11)
    hand_over_both(
        unit, {SECRETARY: to(SECRETARY, "陈大文", DAY), DIRECTOR: to(DIRECTOR, "", later)}, office, to_one=True
    )
    now = {row.kind: (row.name, row.begins_on) for row in question.posts_of_unit(unit) if row.ends_on is None}
    assert now == {SECRETARY: ("陈大文", DAY), DIRECTOR: ("陈大文", later)}
    ended = {(row.person_id, row.ends_on) for row in question.posts_of_unit(unit) if row.ends_on is not None}
    assert ended == {(old, date(2024, 1, 31)), (old, date(2024, 2, 10))}
    assert len(set(db.session.scalars(select(Post.person_id).where(Post.unit_id == unit)))) == 2, "one new person"
    assert acts()[before:] == ["post_handed_over"] * 2
    with pytest.raises(RuleError) as late:
        hand_over_both(unit, {kind: to(kind, "王后来", DAY) for kind in PostKind}, office, to_one=False)
    assert late.value.code == "post.changed"


@SQLITE_ONLY
def test_both_posts_go_to_two_people_and_to_posts_of_the_unit_only(office: Any) -> None:
    _, to = both_of("东甲村")
    _, other = both_of("东乙村")
    unit = key_of("东甲村")
    with pytest.raises(RuleError) as refused:
        hand_over_both(unit, {SECRETARY: to(SECRETARY, "甲某", DAY), DIRECTOR: other(DIRECTOR, "乙某", DAY)}, office,
                       to_one=False)  # fmt: skip
    assert refused.value.code == "post.none"
    hand_over_both(
        unit, {kind: to(kind, f"{'甲乙'[kind == DIRECTOR]}某", DAY) for kind in PostKind}, office, to_one=False
    )
    now = {row.kind: row.name for row in question.posts_of_unit(unit) if row.ends_on is None}
    assert now == {SECRETARY: "甲某", DIRECTOR: "乙某"}


@SQLITE_ONLY
def test_the_form_of_both_posts(posted: Any, people: dict[str, int]) -> None:
    with posted.app_context():
        unit, empty = key_of("东甲村"), key_of("东丁社区")
        db.session.remove()
    boss, page = client_of(posted, "east"), f"/people/units/{unit}/hand-over"
    assert page in boss.get(f"/people/units/{unit}").text
    assert page not in client_of(posted, "east_auditor").get(f"/people/units/{unit}").text
    assert "不是两个职务都有人在任" in boss.get(f"/people/units/{empty}/hand-over").text
    assert post(boss, f"/people/units/{empty}/hand-over").status_code == 409
    assert client_of(posted, "west").get(page).status_code == 404
    typed = {"secretary-version": "1", "director-version": "1", "secretary-name": "陈大文", "one": "1"}
    typed |= {"secretary-begins_on": "2024-02-01", "secretary-ending": "term", "director-begins_on": "2024-02-11"}
    refused = post(boss, page, **typed)
    assert refused.status_code == 422
    assert 'href="#director-ending"' in refused.text, "the error leads to the field of its post"
    assert 'value="陈大文"' in refused.text
    assert post(boss, page, **typed, **{"director-ending": "term"}).status_code == 303
    late = post(boss, page, **typed, **{"director-ending": "term"})
    assert late.status_code == 409
    assert "一肩挑" in boss.get(f"/people/units/{unit}").text


def test_two_do_not_hold_one_post(office: Any) -> None:
    unit = key_of("东甲村")
    for term in (Term(DAY), Term(date(2019, 1, 1), ends_on=date(2020, 1, 1))):
        with pytest.raises(RuleError) as refused:
            service.enter_post(unit, DIRECTOR if term.ends_on is None else SECRETARY, NewPerson("陈大文"), term, office)
        assert refused.value.code == "post.overlap_open"
    made = service.enter_post(unit, SECRETARY, NewPerson("陈大文"), Term(date(2018, 1, 1), ends_on=date(2019, 12, 31)),
                              office)  # fmt: skip
    assert question.post(made) is not None


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("person", "term", "code"),
    [
        (NewPerson(""), Term(DAY), "person.name"),
        (NewPerson("陈大文13800001234"), Term(DAY), "person.name"),
        (NewPerson("陈大文", 2020), Term(DAY), "person.birth_year"),
        (NewPerson("陈大文", education="phd"), Term(DAY), "person.education"),
        (NewPerson("陈大文"), Term(date(2024, 3, 2)), "post.begins"),
        (NewPerson("陈大文"), Term(date(1900, 1, 1)), "post.begins"),
        (NewPerson("陈大文"), Term(DAY, ends_on=date(2024, 1, 1)), "post.ends"),
        (NewPerson("陈大文"), Term(DAY, how="x"), "post.how"),
        (NewPerson("陈大文"), Term(DAY, filed_on=DAY), "post.filed_with"),
        (NewPerson("陈大文"), Term(DAY, filed_with="区", filed_on=date(2030, 1, 1)), "post.filed_on"),
        (99_999, Term(DAY), "person.none"),
    ],
)
def test_what_is_refused_stores_nothing(office: Any, person: Any, term: Term, code: str) -> None:
    unit, before = key_of("东丁社区"), len(acts())
    with pytest.raises(RuleError) as refused:
        service.enter_post(unit, SECRETARY, person, term, office)
    assert refused.value.code == code
    assert question.posts_of_unit(unit) == ()
    assert len(acts()) == before


def test_ending_and_putting_right(office: Any) -> None:
    row = stored("东丙社区", SECRETARY)
    key, version = row.id, row.version
    service.end_post(key, version, date(2024, 1, 15), "resigned", office)
    told = acts()
    service.end_post(key, version, date(2024, 1, 15), "resigned", office)
    assert acts() == told, "the same twice is once"
    with pytest.raises(RuleError) as refused:
        service.end_post(key, version + 1, date(2024, 1, 16), "resigned", office)
    assert refused.value.code == "post.ended"
    typed = Term(date(2020, 2, 1), "elected", ends_on=date(2024, 1, 16), ending="retired")
    service.amend_post(key, version + 1, typed, "任职文件", office)
    found = question.post(key)
    assert found is not None
    assert (found.begins_on, found.ends_on, found.ending, found.how) == (
        date(2020, 2, 1), date(2024, 1, 16), "retired", "elected",
    )  # fmt: skip
    with pytest.raises(RuleError) as stale:
        service.amend_post(key, version + 1, typed, "任职文件", office)
    assert stale.value.code == "post.changed"


@SQLITE_ONLY
@pytest.mark.parametrize("name", [*ACCOUNTS, ""])
def test_who_sees_the_lists(posted: Any, name: str) -> None:
    client = client_of(posted, name) if name else posted.test_client()
    with posted.app_context():
        east, town, unit, other = key_of("东区"), key_of("东一镇"), key_of("东甲村"), key_of("东丙社区")
        led = stored("东甲村", SECRETARY)
        who, term = led.person_id, led.id
    addresses = [f"/people/divisions/{town}", f"/people/units/{unit}", f"/people/{who}"]
    answers = [client.get(address) for address in addresses]
    assert [one.status_code for one in answers] == [200 if name in SEERS else 404 if name else 302] * 3
    text = "".join(one.text for one in answers)
    assert [one for one in NAMES if one in text] == []
    assert ("欧**明" in text) == (name in SEERS)
    wide = {"city": 200, "city_auditor": 200, "east": 200, "east_auditor": 200, "": 302}.get(name, 404)
    assert client.get(f"/people/divisions/{east}").status_code == wide
    assert client.get(f"/people/units/{other}").status_code == wide
    manages = {"city": 200, "east": 200, "": 302}.get(name, 404)
    for address in (f"/people/units/{unit}/new", f"/people/posts/{term}/hand-over", f"/people/{who}/amend"):
        assert client.get(address).status_code == manages
    if name and manages != 200:
        assert post(client, f"/people/posts/{term}/end", version=1, ends_on="2024-01-01").status_code == 404


ADDRESS = re.compile(r'(?:href|action|formaction|src|value)="([^"]*)"')
GET_FORM = re.compile(r'<form[^>]*method="get".*?</form>', re.DOTALL)
FIELD = re.compile(r'<(?:input|select)[^>]*name="([^"]*)"')


@SQLITE_ONLY
def test_a_name_that_is_looked_for_is_in_no_address(posted: Any, caplog: pytest.LogCaptureFixture) -> None:
    with posted.app_context():
        east, who = key_of("东区"), stored("东甲村", SECRETARY).person_id
        db.session.remove()
    client, find = client_of(posted, "east"), f"/people/divisions/{east}/find"
    with caplog.at_level(logging.DEBUG):
        found = post(client, find, name=" 欧阳东明 ")
        none = post(client, find, name="尉迟西山")
    assert (found.status_code, none.status_code) == (200, 200)
    assert "no-store" in found.headers["Cache-Control"]
    assert f'href="/people/{who}"' in found.text
    assert "东甲村书记" in found.text
    assert "没有叫这个名字的人" in none.text, "of another district"
    assert "没有叫这个名字的人" in post(client, find, name="欧阳").text, "whole names alone"
    listed = client.get(f"/people/divisions/{east}").text
    for page in (found.text, none.text, listed):
        told = [unquote(html.unescape(one)) for one in ADDRESS.findall(page)]
        assert [one for one in told for name in NAMES if name in one] == []
    fields = {name for form in GET_FORM.findall(listed) for name in FIELD.findall(form)}
    assert fields <= {"q", "kind", "township", "state"}, "a field that is sent in an address"
    assert [name for name in NAMES if name in unquote(caplog.text)] == []
    for name in ("east_auditor", "east_town", "east_assessor", "east_unit", "west"):
        assert post(client_of(posted, name), find, name="欧阳东明").status_code in (403, 404), name
    assert "find" not in client_of(posted, "east_auditor").get(f"/people/divisions/{east}").text


@SQLITE_ONLY
def test_a_year_in_an_office(posted: Any) -> None:
    client = client_of(posted, "east")
    with posted.app_context():
        east, unit, row = key_of("东区"), key_of("东甲村"), stored("东甲村", SECRETARY)
        term, who = row.id, row.person_id
    listed = client.get(f"/people/divisions/{east}").text
    assert "一肩挑" in listed
    assert "空缺" in listed
    assert "东乙村" not in client.get(f"/people/divisions/{east}?state=dual").text
    assert "东丁社区" in client.get(f"/people/divisions/{east}?state=vacant").text
    assert "没有符合条件" in client.get(f"/people/divisions/{east}?q=欧阳东明").text, (
        "no name is looked for in an address"
    )
    shown = client.get(f"/people/{who}").text
    for said in ("一肩挑", "2020-01-01至今"):
        assert said in shown, said
    typed = {"version": "1", "name": "李红梅", "begins_on": "2024-02-01", "ending": "moved"}
    asked = post(client, f"/people/posts/{term}/hand-over", **typed)
    assert asked.status_code == 409
    assert "是哪一位" in asked.text
    assert "东乙村主任" in asked.text
    done = post(client, f"/people/posts/{term}/hand-over", **typed, who="new")
    assert done.status_code == 303
    assert "李*梅" in client.get(f"/people/units/{unit}").text
    late = post(client, f"/people/posts/{term}/amend", version="1", begins_on="2020-02-02", reason="任命文件")
    assert late.status_code == 409
    for said in ("现在", "2024-01-31", "你填的", "2020-02-02", "任命文件"):
        assert said in late.text, said
    wrong = post(client, f"/people/units/{unit}/new", name="陈大文", begins_on="不知道", filed_with="区里")
    assert wrong.status_code == 422
    assert "陈大文" in wrong.text
    assert "区里" in wrong.text
    audit = client.get("/audit/").text
    assert "办了东甲村的交接：书记，接任的2024-02-01起" in audit
    assert [one for one in NAMES if one in audit] == []


@SQLITE_ONLY
def test_what_followed_stands_on_the_person_s_page(posted: Any, clock: Any) -> None:
    client, town = client_of(posted, "east"), client_of(posted, "east_town")
    with posted.app_context():
        first, second = stored("东甲村", SECRETARY).person_id, stored("东乙村", DIRECTOR).person_id
    shown = client.get(f"/people/{first}").text
    assert "五星" in shown
    assert "结果运用" in shown
    assert "诫勉" not in client.get(f"/people/{second}").text, "what is about the secretary is not the director's"
    officer = town.get(f"/people/{first}").text
    assert "五星" in officer
    assert "应当落实到本人" not in officer, "the township does not see what follows"


def test_of_two_successors_at_once_one_is_stored(office: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from flask import current_app

    row, app = stored("东丙社区", SECRETARY), cast("Any", current_app)._get_current_object()
    key, version, unit = row.id, row.version, row.unit_id
    db.session.remove()

    def take(number: int) -> str:
        with app.app_context():
            try:
                hand_over(HandOver(key, version, NewPerson(f"接任{'甲乙'[number]}"), Term(DAY), "moved"), office)
            except RuleError as refusal:
                return refusal.code
            finally:
                db.session.remove()
            return "stored"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, range(2))) == ["post.changed", "stored"]
    assert len([one for one in question.posts_of_unit(unit) if one.kind is SECRETARY]) == 2


@SQLITE_ONLY
def test_what_is_typed_is_kept_whole_or_refused(posted: Any) -> None:
    client = client_of(posted, "east")
    with posted.app_context():
        east, unit = key_of("东区"), key_of("东丁社区")
    fine = {"post": "secretary", "name": "陈大文", "begins_on": "2024-02-01"}
    for wrong in ({"name": "陈" * 61}, {"name": "陈大\u202e文"}, {"filed_with": "部" * 101}):
        refused = post(client, f"/people/units/{unit}/new", **{**fine, **wrong})
        assert refused.status_code == 422, wrong
    long = post(client, f"/people/divisions/{east}/elections", name="换" * 61, held_on="2021-04-01")
    assert long.status_code == 422
    assert post(client, f"/people/units/{unit}/new", **fine).status_code == 303
