"""Self-assessment by units and its preliminary review by townships."""

from flask import Blueprint

bp = Blueprint("assessments", __name__, url_prefix="/assessments")

from starrating.blueprints.assessments import history, own, reviewing

__all__ = ["bp", "history", "own", "reviewing"]
