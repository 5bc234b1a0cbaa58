"""Open data: what was published, for programs; read only, without signing in, described by an OpenAPI document."""

from flask import Blueprint

from starrating.blueprints.limits import OPEN_DATA
from starrating.extensions import limiter

bp = Blueprint("api", __name__, url_prefix="/api/v1")

from starrating.blueprints.api import views

limiter.shared_limit(OPEN_DATA, scope="open data")(bp)

__all__ = ["bp", "views"]
