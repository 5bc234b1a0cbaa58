"""Ratings: trial runs and their confirmation, lists of results, a unit's stars and where they came from."""

from flask import Blueprint

bp = Blueprint("rating", __name__, url_prefix="/ratings")

from starrating.blueprints.rating import deciding, views

__all__ = ["bp", "deciding", "views"]
