"""How often one address may ask for what costs something, without signing in; counted over all processes."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app


def setting(name: str) -> Callable[[], str]:
    """A limit as the settings have it when somebody asks."""
    return lambda: str(current_app.config[name])


PAPERS, CHECKS, OPEN_DATA = setting("PAPERS_LIMIT"), setting("CHECKS_LIMIT"), setting("OPEN_DATA_LIMIT")
OBJECTING = setting("OBJECTING_LIMIT")
