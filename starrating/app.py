"""The application factory: settings, extensions, blueprints, error pages, headers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from starrating import cli, errors, headers, models
from starrating.blueprints import form_bounds, languages, limits, register
from starrating.demo.flask_command import demo
from starrating.extensions import babel, csrf, db, login_manager, migrate
from starrating.services.clock import EXTENSION, Clock, system_clock
from starrating.signatures import KnownCookies

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from config import Production

ROOT = Path(__file__).resolve().parents[1]
LARGEST_KEY = 2**31 - 1


class KeyConverter(IntegerConverter):
    """A key in an address: larger numbers than a database holds are not found instead of a fault.

    Only in ASCII digits: Python reads those of every script, and a thing would have as many addresses.
    """

    regex = "[0-9]+"

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, min=1, max=LARGEST_KEY)


class Application(Flask):
    """Flask, without what it does anew in each request for nothing."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The view as it is: none of ours is asynchronous, and Flask would look at each of them each time."""
        return func

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        """Answer with the headers that every answer has."""
        return super().wsgi_app(environ, headers.headed(start_response))


def create_app(settings: Production, *, clock: Clock = system_clock) -> Flask:
    """An application with these settings; the clock is a test's own where it needs one."""
    app = Application("starrating", root_path=str(ROOT / "starrating"), template_folder=str(ROOT / "templates"))
    app.config.from_object(settings)
    app.extensions[EXTENSION] = clock
    app.url_map.converters["key"] = KeyConverter
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if app.config["TRUSTED_PROXIES"]:
        hops = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    app.session_interface = KnownCookies(app)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    form_bounds.register(app)
    csrf.init_app(app)
    limits.register(app)
    login_manager.init_app(app)
    babel.init_app(app, locale_selector=languages.language)
    errors.register(app)
    headers.register(app)
    register(app)
    cli.register(app)
    app.cli.add_command(demo)
    assert models.__all__
    return app
