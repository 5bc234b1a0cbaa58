"""Filling 20 units × 30 indicators by keyboard alone, typing and pasting, while the line and the server break."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import BrowserContext

from tests.chromium import IN_CHROMIUM
from tests.journeys.server import Server
from tests.journeys.sheet import grid_for, names, paste, press, settled, stands, value

pytestmark = IN_CHROMIUM
ROWS, COLUMNS = 20, 30


def wanted(units: list[str]) -> dict[tuple[str, str], str]:
    return {(units[row], f"A{column}"): value(row, column) for row in range(ROWS) for column in range(COLUMNS)}


def test_typed_with_the_line_and_the_server_broken_in_between(
    journey: Any, server: Server, context: BrowserContext
) -> None:
    page = grid_for(context, server)
    units = names(page)[:ROWS]
    assert len(units) == ROWS
    for row in range(ROWS):
        if row == 5:
            context.set_offline(True)
        if row == 9:
            context.set_offline(False)
        if row == 12:
            server.kill()
        if row == 15:
            server.start()
        for column in range(COLUMNS):
            page.keyboard.type(value(row, column)) if value(row, column).isascii() else page.keyboard.insert_text(
                value(row, column)
            )
            press(page, "Tab" if column < COLUMNS - 1 else "Enter")
    settled(page, 60_000)
    assert stands(journey) == wanted(units)


def test_pasted_with_the_server_killed_and_the_page_loaded_anew(
    journey: Any, server: Server, context: BrowserContext
) -> None:
    page = grid_for(context, server)
    units = names(page)[:ROWS]
    block = "\r\n".join("\t".join(value(row, column) for column in range(COLUMNS)) for row in range(ROWS)) + "\r\n"
    context.set_offline(True)
    paste(page, block)
    page.wait_for_selector(".sheet .score--waiting")
    server.kill()
    context.set_offline(False)
    server.start()
    page.reload()
    page.wait_for_selector("[data-ready]")
    settled(page, 60_000)
    assert stands(journey) == wanted(units)


def test_a_batch_whose_answer_is_lost_is_one_effect(journey: Any, server: Server, context: BrowserContext) -> None:
    """The server stores the value but the answer never comes; meanwhile something newer is typed into the same cell."""
    from sqlalchemy import func, select

    from starrating.extensions import db
    from starrating.models.scores import ScoreValue

    page = grid_for(context, server)
    lost: list[str] = []

    def lose(route: Any) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.request.url)
        route.fetch()
        route.abort()

    page.route("**/grid/cells", lose)
    page.keyboard.type("8")
    press(page, "Enter")
    page.wait_for_selector(".sheet .score--waiting")
    press(page, "ArrowUp")
    page.keyboard.type("9")
    press(page, "Enter")
    settled(page)
    assert lost
    assert stands(journey) == {(names(page)[0], "A0"): "9"}
    with journey.app_context():
        assert db.session.scalar(select(func.count()).select_from(ScoreValue)) == 2
        db.session.remove()
