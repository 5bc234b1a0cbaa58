"""The first page: what is due for each role in each state of a year, and never a statement a row."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from starrating.domain.access import Place
from starrating.domain.assessment import Move
from starrating.domain.spot_checks import Effect
from starrating.domain.windows import Stage, Window
from starrating.extensions import db
from starrating.models.divisions import Unit
from starrating.models.scores import ScoreCell
from starrating.queries.content import content_digest
from starrating.queries.cycles import cycle
from starrating.services.assessment.assessments import save_assessment, submit_assessment
from starrating.services.assessment.reviews import Decision, review_assessments
from starrating.services.assessment.spot_checks import answer_spot_check, record_spot_check
from starrating.services.publication.publication import open_notice, publish
from starrating.services.rating.determination import confirm_determination, determine
from starrating.services.scoring.tasks import tasks_of
from starrating.services.years.extensions import Asked, approve_extension, ask_extension
from starrating.services.years.windows import set_windows
from tests.services import district
from tests.services.browser import Browser
from tests.services.test_assessments import PARTS, typed
from tests.services.test_scores import who
from tests.services.test_spot_checks import HEADER, finding

ROLES = ("wang", "liu", "assessor", "town", "unit", "auditor", "city")


def dated(cycle_id: int, closes: datetime) -> None:
    row = cycle(cycle_id)
    assert row is not None
    scoring = Window(closes - timedelta(days=50), closes)
    windows = {Stage.SCORING: scoring, Stage.VERIFICATION: Window(None, closes + timedelta(days=9))}
    set_windows(cycle_id, windows, row.version, None)


def blank_of_department(cycle_id: int, kind: str, department: str) -> int:
    """How many cells of a department's indicators are blank, counted cell by cell from the tables themselves."""
    columns = [column.header for task in tasks_of(cycle_id) if task.kind == kind
               and task.assigned.department == department for column in task.columns]  # fmt: skip
    units = [row[0] for row in db.session.query(Unit.id).filter_by(kind=kind)]
    given = {(cell.unit_id, cell.header) for cell in db.session.query(ScoreCell) if cell.state != "blank"}
    return sum((unit, header) not in given for unit in units for header in columns)


@pytest.fixture
def scoring(app: Any, people: dict[str, int], clock: Any) -> int:
    with app.app_context():
        key = district.opened(people)
        dated(key, datetime(2024, 3, 10, 15, 59, 59, tzinfo=UTC))
        district.step(key, "open_scoring", people["wang"])
        return key


def test_before_the_first_year_it_says_what_comes_first(app: Any, people: dict[str, int]) -> None:
    assert "去建立" in Browser(app, "wang").get("/")
    for name in ("assessor", "town", "unit", "auditor"):
        page = Browser(app, name).get("/")
        assert "还没有年度" in page
        assert "去建立" not in page
    assert "各区都还没有年度" in Browser(app, "city").get("/")


def test_a_draft_names_what_is_missing(app: Any, people: dict[str, int]) -> None:
    from starrating.services.years.cycles import assign

    with app.app_context():
        key = district.opened(people)
        assign(key, {("village", "V1.2"): ""}, 1, people["wang"])
    page = Browser(app, "wang").get("/")
    assert "1项指标没有定由谁填" in page
    assert "评分的起止日期没有定" in page
    assert "开始以后办法不能再换" not in page
    assert "现在没有要你办的事" in Browser(app, "assessor").get("/")


def test_while_scores_are_entered_each_sees_what_is_theirs(
    app: Any, people: dict[str, int], scoring: int, clock: Any
) -> None:
    assert "评分到3月10日24时截止，还有9天" in Browser(app, "wang").get("/")
    with app.app_context():
        district.fill(scoring, without=lambda _code, header: header.startswith(("V1.3.", "V1.2.")))
    wang, assessor, town = (Browser(app, name).get("/") for name in ("wang", "assessor", "town"))
    assert "落后日程" in wang
    assert "天穆镇192" in wang, "twelve villages of sixteen cells each are the township's own"
    with app.app_context():
        left = blank_of_department(scoring, "village", "区委组织部")
    assert left >= 30, "fifteen villages, two cells each, and what the invented scores leave blank"
    assert f"村还有{left}格没填" in assessor
    assert "村还有192格没填" in town
    assert "天穆镇的村和社区" in town
    assert "0 / 23" not in town
    assert "7 / 23" in town, "of each village all but the sixteen of that indicator"
    clock.at = datetime(2024, 3, 12, 1, 0, tzinfo=UTC)
    late = Browser(app, "wang").get("/")
    assert "逾期2天" in late
    assert "转入复核" in late
    assert "村还有" not in Browser(app, "town").get("/"), "what is over cannot be entered any more"
    assert "要过问的" in Browser(app, "city").get("/")


