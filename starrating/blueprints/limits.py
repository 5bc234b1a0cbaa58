"""How often one address may ask for what costs something, without signing in; counted over all processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask, current_app

from starrating.extensions import limiter

LIMITED = ("public", "api")
"""The blueprints with addresses whose requests are counted: what is open to everybody."""


def register(app: Flask) -> None:
    """Count what is open to everybody; the limiter is not asked before and after each of all other requests."""
    every: tuple[dict[Any, list[Any]], ...] = (
        app.before_request_funcs,
        app.after_request_funcs,
        app.teardown_request_funcs,
    )
    before = [tuple(hooks.get(None, ())) for hooks in every]
    limiter.init_app(app)
    for hooks, others in zip(every, before, strict=True):
        _only_where_limited(hooks, others)


def _only_where_limited(hooks: dict[Any, list[Any]], others: Sequence[Any]) -> None:
    """Hand what the limiter hung on every request to the blueprints with limits, and nothing of anybody else's."""
    hung = hooks.get(None, [])
    own = hung[len(others) :]
    if len(own) != 1 or tuple(hung[: len(others)]) != tuple(others):
        raise RuntimeError(f"the limiter was expected to hang one hook behind the others, not {own}")
    hooks[None] = list(others)
    for name in LIMITED:
        hooks.setdefault(name, []).append(own[0])


def setting(name: str) -> Callable[[], str]:
    """A limit as the settings have it when somebody asks."""
    return lambda: str(current_app.config[name])


PAPERS, CHECKS, OPEN_DATA = setting("PAPERS_LIMIT"), setting("CHECKS_LIMIT"), setting("OPEN_DATA_LIMIT")
OBJECTING = setting("OBJECTING_LIMIT")
