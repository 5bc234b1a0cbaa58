"""A small district in Chromium for tests of the grid's cells: a server in this process, somebody signed in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.chromium import STILL
from tests.conftest import SqliteServer, TestClock, application, close
from tests.journeys.browser import served
from tests.services import district
from tests.web.city import PASSWORD

EACH = 3
"""Units of each kind."""


class World:
    """The district with its year in scoring, and where its server listens."""

    def __init__(self, app: Any, people: dict[str, int], cycle: int, root: str) -> None:
        self.app, self.people, self.cycle, self.root = app, people, cycle, root

    def page(self, browser: Browser, name: str, width: int = 1366, height: int = 768) -> Page:
        """A page of somebody who signed in; its context is closed with it."""
        page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion=STILL)
        page.goto(f"{self.root}/accounts/sign-in")
        page.fill("#name", name)
        page.fill("#password", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda address: "sign-in" not in address)
        return page

    def grid(self, browser: Browser, name: str = "assessor", query: str = "") -> Page:
        """The grid of villages, ready for keys."""
        page = self.page(browser, name)
        self.open_grid(page, query)
        return page

    def open_grid(self, page: Page, query: str = "") -> None:
        """Open the grid, or open it anew."""
        page.goto(f"{self.root}/scoring/cycles/{self.cycle}/village/grid{query}")
        page.wait_for_selector("[data-ready]")

    def stands(self, header: str) -> dict[str, str]:
        """Unit → what is stored under a header that begins so, by header where there are several."""
        from sqlalchemy import select

        from starrating.extensions import db
        from starrating.models.scores import ScoreCell

        with self.app.app_context():
            rows = db.session.execute(
                select(ScoreCell.header, ScoreCell.state, ScoreCell.value)
                .where(ScoreCell.unit_id == self.people["first"], ScoreCell.header.startswith(header))
            ).all()  # fmt: skip
            db.session.remove()
        return {one: "／" if state == "not_applicable" else value for one, state, value in rows}


@contextmanager
def world(servers: SqliteServer, folder: Path) -> Iterator[World]:
    """The district, made and served; nothing of it is filled in."""
    address = servers.fresh()
    app = application(address, TestClock(), EVIDENCE_FOLDER=str(folder / "evidence"))
    with app.app_context():
        people = district.build(EACH)
        cycle = district.opened(people)
        district.step(cycle, "open_scoring", people["wang"])
    with served(app) as root:
        yield World(app, people, cycle, root)
    close(app)
    servers.drop(address)
