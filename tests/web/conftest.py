"""The small city as the tests of pages find it: empty, with its people, with a year that stands."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.city import import_city, make_accounts
from tests.web.standing_year import give_posts, stand
from tests.worlds import Known, Stood, World, copied


def _city(_known: Known, _clock: Any) -> Known:
    import_city()
    return {}


def _people(_known: Known, _clock: Any) -> Known:
    return {"people": make_accounts()}


def _standing(known: Known, _clock: Any) -> Known:
    stand(known["people"])
    return known


def _posted(known: Known, _clock: Any) -> Known:
    give_posts()
    return known


CITY = World("city", _city)
PEOPLE = World("people", _people, CITY)
STANDING = World("standing", _standing, PEOPLE)
POSTED = World("posted", _posted, STANDING)


@pytest.fixture
def stood(request: pytest.FixtureRequest, server: Any, clock: Any) -> Iterator[Stood]:
    """A copy of the furthest world that a test asks for; empty where it asks for none."""
    yield from copied(server, (CITY, PEOPLE, STANDING, POSTED), request.fixturenames, clock)


@pytest.fixture
def database(stood: Stood) -> str:
    """The address of the database of that world."""
    return stood.address


@pytest.fixture
def city(app: Any) -> Any:
    """The application with the small city in it."""
    return app


@pytest.fixture
def people(city: Any, stood: Stood) -> dict[str, int]:
    """Name → key of an account of every role in the small city."""
    return dict(stood.known["people"])


@pytest.fixture
def standing(city: Any, people: dict[str, int], tmp_path: Path) -> Any:
    """The small city with a published year; pictures are kept beside its database."""
    city.config["CHART_FOLDER"] = str(tmp_path / "charts")
    return city


@pytest.fixture
def posted(standing: Any) -> Any:
    """The same, where people hold posts."""
    return standing
