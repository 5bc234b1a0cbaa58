"""The page of a trial in Chromium: axe-core finds nothing, nothing scrolls sideways."""

from __future__ import annotations

import threading
from typing import Any

from werkzeug.serving import make_server

from tests.chromium import IN_CHROMIUM
from tests.pages.test_browser import SIZES, violations
from tests.services.test_what_if_trial import page_of, tried
from tests.services.test_year_pages import Browser

__all__ = ["tried"]

pytestmark = IN_CHROMIUM


def test_the_page_is_open_to_everyone(app: Any, tried: int, browser: Any) -> None:
    """With a result and with a fault, on a screen and on a phone."""
    wang = Browser(app, "wang")
    cookie = wang.client.get_cookie("starrating")
    assert cookie is not None
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        for width, height in SIZES:
            context = browser.new_context(viewport={"width": width, "height": height})
            address = f"http://127.0.0.1:{server.server_port}"
            context.add_cookies([{"name": "starrating", "value": cookie.value, "url": address}])
            page = context.new_page()
            for changes in ({"quota.four": "20%", "min.four": "85"}, {"quota.five": "一成"}):
                page.goto(address + page_of(tried, **changes))
                assert page.locator("form.whatif").count() == 1
                assert [(fault["id"], fault["nodes"][0]["html"]) for fault in violations(page)] == []
                assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
            context.close()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
