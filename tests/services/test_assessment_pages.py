"""The pages of self-assessment and review through the house-rule client: guided, returned first, side by side."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from starrating.domain.windows import Stage, Window
from starrating.extensions import db
from starrating.models.scores import ScoreCell
from starrating.services.years.windows import set_windows
from tests.services import district
from tests.services.browser import Browser
from tests.services.test_assessments import OWN, PARTS, who


@pytest.fixture
def scoring(in_scoring: int) -> int:
    return in_scoring


def fields(page: str) -> dict[str, str]:
    """The fields of a page as a browser would send them, radios that are checked and no others."""
    found = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name = re.search(r'name="([avbrw]:[^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and 'type="radio"' not in tag:
            found[html.unescape(name[1])] = html.unescape(value[1]) if value else ""
    return found


@pytest.fixture
def here(people: dict[str, int]) -> str:
    return f"/assessments/cycles/1/units/{people['first']}"


def test_from_an_empty_page_to_the_score(app: Any, scoring: int, people: dict[str, int], here: str) -> None:
    unit, town, first = Browser(app, "unit"), Browser(app, "town"), people["first"]
    start = unit.client.get("/assessments/")
    assert start.status_code == 302
    assert start.headers["Location"].endswith(here)
    assert "都填好了再交" in unit.get(here)
    page = fields(unit.get(f"{here}/parts/V1"))
    assert f"v:{first}:{PARTS[0]}" in page
    texts = {f"v:{first}:{header}": "1" for header in (*PARTS, *OWN)}
    unit.post(f"{here}/parts/V1", page | texts | {f"r:{first}:V1.2": "按会议记录", "then": "stay"})
    shown = unit.get(f"{here}/parts/V1")
    assert "存了18格，还没有交" in shown
    overview = unit.get(here)
    assert "办法不许空" in overview
    offered = fields(overview)
    assert offered["a:V1.3"] == "1"
    assert "a:V1.4" not in offered, "what lacks something is not offered"
    unit.post(f"{here}/submit", {"a:V1.3": "1", "a:V1.2": "1"})
    assert "交了2项" in unit.get(here)
    assert "v:" not in {name[:2] for name in fields(unit.get(f"{here}/parts/V1")) if "V1.3" in name}
    assert re.search(r"待初评", town.get("/assessments/"))
    review = town.get(f"{here}/review")
    assert "按会议记录" in review
    form = fields(review)
    refused = town.post(f"{here}/review", form | {"m:V1.3": "return", "r:V1.3": "", "m:V1.2": "accept"}, 422)
    assert "都要写明理由" in refused
    with app.app_context():
        assert db.session.scalars(select(ScoreCell)).all() == []
    town.post(f"{here}/review", form | {"m:V1.3": "return", "r:V1.3": "缺档案", "rest": "1"})
    with app.app_context():
        assert len(db.session.scalars(select(ScoreCell)).all()) == len(OWN)
    overview = unit.get(here)
    assert overview.index("缺档案") < overview.index("按一级指标填"), "what was returned comes first"
    shown = unit.get(f"{here}/parts/V1")
    assert shown.index("V1.3 发展党员") < shown.index("V1.1 村")
    assert "已初评" in shown
    trail = Browser(app, "wang").client.get("/audit/", check=False).get_data(as_text=True)
    assert "交了2024年度自评" in trail
    assert "初评2024年度" in trail
    assert "退回，理由：缺档案" in trail


def test_a_stale_review_keeps_what_was_typed(app: Any, scoring: int, people: dict[str, int], here: str) -> None:
    unit, town, first = Browser(app, "unit"), Browser(app, "town"), people["first"]
    unit.post(f"{here}/parts/V1", fields(unit.get(f"{here}/parts/V1")) | {f"v:{first}:{one}": "1" for one in OWN})
    unit.post(f"{here}/submit", {"a:V1.2": "1"})
    late = fields(town.get(f"{here}/review"))
    town.post(f"{here}/review", late | {"m:V1.2": "accept"})
    mine = late | {f"v:{first}:{OWN[0]}": "2", "m:V1.2": "change", "r:V1.2": "我看过会议记录"}
    page = town.post(f"{here}/review", mine, 409)
    assert "有人动过" in page
    assert "我看过会议记录" in page
    assert fields(page)[f"v:{first}:{OWN[0]}"] == "2"
    assert fields(page)["a:V1.2"] == "3"
    again = fields(page)
    Browser(app, "town").post(
        f"/scoring/cycles/1/units/{first}", {f"v:{first}:{OWN[1]}": "0", f"b:{first}:{OWN[1]}": "1"}
    )
    page = town.post(f"{here}/review", again | {"m:V1.2": "change", f"v:{first}:{OWN[1]}": "2"}, 409)
    assert "分数别人刚存过" in page
    assert "我看过会议记录" in page
    town.post(f"{here}/review", fields(page) | {"m:V1.2": "change"})
    with app.app_context():
        stored = dict(db.session.execute(select(ScoreCell.header, ScoreCell.value)).all())
    assert (stored[OWN[0]], stored[OWN[1]]) == ("2", "2")


def test_wrong_texts_conflicts_and_late_forms_keep_what_was_typed(
    app: Any, scoring: int, people: dict[str, int], here: str, clock: Any
) -> None:
    one, two, first = Browser(app, "unit"), Browser(app, "unit"), people["first"]
    part, key = f"{here}/parts/V1", f"v:{first}:{PARTS[0]}"
    page = one.post(part, fields(one.get(part)) | {key: "三<b>", f"r:{first}:V1.3": "写了一半"}, 422)
    assert 'value="三&lt;b&gt;"' in page
    assert "写了一半" in page
    late = fields(two.get(part))
    one.post(part, fields(one.get(part)) | {key: "0"})
    page = two.post(part, late | {key: "1", f"v:{first}:{PARTS[1]}": "1"}, 409)
    assert "两个人改了同一格" in page
    again = fields(page)
    assert again[f"v:{first}:{PARTS[1]}"] == "1"
    two.post(part, again | {f"c:{first}:{PARTS[0]}": "mine"})
    form = fields(two.get(part))
    assert form[key] == "1"
    one.post(f"{here}/submit", {"a:V1.3": "2"})
    page = two.post(part, form | {key: "0"}, 409)
    assert f"{PARTS[0]}\t0" in html.unescape(page)
    with app.app_context():
        ends = datetime(2024, 3, 1, 1, 0, tzinfo=UTC)
        closed = Window(closes=ends)
        windows = {Stage.SELF_ASSESSMENT: closed, Stage.REVIEW: Window(closes=ends + timedelta(microseconds=1))}
        set_windows(scoring, windows, 2, None)
    open_still = fields(one.get(part))
    clock.at += timedelta(microseconds=1)
    page = one.post(part, open_still | {f"v:{first}:{OWN[0]}": "1"}, 409)
    assert "自评到2024-03-01 09:00（北京时间）为止" in page
    assert f"{OWN[0]}\t1" in html.unescape(page)
    one.post(f"{here}/submit", {"a:V1.2": "0"}, 409)
    clock.at += timedelta(microseconds=1)
    Browser(app, "town").post(f"{here}/review", {"a:V1.3": "3", "m:V1.3": "accept"}, 409)
    assert not fields(one.get(part))


@pytest.mark.parametrize(
    ("name", "where", "status"),
    [
        ("unit", "", 200), ("unit", "/parts/V1", 200), ("unit", "/parts/V9", 404), ("unit", "/review", 403),
        ("town", "", 200), ("town", "/parts/V1", 200), ("town", "/review?part=V1", 200), ("wang", "/review", 200),
        ("auditor", "/review", 200), ("assessor", "/review", 200), ("city", "/parts/V2", 200),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("scoring")
def test_who_sees_what(app: Any, here: str, name: str, where: str, status: int) -> None:
    page = Browser(app, name).get(f"{here}{where}", status)
    if name not in ("unit", "town"):
        assert "存草稿" not in page
        assert "存选定的" not in page


@pytest.mark.usefixtures("scoring")
def test_out_of_scope_nothing_exists(app: Any, people: dict[str, int]) -> None:
    from starrating.models.divisions import Unit

    with app.app_context():
        sibling = db.session.scalars(
            select(Unit.id).where(Unit.township_id == people["township"], Unit.id != people["first"])
        ).first()
        away = db.session.scalars(select(Unit.id).where(Unit.township_id != people["township"])).first()
    unit, town = Browser(app, "unit"), Browser(app, "town")
    for key in (sibling, away, 999_999):
        unit.get(f"/assessments/cycles/1/units/{key}", 404)
        unit.post(f"/assessments/cycles/1/units/{key}/parts/V1", {}, 404)
        unit.post(f"/assessments/cycles/1/units/{key}/submit", {}, 404)
    for key in (away, 999_999):
        town.get(f"/assessments/cycles/1/units/{key}/review", 404)
        town.post(f"/assessments/cycles/1/units/{key}/review", {}, 404)
    for address in ("/assessments/?cycle=77", "/assessments/?township=999999"):
        town.get(address, 404)
    for name in ("town", "wang", "assessor", "auditor", "city"):
        Browser(app, name).post(f"/assessments/cycles/1/units/{people['first']}/parts/V1", {}, 403)
    for name in ("unit", "wang", "assessor", "auditor", "city"):
        Browser(app, name).post(f"/assessments/cycles/1/units/{people['first']}/review", {}, 403)
    town.get("/assessments/?show=submitted")
    town.get("/assessments/?show=x&township=x&cycle=x")


def test_forged_forms_store_nothing(app: Any, scoring: int, people: dict[str, int], here: str) -> None:
    unit, town, first = Browser(app, "unit"), Browser(app, "town"), people["first"]
    unit.post(f"{here}/parts/V1", {f"v:{first + 1}:{PARTS[0]}": "1", f"b:{first + 1}:{PARTS[0]}": "0"}, 404)
    unit.post(f"{here}/parts/V1", {f"v:{first}:V99": "1", f"b:{first}:V99": "0"}, 404)
    unit.post(f"{here}/parts/V1", {f"v:{first}:{PARTS[0]}": "1"}, 400)
    unit.post(f"{here}/submit", {"a:V1.3": "x"}, 400)
    unit.post(f"{here}/submit", {"a:V99": "0"}, 404)
    town.post(f"{here}/review", {"a:V1.3": "1", "m:V1.3": "approve"}, 400)
    town.post(f"{here}/review", {"a:V1.3": "-1", "m:V1.3": "accept"}, 400)
    town.post(f"{here}/review", {"a:V1.3": "1", "m:V1.3": "accept", "state": "reviewed"}, 409)
    assert "还有22项没有交" in unit.get(here)


def test_no_page_runs_a_statement_a_row(app: Any, scoring: int, people: dict[str, int], here: str) -> None:
    from starrating.services.assessment.assessments import save_assessment, submit_assessment
    from starrating.services.scoring.tasks import tasks_of
    from starrating.services.scoring.typed_scores import Typed

    with app.app_context():
        district.fill(scoring)
        unit = who(people, "unit")
        for code in ("V1.2", "V1.3", "V1.4"):
            task = next(one for one in tasks_of(scoring) if one.kind == "village" and one.node.code == code)
            sheet = [Typed(people["first"], column.header, 0, "1") for column in task.columns]
            save_assessment(scoring, people["first"], sheet, unit)
            submit_assessment(scoring, people["first"], {code: 1}, unit)
        db.session.remove()
    asked: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    for name, address in (("unit", here), ("unit", f"{here}/parts/V1"), ("town", "/assessments/"),
                          ("town", f"{here}/review")):  # fmt: skip
        browser = Browser(app, name)
        asked.clear()
        browser.get(address)
        assert 0 < len([one for one in asked if not one.startswith("BEGIN")]) <= 20, (address, len(asked))
