"""How often one address may ask for what costs something, without signing in; counted over all processes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app

from starrating.extensions import limiter

LIMITED = ("public", "api")
"""The blueprints with addresses whose requests are counted: what is open to everybody."""


def register(app: Flask) -> None:
    """Count what is open to everybody; the limiter is not asked before and after each of all other requests."""
    limiter.init_app(app)
    _only_where_limited(app.before_request_funcs)
    _only_where_limited(app.after_request_funcs)
    _only_where_limited(app.teardown_request_funcs)


def _only_where_limited(hooks: dict[Any, list[Any]]) -> None:
    """Hand what the limiter just hung on every request to the blueprints with limits."""
    own = hooks[None].pop()
    for name in LIMITED:
        hooks.setdefault(name, []).append(own)


def setting(name: str) -> Callable[[], str]:
    """A limit as the settings have it when somebody asks."""
    return lambda: str(current_app.config[name])


PAPERS, CHECKS, OPEN_DATA = setting("PAPERS_LIMIT"), setting("CHECKS_LIMIT"), setting("OPEN_DATA_LIMIT")
OBJECTING = setting("OBJECTING_LIMIT")
