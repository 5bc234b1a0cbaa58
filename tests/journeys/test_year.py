"""A year of a district in Chromium before a server that runs: from its form to the public that finds a village.

Everything is done on pages but one thing: the scores of the other departments, which are thousands of cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.chromium import IN_CHROMIUM
from tests.conftest import SqliteServer, TestClock, application, close
from tests.journeys.browser import Fault, Visitor, served
from tests.services import district

pytestmark = IN_CHROMIUM
ENTERED = "V1.3"
"""The indicator that the assessor enters over the villages of each township."""
ENTERED_OF_ONE = "V1.1"
"""The indicator that the assessor enters on the page of the first village."""
FIRST = "闫街村委会"


@pytest.fixture
def clock() -> TestClock:
    return TestClock(datetime(2024, 11, 4, 1, 0, tzinfo=UTC))


@pytest.fixture
def app(sqlite_server: SqliteServer, clock: TestClock, tmp_path: Path) -> Iterator[Any]:
    address = sqlite_server.fresh()
    made = application(address, clock, CHART_FOLDER=str(tmp_path / "charts"))
    yield made
    close(made)
    sqlite_server.drop(address)


def invented() -> dict[tuple[str, str], str]:
    """(unit code, header) → what is entered for a village."""
    from starrating.demo.scores import invent_scores
    from starrating.services.years.scheme_texts import read_demo

    units = [unit for unit in district.chosen_units() if unit.kind == "village"]
    columns = invent_scores(read_demo(district.SCHEMES["village"], 2024).scheme, units, 2024)
    return {(code, header): values[row] for header, values in columns.items()
            for row, code in enumerate(columns["unit"])}  # fmt: skip


def keys_and_codes(app: Any) -> dict[int, str]:
    """Unit → its code."""
    from starrating.extensions import db
    from starrating.models.divisions import Unit

    with app.app_context():
        found = {row[0]: row[1] for row in db.session.query(Unit.id, Unit.code)}
        db.session.remove()
        return found


def type_values(visitor: Visitor, codes: dict[int, str], values: dict[tuple[str, str], str], indicator: str) -> int:
    """Type what is entered of an indicator into the fields of the page; how many there were."""
    fields = visitor.page.locator(f'[name^="v:"][name*=":{indicator}."]')
    for field in fields.all():
        _, unit, header = (field.get_attribute("name") or "").split(":")
        field.fill(values[codes[int(unit)], header])
    return fields.count()


def open_the_year(visitor: Visitor) -> None:
    visitor.follow("去建立：建立新的年度")
    visitor.page.fill("#year", "2024")
    visitor.page.select_option("#village", district.SCHEMES["village"])
    visitor.page.select_option("#community", district.SCHEMES["community"])
    visitor.press("建立年度")
    visitor.follow("谁来填")
    field = visitor.page.locator('[name="village:V1.2"]')
    assert field.input_value() == "乡镇街道"
    visitor.page.fill('[name="village:V3.3"]', "区城管委")
    visitor.press("存分派")
    visitor.says("1项指标改了由谁填")
    visitor.go("/calendar/cycles/1/dates")
    for name, day in (("scoring-opens", "2024-11-01"), ("scoring-closes", "2024-12-25"),
                      ("verification-closes", "2025-01-10")):  # fmt: skip
        visitor.page.fill(f'[name="{name}"]', day)
    visitor.press("存日期")
    visitor.go("/cycles/1")
    visitor.follow(visitor.main.get_by_role("link", name="示例").first)
    visitor.go("/cycles/1")
    visitor.press("开始评分")
    visitor.says("办好了：开始评分")


def enter_scores(app: Any, visitor: Visitor) -> None:
    from starrating.queries.scores import cells_of

    codes, values = keys_and_codes(app), invented()
    visitor.follow("去填：村还有")
    visitor.follow(visitor.main.get_by_role("link", name="发展党员与后备干部"))
    typed = type_values(visitor, codes, values, ENTERED)
    assert typed == 24, "twelve villages, two cells each"
    visitor.press("存这一页")
    visitor.says("存了24格")
    visitor.page.select_option('select[name="township"]', label="北仓镇（3个）")
    visitor.press("换")
    assert type_values(visitor, codes, values, ENTERED) == 6
    visitor.press("存这一页")
    first = next(key for key, code in codes.items() if values.get((code, "name")) == FIRST)
    visitor.go("/scoring/?kind=village")
    visitor.look()
    visitor.follow(visitor.main.get_by_role("link", name=FIRST))
    assert type_values(visitor, codes, values, ENTERED_OF_ONE) == 3
    visitor.press("存这一页")
    visitor.says("存了3格")
    visitor.follow(visitor.main.get_by_role("link", name=re.compile("^痕迹")).first)
    visitor.says("李敏")
    with app.app_context():
        stored = cells_of(1, codes, [header for _, header in values])
        mine = {key: cell.entry.value for key, cell in stored.items()}
    wanted = {(key, header): values[code, header] for key, code in codes.items() for of, header in values
              if of == code and (header.startswith(f"{ENTERED}.")
                                 or (key == first and header.startswith(f"{ENTERED_OF_ONE}.")))}  # fmt: skip
    assert {key: str(value) for key, value in mine.items()} == wanted, "what was typed, and nothing else"


def test_a_year_from_its_form_to_the_public(app: Any, clock: TestClock, browser: Browser) -> None:
    seen: list[str] = []
    faults: list[Fault] = []
    with app.app_context():
        district.build()
    with served(app) as root:

        def visitor(name: str) -> Visitor:
            one = Visitor(browser, root, seen, faults)
            one.sign_in(name)
            return one

        wang = visitor("wang")
        open_the_year(wang)
        wang.go("/")
        wang.look()
        wang.says("格没填")
        enter_scores(app, visitor("assessor"))
        with app.app_context():
            district.fill(1, without=lambda code, header: header.startswith(f"{ENTERED}.") or (
                code == "120113100201" and header.startswith(f"{ENTERED_OF_ONE}.")))  # fmt: skip

        the_township_looks(visitor("town"))
        clock.at = datetime(2024, 12, 26, 1, 0, tzinfo=UTC)
        wang = visitor("wang")
        determine(wang, visitor("liu"))
        clock.at = datetime(2025, 1, 2, 1, 0, tzinfo=UTC)
        wang = visitor("wang")
        wang.follow("去公示：核对结果，开始公示")
        assert wang.page.input_value('[name="opens_on"]') == "2025-01-02"
        wang.press("开始公示")
        the_notice(Visitor(browser, root, seen, faults))
        wang.says("期满以后才能发布")
        clock.at = datetime(2025, 1, 20, 1, 0, tzinfo=UTC)
        wang = visitor("wang")
        wang.follow("去发布：公示期满，发布名单")
        wang.press("发布名单")
        wang.says("名单已发布")
        the_public_finds(Visitor(browser, root, seen, faults))
        afterwards(wang, visitor("unit"), visitor("auditor"))
    assert faults == []
    assert len(set(seen)) >= 30, seen


def the_township_looks(town: Visitor) -> None:
    town.says("天穆镇的村和社区")
    town.says("现在没有要你办的事")
    assert town.main.get_by_role("link", name=FIRST).count() == 1
    assert "北仓镇" not in town.page.content(), "another township's places are not theirs to see"
    town.go("/scoring/")
    town.look()
    town.follow(town.main.get_by_role("link", name="三会一课"))
    town.follow(town.main.get_by_role("link", name=FIRST).first)
    town.go("/")
    town.follow("本镇街图表")
    town.says("还没有审定的结果")


def determine(one: Visitor, other: Visitor) -> None:
    one.follow("去办：转入复核")
    one.press("转入复核")
    one.follow("试算和审定")
    one.press("试算")
    one.says("是你提交的试算，要由另一个人确认")
    one.follow(one.main.get_by_role("link", name="看名单").first)
    other.go("/")
    other.look()
    other.follow("去确认：核对王海燕的试算，确认审定")
    other.press("复核并确认")
    other.says("年度审定完成")
    other.follow(other.main.get_by_role("link", name="看名单").first)
    other.follow(other.main.get_by_role("link", name=FIRST).first)
    other.says("一行一行怎么来的")


def the_notice(anybody: Visitor) -> None:
    anybody.go("/public/")
    anybody.look()
    anybody.says("正在公示")
    anybody.follow("北辰区2024年度村")
    anybody.says(FIRST)


def the_public_finds(anybody: Visitor) -> None:
    anybody.go("/public/")
    anybody.look()
    anybody.follow("2024年度名单")
    anybody.page.fill('input[name="q"]', FIRST)
    anybody.press("查找")
    anybody.says(FIRST)
    rows = anybody.main.locator("tbody tr")
    assert rows.filter(has_text=FIRST).count() == 1
    assert "星" in rows.filter(has_text=FIRST).inner_text()
    with anybody.page.expect_download() as file:
        anybody.main.get_by_role("link", name="CSV", exact=True).click()
    assert FIRST in file.value.path().read_text(encoding="utf-8-sig")


def afterwards(wang: Visitor, unit: Visitor, auditor: Visitor) -> None:
    """What is there to see of a published year."""
    unit.says(FIRST)
    unit.follow("星级从哪里来，一行一行看")
    for path in ("/ratings/", "/dashboards/", "/consequences/", "/units/", "/units/?q=村", "/audit/", "/accounts/"):
        wang.go(path)
        wang.look()
    auditor.go("/audit/")
    auditor.look()
