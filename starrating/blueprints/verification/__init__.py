"""The district's verification: three values side by side, confirmed, returned, opened again."""

from flask import Blueprint

bp = Blueprint("verification", __name__, url_prefix="/verification")

from starrating.blueprints.verification import shown, views

__all__ = ["bp", "shown", "views"]
