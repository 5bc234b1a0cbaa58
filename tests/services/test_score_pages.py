"""The pages of score entry through the house-rule client: sheets, errors at the field, conflicts, deadlines, events."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from sqlalchemy import event

from starrating.domain.windows import Stage, Window
from starrating.extensions import db
from starrating.services.years.windows import set_windows
from tests.services import district
from tests.services.browser import Browser, fields_in
from tests.web.city import token_in

SHEET = "/scoring/cycles/1/village/indicators/V1.3"


@pytest.fixture
def scoring(in_scoring: int) -> int:
    return in_scoring


def test_a_sheet_from_blank_to_saved(app: Any, scoring: int, people: dict[str, int]) -> None:
    assessor, first = Browser(app, "assessor"), people["first"]
    start = assessor.get("/scoring/")
    assert "V1.3" in start
    assert "V1.2" not in start, "what the townships enter is not on the list"
    fields = assessor.form(SHEET)
    key = f"v:{first}:V1.3.未发展未培养"
    assert fields[key] == ""
    assessor.post(SHEET, fields | {key: "１", f"r:{first}:V1.3": "看过档案"})
    shown = assessor.get(SHEET)
    assert "存了1格" in shown
    assert "看过档案" in shown
    assert assessor.form(SHEET)[key] == "1"
    assert assessor.form(SHEET)[f"b:{first}:V1.3.未发展未培养"] == "1"
    assessor.post(SHEET, assessor.form(SHEET))
    assert "没有改动" in assessor.get(SHEET)
    assert "看过档案" in assessor.get(f"/scoring/cycles/1/units/{first}/history?header={quote('V1.3.未发展未培养')}")
    assert key not in assessor.get(f"{SHEET}?show=blank") or "后备缺失" in assessor.get(f"{SHEET}?show=blank")


def test_a_unit_over_its_indicators(app: Any, scoring: int, people: dict[str, int]) -> None:
    town, first = Browser(app, "town"), people["first"]
    page = f"/scoring/cycles/1/units/{first}"
    fields = town.form(page)
    assert f"v:{first}:V1.2.党课@Q4" in fields
    assert f"v:{first}:V1.3.后备缺失" not in fields
    town.post(page, fields | {f"v:{first}:V1.2.党课@Q4": "1", f"v:{first}:V1.2.党课@Q1": "0"})
    assert "存了2格" in town.get(f"{page}?part=V1")
    for address in ("/scoring/cycles/1/village/indicators/V1.2?period=Q4",
                    "/scoring/cycles/1/village/indicators/V1.2?period=all&show=blank"):  # fmt: skip
        assert "第4季度" in town.get(address)


def test_errors_stand_at_the_field_and_the_typed_text_is_kept(app: Any, scoring: int, people: dict[str, int]) -> None:
    assessor, first = Browser(app, "assessor"), people["first"]
    fields = assessor.form(SHEET) | {f"v:{first}:V1.3.未发展未培养": "三“<b>", f"v:{first}:V1.3.后备缺失": "1"}
    page = assessor.post(SHEET, fields | {f"r:{first}:V1.3": "写了一半的理由"}, 422)
    assert 'value="三“&lt;b&gt;"' in page
    assert "写了一半的理由" in page
    assert "不是数" in page
    assert 'aria-invalid="true"' in page
    assert "一格都没有存" in page
    assert assessor.form(SHEET)[f"v:{first}:V1.3.后备缺失"] == ""


def test_a_conflict_shows_three_values_and_one_click_decides(app: Any, scoring: int, people: dict[str, int]) -> None:
    one, two, first = Browser(app, "assessor"), Browser(app, "assessor"), people["first"]
    key, other = f"{first}:V1.3.未发展未培养", f"v:{first}:V1.3.后备缺失"
    one.post(SHEET, one.form(SHEET) | {f"v:{key}": "0"})
    late = two.form(SHEET) | {other: "1", f"r:{first}:V1.3": "我的理由"}
    one.post(SHEET, one.form(SHEET) | {f"v:{key}": "1"})
    page = two.post(SHEET, late | {f"v:{key}": ""}, 409)
    assert "两个人改了同一格" in page
    assert "李敏" in page
    assert "我的理由" in page
    assert two.form(SHEET)[other] == "", "nothing was stored"
    again = fields_in(page)
    assert again[f"v:{key}"] == ""
    assert again[f"b:{key}"] == "2"
    assert again[other] == "1"
    two.post(SHEET, again | {f"c:{key}": "mine"})
    stands = two.form(SHEET)
    assert (stands[f"v:{key}"], stands[f"b:{key}"], stands[other]) == ("", "3", "1")
    one.post(SHEET, one.form(SHEET) | {f"v:{key}": "0"})
    page = two.post(SHEET, stands | {f"v:{key}": "1"}, 409)
    again = fields_in(page)
    two.post(SHEET, again | {f"c:{key}": "theirs"})
    assert two.form(SHEET)[f"v:{key}"] == "0"


def test_too_late_is_said_with_the_text_to_copy_on_every_route(
    app: Any, scoring: int, people: dict[str, int], clock: Any
) -> None:
    wang, first = Browser(app, "wang"), people["first"]
    sheets = {SHEET: Browser(app, "assessor"), f"/scoring/cycles/1/units/{first}": Browser(app, "town")}
    forms = {address: browser.form(address) for address, browser in sheets.items()}
    with app.app_context():
        ends = datetime(2024, 3, 1, 1, 0, tzinfo=UTC)
        set_windows(scoring, {Stage.SCORING: Window(closes=ends), Stage.EVENTS: Window(closes=ends)}, 2, None)
    clock.at += timedelta(microseconds=2)
    for address, browser in sheets.items():
        name = next(name for name in forms[address] if name.startswith(f"v:{first}:"))
        page = browser.post(address, forms[address] | {name: "1"}, 409)
        assert "没有存" in page
        assert f"{name.split(':')[2]}\t1" in html.unescape(page)
        assert "v:" not in {key[:2] for key in browser.form(address)}, "nothing can be typed any more"
    events = f"/scoring/cycles/1/units/{first}/events"
    wang.post(events, {"flag": "x", "count": "1", "reason": "晚了"}, 409)
    wang.post(f"{events}/1/withdraw", {"reason": "晚了"}, 409)


def test_events_of_a_unit(app: Any, scoring: int, people: dict[str, int]) -> None:
    wang, first = Browser(app, "wang"), people["first"]
    events = f"/scoring/cycles/1/units/{first}/events"
    flag = re.findall(r'<option value="([^"]+)"', wang.get(events))[0]
    assert "写了理由" in wang.post(events, {"flag": flag, "count": "0", "reason": "写了理由"}, 422)
    for _ in range(2):
        wang.post(events, {"flag": flag, "count": "1", "reason": "津辰纪〔2024〕5号"})
    assert wang.get(events).count("津辰纪〔2024〕5号") == 1 + 1, "in the table and in the hint"
    wang.post(f"{events}/1/withdraw", {"reason": ""}, 422)
    wang.post(f"{events}/1/withdraw", {"reason": "记错了"})
    assert "已撤回" in wang.get(events)
    Browser(app, "assessor").get(events)
    Browser(app, "assessor").post(events, {"flag": flag, "count": "1", "reason": "x"}, 403)
    trail = wang.client.get("/audit/", check=False).get_data(as_text=True)
    assert "记了2024年度事项" in trail
    assert "撤回了2024年度事项" in trail


@pytest.mark.parametrize(
    ("name", "address", "status"),
    [
        ("town", SHEET, 404), ("assessor", "/scoring/cycles/1/village/indicators/V1.2", 404),
        ("assessor", "/scoring/cycles/1/village/indicators/V99", 404), ("assessor", "/scoring/cycles/2/units/1", 404),
        ("assessor", "/scoring/cycles/1/units/999999", 404), ("assessor", f"{SHEET}?township=999999", 404),
        ("assessor", "/scoring/?cycle=77", 404), ("unit", "/scoring/", 403), ("auditor", SHEET, 200),
        ("wang", "/scoring/", 200), ("city", SHEET, 200), ("assessor", f"{SHEET}?period=Q9&show=x&township=x", 200),
        ("town", "/scoring/cycles/1/village/indicators/V1.2?township=1", 404),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("scoring")
def test_who_sees_what(app: Any, name: str, address: str, status: int) -> None:
    page = Browser(app, name).get(address, status)
    if name in ("auditor", "city"):
        assert "存这一页" not in page


def test_forged_forms_store_nothing(app: Any, scoring: int, people: dict[str, int]) -> None:
    assessor, town, first = Browser(app, "assessor"), Browser(app, "town"), people["first"]
    own = {f"v:{first}:V1.3.后备缺失": "1", f"b:{first}:V1.3.后备缺失": "0"}
    theirs = {f"v:{first}:V1.2.党课@Q1": "1", f"b:{first}:V1.2.党课@Q1": "0"}
    assessor.post(SHEET, own | theirs, 404)
    town.post(f"/scoring/cycles/1/units/{first}", own, 404)
    Browser(app, "wang").post(SHEET, own, 403)
    Browser(app, "unit").post(SHEET, own, 403)
    assessor.post(SHEET, {f"v:{first}:V1.3.后备缺失": "1"}, 400)
    assessor.post(SHEET, own | {f"b:{first}:V1.3.后备缺失": "-1"}, 400)
    assessor.post(SHEET, {"v:x:V1.3": "1"}, 400)
    assessor.post(SHEET, {f"v:{first}:V1.3.后备缺失": "1", f"b:{first}:V1.3.后备缺失": "99"}, 404)
    token = token_in(assessor.client.get("/accounts/password").get_data(as_text=True))
    pairs = [("csrf_token", token), *own.items(), (f"v:{first}:V1.3.后备缺失", "0")]
    twice = assessor.client.post(SHEET, data=urlencode(pairs), content_type="application/x-www-form-urlencoded")
    assert twice.status_code == 400
    assert assessor.form(SHEET)[f"v:{first}:V1.3.后备缺失"] == ""
    assessor.post(SHEET, own | {"status": "approved", "version": "999", "state": "locked", "by": "1"})
    assert assessor.form(SHEET)[f"b:{first}:V1.3.后备缺失"] == "1"


def test_no_page_runs_a_statement_a_row(app: Any, scoring: int, people: dict[str, int]) -> None:
    with app.app_context():
        district.fill(scoring)
    assessor, first = Browser(app, "assessor"), people["first"]
    asked: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    unit = f"/scoring/cycles/1/units/{first}"
    for address in ("/scoring/", SHEET, unit, f"{unit}/events", f"{unit}/history?header={quote('V1.3.后备缺失')}"):
        asked.clear()
        assessor.get(address)
        assert 0 < len([one for one in asked if not one.startswith("BEGIN")]) <= 20, (address, len(asked))
