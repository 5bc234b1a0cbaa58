"""Training: rounds and courses, who was there, who has not been; names masked."""

from flask import Blueprint

bp = Blueprint("training", __name__, url_prefix="/training")

from starrating.blueprints.training import attendance, courses, views

__all__ = ["attendance", "bp", "courses", "views"]
