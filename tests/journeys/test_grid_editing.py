"""The grid's own manners: keys, choices, input methods, full-width digits, blocks, undo, what is refused, conflicts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.chromium import IN_CHROMIUM
from tests.journeys.server import Server
from tests.journeys.sheet import cell, grid_for, names, open_grid, paste, pasted, press, settled, shown, sign_in, stands
from tests.pages.test_browser import violations

pytestmark = IN_CHROMIUM
T1, T2, LAST = 30, 31, 31
"""The columns after the thirty: one of two cases, one of two marks that want a reason."""


@pytest.fixture
def page(context: BrowserContext, server: Server) -> Page:
    return grid_for(context, server)


def active(page: Page) -> tuple[int, int]:
    """Row and column of the active cell."""
    found = page.evaluate(
        """() => {
          const cell = document.getElementById("sheet-field").closest("td");
          return [cell.parentElement.ariaRowIndex - 4, cell.ariaColIndex - 2];
        }"""
    )
    return found[0], found[1]


def state(page: Page, row: int, column: int, name: str) -> None:
    """Wait until a cell is in a state."""
    page.wait_for_selector(f"tr[aria-rowindex='{row + 4}'] td[aria-colindex='{column + 2}'].score--{name}")


def colleague(app: Any, server: Server, browser: Any) -> Page:
    """The grid of another person of the same department."""
    from sqlalchemy import update

    from starrating.models.accounts import Grant
    from starrating.services.transaction import transaction

    with app.app_context(), transaction() as session:
        session.execute(
            update(Grant).where(Grant.role == "auditor").values(role="district_assessor", department="区委组织部")
        )
    return grid_for(browser.new_context(), server, "auditor")


def test_keys_move_as_in_a_spreadsheet(page: Page) -> None:
    press(page, "ArrowDown", "ArrowRight", "ArrowRight")
    assert active(page) == (1, 2)
    press(page, "End")
    assert active(page) == (1, LAST)
    press(page, "Tab")
    assert active(page) == (2, 0)
    press(page, "Shift+Tab", "Home", "Control+End")
    assert active(page) == (21, LAST)
    press(page, "Control+Home", "PageDown")
    assert active(page)[0] > 5
    press(page, "PageUp")
    assert active(page) == (0, 0)
    press(page, "Enter", "Enter", "Shift+Enter")
    assert active(page) == (1, 0)
    press(page, "Shift+ArrowRight", "Shift+ArrowDown")
    assert active(page) == (1, 0)
    assert page.locator("td[aria-selected=true]").count() == 4
    press(page, "Escape")
    assert page.evaluate("document.activeElement.id") == "sheet-after", "the grid is no trap"
    press(page, "Enter")
    assert page.is_visible("#sheet-keys")
    press(page, "Escape")
    assert page.evaluate("document.activeElement.id") == "sheet-field"


def test_typing_replaces_f2_edits_escape_gives_up(page: Page, journey: Any) -> None:
    unit = names(page)[0]
    page.keyboard.type("1")
    press(page, "Escape")
    assert shown(page, 0, 1 - 1) == ""
    press(page, "ArrowRight")
    page.keyboard.type("12")
    press(page, "ArrowDown", "ArrowUp")
    settled(page)
    page.keyboard.press("F2")
    page.keyboard.type("3")
    press(page, "ArrowLeft", "ArrowLeft", "Delete", "Enter")
    settled(page)
    assert stands(journey) == {(unit, "A1"): "13"}
    assert shown(page, 0, 1) == "13"


def test_full_width_digits_and_enter_of_an_input_method(page: Page, journey: Any, context: BrowserContext) -> None:
    """An Enter that ends a composition does not leave the cell; full-width digits are the digits."""
    unit = names(page)[0]
    devices = context.new_cdp_session(page)
    devices.send("Input.imeSetComposition", {"text": "９．", "selectionStart": 2, "selectionEnd": 2})
    devices.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Process", "code": "Enter",
                                            "windowsVirtualKeyCode": 229})  # fmt: skip
    assert active(page) == (0, 0)
    devices.send("Input.insertText", {"text": "９．５"})
    assert active(page) == (0, 0)
    press(page, "Enter")
    assert active(page) == (1, 0)
    settled(page)
    assert stands(journey) == {(unit, "A0"): "9.5"}
    assert shown(page, 0, 0) == "9.5"


def test_a_choice_is_picked_from_its_list_or_by_its_number(page: Page, journey: Any) -> None:
    units = names(page)
    press(page, *["ArrowRight"] * 4, " ")
    assert page.is_visible("#sheet-options")
    assert page.locator("#sheet-options [role=option]").count() == 4
    press(page, "ArrowDown", "Enter")
    press(page, "ArrowDown", "2", "ArrowDown", " ", "3")
    settled(page)
    found = stands(journey)
    assert set(found) == {(units[row], "A4") for row in range(3)}
    assert found[units[1], "A4"] != found[units[2], "A4"]
    press(page, " ", "Escape")
    assert active(page) == (2, 4)


def test_what_is_refused_keeps_its_text_and_says_why(page: Page, journey: Any, server: Server) -> None:
    page.keyboard.insert_text("三")
    press(page, "Tab")
    page.keyboard.type("4")
    press(page, "Enter")
    state(page, 0, 0, "refused")
    settled(page)
    assert shown(page, 0, 0) == "三"
    assert stands(journey) == {(names(page)[0], "A1"): "4"}
    press(page, "ArrowRight", "ArrowRight", "Alt+ArrowDown")
    assert active(page) == (0, 0)
    assert "不是数" in page.inner_text("#sheet-says")
    assert page.get_attribute("#sheet-field", "aria-invalid") == "true"
    open_grid(page, server, "?show=problem")
    state(page, 0, 0, "refused")
    assert shown(page, 0, 0) == "三"
    page.keyboard.type("7")
    press(page, "Enter")
    settled(page)
    assert stands(journey)[names(page)[0], "A0"] == "7"


def test_undo_and_redo_are_saved_like_everything_else(page: Page, journey: Any) -> None:
    unit = names(page)[0]
    page.keyboard.type("3")
    press(page, "Enter", "ArrowUp")
    settled(page)
    page.keyboard.type("4")
    press(page, "Enter", "Control+z")
    settled(page)
    assert stands(journey) == {(unit, "A0"): "3"}
    press(page, "Control+y")
    settled(page)
    assert stands(journey) == {(unit, "A0"): "4"}
    press(page, "Control+z", "Control+z")
    settled(page)
    assert stands(journey) == {(unit, "A0"): ""}


def test_fill_down_blank_and_not_applicable(page: Page, journey: Any) -> None:
    units = names(page)
    page.keyboard.type("5")
    press(page, "Enter", "ArrowUp", "Shift+ArrowDown", "Shift+ArrowDown", "Control+d")
    settled(page)
    assert stands(journey) == {(unit, "A0"): "5" for unit in units[:3]}
    press(page, "Delete")
    settled(page)
    assert stands(journey) == {(unit, "A0"): "" for unit in units[:3]}
    press(page, "Home", *["ArrowRight"] * T1, "Alt+n")
    settled(page)
    found = stands(journey)
    assert {header: text for (unit, header), text in found.items() if unit == units[0] and header != "A0"} == {
        "T1.抛荒": "／",
        "T1.缺口": "／",
    }
    press(page, "Home", "Alt+n")
    assert "不能填不适用" in page.inner_text("[data-notice=told]")


def test_a_reason_goes_with_the_value_that_needs_it(page: Page, journey: Any) -> None:
    press(page, *["ArrowRight"] * T2)
    page.keyboard.type("1")
    press(page, "Enter", "ArrowUp")
    state(page, 0, T2, "refused")
    assert "理由" in page.inner_text("#sheet-says")
    press(page, "Control+Enter")
    page.keyboard.insert_text("看过台账")
    press(page, "Tab", "Tab", "Enter")
    page.wait_for_selector(".sheet .score--refused", state="detached")
    settled(page)
    assert page.locator(".sheet .score--refused").count() == 0
    found = {header: text for (_, header), text in stands(journey).items() if header.startswith("T2")}
    assert found == {"T2.有人管": "1", "T2.有台账": "0"}


def test_a_block_goes_out_and_comes_back_with_what_does_not_fit_said(page: Page, journey: Any) -> None:
    units = names(page)
    pasted(page, '"9"\t1\t40\r\n8\t"2"\t30')
    assert stands(journey) == {
        (units[0], "A0"): "9", (units[0], "A1"): "1", (units[0], "A2"): "40",
        (units[1], "A0"): "8", (units[1], "A1"): "2", (units[1], "A2"): "30",
    }  # fmt: skip
    copied = page.evaluate(
        """() => {
          const data = new DataTransfer();
          document.activeElement.dispatchEvent(
            new ClipboardEvent("copy", { clipboardData: data, bubbles: true, cancelable: true }));
          return data.getData("text/plain");
        }"""
    )
    assert copied == "9\t1\t40\r\n8\t2\t30"
    press(page, "Control+End", "ArrowLeft", "ArrowLeft", "ArrowUp")
    paste(page, "1\t无\t5\t6\n0\n1\t1\t1\t1\n")
    page.wait_for_selector("#sheet-paste[open]")
    said = page.inner_text("#sheet-paste")
    for part in ("右边放不下1列", "下面放不下1行", "比别的行短", "无"):
        assert part in said, said
    press(page, "Escape")
    settled(page)
    assert len(stands(journey)) == 6


def test_who_only_reads_changes_nothing(journey: Any, server: Server, context: BrowserContext) -> None:
    page = grid_for(context, server, "auditor")
    state(page, 0, 0, "locked")
    page.keyboard.type("5")
    press(page, "Enter", "Delete", "Control+d")
    assert "锁定" in page.inner_text("[data-notice=told]")
    paste(page, "1\t2")
    page.wait_for_selector("#sheet-paste[open]")
    assert "2格锁定" in page.inner_text("#sheet-paste")
    assert not page.is_visible("#sheet-paste [data-part=save]")
    press(page, "Escape")
    assert stands(journey) == {}


def test_a_conflict_is_settled_either_way(page: Page, journey: Any, server: Server, browser: Any) -> None:
    """Another person of the department saves the same cells meanwhile."""
    other = colleague(journey, server, browser)
    pasted(other, "1\n2")
    unit, next_unit = names(page)[:2]
    paste(page, "3\n4")
    state(page, 0, 0, "conflict")
    state(page, 1, 0, "conflict")
    assert stands(journey) == {(unit, "A0"): "1", (next_unit, "A0"): "2"}
    press(page, "ArrowUp", "ArrowDown", "Control+Home")
    page.wait_for_selector("#sheet-conflict:not([hidden])")
    assert "郭强" in page.inner_text("#sheet-conflict")
    assert shown(page, 0, 0) == "3"
    page.click("[data-choose=theirs]")
    settled(page)
    assert shown(page, 0, 0) == "1"
    press(page, "ArrowDown", " ", "Tab", "Enter")
    settled(page)
    assert stands(journey) == {(unit, "A0"): "1", (next_unit, "A0"): "4"}
    assert page.locator(".sheet .score--conflict").count() == 0
    other.context.close()


def test_undoing_never_writes_over_what_somebody_else_saved(
    page: Page, journey: Any, server: Server, browser: Any
) -> None:
    """Of three cells in conflict one stays theirs, one is made mine, one is undone while it is in conflict."""
    other = colleague(journey, server, browser)
    pasted(other, "1\n2\n5")
    units = names(page)[:3]
    paste(page, "3\n4\n6")
    for row in range(3):
        state(page, row, 0, "conflict")
    press(page, "Control+Home")
    page.click("[data-choose=theirs]")
    press(page, "ArrowDown")
    page.click("[data-choose=mine]")
    settled(page)
    assert stands(journey) == dict(zip([(unit, "A0") for unit in units], "145", strict=True))
    press(page, "Control+z")
    page.wait_for_selector(".sheet .score--conflict", state="detached")
    settled(page)
    assert stands(journey) == dict(zip([(unit, "A0") for unit in units], "125", strict=True))
    assert [shown(page, row, 0) for row in range(3)] == ["1", "2", "5"]
    press(page, "Control+y")
    settled(page)
    assert stands(journey) == dict(zip([(unit, "A0") for unit in units], "145", strict=True))
    other.context.close()


@pytest.mark.parametrize("how", ["cookie", "ended"])
def test_an_expired_sign_in_loses_nothing(
    page: Page, journey: Any, server: Server, context: BrowserContext, how: str
) -> None:
    """The session ends while one types; one signs in on another page, and what waited is saved."""
    if how == "cookie":
        context.clear_cookies()
    else:
        from sqlalchemy import update

        from starrating.models.accounts import SessionRecord
        from starrating.services.clock import now
        from starrating.services.transaction import transaction

        with journey.app_context(), transaction() as session:
            session.execute(update(SessionRecord).values(ended_at=now()))
    page.keyboard.type("6")
    press(page, "Enter")
    page.wait_for_selector("[data-notice=strip][data-kind=signin]")
    page.keyboard.type("7")
    press(page, "Enter")
    assert stands(journey) == {}
    with context.expect_page() as opened:
        page.click("[data-notice=strip] a")
    again = opened.value
    again.fill("#name", "assessor")
    again.fill("#password", "星光 不负赶路人 2024")
    again.click("main button[type=submit]")
    again.wait_for_selector("[data-ready]")
    page.bring_to_front()
    settled(page)
    first, second = names(page)[:2]
    assert stands(journey) == {(first, "A0"): "6", (second, "A0"): "7"}
    page.keyboard.type("8")
    press(page, "Enter")
    settled(page)
    assert len(stands(journey)) == 3


def test_a_sheet_with_quotes_and_line_ends_in_cells_is_read(page: Page, journey: Any) -> None:
    """What Excel writes of cells with line ends, tabs and quotes; a quote that is never closed is a letter."""
    read = """async (text) => (await import("/static/js/grid/tsv.js")).parse(text)"""
    assert page.evaluate(read, '"a\nb"\t"c""d"\r\n"e\tf"\tg"h\r\n') == [["a\nb", 'c"d'], ["e\tf", 'g"h']]
    assert page.evaluate(read, '"a\tb\nc') == [['"a', "b"], ["c"]]
    assert page.evaluate(read, "\ufeff1\r2\n\n3") == [["1"], ["2"], [""], ["3"]]
    written = """async (rows) => (await import("/static/js/grid/tsv.js")).format(rows)"""
    assert page.evaluate(written, [["a\nb", 'c"d'], ["1", ""]]) == '"a\nb"\t"c""d"\r\n1\t'


def test_one_cell_that_is_not_understood_holds_up_no_other(page: Page, journey: Any) -> None:
    def spoil(route: Any) -> None:
        cells = route.request.post_data_json["cells"]
        if any(one["text"] == "7" for one in cells):
            route.fulfill(status=400, json={"status": 400, "detail": ""})
        else:
            route.continue_()

    page.route("**/grid/cells", spoil)
    pasted_text = "\n".join(["9", "8", "7", "6", "5"])
    paste(page, pasted_text)
    state(page, 2, 0, "refused")
    settled(page)
    assert sorted(stands(journey).values()) == ["5", "6", "8", "9"]
    assert shown(page, 2, 0) == "7"


def test_scrolled_away_the_cell_keeps_the_keys(page: Page, journey: Any) -> None:
    """The active row is not in the document any more; the next key brings it back and goes into its cell."""
    press(page, "ArrowRight")
    page.evaluate("document.getElementById('sheet-view').scrollTop = 10000")
    page.wait_for_selector("tr[aria-rowindex='4']", state="detached")
    press(page, "F2")
    page.keyboard.type("2")
    press(page, "Enter")
    settled(page)
    assert stands(journey) == {(names(page)[0], "A1"): "2"}


def test_what_stands_out_is_marked_and_found(page: Page, journey: Any, server: Server) -> None:
    pasted(page, "\n".join(["9", "9.5", "8.5", "9", "9.5", "8.5", "9", "9", "0"]))
    open_grid(page, server, "?show=doubt")
    page.wait_for_selector(".sheet .score--doubt")
    assert page.locator(".sheet-unit").count() == 1
    assert "全区" in page.inner_text("#sheet-says")
    page.keyboard.type("8")
    press(page, "Enter")
    settled(page)
    page.wait_for_selector(".sheet .score--doubt", state="detached")


def test_another_account_on_the_same_browser_sees_nothing(
    page: Page, journey: Any, server: Server, context: BrowserContext
) -> None:
    from sqlalchemy import update

    from starrating.models.accounts import Grant
    from starrating.services.transaction import transaction

    with journey.app_context(), transaction() as session:
        session.execute(
            update(Grant).where(Grant.role == "auditor").values(role="district_assessor", department="区委组织部")
        )
    server.kill()
    page.keyboard.type("6")
    press(page, "Enter")
    page.wait_for_selector(".sheet .score--waiting")
    page.goto("about:blank")
    context.clear_cookies()
    server.start()
    sign_in(page, server, "auditor")
    open_grid(page, server)
    assert stands(journey) == {}
    assert shown(page, 0, 0) == ""
    page.wait_for_timeout(1_000)
    assert stands(journey) == {}
    context.clear_cookies()
    sign_in(page, server, "assessor")
    open_grid(page, server)
    settled(page)
    assert stands(journey) == {(names(page)[0], "A0"): "6"}


def test_the_grid_is_open_to_everyone(page: Page, server: Server) -> None:
    blocked: list[str] = []
    page.on("console", lambda message: blocked.append(message.text) if message.type == "error" else None)
    page.keyboard.insert_text("三")
    press(page, "Enter")
    state(page, 0, 0, "refused")
    press(page, "ArrowUp", *["ArrowRight"] * 4, " ")
    assert [(fault["id"], [node["html"] for node in fault["nodes"]][:3]) for fault in violations(page)] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert blocked == []
    assert cell(page, 0, 0).get_attribute("aria-invalid") == "true"


def test_on_a_phone_the_page_leads_to_one_unit_a_page(browser: Any, server: Server) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    sign_in(page, server)
    page.goto(f"{server.address}/scoring/cycles/1/village/grid")
    assert not page.is_visible("#sheet-page")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.click(".sheet-phone a >> nth=0")
    assert "/units/" in page.url
    context.close()
