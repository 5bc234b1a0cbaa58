"""The style guide in Chromium: axe-core finds nothing, nothing scrolls sideways, the policy blocks nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from starrating.domain.cases import CaseMove
from starrating.services.consequences.cases import Given, move_case
from tests.chromium import IN_CHROMIUM, STILL, served
from tests.pages.rows import crowded
from tests.services.public_year import PublicYear, year, years_published
from tests.services.test_admonitions import SAID, admonish, approved
from tests.web.city import PASSWORD
from tests.web.test_statements import sheet_of

__all__ = ["year", "years_published"]
AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"]}
"""Of what is in order axe keeps one place: to describe every one of them takes ten times as long as to look at them."""
PAGES = ("/", "/result", "/result?rows=0", "/list", "/unit", "/sign-in?error=1", "/error/404")
SIZES = ((1366, 768), (390, 844))

pytestmark = IN_CHROMIUM


def violations(page: Page) -> list[Any]:
    """What of a page is shut to somebody."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: list[Any] = page.evaluate("async options => (await axe.run(document, options)).violations", OPTIONS)
    return found


@pytest.fixture(scope="module")
def address(guide: Flask) -> Iterator[str]:
    with served(guide) as root:
        yield f"{root}/styleguide"


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = request.param
    opened = browser.new_page(viewport={"width": width, "height": height})
    yield opened
    opened.close()


@pytest.mark.parametrize("large", [False, True], ids=["standard", "large"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_open_to_everyone(page: Page, address: str, path: str, large: bool) -> None:
    blocked: list[str] = []
    page.on("console", lambda message: blocked.append(message.text) if message.type in {"error", "warning"} else None)
    page.goto(address + path + ("&" if "?" in path else "?") + ("large=1" if large else "large=0"))
    page.evaluate("document.fonts.ready.then(() => null)")
    assert [(fault["id"], [node["html"] for node in fault["nodes"]][:3]) for fault in violations(page)] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert crowded(page) == []
    assert blocked == []
    assert page.evaluate(
        "[...document.fonts].some(font => font.family.includes('Star Serif') && font.status == 'loaded')"
    )


OFFICE = {
    "people": "/people/divisions/{district}",
    "figures": "/people/divisions/{district}/figures",
    "cases": "/consequences/divisions/{district}?year=2025",
    "approval": "/consequences/divisions/{district}/approval?year=2025&all=1",
    "case": "/consequences/cases/{other}",
    "admonition": "/consequences/cases/{case}",
    "due": "/consequences/divisions/{district}/due",
    "pay": "/consequences/divisions/{township}/pay?year=2024",
    "pay sheet": "/consequences/pay-sheets/{sheet}",
    "reserve": "/training/divisions/{district}/reserve",
}
"""Pages about people of a district whose year is published, an admonition with its ballot among them."""


@pytest.fixture(scope="module")
def office(year: PublicYear, browser: Browser) -> Iterator[tuple[Page, dict[str, str]]]:
    """An administrator signed in once, and the addresses of the pages."""
    with pytest.MonkeyPatch.context() as patch, served(year.app) as root:
        admonish(patch)
        known = year.people | _followed(year)
        context = browser.new_context(reduced_motion=STILL)
        page = context.new_page()
        page.goto(f"{root}/accounts/sign-in")
        page.fill("#name", "wang")
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_url(f"{root}/")
        yield page, {name: root + path.format(**known) for name, path in OFFICE.items()}
        context.close()


def _followed(year: PublicYear) -> dict[str, int]:
    """An admonition whose ballot is recorded, a case that waits, a pay sheet that waits; the keys."""
    key, other, by = approved(year), approved(year, 1), year.people["wang"]
    day = year.clock.at.date()
    with year.app.app_context():
        done = Given(document="区组发1号", day=day, record={"begins_on": day.isoformat()})
        move_case(key, CaseMove.CARRY_OUT, 2, done, by)
        move_case(key, CaseMove.BALLOT, 3, Given(record=SAID | {"ballot_on": day.isoformat()}), by)
        return {"case": key, "other": other, "sheet": sheet_of(year.people)}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", OFFICE)
def test_a_page_about_people_is_open_to_everyone(
    office: tuple[Page, dict[str, str]], name: str, size: tuple[int, int]
) -> None:  # fmt: skip
    page, addresses = office
    page.set_viewport_size({"width": size[0], "height": size[1]})
    answer = page.goto(addresses[name])
    assert answer is not None
    assert answer.status == 200
    page.evaluate("document.fonts.ready.then(() => null)")
    assert [(fault["id"], [node["html"] for node in fault["nodes"]][:3]) for fault in violations(page)] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert crowded(page) == []
    page.goto("about:blank")  # what a page still asks for ends before the next one is looked at


def test_the_menu_and_the_folded_filters_open_without_a_script(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "/result")
    assert not page.is_visible("#nav")
    page.click(".bar-menu")
    assert page.is_visible("#nav")
    assert not page.is_visible("#filters-town")
    page.click(".filters-unfold")
    assert page.is_visible("#filters-town")
    context.close()


def test_a_chart_turns_to_its_numbers_without_a_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "/")
    chart = page.locator("section.chart").first
    assert not chart.locator(".chart-numbers").is_visible()
    chart.get_by_text("数", exact=True).click()
    assert chart.locator(".chart-numbers").is_visible()
    assert not chart.locator(".chart-picture").is_visible()
    context.close()


def test_a_dialog_opens_takes_the_focus_and_closes(page: Page, address: str) -> None:
    page.goto(address + "/")
    page.click("[data-dialog=publish]")
    assert page.is_visible("#publish")
    assert page.evaluate("document.getElementById('publish').contains(document.activeElement)")
    page.click("#publish [data-dialog-close]")
    assert not page.is_visible("#publish")


def test_paper_has_no_buttons_and_no_navigation(page: Page, address: str) -> None:
    page.goto(address + "/result")
    page.emulate_media(media="print")
    for hidden in (".bar", ".nav", ".filters", ".button", ".pager-pages", ".segments"):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.locator("tbody tr").first.is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.star')).backgroundColor") == "rgba(0, 0, 0, 0)"