def test_from_verification_to_the_list_each_next_step_is_due(
    app: Any, people: dict[str, int], verified: int, clock: Any
) -> None:
    assert "试算全区的星级" in Browser(app, "wang").get("/")
    with app.app_context():
        ids = determine(verified, people["wang"])
    assert "试算是你提交的，等另一个人确认" in Browser(app, "wang").get("/")
    assert "核对王海燕的试算，确认审定" in Browser(app, "liu").get("/")
    with app.app_context():
        confirm_determination(verified, content_digest(ids), people["liu"])
    assert "核对结果，开始公示" in Browser(app, "wang").get("/")
    with app.app_context():
        open_notice(verified, date(2024, 3, 4), None, people["wang"])
    assert "公示中，期满以后发布" in Browser(app, "wang").get("/")
    clock.at += timedelta(days=30)
    assert "公示期满，发布名单" in Browser(app, "wang").get("/")
    with app.app_context():
        publish(verified, None, people["wang"])
    assert "现在没有要你办的事" in Browser(app, "wang").get("/")
    clock.at += timedelta(days=400)
    assert "去建立" in Browser(app, "wang").get("/"), "the next year has begun"


def test_a_person_without_a_role_is_told_whom_to_ask(app: Any, people: dict[str, int]) -> None:
    from starrating.models.accounts import Grant
    from starrating.services.transaction import transaction

    with app.app_context(), transaction() as session:
        session.query(Grant).filter_by(account_id=people["unit"]).delete()
    assert "还没有给你角色" in Browser(app, "unit").get("/")


def test_no_first_page_runs_a_statement_a_row(app: Any, people: dict[str, int], verified: int) -> None:
    asked: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        ids = determine(verified, people["wang"])
    browsers = {name: Browser(app, name) for name in ROLES}
    for confirmed in (False, True):
        if confirmed:
            with app.app_context():
                confirm_determination(verified, content_digest(ids), people["liu"])
        for name, browser in browsers.items():
            browser.get("/")
            asked.clear()
            browser.get("/")
            count = len([one for one in asked if not one.startswith("BEGIN")])
            assert 0 < count <= 20, (name, confirmed, count)


def test_a_unit_is_reminded_of_its_assessment_and_the_township_of_its_review(
    app: Any, people: dict[str, int], scoring: int, clock: Any
) -> None:
    with app.app_context():
        row = cycle(scoring)
        assert row is not None
        closes = clock.at + timedelta(days=4)
        set_windows(scoring, {Stage.SELF_ASSESSMENT: Window(None, closes),
                              Stage.REVIEW: Window(None, closes + timedelta(days=3))}, row.version, None)  # fmt: skip
        own = [task for task in tasks_of(scoring) if task.kind == "village"]
        unit, town = who(people, "unit"), who(people, "town")
        save_assessment(scoring, people["first"], typed(people, dict.fromkeys(PARTS, "1")), unit)
        submit_assessment(scoring, people["first"], {"V1.3": 1}, unit)
    page = Browser(app, "unit").get("/")
    assert f"自评还有{len(own) - 1}项没有交" in page
    assert "还剩4天" in page
    assert "被退回" not in page
    page = Browser(app, "town").get("/")
    assert "1个单位的自评等你初评，共1项" in page
    assert "还剩7天" in page
    with app.app_context():
        decided = Decision("V1.3", 2, Move.RETURN, "数不对")
        review_assessments(scoring, people["first"], [decided], town)
    assert "自评有1项被退回" in Browser(app, "unit").get("/")
    assert "等你初评" not in Browser(app, "town").get("/")
    clock.at = closes + timedelta(days=1)
    assert "自评" not in due_part(Browser(app, "unit").get("/")), "what is over cannot be done any more"


def test_spot_checks_are_due_for_the_unit_and_then_for_whoever_settles_them(
    app: Any, people: dict[str, int], scoring: int, clock: Any
) -> None:
    with app.app_context():
        noted = record_spot_check(scoring, people["first"], finding(clock.at), who(people, "wang"))
        taken = finding(clock.at, effect=Effect.DEDUCTION, header=HEADER, value="1")
        record_spot_check(scoring, people["first"], taken, who(people, "wang"))
    unit, wang, assessor = (Browser(app, name) for name in ("unit", "wang", "assessor"))
    assert "2件暗访等你说明" in unit.get("/")
    assert "等你定算不算" not in wang.get("/") + assessor.get("/"), "before an answer nothing counts"
    with app.app_context():
        answer_spot_check(noted, 1, "已经清了", who(people, "unit"))
    assert "1件暗访等你说明" in unit.get("/")
    assert "1件暗访等你定算不算" in wang.get("/")
    assert "等你定算不算" not in assessor.get("/")
    clock.at += timedelta(days=4)
    wang, assessor = Browser(app, "wang"), Browser(app, "assessor")
    assert "1件暗访等你定算不算" in assessor.get("/"), "the day for an answer is over, the cell is the department's"
    assert "1件暗访等你定算不算" in wang.get("/"), "a deduction is not the district's to settle"


