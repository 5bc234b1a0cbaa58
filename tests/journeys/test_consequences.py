"""A district office in Chromium: roster in, two determine, the list is published, cases approved and waived, pay out.

Every figure that comes out is added up here from the roster and the stars of the worked case, by rules written anew.
"""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import openpyxl
from playwright.sync_api import Browser, Page

from starrating.interchange import roster_sheet as sheet
from tests.chromium import IN_CHROMIUM
from tests.journeys.browser import Fault, Visitor, served
from tests.journeys.test_objections import entered
from tests.journeys.test_year import app, clock
from tests.services.test_cases_worked import filled, table, terms_of
from tests.web.city import key_of
from tests.web.test_roster import book

__all__ = ["app", "clock"]
pytestmark = IN_CHROMIUM
BASE, PERFORMANCE = Decimal(36000), Decimal("24000.10")
SHARES = {"dual": Decimal(1), "secretary": Decimal("0.8")}
COEFFICIENTS = {"five": Decimal("1.2"), "four": Decimal(1), "three": Decimal(1), "none": Decimal("0.8")}
STARS = {row["unit"]: row["level"] for row in table("expected.csv")}
LEADERS = {row["unit"]: row for row in table("scores.csv")}
WAIVED = "v6"
NAMES = {unit: f"赵{mark}" for unit, mark in zip(LEADERS, "甲乙丙丁戊己庚辛壬癸子", strict=True)}


def roster(file: Path) -> None:
    """The roster of the worked case as the office has it: a row a post."""
    codes = {row["unit"]: f"9901010012{at:02d}" for at, row in enumerate(table("scores.csv"), 1)}
    posts = {"secretary": "书记", "director": "主任"}
    file.write_bytes(book([
        {sheet.CODE: codes[unit], sheet.POST: posts[kind], sheet.NAME: NAMES[unit], sheet.BEGINS: first.isoformat()}
        for unit, row in LEADERS.items() for _, kind, first, _ in terms_of(row)
    ]))  # fmt: skip


def months(unit: str) -> int:
    """In how many months of 2024 the leader held the post on the 15th."""
    begun = terms_of(LEADERS[unit])[0][2]
    return sum(1 for month in range(1, 13) if begun <= date(2024, month, 15))


def paid(unit: str) -> Decimal:
    """What a leader is due, in 元, half a 分 up."""
    exact = (BASE + PERFORMANCE * COEFFICIENTS[STARS[unit]] * SHARES["dual"]) * months(unit) / 12
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def meets(unit: str) -> set[str]:
    """Which of the two eligibilities a leader meets, from stars, years, grade, months and punishments."""
    years = {row["year"]: row["level"] for row in table("history.csv") if row["unit"] == unit}
    row, order = LEADERS[unit], ["none", "three", "four", "five"]
    if row["leader.dual_role"] != "1":
        return set()
    run = [STARS[unit], *(years.get(str(year), "") for year in (2023, 2022))]
    found = set()
    if run == ["five"] * 3 and row["appraisal"] == "好" and int(row["leader.months"]) >= 36:
        found.add("事业编制资格")
    rose = bool(years) and order.index(STARS[unit]) > order.index(years["2023"])
    if (STARS[unit] in ("four", "five") or rose) and row["flag.punished"] != "1":
        found.add("公务员定向招录资格")
    return found


def taken(page: Page, button: str = "导出（姓名遮盖）") -> list[tuple[Any, ...]]:
    """The rows of the workbook that a button hands out."""
    with page.expect_download() as file:
        page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
    content = io.BytesIO(file.value.path().read_bytes())
    return list(openpyxl.load_workbook(content).active.iter_rows(values_only=True))


def test_from_the_roster_to_the_pay_sheet(app: Any, clock: Any, browser: Browser, tmp_path: Path) -> None:
    seen: list[str] = []
    faults: list[Fault] = []
    with app.app_context():
        key, _ = filled(dict.fromkeys(LEADERS, ()))
        place, town = key_of("津南区"), key_of("一镇")
    roster(tmp_path / "名册.xlsx")
    clock.at = datetime(2025, 1, 6, 1, tzinfo=UTC)
    with served(app) as root:
        wang, liu = Visitor(browser, root, seen, faults), Visitor(browser, root, seen, faults)
        entered(wang, "wang")
        the_roster_comes_in(wang, place, tmp_path / "名册.xlsx")
        entered(liu, "liu")
        two_determine_and_it_is_published(wang, liu, key, clock)
        entered(wang, "wang")
        entered(liu, "liu")
        the_cases_are_decided(wang, place)
        the_pay_goes_out(wang, liu, place, town)
        the_eligible_go_out(wang, place)
        for visitor in (wang, liu):
            visitor.leave()
    assert faults == []
    the_trail_says_what_left(app)


