"""Training: rounds that ask everybody in post, courses, attendance for many at once, by page and by list."""

import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from starrating.domain.access import Granted, Place, Role
from starrating.domain.faults import RuleError
from starrating.domain.posts import Post as HeldPost
from starrating.domain.posts import PostKind
from starrating.domain.training import Audience, Need, asked_of, hours_by_year, hours_text, read_hours
from starrating.extensions import db
from starrating.interchange import attendance_sheet as sheet
from starrating.interchange.people_sheet import write_list
from starrating.interchange.spreadsheets import read_spreadsheet
from starrating.models.audit import AuditEvent
from starrating.models.divisions import Unit
from starrating.models.people import Person, Post
from starrating.models.training import TrainingAttendance, TrainingCourse
from starrating.queries import training as question
from starrating.queries.people import held_on
from starrating.queries.places import place_of_division
from starrating.queries.training_standing import shares, standings, total_of
from starrating.services.people import attendance, training
from starrating.services.people.attendance import TypedPresence
from starrating.services.people.people_merge import merge_people
from starrating.services.people.training import TypedCourse, TypedRound
from starrating.services.transaction import transaction
from starrating.services.upkeep.retention import NO_NAME, purge
from tests.conftest import SQLITE_ONLY
from tests.web.city import CITY, identity, key_of, post, token_of
from tests.web.test_dashboards import client_of

SECRETARY, DIRECTOR = PostKind.SECRETARY, PostKind.DIRECTOR
FIRST, LAST = date(2024, 1, 10), date(2024, 12, 31)
HELD = date(2024, 2, 1)
"""Before the instant at which the tests' clock stands."""
ROUND = TypedRound("2024年村社区书记轮训", "secretary", "", "", FIRST, LAST)
COURSE = TypedCourse("乡村振兴第一期", "secretary", "", "7.5", "区委党校", HELD, HELD)


def acts(*wanted: str) -> list[str]:
    found = select(AuditEvent.act).order_by(AuditEvent.sequence)
    return [act for act in db.session.scalars(found) if not wanted or act in wanted]


@pytest.fixture
def office(posted: Any, people: dict[str, int]) -> Any:
    """The city's administrator, in the application in use."""
    with posted.app_context():
        yield identity(people["city"], CITY)
        db.session.remove()


@pytest.fixture
def east_office(posted: Any, people: dict[str, int], office: Any) -> Any:
    """The eastern district's administrator."""
    return identity(people["east"], Granted(Role.DISTRICT_ADMINISTRATOR, Place(key_of("试验市"), key_of("东区"))))


def holder(unit: str, kind: PostKind = SECRETARY) -> int:
    """Who holds the post on the day of the course."""
    found = select(Post.person_id).where(Post.unit_id == key_of(unit), Post.kind == kind, held_on(HELD))
    return int(db.session.scalars(found).one())


def said(unit: str, presence: str = "attended", reason: str = "", made_up: date | None = None, version: int = 0) -> Any:
    return TypedPresence(holder(unit), presence, reason, made_up, version)


def test_hours_as_people_write_them() -> None:
    assert [read_hours(text) for text in ("8", " 7.5 ", "0", "500")] == [80, 75, 0, 5000]
    assert [read_hours(text) for text in ("", "7.55", "-1", "500.1", "八", "1e2")] == [None] * 6
    assert [hours_text(tenths) for tenths in (80, 75, 0)] == ["8", "7.5", "0"]
    told = [(date(2023, 5, 1), 80, "attended"), (date(2024, 5, 1), 75, "made_up"), (date(2024, 6, 1), 80, "absent")]
    assert hours_by_year(told) == {2024: 75, 2023: 80}


