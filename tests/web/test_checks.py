"""Eligibility checks: what they come to, who answers what, that they expire, and who finds nothing of them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from starrating.domain.eligibility import (
    Answered,
    Outcome,
    Purpose,
    Result,
    expires_on,
    looks_back_to,
    months_later,
    outcome_of,
    to_repeat,
)
from starrating.domain.faults import RuleError
from starrating.domain.posts import PostKind
from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.models.eligibility import CheckAnswer, CheckItem, EligibilityCheck
from starrating.queries import eligibility as question
from starrating.queries.checks_due import in_post
from starrating.services.people import eligibility as service
from starrating.services.working_days import today
from tests.conftest import SQLITE_ONLY
from tests.web.city import CITY, identity, key_of, post
from tests.web.test_dashboards import client_of
from tests.web.test_people import stored

DAY = date(2024, 2, 20)


def one(*, hard: bool, result: Result | None, day: date | None = DAY, months: int = 12) -> Answered:
    return Answered(hard, months, result, day if result else None)


def test_what_answers_come_to() -> None:
    clear, found = Result.CLEAR, Result.FOUND
    assert outcome_of([]) is Outcome.OPEN
    assert outcome_of([one(hard=True, result=found), one(hard=False, result=None)]) is Outcome.EXCLUDED
    assert outcome_of([one(hard=True, result=clear), one(hard=False, result=None)]) is Outcome.OPEN
    assert outcome_of([one(hard=True, result=clear), one(hard=False, result=found)]) is Outcome.ADVISED
    assert outcome_of([one(hard=True, result=clear), one(hard=False, result=clear)]) is Outcome.ELIGIBLE
    both = [one(hard=True, result=clear, months=6), one(hard=True, result=clear, months=12)]
    assert expires_on(both) == date(2024, 8, 20)
    assert expires_on([*both, one(hard=False, result=None)]) is None
    assert months_later(date(2024, 8, 31), 6) == date(2025, 2, 28)
    assert (looks_back_to(DAY, 5), looks_back_to(DAY, 0)) == (date(2019, 2, 20), None)


@pytest.fixture
def office(posted: Any, people: dict[str, int]) -> Any:
    with posted.app_context():
        yield identity(people["city"], CITY)
        db.session.remove()


def counted(table: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_everybody_in_post_once_and_again_when_it_expired(office: Any, clock: Any) -> None:
    east = key_of("东区")
    with pytest.raises(RuleError) as none:
        service.open_in_post(east, office)
    assert none.value.code == "check.no_items"
    assert service.add_items(east, service.usual_items(), office) == 14
    assert service.add_items(east, service.usual_items(), office) == 0, "the same again changes nothing"
    assert sum(item.hard for item in question.items_of(east)) == 9
    opened = service.open_in_post(east, office)
    assert opened == 5, "two posts of one, one secretary and one director, one secretary"
    assert (counted(EligibilityCheck), counted(CheckAnswer)) == (5, 70)
    assert service.open_in_post(east, office) == 0, "they wait for answers"
    rows = list(db.session.scalars(select(CheckAnswer.id)))
    db.session.remove()
    assert service.answer([service.TypedAnswer(key, "clear", DAY, "") for key in rows], office) == 70
    assert {row.outcome for row in question.all_checks(question_places(east))} == {Outcome.ELIGIBLE}
    assert service.open_in_post(east, office) == 0, "they are good"
    clock.at = datetime(2024, 8, 20, 1, tzinfo=UTC)
    assert service.open_in_post(east, office) == 5
    with pytest.raises(RuleError) as twice:
        service.answer([service.TypedAnswer(rows[0], "found", DAY, "文号")], office)
    assert twice.value.code == "check.answered"


def question_places(district: int) -> list[Any]:
    from starrating.queries.places import place_of_division

    return [place_of_division(district)]


@SQLITE_ONLY
def test_a_check_of_somebody_in_post_is_repeated_before_it_ends(
    posted: Any, people: dict[str, int], clock: Any
) -> None:
    assert (to_repeat(date(2024, 9, 19), DAY), to_repeat(date(2024, 3, 21), DAY)) == (False, True)
    with posted.app_context():
        office, east = identity(people["city"], CITY), key_of("东区")
        place = question_places(east)
        assert "联审" not in home_of(posted, "east"), "a district without items has nothing to do"
        items = [
            service.NewItem("A", "受过处分", True, 0, "民政局", 12),
            service.NewItem("B", "欠款", False, 0, "区纪委", 6),
        ]
        service.add_items(east, items, office)
        assert [len(part) for part in counts(place)] == [0, 0, 5]
        db.session.remove()
    assert "在任的有5人次还没有联审过" in home_of(posted, "east")
    with posted.app_context():
        service.open_in_post(east, office)
        assert [len(part) for part in counts(place)] == [0, 0, 0], "who waits is nobody's to ask again"
        db.session.remove()
    assert "有5人次的任职资格联审等你的部门答复" in home_of(posted, "east_assessor")
    assert "人次联审" not in home_of(posted, "east")
    with posted.app_context():
        rows = list(db.session.scalars(select(CheckAnswer.id).order_by(CheckAnswer.check_id)))
        service.answer([service.TypedAnswer(key, "clear", DAY, "") for key in rows[:-2]], office)
        service.answer([service.TypedAnswer(key, "clear", date(2024, 1, 25), "") for key in rows[-2:]], office)
        db.session.remove()
    assert "等你的部门答复" not in home_of(posted, "east_assessor")
    clock.at = datetime(
        2024, 7, 25, 1, tzinfo=UTC
    )  # one is over today, the others in 26 days: the shortest item counts
    with posted.app_context():
        assert [len(part) for part in counts(place)] == [1, 4, 0]
        db.session.remove()
    page = home_of(posted, "east")
    assert "在任的有5人次联审要复查" in page
    assert "其中1人次已经过期，4人次30天以内到期" in page
    for name in ("east_auditor", "east_assessor", "east_town", "east_unit"):
        assert "联审要复查" not in home_of(posted, name), name
    listed = client_of(posted, "east").get(f"/checks/divisions/{east}").text
    assert "过期了" in listed
    assert "快到期" in listed
    with posted.app_context():
        assert service.open_in_post(east, office) == 5
        assert service.open_in_post(east, office) == 0
        db.session.remove()


def home_of(app: Any, name: str) -> str:
    return str(client_of(app, name).get("/").text)


def counts(places: Any) -> tuple[Any, Any, Any]:
    found = in_post(places, today())
    return found.expired, found.soon, found.never


@SQLITE_ONLY
def test_what_is_refused_stores_nothing(office: Any) -> None:
    east = key_of("东区")
    service.add_items(east, service.usual_items(), office)
    unit, who = key_of("东乙村"), int(stored("东乙村", PostKind.DIRECTOR).person_id)
    made = service.open_check(unit, PostKind.DIRECTOR, who, Purpose.CANDIDATE, office)
    assert service.open_check(unit, PostKind.DIRECTOR, who, Purpose.CANDIDATE, office) == made, "it waits still"
    first, second = list(db.session.scalars(select(CheckAnswer.id)))[:2]
    before = counted(AuditEvent)
    for wrong, code in (
        (service.TypedAnswer(second, "maybe", DAY, ""), "check.result"),
        (service.TypedAnswer(second, "clear", None, ""), "check.day"),
        (service.TypedAnswer(second, "clear", date(2030, 1, 1), ""), "check.day"),
        (service.TypedAnswer(second, "found", DAY, " "), "check.note"),
        (service.TypedAnswer(second, "found", DAY, "见13900005678"), "person.digits"),
        (service.TypedAnswer(99_999, "clear", DAY, ""), "check.none"),
    ):
        with pytest.raises(RuleError) as refused:
            service.answer([service.TypedAnswer(first, "clear", DAY, ""), wrong], office)
        assert refused.value.code == code
    assert set(db.session.scalars(select(CheckAnswer.result))) == {""}
    assert counted(AuditEvent) == before
    with pytest.raises(RuleError):
        service.add_items(east, [service.NewItem("X", "", True, 0, "公安分局", 12)], office)


@SQLITE_ONLY
def test_departments_answer_their_own_on_one_screen(posted: Any, people: dict[str, int]) -> None:
    boss, assessor = client_of(posted, "east"), client_of(posted, "east_assessor")
    with posted.app_context():
        east = key_of("东区")
    page = f"/checks/divisions/{east}"
    assert "没有等着答复的" in assessor.get("/checks/answering").text
    assert (
        post(boss, f"{page}/items", code="A", name="村务公开", department="民政局", valid_months="x").status_code == 422
    )
    assert (
        post(boss, f"{page}/items", code="A", name="拖欠资金", department="民政局", valid_months="12").status_code
        == 303
    )
    fine = {"code": "B", "name": "受过处分", "department": "区纪委", "valid_months": "6", "hard": "1"}
    assert post(boss, f"{page}/items", **fine).status_code == 303
    assert post(boss, f"{page}/in-post").status_code == 303
    listed = assessor.get("/checks/answering").text
    assert "拖欠资金" in listed
    assert "受过处分" not in listed, "that is another department's"
    assert "欧阳东明" not in listed
    with posted.app_context():
        rows = db.session.execute(
            select(CheckAnswer.id, CheckItem.code).join(CheckItem, CheckItem.id == CheckAnswer.item_id)
        )
        keys: dict[str, list[int]] = {}
        for key, code in rows:
            keys.setdefault(code, []).append(key)
        check = db.session.scalar(select(CheckAnswer.check_id).where(CheckAnswer.id == keys["A"][0]))
        db.session.remove()
    theirs = {f"r:{keys['B'][0]}": "clear", "checked_on": "2024-02-20"}
    assert post(assessor, "/checks/answering", **theirs).status_code == 404
    mine = {f"r:{keys['A'][0]}": "found", f"r:{keys['A'][1]}": "clear", "checked_on": "2024-02-20"}
    kept = post(assessor, "/checks/answering", **mine)
    assert kept.status_code == 422
    assert "查到了的要写依据" in kept.text
    assert post(assessor, "/checks/answering", **mine, **{f"n:{keys['A'][0]}": "区农经函3号"}).status_code == 303
    shown = boss.get(f"/checks/{check}").text
    assert "区农经函3号" in shown
    assert "没有答复" in shown
    assert client_of(posted, "east_auditor").get(f"/checks/{check}").status_code == 200
    for name in ("east_assessor", "east_town", "east_unit", "west"):
        assert client_of(posted, name).get(f"/checks/{check}").status_code == 404
        assert client_of(posted, name).get(page).status_code == 404
    assert "答复了" in boss.get("/audit/?act=check_answered").text
    item = question_item(posted, east)
    assert post(boss, f"{page}/items/{item}/retire").status_code == 303
    assert "受过处分" not in boss.get(page).text


def question_item(app: Any, district: int) -> int:
    with app.app_context():
        found = next(one.id for one in question.items_of(district) if one.code == "B")
        db.session.remove()
    return found
