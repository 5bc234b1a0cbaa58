"""The page of a comparison in Chromium: axe-core finds nothing, nothing scrolls sideways."""

from __future__ import annotations

from typing import Any

from tests.chromium import IN_CHROMIUM
from tests.pages.test_browser import SIZES, violations
from tests.services.browser import Browser
from tests.services.compared_year import Year, loaded, scored
from tests.services.test_compare_pages import PAGE, two
from tests.services.test_what_if_shown import served

__all__ = ["loaded", "scored", "two"]

pytestmark = IN_CHROMIUM


def test_the_page_is_open_to_everyone(app: Any, two: Any, scored: Year, browser: Any) -> None:
    with served(app, Browser(app, "wang"), browser) as visit:
        for size in SIZES:
            page = visit(size, PAGE.format(scored.id))
            assert page.locator(".whatif-why").count() > 1
            assert [(fault["id"], fault["nodes"][0]["html"]) for fault in violations(page)] == []
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
