"""Dashboards of the city, a district and a township: where the years stand, counts, charts with their numbers."""

from flask import Blueprint

bp = Blueprint("dashboards", __name__, url_prefix="/dashboards")

from starrating.blueprints.dashboards import comparing, listing, papers, units, views

__all__ = ["bp", "comparing", "listing", "papers", "units", "views"]