def test_whom_a_round_asks() -> None:
    stayed = HeldPost(1, 7, SECRETARY, date(2020, 1, 1))
    left = HeldPost(2, 8, SECRETARY, date(2020, 1, 1), date(2024, 6, 30))
    came = HeldPost(3, 8, SECRETARY, date(2024, 7, 1))
    late = HeldPost(4, 9, SECRETARY, date(2025, 1, 1))
    other = HeldPost(5, 7, DIRECTOR, date(2020, 1, 1))
    posts, kinds = [stayed, left, came, late, other], {7: "village", 8: "community", 9: "village"}
    need = Need(Audience.SECRETARY, "", 0, LAST)
    assert set(asked_of(posts, kinds, need, date(2024, 3, 1))) == {1, 2}
    assert set(asked_of(posts, kinds, need, date(2024, 8, 1))) == {1, 3}
    assert set(asked_of(posts, kinds, need, date(2025, 8, 1))) == {1, 3}, "over: by its last day"
    leaders = Need(Audience.LEADERS, "village", 0, LAST)
    assert set(asked_of(posts, kinds, leaders, date(2024, 3, 1))) == {1, 5}


def test_a_round_is_done_by_those_who_were_there_or_made_it_up(office: Any) -> None:
    city, east = key_of("试验市"), key_of("东区")
    made = training.open_round(east, TypedRound("轮训", "secretary", "", "10", FIRST, LAST), office)
    with pytest.raises(RuleError) as elsewhere:
        training.hold_course(city, TypedCourse("期", "", "", "8", "", HELD, HELD, made), office)
    assert elsewhere.value.code == "course.round"
    first, second = (
        training.hold_course(east, TypedCourse(name, "", "", "7.5", "", HELD, HELD, made), office) for name in "甲乙"
    )
    there = [said("东甲村"), said("东乙村", "absent", "病假"), said("东丙社区", "made_up", "", date(2024, 2, 20))]
    assert attendance.record_presence(first, east, there, office) == 3
    assert attendance.record_presence(second, key_of("东一镇"), there[:1], office) == 1
    row = question.round_row(made)
    assert row is not None
    asked = standings([row], row.place, date(2024, 3, 1))[made]
    assert {one.unit.name: (one.hours, one.met) for one in asked} == {
        "东甲村": (150, True), "东乙村": (None, False), "东丙社区": (75, False),
    }  # fmt: skip
    assert [(one.name, one.asked, one.met, one.percent) for one in shares(asked, by_district=False)] == [
        ("东一镇", 2, 1, "50.0"), ("东二街道", 1, 0, "0.0"),
    ]  # fmt: skip
    assert (total_of(asked).asked, total_of(asked).left) == (3, 2)
    training.cancel_course(second, 1, "没有办成", office)
    assert {one.unit.name for one in standings([row], row.place, date(2024, 3, 1))[made] if one.met} == set()
    assert acts("round_opened", "course_entered", "presence_recorded", "course_cancelled") == [
        "round_opened", "course_entered", "course_entered", *["presence_recorded"] * 4, "course_cancelled",
    ]  # fmt: skip
    training.withdraw_round(made, office)
    training.withdraw_round(made, office)
    assert question.round_row(made) is None
    assert acts("round_withdrawn") == ["round_withdrawn"]
    assert set(db.session.scalars(select(TrainingCourse.round_id))) == {None}, "the courses stand on their own"


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"title": ""}, "course.title"), ({"hours": "0"}, "course.hours"), ({"hours": "很多"}, "course.hours"),
        ({"ends_on": date(2024, 1, 1)}, "course.days"), ({"begins_on": None}, "course.days"),
        ({"audience": "x"}, "course.audience"), ({"unit_kind": "x"}, "course.audience"),
        ({"title": "找13900005678"}, "person.digits"), ({"round_id": 99}, "course.round"),
    ],
)  # fmt: skip
def test_what_is_no_course_is_not_stored(office: Any, typed: dict[str, Any], code: str) -> None:
    facts: dict[str, Any] = {"title": "期", "audience": "secretary", "unit_kind": "", "hours": "8", "venue": "",
                             "begins_on": HELD, "ends_on": HELD, "round_id": None}  # fmt: skip
    with pytest.raises(RuleError) as refused:
        training.hold_course(key_of("东区"), TypedCourse(**(facts | typed)), office)
    assert refused.value.code == code
    assert db.session.scalar(select(func.count()).select_from(TrainingCourse)) == 0
    assert acts("course_entered") == []


