"""The grid's cells in Chromium, with the keyboard alone."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page

from tests.chromium import IN_CHROMIUM
from tests.conftest import SqliteServer
from tests.journeys.sheet import cell, paste, press, settled
from tests.pages.grid import World, world
from tests.pages.test_browser import AXE, OPTIONS
from tests.services import files

pytestmark = IN_CHROMIUM
COPY = """() => {
  const data = new DataTransfer();
  const event = new ClipboardEvent("copy", { clipboardData: data, bubbles: true, cancelable: true });
  document.activeElement.dispatchEvent(event);
  return data.getData("text/plain");
}"""


DROP = """([content, name]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { type: "image/jpeg" }));
  const panel = document.querySelector("#sheet-evidence [data-evidence]");
  panel.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def small(sqlite_server: SqliteServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(sqlite_server, tmp_path_factory.mktemp("files")) as made:
        yield made


@pytest.fixture
def page(small: World, browser: Browser) -> Iterator[Page]:
    opened = small.grid(browser)
    yield opened
    opened.close()


def test_a_checklist_is_one_cell_with_a_list_of_ticks(small: World, page: Page) -> None:
    """Opened with the space bar, ticked with arrows, space and digits; Enter saves and goes on below, Esc gives up."""
    press(page, "ArrowRight", " ")
    assert page.get_attribute("#sheet-field", "aria-haspopup") == "dialog"
    assert page.get_attribute("#sheet-field", "aria-expanded") == "true"
    box = page.get_by_role("dialog", name="V1.3")
    ticks = box.get_by_role("checkbox")
    assert ticks.count() == 2
    assert page.evaluate("document.activeElement.id") == "sheet-part-0"
    press(page, "ArrowDown", " ", "Escape")
    assert not box.is_visible()
    assert small.stands("V1.3") == {}
    press(page, " ", "ArrowDown", " ")
    page.locator("#sheet-says", has_text="得").wait_for()
    assert page.inner_text("[data-panel=text]") == "1 / 2"
    page.evaluate(AXE)
    found = page.evaluate("options => axe.run('#sheet-parts', options)", OPTIONS)
    assert [fault["id"] for fault in found["violations"]] == []
    press(page, "Enter")
    settled(page)
    assert small.stands("V1.3") == {"V1.3.后备缺失": "0", "V1.3.未发展未培养": "1"}
    assert cell(page, 0, 1).locator(".sheet-text").inner_text() == "1 / 2"
    press(page, "ArrowUp", "1", "2", "Enter")
    settled(page)
    assert small.stands("V1.3") == {"V1.3.后备缺失": "1", "V1.3.未发展未培养": "0"}
    press(page, "Control+z")
    settled(page)
    assert small.stands("V1.3") == {"V1.3.后备缺失": "0", "V1.3.未发展未培养": "1"}


def test_counts_by_severity_and_quarter_are_one_cell_each(small: World, browser: Browser) -> None:
    """Numbers by name; what cannot be read stays in the cell; what a workbook spreads over columns is one again."""
    page = small.grid(browser, "town")
    press(page, "2", "Tab", "3", "ArrowDown", "1", "Enter")
    settled(page)
    first = ("V1.2.主题党日@Q1", "V1.2.党员大会@Q1", "V1.2.党课@Q1")
    assert [small.stands("V1.2").get(header) for header in first] == ["2", "3", "1"]
    press(page, "ArrowUp")
    copied = page.evaluate(COPY)
    assert copied == "主题党日@Q1=2；党员大会@Q1=3；党课@Q1=1"
    paste(page, "主题党日@Q1=4；党课@Q1：２")
    page.wait_for_selector(".toast")
    settled(page)
    assert [small.stands("V1.2").get(header) for header in first] == ["4", "", "2"]
    page.keyboard.insert_text("三次会")
    press(page, "Enter", "ArrowUp")
    assert "看不懂" in page.inner_text("#sheet-says")
    small.open_grid(page)
    assert page.input_value("#sheet-field") == "三次会", "kept through a reload"
    assert page.inner_text("[data-notice=problem]") == "1"
    paste(page, "\t".join(["1"] * 16))
    page.wait_for_selector(".toast")
    settled(page)
    assert set(small.stands("V1.2").values()) == {"1"}
    assert len(small.stands("V1.2")) == 16
    assert page.inner_text("[data-notice=problem]") == "0"
    page.close()


def test_evidence_is_added_over_the_grid(small: World, page: Page) -> None:
    """Opened by key beside a value that was just typed: files chosen, dragged, refused, taken away again."""
    press(page, "ArrowDown", "ArrowRight", "ArrowRight")
    page.keyboard.type("77")
    press(page, "Shift+F2")
    over = page.get_by_role("dialog", name="佐证")
    over.locator("input[type=file]").wait_for(state="attached")
    sent = (("问卷.pdf", files.PDF), ("假的.pdf", files.HTML))
    over.locator("input[type=file]").set_input_files(
        [FilePayload(name=name, mimeType="application/pdf", buffer=content) for name, content in sent]
    )
    over.locator("[data-evidence-states] .tag--err").wait_for()
    assert "看内容不是能收的文件" in over.locator("[data-evidence-states]").inner_text()
    over.locator("[data-evidence-files] a:has-text('问卷.pdf')").wait_for()
    photo = files.picture("JPEG", (400, 300), place=False)
    page.evaluate(DROP, [base64.b64encode(photo).decode(), "现场.jpg"])
    over.locator("[data-evidence-files] a:has-text('现场.jpg')").click()
    assert over.locator(".evidence-large").evaluate("one => one.decode().then(() => one.naturalWidth)") == 400
    page.evaluate(AXE)
    found = page.evaluate("options => axe.run('#sheet-evidence', options)", OPTIONS)
    assert [fault["id"] for fault in found["violations"]] == []
    over.locator(".evidence-remove summary").first.click()
    over.get_by_label("撤下的理由").first.fill("传错了")
    over.get_by_role("button", name="撤下").first.click()
    over.locator("[data-evidence-files] >> text=已撤下").wait_for()
    press(page, "Escape")
    assert page.evaluate("document.activeElement.id") == "sheet-field"
    page.locator("[data-panel=files-open]", has_text="1").wait_for()
    settled(page)
    small.open_grid(page)
    assert cell(page, 1, 2).locator(".sheet-text").inner_text() == "77"


def test_returned_cells_are_shown_with_their_reason_one_after_the_other(
    small: World, page: Page, browser: Browser
) -> None:
    from starrating.domain.verification import Verdict
    from starrating.services.assessment.verification import Seen, verify_scores
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
    assert said == ["不团结：与名册不符", "问卷不够"]
    assert page.inner_text("#sheet-returned [data-part=why]") == said[0], "and round again"
    press(page, "Alt+ArrowUp")
    page.keyboard.type("88")
    assert not page.is_visible("#sheet-returned")
    press(page, "Enter")
    settled(page)
    assert page.inner_text("[data-show=returned] [data-notice=returned]") == "1"
    assert small.stands("V6.1") == {"V6.1": "88"}
