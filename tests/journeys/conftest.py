"""A district in the year's scoring on a real server, and Chromium in front of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.chromium import STILL
from tests.conftest import SqliteServer, TestClock, application, close
from tests.journeys.server import Server
from tests.journeys.sheet import open_year
from tests.services import district


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1366, "height": 768}, reduced_motion=STILL)
    opened.set_default_timeout(30_000)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def built(sqlite_server: SqliteServer) -> tuple[str, dict[str, int]]:
    """A district with a year in scoring, made once: the address of its database and its people."""
    address = sqlite_server.fresh()
    made = application(address, TestClock())
    with made.app_context():
        people = district.build(each=22)
        people["cycle"] = open_year(people)
    close(made)
    return address, people


@pytest.fixture
def journey(sqlite_server: SqliteServer, built: tuple[str, dict[str, int]]) -> Iterator[Any]:
    """An application on a copy of that database, for looking at what stands there."""
    address = sqlite_server.empty()
    shutil.copyfile(built[0].removeprefix("sqlite:///"), address.removeprefix("sqlite:///"))
    made = application(address, TestClock())
    made.config["JOURNEY_DATABASE"] = address
    yield made
    close(made)
    sqlite_server.drop(address)


@pytest.fixture
def people(built: tuple[str, dict[str, int]]) -> dict[str, int]:
    return built[1]


@pytest.fixture
def server(journey: Any, tmp_path: Path) -> Iterator[Server]:
    """The server, started."""
    started = Server(journey.config["JOURNEY_DATABASE"], tmp_path)
    started.start()
    yield started
    started.kill()
