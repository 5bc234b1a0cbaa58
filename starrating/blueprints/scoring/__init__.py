"""Entering scores: what is whose, one indicator over a township's units, one unit over its indicators, events."""

from flask import Blueprint

bp = Blueprint("scoring", __name__, url_prefix="/scoring")

from starrating.blueprints.scoring import back, doubts, grid, grid_beside, grid_saving, happenings, histories, views

__all__ = ["back", "bp", "doubts", "grid", "grid_beside", "grid_saving", "happenings", "histories", "views"]
