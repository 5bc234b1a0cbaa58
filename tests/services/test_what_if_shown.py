"""The page of a trial in Chromium: axe-core finds nothing, nothing scrolls sideways."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug.serving import make_server

from tests.chromium import IN_CHROMIUM
from tests.pages.test_browser import SIZES, violations
from tests.services.browser import Browser
from tests.services.test_what_if_trial import page_of, tried

__all__ = ["tried"]

pytestmark = IN_CHROMIUM


Visit = Callable[[tuple[int, int], str], Any]


@contextmanager
def served(app: Any, somebody: Browser, browser: Any) -> Iterator[Visit]:
    """The application served for a while; opens a page of it in a window of a size, as somebody signed in."""
    cookie = somebody.client.get_cookie("starrating")
    assert cookie is not None
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    contexts = {}

    def visit(size: tuple[int, int], path: str) -> Any:
        if size not in contexts:
            contexts[size] = browser.new_context(viewport={"width": size[0], "height": size[1]})
            contexts[size].add_cookies([{"name": "starrating", "value": cookie.value, "url": address}])
        page = contexts[size].new_page()
        page.goto(address + path)
        return page

    try:
        yield visit
    finally:
        for context in contexts.values():
            context.close()
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_page_is_open_to_everyone(app: Any, tried: int, browser: Any) -> None:
    """With a result and with a fault, on a screen and on a phone."""
    with served(app, Browser(app, "wang"), browser) as visit:
        for size in SIZES:
            for changes in ({"quota.four": "20%", "min.four": "85"}, {"quota.five": "一成"}):
                page = visit(size, page_of(tried, **changes))
                assert page.locator("form.whatif").count() == 1
                assert [(fault["id"], fault["nodes"][0]["html"]) for fault in violations(page)] == []
                assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
