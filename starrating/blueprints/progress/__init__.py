"""Progress of a year: by department, township and indicator of a district, by district of a city, with the chart."""

from flask import Blueprint

bp = Blueprint("progress", __name__, url_prefix="/progress")

from starrating.blueprints.progress import views

__all__ = ["bp", "views"]
