"""The calendar of a year: the windows of its stages, and extensions for a part of the district."""

from flask import Blueprint

bp = Blueprint("calendar", __name__, url_prefix="/calendar")

from starrating.blueprints.calendar import dates, extending, working

__all__ = ["bp", "dates", "extending", "working"]
