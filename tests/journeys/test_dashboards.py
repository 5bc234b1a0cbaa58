"""A township officer with a keyboard only: from sign-in to what to do next, into a picture, to the units behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.chromium import IN_CHROMIUM, STILL
from tests.journeys.browser import served
from tests.pages.rows import crowded
from tests.pages.test_browser import violations
from tests.services.public_year import PublicYear, year, years_published
from tests.web.city import PASSWORD

__all__ = ["year", "years_published"]
pytestmark = IN_CHROMIUM
STOPS = 120


@pytest.fixture(scope="module")
def root(year: PublicYear) -> Iterator[str]:
    year.app.config["CHARTS_AHEAD"] = True
    with served(year.app) as address:
        yield address


def opened(browser: Browser, wide: int = 1366, high: int = 768, script: bool = True) -> Page:
    context = browser.new_context(
        viewport={"width": wide, "height": high}, reduced_motion=STILL, java_script_enabled=script
    )
    return context.new_page()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until that has the focus, as somebody without a mouse does."""
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"no key leads to {selector}")


def sign_in(page: Page, root: str, name: str = "town") -> None:
    page.goto(f"{root}/accounts/sign-in")
    if page.evaluate("document.activeElement.id") != "name":
        tab_to(page, "#name")
    page.keyboard.type(name)
    tab_to(page, "#password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{root}/")


def painted(page: Page) -> None:
    page.wait_for_function("[...document.images].every(one => one.complete && one.naturalWidth > 0)")


def test_by_keys_from_the_sign_in_to_the_units_behind_a_number(root: str, browser: Browser) -> None:
    heard: list[str] = []
    page = opened(browser)
    page.on("console", lambda message: heard.append(message.text) if message.type in {"error", "warning"} else None)
    sign_in(page, root)
    tab_to(page, "nav a[href='/dashboards/'], nav a[href^='/dashboards/divisions']")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/dashboards/divisions/"))
    first = page.get_by_role("main").inner_text()
    order = [first.index(word) for word in ("要做什么", "站在哪里", "为什么", "接下来会怎样", "更多的图")]
    assert order == sorted(order)
    painted(page)
    assert page.locator("[data-chart-progress]").inner_text() == ""
    tab_to(page, ".chart-targets--desk a")
    words = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.textContent") != words
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.textContent") == words
    assert page.evaluate("getComputedStyle(document.activeElement.querySelector('polygon')).strokeWidth") == "3px"
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.matches('.chart-targets a')")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/units"))
    counted = re.search("([0-9]+)个$", words)
    assert counted
    assert f"共{counted[1]}个" in page.get_by_role("main").inner_text()
    assert heard == []
    page.context.close()


@pytest.mark.parametrize(("wide", "high"), [(1366, 768), (390, 844)])
def test_a_dashboard_is_open_to_everyone(root: str, browser: Browser, wide: int, high: int) -> None:
    page = opened(browser, wide, high)
    sign_in(page, root)
    for name in ("town", "wang", "unit") if wide > 760 else ("town",):
        if name != "town":
            page.context.clear_cookies()
            sign_in(page, root, name)
        page.goto(f"{root}/dashboards/")
        painted(page)
        found = [(one["id"], node["html"][:160]) for one in violations(page) for node in one["nodes"]]
        assert found == [], name
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert crowded(page) == []
        seen = page.locator(".chart-targets:visible").first.get_attribute("class") or ""
        assert ("phone" in seen) == (wide < 760)
    page.context.close()


def test_without_a_script_pictures_and_their_links_are_there(root: str, browser: Browser) -> None:
    page = opened(browser, script=False)
    sign_in_plain(page, root)
    page.goto(f"{root}/dashboards/", wait_until="networkidle")
    link = page.locator(".chart-targets--desk a").first
    at = link.get_attribute("href")
    link.click()
    assert at
    assert page.url.endswith(at.rpartition("/")[2])
    page.context.close()


def sign_in_plain(page: Page, root: str) -> None:
    page.goto(f"{root}/accounts/sign-in")
    page.fill("#name", "town")
    page.fill("#password", PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录", exact=True).click()


def test_paper_has_the_picture_and_its_numbers_and_cuts_nothing(root: str, browser: Browser) -> None:
    page = opened(browser)
    sign_in(page, root)
    page.goto(f"{root}/dashboards/")
    painted(page)
    page.set_viewport_size({"width": 673, "height": 980})
    page.emulate_media(media="print")
    for hidden in (".chart-targets", ".chart-wait", ".segments", "nav", ".filters"):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.locator(".chart-picture img").first.is_visible()
    assert page.locator(".chart-numbers table").first.is_visible()
    wider = page.evaluate(
        "[...document.querySelectorAll('.chart table, .chart img')].filter(one => one.offsetParent"
        " && one.getBoundingClientRect().right > innerWidth + 1).map(one => one.outerHTML.slice(0, 120))"
    )
    assert wider == []
    page.context.close()
