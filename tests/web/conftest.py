from pathlib import Path
from typing import Any

import pytest

from tests.web.city import import_city, make_accounts


@pytest.fixture
def city(app: Any, tmp_path: Path) -> Any:
    """The application with the small city in it."""
    with app.app_context():
        import_city(tmp_path)
    return app


@pytest.fixture
def people(city: Any) -> dict[str, int]:
    """Name → key of an account of every role in the small city."""
    with city.app_context():
        return make_accounts()
