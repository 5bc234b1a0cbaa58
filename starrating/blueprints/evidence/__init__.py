"""Evidence of a unit: its files by indicator, sending, opening, removing, and all of them as one ZIP."""

from flask import Blueprint

bp = Blueprint("evidence", __name__, url_prefix="/evidence")

from starrating.blueprints.evidence import archive, views

__all__ = ["archive", "bp", "views"]
