from typing import Any

import pytest

from tests.services import district
from tests.services.public_year import year

__all__ = ["year"]


@pytest.fixture
def people(app: Any) -> dict[str, int]:
    """The small district with its people, in the application in use; name → key."""
    with app.app_context():
        return district.build()


@pytest.fixture
def verified(app: Any, people: dict[str, int]) -> int:
    """The key of a cycle of the district that is filled in and in verification."""
    with app.app_context():
        key = district.opened(people)
        district.step(key, "open_scoring", people["wang"])
        district.fill(key)
        district.step(key, "close_scoring", people["wang"])
        return key