def test_all_of_it_or_nothing_and_late_is_told(office: Any) -> None:
    east = key_of("东区")
    course = training.hold_course(east, COURSE, office)
    for wrong, code in (
        (said("东乙村", "absent"), "presence.reason"), (said("东乙村", "made_up"), "presence.made_up"),
        (said("东乙村", "made_up", "", date(2024, 3, 30)), "presence.made_up"), (said("西甲村"), "presence.none"),
        (said("东乙村", "here"), "presence.choice"), (said("东乙村", "attended", "", HELD), "presence.not_made_up"),
        (said("东乙村", "absent", "请打13900005678"), "person.digits"),
    ):  # fmt: skip
        with pytest.raises(RuleError) as refused:
            attendance.record_presence(course, east, [said("东甲村"), wrong], office)
        assert refused.value.code == code
        assert db.session.scalar(select(func.count()).select_from(TrainingAttendance)) == 0, "also the good row is not"
    attendance.record_presence(course, east, [said("东甲村"), said("东乙村")], office)
    assert attendance.record_presence(course, east, [said("东甲村")], office) == 0, "the same twice is once"
    with pytest.raises(RuleError) as late:
        attendance.record_presence(
            course, east, [said("东乙村", "absent", "事假", version=1), said("东甲村", "")], office
        )
    assert late.value.code == "presence.changed"
    assert attendance.record_presence(course, east, [said("东甲村", "", version=1)], office) == 1, "taken back"
    assert [row.person_id for row in db.session.scalars(select(TrainingAttendance))] == [holder("东乙村")]
    training.amend_course(course, 1, TypedCourse("第一期", "leaders", "", "8", "", HELD, HELD), office)
    for act in (
        lambda: training.amend_course(course, 1, COURSE, office),
        lambda: training.cancel_course(course, 1, "没有办", office),
    ):
        with pytest.raises(RuleError) as stale:
            act()
        assert stale.value.code == "course.changed"
    training.cancel_course(course, 2, "没有办", office)
    with pytest.raises(RuleError) as gone:
        attendance.record_presence(course, east, [said("东甲村")], office)
    assert gone.value.code == "course.cancelled"
    to_come = training.hold_course(east, TypedCourse("期", "secretary", "", "8", "", LAST, LAST), office)
    with pytest.raises(RuleError) as early:
        attendance.record_presence(to_come, east, [said("东甲村")], office)
    assert early.value.code == "presence.early"


def test_the_city_s_course_is_recorded_by_each_district(office: Any, east_office: Any) -> None:
    city, east, west = key_of("试验市"), key_of("东区"), key_of("西区")
    course = training.hold_course(city, COURSE, office)
    assert attendance.record_presence(course, east, [said("东甲村")], east_office) == 1
    for where, who in ((east, "西甲村"), (west, "西甲村"), (city, "东乙村")):
        with pytest.raises(RuleError) as refused:
            attendance.record_presence(course, where, [said(who)], east_office)
        assert refused.value.code in ("presence.none", "course.none")
    own = training.hold_course(east, COURSE, office)
    with pytest.raises(RuleError) as outside:
        attendance.record_presence(own, west, [said("西甲村")], office)
    assert outside.value.code == "course.none", "the west is not in the east"


