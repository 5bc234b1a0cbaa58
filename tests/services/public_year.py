"""A small district with two published years, built once for a run: what the public may see, beside what it may not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import TestClock, application, close
from tests.services import district

ADDRESS = "https://stars.example.gov.cn"
EACH = 6
"""Units of each kind."""


@dataclass(frozen=True)
class PublicYear:
    """The application, who is who in it, the key of 2024 and that of 2025."""

    app: Any
    clock: TestClock
    people: dict[str, int]
    cycle_id: int
    next_id: int
    papers: Path


@pytest.fixture(scope="session")
def years_published(sqlite_server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, PublicYear]]:
    """A database with 2024 and 2025 of a small 北辰区, published in the Februaries after: nobody is connected to it."""
    folder, address, clock = tmp_path_factory.mktemp("public"), sqlite_server.fresh(), TestClock()
    app = application(address, clock, CHART_FOLDER=str(folder), PUBLIC_ADDRESS=ADDRESS)
    with app.app_context():
        people = district.build(EACH)
        cycle_id = published(people, clock)
        next_id = published(people, clock, 2025)
    close(app)
    yield address, PublicYear(app, clock, people, cycle_id, next_id, folder / "papers")
    sqlite_server.drop(address)


@pytest.fixture(scope="module")
def year(sqlite_server: Any, years_published: tuple[str, PublicYear]) -> Iterator[PublicYear]:
    """Those years for one module, which may change them: others find them as they were published."""
    of, built = years_published
    address, clock = sqlite_server.copy(of), TestClock(built.clock.at)
    app = application(address, clock, CHART_FOLDER=str(built.papers.parent), PUBLIC_ADDRESS=ADDRESS)
    yield replace(built, app=app, clock=clock)
    close(app)
    sqlite_server.drop(address)


def published(people: dict[str, int], clock: TestClock, year: int = 2024) -> int:
    """The key of a year that went all the way."""
    from starrating.queries.content import content_digest
    from starrating.services.publication.publication import open_notice, publish
    from starrating.services.rating.determination import confirm_determination, determine

    clock.at = datetime(year + 1, 1, 13, 1, tzinfo=UTC)
    key = district.opened(people, year)
    district.step(key, "open_scoring", people["wang"])
    district.fill(key, year, EACH)
    district.step(key, "close_scoring", people["wang"])
    confirm_determination(key, content_digest(determine(key, people["wang"])), people["liu"])
    open_notice(key, date(year + 1, 1, 13), None, people["wang"])
    clock.advance(days=40)
    publish(key, None, people["wang"])
    return key
