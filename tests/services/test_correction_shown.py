"""Pages of a correction, of the edge and of steadiness in Chromium: axe-core finds nothing, nothing goes sideways."""

from __future__ import annotations

from typing import Any

from tests.chromium import IN_CHROMIUM
from tests.pages.test_browser import SIZES, violations
from tests.services.browser import Browser
from tests.services.public_year import PublicYear
from tests.services.test_correction_pages import PLACE, corrected, open_year
from tests.services.test_what_if_shown import served

__all__ = ["corrected", "open_year"]

pytestmark = IN_CHROMIUM


def test_the_pages_are_open_to_everyone(open_year: PublicYear, corrected: dict[str, Any], browser: Any) -> None:
    """The form, the decision, what the public sees, and the pages of the edge and of steadiness, on both sizes."""
    base = f"/publication/{open_year.cycle_id}"
    runs = next(str(rule).partition("/cycles")[0] for rule in open_year.app.url_map.iter_rules("whatif.edge"))
    pages = [f"{runs}/cycles/{open_year.cycle_id}/village/{one}" for one in ("edge", "steadiness")]
    pages += [f"{base}/corrections", f"{base}/corrections?unit={corrected['key']}", f"{base}/decisions/1", f"{PLACE}/2"]
    with served(open_year.app, Browser(open_year.app, "wang"), browser) as visit:
        for size in SIZES:
            for path in pages:
                page = visit(size, path)
                assert page.locator("h1").count() == 1, path
                assert [(fault["id"], fault["nodes"][0]["html"]) for fault in violations(page)] == [], path
                assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
                page.close()
