"""The style guide's application for the tests of pages."""

import pytest
from flask import Flask

from tests.pages.app import styleguide_app
from tests.pages.client import HouseClient, house_client


@pytest.fixture(scope="session")
def guide() -> Flask:
    return styleguide_app()


@pytest.fixture
def guide_client(guide: Flask) -> HouseClient:
    return house_client(guide)
