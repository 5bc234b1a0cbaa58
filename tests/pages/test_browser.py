"""The style guide in Chromium: axe-core finds nothing, nothing scrolls sideways, the policy blocks nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests.chromium import IN_CHROMIUM

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
    server = make_server("127.0.0.1", 0, guide, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/styleguide"
    server.shutdown()
    thread.join()
    server.server_close()


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
    assert blocked == []
    assert page.evaluate(
        "[...document.fonts].some(font => font.family.includes('Star Serif') && font.status == 'loaded')"
    )


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
