"""The city's page of a trial in Chromium: axe-core finds nothing, nothing scrolls sideways."""

from __future__ import annotations

from typing import Any

from tests.chromium import IN_CHROMIUM
from tests.pages.test_browser import SIZES, violations
from tests.services.browser import Browser
from tests.services.test_city_what_if import CHANGE, page_of, stood, year
from tests.services.test_what_if_shown import served

__all__ = ["stood", "year"]

pytestmark = IN_CHROMIUM


def test_the_page_is_open_to_everyone(app: Any, year: dict[str, Any], browser: Any) -> None:
    with served(app, Browser(app, "city"), browser) as visit:
        for size in SIZES:
            page = visit(size, page_of(year, **CHANGE))
            assert page.locator("#moves").count() == 1
            assert [(fault["id"], fault["nodes"][0]["html"]) for fault in violations(page)] == []
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
