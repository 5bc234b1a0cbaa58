"""A person at a browser before a server that runs: every page they come to is looked at on a desk and on a phone."""

from __future__ import annotations

from typing import Any, ClassVar

from playwright.sync_api import Browser, Locator, Page

from tests.chromium import STILL, served
from tests.pages.rows import crowded
from tests.pages.test_browser import SIZES, violations
from tests.web.city import PASSWORD

__all__ = ["Fault", "Visitor", "served"]
Fault = tuple[str, int, str]
"""Where, at which width, what."""


class Visitor:
    """Somebody with a browser of their own; `seen` are the addresses looked at, `faults` what was wrong there."""

    known: ClassVar[set[tuple[str, str]]] = set()
    """Pages that were looked at already, by address and what they say."""

    def __init__(self, browser: Browser, root: str, seen: list[str], faults: list[Fault]) -> None:
        self.root, self.seen, self.faults = root, seen, faults
        width, height = SIZES[0]
        self.context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion=STILL)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._heard)

    def _heard(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.faults.append((self.here, 0, message.text))

    @property
    def here(self) -> str:
        """The address without its host."""
        return self.page.url.removeprefix(self.root)

    def sign_in(self, name: str) -> None:
        """Sign in as everybody does, which leads to the first page."""
        self.go("/accounts/sign-in")
        self.look()
        self.page.fill("#name", name)
        self.page.fill("#password", PASSWORD)
        self.page.get_by_role("main").get_by_role("button", name="登录", exact=True).click()
        self.page.wait_for_url(f"{self.root}/")
        self.look()

    def go(self, path: str) -> None:
        answer = self.page.goto(self.root + path)
        assert answer is not None
        assert answer.status == 200, (path, answer.status)

    def follow(self, link: str | Locator) -> None:
        """Follow a link of the page's own part, and look at what it leads to."""
        found = self.main.get_by_role("link", name=link).first if isinstance(link, str) else link
        found.click()
        self.page.wait_for_load_state("load")
        self.look()

    def press(self, button: str) -> None:
        """Press a button, and look at the page that answers."""
        self.main.get_by_role("button", name=button, exact=True).click()
        self.page.wait_for_load_state("load")
        self.look()

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def says(self, text: str) -> None:
        assert text in self.main.inner_text(), (text, self.page.url, self.main.inner_text()[:600])

    def look(self) -> None:
        """Note at each size what is shut to anybody, scrolls sideways or is crowded; once a page and person."""
        self.seen.append(self.here)
        page = (self.here.partition("?")[0], self.main.inner_text()[:2_000])
        if page in self.known:
            return
        self.known.add(page)
        for width, height in SIZES:
            self.page.set_viewport_size({"width": width, "height": height})
            for one in violations(self.page):
                self.faults += [(self.here, width, f"{one['id']}: {node['html'][:200]}") for node in one["nodes"][:2]]
            wider = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if wider > 0:
                self.faults.append((self.here, width, f"wider than the window by {wider}"))
            self.faults += [(self.here, width, fault) for fault in crowded(self.page)]
        self.page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})

    def leave(self) -> None:
        self.context.close()
