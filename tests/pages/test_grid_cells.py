"""The grid's cells in Chromium, with the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.chromium import IN_CHROMIUM
from tests.conftest import SqliteServer
from tests.journeys.sheet import press, settled
from tests.pages.grid import World, world

pytestmark = IN_CHROMIUM


@pytest.fixture(scope="module")
def small(sqlite_server: SqliteServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(sqlite_server, tmp_path_factory.mktemp("files")) as made:
        yield made


@pytest.fixture
def page(small: World, browser: Browser) -> Iterator[Page]:
    opened = small.grid(browser)
    yield opened
    opened.close()


def test_returned_cells_are_shown_with_their_reason_one_after_the_other(
    small: World, page: Page, browser: Browser
) -> None:
    from starrating.domain.verification import Verdict
    from starrating.services.verification import Seen, verify_scores
    from tests.services import district
    from tests.services.test_assessments import who

    first, headers = small.people["first"], ("V6.1", "V1.1.不团结")
    with small.app.app_context():
        district.step(small.cycle, "close_scoring", small.people["wang"])
        for header, why in zip(headers, ("问卷不够", "与名册不符"), strict=True):
            verify_scores(small.cycle, Verdict.RETURN, [Seen(first, header, 0)], why, who(small.people, "wang"))
    small.open_grid(page, "?show=returned")
    assert page.inner_text("[data-show=returned] [data-notice=returned]") == "2"
    assert page.locator("tbody th.sheet-unit").count() == 1
    said = []
    for _ in headers:
        page.wait_for_selector("#sheet-returned:not([hidden])")
        said.append(page.inner_text("#sheet-returned [data-part=why]"))
        press(page, "Alt+ArrowDown")
    assert said == ["与名册不符", "问卷不够"]
    assert page.inner_text("#sheet-returned [data-part=why]") == said[0], "and round again"
    press(page, "Alt+ArrowUp")
    page.keyboard.type("88")
    assert not page.is_visible("#sheet-returned")
    press(page, "Enter")
    settled(page)
    assert page.inner_text("[data-show=returned] [data-notice=returned]") == "1"
    assert small.stands("V6.1") == {"V6.1": "88"}
