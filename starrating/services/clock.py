"""The one clock of an application; tests put their own in its place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from flask import current_app

Clock = Callable[[], datetime]
EXTENSION = "starrating_clock"


def system_clock() -> datetime:
    """The instant it is, in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """The instant it is for the current application, in UTC."""
    clock: Clock = current_app.extensions[EXTENSION]
    return clock()