@SQLITE_ONLY
def test_a_merge_keeps_the_better_record_and_a_purge_forgets_why(office: Any, clock: Any) -> None:
    east = key_of("东区")
    both = [
        training.hold_course(east, TypedCourse(name, "leaders", "", "8", "", HELD, HELD), office) for name in "甲乙丙"
    ]
    one, other = holder("东乙村"), holder("东乙村", DIRECTOR)
    attendance.record_presence(both[0], east, [TypedPresence(one, "absent", "病假", None, 0),
                                               TypedPresence(other, "attended", "", None, 0)], office)  # fmt: skip
    attendance.record_presence(both[1], east, [TypedPresence(other, "absent", "事假", None, 0)], office)
    attendance.record_presence(both[2], east, [TypedPresence(one, "absent", "说病假", None, 0),
                                               TypedPresence(other, "absent", "事假", None, 0)], office)  # fmt: skip
    merge_people(one, other, (1, 1), "查过档案", office)
    rows = {row.course_id: row for row in db.session.scalars(of(one))}
    assert {key: (row.person_id, row.presence) for key, row in rows.items()} == {
        both[0]: (one, "attended"), both[1]: (one, "absent"), both[2]: (one, "absent"),
    }  # fmt: skip
    assert rows[both[2]].reason == "说病假", "of two alike that of the record that stays"
    assert {row.course_id: (row.presence, row.reason) for row in db.session.scalars(of(other))} == {
        both[0]: ("absent", "病假"), both[2]: ("absent", "事假"),
    }  # fmt: skip
    with transaction() as session:
        for held in session.scalars(select(Post).where(Post.person_id == one)):
            held.ends_on = date(2024, 2, 28)
    clock.at = datetime(2035, 1, 2, tzinfo=UTC)
    purge()
    assert db.session.get_one(Person, one).name == NO_NAME
    kept = {row.course_id: (row.presence, row.reason) for row in db.session.scalars(of(one))}
    assert kept == {both[0]: ("attended", ""), both[1]: ("absent", NO_NAME), both[2]: ("absent", NO_NAME)}
    left = {row.course_id: (row.presence, row.reason) for row in db.session.scalars(of(other))}
    assert left == {both[0]: ("absent", NO_NAME), both[2]: ("absent", NO_NAME)}


def of(person: int) -> Any:
    return select(TrainingAttendance).where(TrainingAttendance.person_id == person)


def test_what_no_longer_counts_is_told_on_the_page_and_in_the_trail_and_counted_nowhere(
    posted: Any, people: dict[str, int]
) -> None:
    def merged() -> tuple[int, int]:
        who, east = identity(people["city"], CITY), key_of("东区")
        made = training.open_round(east, TypedRound("轮训", "leaders", "", "", FIRST, LAST), who)
        course = training.hold_course(east, TypedCourse("乡村振兴", "leaders", "", "8", "", HELD, HELD, made), who)
        one, other = holder("东乙村"), holder("东乙村", DIRECTOR)
        away, there = TypedPresence(one, "absent", "病假", None, 0), TypedPresence(other, "made_up", "", HELD, 0)
        attendance.record_presence(course, east, [away, there], who)
        assert question.counts_of([course], [CITY.place])[course] == {"absent": 1, "made_up": 1}
        merge_people(one, other, (1, 1), "查过档案", who)
        assert question.counts_of([course], [CITY.place]) == {course: {"made_up": 1}}
        assert set(question.records_of(course)) == {one}
        assert question.hours_of([made]) == {made: {one: 80}}
        facts = json.loads(db.session.scalars(select(AuditEvent.facts).where(AuditEvent.act == "people_merged")).one())
        assert facts["twice"] == [
            {"course": course, "title": "乡村振兴", "counts": "made_up", "left": "absent",
             "left_unit": key_of("东乙村"), "left_made_up_on": None}
        ]  # fmt: skip
        assert "病假" not in json.dumps(facts, ensure_ascii=False), "why somebody was away is forgotten in time"
        training.cancel_course(course, 1, "场地没有", who)
        told = db.session.scalars(select(AuditEvent.facts).where(AuditEvent.act == "course_cancelled")).one()
        assert json.loads(told)["recorded"] == 1
        with transaction() as session:
            session.get_one(TrainingCourse, course).cancelled_at = None
        return one, other

    one, other = asked_of_city(posted, merged)
    boss = client_of(posted, "east")
    page = boss.get(f"/people/{one}/growth").text
    assert "合并以前另一条登记的出勤" in page
    left = page[page.index("合并以前另一条登记的出勤") :]
    for words in ("乡村振兴", "缺勤", "病假"):
        assert words in left
    assert "8学时" in page, "made up, and counted once"
    trail = client_of(posted, "city").get("/audit/").text
    assert f"培训“乡村振兴”两条都有登记：补课的算，缺勤的留在人员{other}名下，不算。" in trail


