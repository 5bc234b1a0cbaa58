"""Divisions and units: browse from district to township to unit, search by name or code."""

from flask import Blueprint

bp = Blueprint("units", __name__, url_prefix="/units")

from starrating.blueprints.units import views

__all__ = ["bp", "views"]