def test_the_city_and_the_district_see_which_spot_checks_are_due(
    app: Any, people: dict[str, int], scoring: int, clock: Any
) -> None:
    with app.app_context():
        for number in range(9):
            late = finding(clock.at, found=f"第{number}处", answer_due=clock.at + timedelta(days=3 + number))
            record_spot_check(scoring, people["first"], late, who(people, "wang"))
        answered = record_spot_check(scoring, people["first"], finding(clock.at, found="灯不亮"), who(people, "wang"))
        answer_spot_check(answered, 1, "修好了", who(people, "unit"))
    clock.at += timedelta(days=4)
    for name in ("wang", "auditor", "city"):
        page = Browser(app, name).get("/")
        assert "共10件，等得久的在前" in page, name
        assert [page.count(words) for words in ("期满未说明，等定", "等说明，今天到期", "等说明，还剩1天")] == [1, 1, 1]
        assert page.index("灯不亮") < page.index("第0处") < page.index("第1处")
        assert "第6处" in page
        assert "第8处" not in page, "the first eight; all of them on their own page"
    for name in ("assessor", "town", "unit"):
        assert "等得久的在前" not in Browser(app, name).get("/")


def test_an_extension_moves_the_day_of_whom_it_reaches(
    app: Any, people: dict[str, int], scoring: int, clock: Any
) -> None:
    assert "还剩9天" in due_part(Browser(app, "assessor").get("/"))
    with app.app_context():
        asked = Asked(Stage.SCORING, datetime(2024, 3, 20, 15, 59, 59, tzinfo=UTC), department="区委组织部")
        approve_extension(scoring, ask_extension(scoring, asked, "数据没有到", who(people, "assessor")),
                          who(people, "wang"))  # fmt: skip
    assert "还剩19天" in due_part(Browser(app, "assessor").get("/"))
    assert "还剩9天" in due_part(Browser(app, "town").get("/"))
    clock.at = datetime(2024, 3, 12, 1, 0, tzinfo=UTC)
    assert "还剩8天" in due_part(Browser(app, "assessor").get("/"))
    assert "村还有" not in due_part(Browser(app, "town").get("/"))
    assert "评分到3月20日24时截止，还有8天" in Browser(app, "town").get(dashboard_of(app, people, "town"))


def test_a_dashboard_counts_an_extension_for_the_place_that_it_reaches(
    app: Any, people: dict[str, int], scoring: int, clock: Any
) -> None:
    """What the first page says is due in five days is not late on the township's dashboard; on the district's it is."""
    with app.app_context():
        town = who(people, "town")
        asked = Asked(Stage.SCORING, datetime(2024, 3, 20, 15, 59, 59, tzinfo=UTC),
                      township_id=town.grants[0].place.township)  # fmt: skip
        approve_extension(scoring, ask_extension(scoring, asked, "材料没有到", town), who(people, "wang"))
    clock.at = datetime(2024, 3, 15, 1, 0, tzinfo=UTC)
    own = Browser(app, "town").get(dashboard_of(app, people, "town"))
    assert "评分到3月20日24时截止，还有5天" in own
    assert "逾期" not in own
    assert "评分已在3月10日截止，过了5天" in Browser(app, "wang").get(dashboard_of(app, people, "wang"))
    unit = Browser(app, "unit").get(f"/dashboards/units/{who_place(app, people, 'unit').unit}")
    assert "评分到3月20日24时截止，还有5天" in unit
    city = Browser(app, "city").get(f"/dashboards/divisions/{who_place(app, people, 'wang').municipality}")
    assert city.index("要做什么") < city.index("各区到哪一步")
    assert "1个区逾期，没有到下一步" in city


def who_place(app: Any, people: dict[str, int], name: str) -> Place:
    """The place of somebody's first role."""
    with app.app_context():
        return who(people, name).grants[0].place


def dashboard_of(app: Any, people: dict[str, int], name: str) -> str:
    """The address of the dashboard of somebody's place."""
    place = who_place(app, people, name)
    return f"/dashboards/divisions/{place.township or place.district}"


def due_part(page: str) -> str:
    """What a page says is due."""
    return page.partition("要办的事")[2].partition("填到哪里了")[0]
