"""The first page after signing in: for every role what is due, the next step, and where their place stands."""

from __future__ import annotations

from flask import Flask

from starrating.blueprints.home.views import home


def register(app: Flask) -> None:
    """The first page stands at the root of the site."""
    app.add_url_rule("/", "home", home, methods=["GET"])
