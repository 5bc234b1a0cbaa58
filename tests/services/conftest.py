"""The small district as the tests of services and their pages find it: the step of its year that a test asks for."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.services import district
from tests.services.public_year import year, years_published
from tests.worlds import Stood, copied

__all__ = ["year", "years_published"]


@pytest.fixture
def stood(request: pytest.FixtureRequest, server: Any, clock: Any) -> Iterator[Stood]:
    """A copy of the furthest step of the district's year that a test asks for; empty where it asks for none."""
    yield from copied(server, district.WORLDS, request.fixturenames, clock)


@pytest.fixture
def database(stood: Stood) -> str:
    """The address of the database of that step."""
    return stood.address


@pytest.fixture
def people(app: Any, stood: Stood) -> dict[str, int]:
    """The small district with its people, in the application in use; name → key."""
    return dict(stood.known["people"])


@pytest.fixture
def in_scoring(app: Any, stood: Stood) -> int:
    """The key of a year of the district that takes scores and has none."""
    return int(stood.known["cycle"])


@pytest.fixture
def entered(app: Any, stood: Stood) -> int:
    """The key of a year of the district in scoring, every score entered."""
    return int(stood.known["cycle"])


@pytest.fixture
def verified(app: Any, stood: Stood) -> int:
    """The key of a cycle of the district that is filled in and in verification."""
    return int(stood.known["cycle"])


@pytest.fixture
def determined(app: Any, stood: Stood) -> int:
    """The key of a cycle whose determination was confirmed, on a Friday before a holiday."""
    return int(stood.known["cycle"])