def asked_of_city(app: Any, ask: Any) -> Any:
    with app.app_context():
        found = ask()
        db.session.remove()
    return found


@pytest.fixture
def held_course(posted: Any, people: dict[str, int]) -> tuple[int, int, int]:
    """The eastern district, a round of it, a course of the round."""
    with posted.app_context():
        who, east = identity(people["city"], CITY), key_of("东区")
        made = training.open_round(east, ROUND, who)
        course = training.hold_course(east, TypedCourse("期", "", "", "7.5", "区委党校", HELD, HELD, made), who)
        db.session.remove()
    return east, made, course


@SQLITE_ONLY
def test_the_pages(posted: Any, held_course: tuple[int, int, int]) -> None:
    east, made, course = held_course
    boss, page = client_of(posted, "east"), f"/training/divisions/{east}/courses/{course}"
    people_of = asked_of_city(posted, lambda: {unit: holder(unit) for unit in ("东甲村", "东乙村", "东丙社区")})
    first, second, third = people_of.values()
    shown = boss.get(page).text
    assert "欧**明" in shown
    assert "欧阳东明" not in shown
    typed = {f"b:{key}": "0" for key in people_of.values()}
    refused = post(boss, page, **typed, **{f"p:{second}": "absent", f"r:{third}": "路上"})
    assert refused.status_code == 422
    assert "缺勤的要写原因" in refused.text
    assert 'value="路上"' in refused.text, "what was typed is kept"
    filled = {f"p:{second}": "absent", f"r:{second}": "事假", "others": "attended"}
    assert post(boss, page, **typed, **filled).status_code == 303
    late = post(boss, page, **typed, **{f"p:{second}": "made_up", f"m:{second}": "2024-02-20"})
    assert late.status_code == 409
    assert "现在是“缺勤”" in late.text
    assert "没有在任的" not in boss.get(f"/training/divisions/{east}").text
    left = boss.get(f"/training/divisions/{east}/rounds/{made}").text
    assert "66.7%" in left
    assert f"/people/{second}" in left
    assert f"/people/{first}" not in left
    person = boss.get(f"/people/{first}/growth").text
    assert "7.5学时" in person
    town = client_of(posted, "east_town")
    home = asked_of_city(posted, lambda: key_of("东一镇"))
    assert "50.0%" in town.get(f"/training/divisions/{home}/rounds/{made}").text
    assert "下载名册" in town.get(f"/training/divisions/{home}/courses/{course}").text
    assert post(town, f"/training/divisions/{home}/courses/{course}", **{f"b:{first}": "1"}).status_code == 404
    taken = post(boss, f"/training/divisions/{east}/rounds/{made}/missing.xlsx")
    assert "no-store" in taken.headers["Cache-Control"]
    rows = read_spreadsheet(taken.data)[0]
    assert [rows.text(1, column) for column in range(6)] == [str(second), "韩*强", "东区", "东一镇", "东乙村", "书记"]
    told = boss.get("/audit/?act=people_list_exported").text
    assert "没有参加的名单" in told


@SQLITE_ONLY
def test_nobody_else_finds_them(posted: Any, held_course: tuple[int, int, int]) -> None:
    east, made, course = held_course
    home = asked_of_city(posted, lambda: key_of("东一镇"))
    pages = [f"/training/divisions/{place}{end}" for place in (east, home)
             for end in ("", f"/rounds/{made}", f"/courses/{course}")]  # fmt: skip
    for name in ("", "west", "east_assessor", "east_unit", "nobody"):
        client = posted.test_client() if not name else client_of(posted, name)
        for page in [*pages, f"/training/courses/{course}/amend", "/training/"]:
            if name == "west" and page == "/training/":
                continue
            assert client.get(page).status_code == (404 if name else 302), (name, page)
    west = asked_of_city(posted, lambda: key_of("西区"))
    for end in (f"/rounds/{made}", f"/courses/{course}"):
        assert client_of(posted, "west").get(f"/training/divisions/{west}{end}").status_code == 404


