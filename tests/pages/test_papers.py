"""The script that follows the making of reports, in Chromium: a journey from the button to the download."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Route, expect

from tests.chromium import IN_CHROMIUM
from tests.pages.test_browser import violations
from tests.services.browser import Browser
from tests.services.public_year import PublicYear, year, years_published
from tests.services.test_brief import running
from tests.services.test_brief_pages import at, finish, held
from tests.services.test_what_if_shown import served
from tests.services.test_yearbook_pages import own_folder

__all__ = ["held", "own_folder", "running", "year", "years_published"]

pytestmark = IN_CHROMIUM


def test_a_brief_appears_where_its_making_was_told(running: PublicYear, held: Any, browser: Any) -> None:
    broken: list[str] = []

    def breaks(route: Route) -> None:
        """A server that is started again, once."""
        if broken or route.request.resource_type != "fetch":
            route.continue_()
        else:
            broken.append(route.request.url)
            route.fulfill(status=502, body="")

    with served(running.app, Browser(running.app, "wang"), browser) as visit:
        page = visit((390, 844), at(running, "papers"))
        page.route("**/papers*", breaks)
        row = page.get_by_role("row", name="2026年第1季度")
        row.get_by_role("button", name="做简报").click()
        expect(page.locator("#briefs-said")).to_contain_text("正在做2026年第1季度简报")
        expect(row.get_by_role("button")).to_have_count(0)
        assert violations(page) == []
        page.locator("#briefs-said a").focus()
        held.set()
        finish(running)
        expect(row.get_by_role("link", name="下载PDF")).to_be_visible(timeout=20_000)
        assert len(broken) == 1, "a broken answer does not end the following"
        expect(page.locator("#briefs-said")).to_be_empty()
        assert page.evaluate("document.activeElement.id") == "briefs-said", "the keyboard stays where it was"
        assert page.locator("[data-working]").count() == 0
        with page.expect_download() as coming:
            row.get_by_role("link", name="下载PDF").click()
        assert coming.value.suggested_filename == "北辰区2026年第1季度评星定级简报.pdf"
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