def the_roster_comes_in(wang: Visitor, place: int, file: Path) -> None:
    wang.go(f"/people/divisions/{place}/roster")
    wang.page.set_input_files('input[type="file"]', file)
    wang.page.get_by_role("main").locator("form:has(input[type=file]) button[type=submit]").click()
    wang.page.wait_for_load_state("load")
    assert wang.page.locator("input[name=digest]").count(), wang.main.inner_text()
    posts = sum(len(terms_of(row)) for row in LEADERS.values())
    wang.says(f"{posts}")
    wang.page.get_by_role("main").locator("form:has(input[name=digest]) button[type=submit]").first.click()
    wang.page.wait_for_load_state("load")


def two_determine_and_it_is_published(wang: Visitor, liu: Visitor, key: int, clock: Any) -> None:
    wang.go(f"/ratings/cycles/{key}/determination")
    wang.press("试算")
    liu.go(f"/ratings/cycles/{key}/determination")
    liu.press("复核并确认")
    wang.go(f"/publication/{key}")
    wang.press("开始公示")
    clock.at = datetime(2025, 2, 19, 1, tzinfo=UTC)
    entered(wang, "wang")
    wang.go(f"/publication/{key}")
    wang.press("发布名单")
    wang.says("名单已发布")


def the_cases_are_decided(wang: Visitor, place: int) -> None:
    at = f"/consequences/divisions/{place}?year=2024&outcome=pay_coefficient"
    wang.go(at)
    wang.look()
    found = {}
    for row in wang.main.locator("tbody tr").all():
        unit = row.locator("th small").inner_text().removeprefix("一镇")
        found[unit] = row.locator("th a").get_attribute("href")
    assert set(found) == {unit for unit, row in LEADERS.items() if row["leader.dual_role"] == "1"}
    for unit, address in found.items():
        wang.go(str(address))
        if unit == WAIVED:
            wang.page.click("summary:has-text('免办')")
            wang.page.fill("#waive-reason", "本人已书面放弃绩效")
            wang.main.get_by_role("button", name="免办", exact=True).click()
            wang.page.wait_for_load_state("load")
            wang.look()
        else:
            wang.main.get_by_role("button", name="批准，转办理", exact=True).click()
            wang.page.wait_for_load_state("load")
        wang.says("办好了")


def the_pay_goes_out(wang: Visitor, liu: Visitor, place: int, town: int) -> None:
    wang.go(f"/consequences/divisions/{place}/pay?year=2024")
    for name, text in (("base", "36000"), ("performance", "24000.10"), ("dual", "1000"), ("secretary", "800"),
                       ("director", "700")):  # fmt: skip
        wang.page.fill(f"#{name}", text)
    wang.press("存为新的一版")
    for page in (f"{place}/pay-rates", f"{town}/pay?year=2024"):
        wang.go(f"/consequences/divisions/{page}")
        wang.look()
    wang.press("送审")
    address = wang.here
    wang.says("这份是你送审的，要由区里的另一位管理员确认")
    liu.go(address)
    liu.look()
    liu.press("确认这份待遇表")
    liu.says("从此不变")
    rows = taken(liu.page)
    last = next(at for at, row in enumerate(rows) if row[0] == "合计")
    due = {unit for unit, row in LEADERS.items() if row["leader.dual_role"] == "1"} - {WAIVED}
    told = {str(row[1]): (row[4], Decimal(str(row[7])).quantize(Decimal("0.01"))) for row in rows[1:last]}
    assert told == {unit: (months(unit), paid(unit)) for unit in due}
    total = sum((paid(unit) for unit in due), Decimal(0))
    assert Decimal(str(rows[last][7])).quantize(Decimal("0.01")) == total
    liu.says(f"{total:,}元")
    left = [str(row[0]) for row in rows[last + 1 :] if row[0]]
    assert any(WAIVED in one and "免办" in one for one in left)
    wang.go(f"/consequences/divisions/{place}/pay?year=2024")
    wang.look()
    wang.says(f"{total:,}")


def the_eligible_go_out(wang: Visitor, place: int) -> None:
    wang.go(f"/consequences/divisions/{place}/eligible?year=2024&who=met")
    wang.look()
    rows = taken(wang.page)
    found: dict[str, set[str]] = {}
    for row in rows[1:]:
        assert (row[3], row[5], row[6]) == ("赵*", "符合", 0), "masked, and nothing is missing"
        found.setdefault(str(row[1]), set()).add(str(row[4]))
    assert found == {unit: meets(unit) for unit in LEADERS if meets(unit)}


def the_trail_says_what_left(app: Any) -> None:
    from sqlalchemy import select

    from starrating.extensions import db
    from starrating.models.audit import AuditEvent

    with app.app_context():
        told = select(AuditEvent.facts).where(AuditEvent.act == "people_list_exported").order_by(AuditEvent.sequence)
        assert [json.loads(one)["list"] for one in db.session.scalars(told)] == ["pay_sheet", "eligible"]
        db.session.remove()
