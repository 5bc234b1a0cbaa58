"""Training: rounds and courses, who was there, who has not been; names masked."""

from flask import Blueprint

bp = Blueprint("training", __name__, url_prefix="/training")

from starrating.blueprints.training import attendance, courses, growth, reserve, views, workers

__all__ = ["attendance", "bp", "courses", "growth", "reserve", "views", "workers"]
