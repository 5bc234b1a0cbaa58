"""What the journeys through the grid share: a year of indicators of every method, a signed-in page, what stands."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import BrowserContext, Page

from tests.journeys.server import Server
from tests.web.city import PASSWORD

DEPARTMENT = "区委组织部"
METHODS = (
    "method: direct, max: 10, step: 0.5",
    "method: count, start: 8, each: -1, min: 0",
    "method: bands, bands: [{from: 50, points: 8}, {from: 30, points: 6}, {points: 0}]",
    "method: line, at: [[0, 0], [100, 10]]",
    "method: choice, options: {好: 3, 中: 2, 差: 0}",
)
TEXTS = (("9.5", "8"), ("1", "0"), ("46.2", "12"), ("66", "100"), ("好", "差"))
"""Two values for each of the methods."""
SPECIAL = """  - code: T
    name: 其他
    children:
      - {code: T1, name: 耕地, method: cases, start: 4, each: {抛荒: -1, 缺口: -0.5}, min: 0, missing: exclude,
         source: %s}
      - {code: T2, name: 管护, method: checklist, items: {有人管: 1, 有台账: 2}, source: %s, evidence: 说明}
      - {code: T3, name: 别人填的, method: count, start: 4, each: -1, min: 0, source: 区民政局}
"""


def indicator(number: int) -> str:
    """One of the thirty, its method by turns."""
    return f"      - {{code: A{number}, name: 指标{number}, {METHODS[number % 5]}, source: {DEPARTMENT}}}"


def scheme() -> str:
    """Thirty indicators in three groups, and others beside them: in parts, with a reason, somebody else's."""
    groups = []
    for group in range(3):
        leaves = "\n".join(indicator(group * 10 + number) for number in range(10))
        groups.append(f"  - code: G{group + 1}\n    name: 第{group + 1}组\n    children:\n{leaves}\n")
    more = SPECIAL % (DEPARTMENT, DEPARTMENT)
    return (
        "format: starrating/1\ncode: journey\ntitle: 示例\nyear: 2024\napplies_to: [village, community]\n"
        "levels: [{code: none, name: 无星, stars: 0}, {code: five, name: 五星, stars: 5}]\n"
        f"indicators:\n{''.join(groups)}{more}allocation:\n  levels: {{five: {{quota: 10%}}}}\n"
    )


def value(row: int, column: int) -> str:
    """What the journeys put into a cell: something of the column's method."""
    return TEXTS[column % 5][(row + column) % 2]


def open_year(people: dict[str, int]) -> int:
    """The year in scoring."""
    from starrating.services.years.cycles import open_cycle
    from starrating.services.years.scheme_texts import read_uploaded
    from tests.services import district

    read = read_uploaded(scheme().encode())
    key = open_cycle(people["district"], 2024, {"village": read, "community": read}, people["wang"])
    district.step(key, "open_scoring", people["wang"])
    return key


def stands(app: Any, cycle: int = 1) -> dict[tuple[str, str], str]:
    """What is stored: name of the unit and header → text."""
    from sqlalchemy import select

    from starrating.extensions import db
    from starrating.models.divisions import Unit
    from starrating.models.scores import ScoreCell

    with app.app_context():
        rows = db.session.execute(
            select(Unit.name, ScoreCell.header, ScoreCell.state, ScoreCell.value)
            .join(Unit, Unit.id == ScoreCell.unit_id)
            .where(ScoreCell.cycle_id == cycle)
        ).all()
        db.session.remove()
    return {(name, header): "／" if state == "not_applicable" else text or "" for name, header, state, text in rows}


def sign_in(page: Page, server: Server, name: str = "assessor") -> None:
    """Sign in through the form."""
    page.goto(f"{server.address}/accounts/sign-in")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda address: "sign-in" not in address)


def open_grid(page: Page, server: Server, query: str = "") -> None:
    """The grid, ready for keys, with the first cell active."""
    page.goto(f"{server.address}/scoring/cycles/1/village/grid{query}")
    page.wait_for_selector("[data-ready]")


def grid_for(context: BrowserContext, server: Server, name: str = "assessor", query: str = "") -> Page:
    """A page of somebody who is signed in, at the grid."""
    page = context.new_page()
    sign_in(page, server, name)
    open_grid(page, server, query)
    return page


def settled(page: Page, timeout: int = 30_000) -> None:
    """Wait until nothing waits to be saved."""
    page.wait_for_selector("#sheet-page[data-waiting='0']", timeout=timeout)


def names(page: Page) -> list[str]:
    """The units in the order of the rows that are in the document."""
    return [text.strip() for text in page.locator(".sheet-unit .sheet-name").all_inner_texts()]


def cell(page: Page, row: int, column: int) -> Any:
    """A cell by its place, from 0."""
    return page.locator(f"tr[aria-rowindex='{row + 4}'] td[aria-colindex='{column + 2}']")


def shown(page: Page, row: int, column: int) -> str:
    """The text of a cell as it is seen, in the field where that lies in it."""
    found = page.evaluate(
        """([row, column]) => {
          const cell = document.querySelector(`tr[aria-rowindex='${row + 4}'] td[aria-colindex='${column + 2}']`);
          return (cell.querySelector("input")?.value) ?? cell.querySelector(".sheet-text").textContent;
        }""",
        [row, column],
    )
    return str(found)


def paste(page: Page, text: str) -> None:
    """Paste a text as a spreadsheet would give it."""
    page.evaluate(
        """(text) => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
          document.activeElement.dispatchEvent(event);
        }""",
        text,
    )


def pasted(page: Page, text: str) -> None:
    """Paste a block that may stand as a whole, and wait until it is saved."""
    paste(page, text)
    page.wait_for_selector(".toast")
    settled(page)


def press(page: Page, *keys: str) -> None:
    """Keys one after the other."""
    for key in keys:
        page.keyboard.press(key)
