"""The smallest application that shows the style guide: real templates and headers, no database, no accounts."""

from __future__ import annotations

import sys
from pathlib import Path

from flask import Flask
from flask.wrappers import Response
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect

from starrating.blueprints.styleguide import bp

ROOT = Path(__file__).parents[2]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def with_policy(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    return response


def styleguide_app() -> Flask:
    app = Flask("starrating", root_path=str(ROOT / "starrating"), template_folder=str(ROOT / "templates"))
    app.config.update(SECRET_KEY="for the style guide's tests only", TESTING=True, BABEL_DEFAULT_LOCALE="zh_Hans")
    Babel(app)
    CSRFProtect(app)
    app.register_blueprint(bp)
    app.after_request(with_policy)
    return app


if __name__ == "__main__":
    app = styleguide_app()
    app.jinja_env.auto_reload = True
    app.run(port=int(sys.argv[1]) if len(sys.argv) > 1 else 8765, use_reloader=False)