def filled(content: bytes, **changes: dict[str, str]) -> bytes:
    """The list that was handed out, with cells changed: row's person → head → text."""
    found = read_spreadsheet(content)[0]
    rows = [[found.text(row, column) for column in range(len(sheet.HEADS))] for row in sorted(found.rows)][1:]
    for row in rows:
        for head, text in changes.get(f"p{row[0]}", {}).items():
            row[sheet.HEADS.index(head)] = text
    return write_list(sheet.ATTENDANCE, rows, {}, [])


def send(client: Any, page: str, content: bytes) -> Any:
    client.token = ""
    data = {"csrf_token": token_of(client), "file": (io.BytesIO(content), "名册.xlsx")}
    return client.post(f"{page}/list", data=data)


@SQLITE_ONLY
def test_a_list_out_and_in(posted: Any, held_course: tuple[int, int, int]) -> None:
    east, _, course = held_course
    boss, page = client_of(posted, "east"), f"/training/divisions/{east}/courses/{course}"
    first, second, third = asked_of_city(posted, lambda: [holder(unit) for unit in ("东甲村", "东乙村", "东丙社区")])
    out = post(boss, f"{page}/list.xlsx").data
    wrong = send(boss, page, filled(out, **{
        f"p{first}": {sheet.PRESENCE: "参加"},
        f"p{second}": {sheet.PRESENCE: "补课", sheet.MADE_UP_ON: "2024-13-01"},
        f"p{third}": {sheet.PRESENCE: "参加", sheet.NUMBER: "99999"},
    }))  # fmt: skip
    assert wrong.status_code == 422
    assert "2024-13-01" in wrong.text
    assert "名单里没有这个编号的人" in wrong.text
    counted = select(func.count()).select_from(TrainingAttendance)
    assert asked_of_city(posted, lambda: db.session.scalar(counted)) == 0, "also the good row is not"
    good = filled(out, **{
        f"p{first}": {sheet.PRESENCE: "参加"}, f"p{second}": {sheet.PRESENCE: "缺勤", sheet.REASON: "病假"},
    })  # fmt: skip
    assert send(boss, page, good).status_code == 303
    assert asked_of_city(posted, lambda: db.session.scalar(counted)) == 2
    before = asked_of_city(posted, lambda: acts("presence_recorded"))
    assert send(boss, page, good).status_code == 303
    assert asked_of_city(posted, lambda: acts("presence_recorded")) == before, "the same file twice is once"
    stale = filled(out, **{f"p{second}": {sheet.PRESENCE: "补课", sheet.MADE_UP_ON: "2024-02-20"}})
    late = send(boss, page, stale)
    assert late.status_code == 422
    assert "有人改过" in late.text
    assert asked_of_city(posted, lambda: attended(second)) == "absent"


def attended(person_id: int) -> str:
    return str(db.session.scalar(select(TrainingAttendance.presence).where(TrainingAttendance.person_id == person_id)))


@SQLITE_ONLY
def test_whoever_serves_in_two_townships_is_recorded_once_from_either(posted: Any, office: Any) -> None:
    course_id = training.hold_course(key_of("东区"), COURSE, office)
    who = holder("东甲村")
    other = db.session.scalars(select(Post).where(Post.unit_id == key_of("东丙社区"), Post.kind == SECRETARY)).one()
    other.person_id = who
    db.session.commit()
    near, far = (db.session.get_one(Unit, key_of(name)).township_id for name in ("东甲村", "东丙社区"))
    assert near != far
    attendance.record_presence(course_id, near, [TypedPresence(who, "attended", "", None, 0)], office)
    course = question.course_row(course_id)
    assert course is not None
    place = place_of_division(far)
    assert place is not None
    seen = next(one for one in attendance.seated_at(course, place) if one.person_id == who)
    assert seen.record is not None
    assert (seen.presence, seen.record.version) == ("attended", 1)
    attendance.record_presence(course_id, far, [TypedPresence(who, "absent", "病假", None, 1)], office)
