"""Eligibility checks: opened by the district, answered by departments for a list of people on one screen."""

from flask import Blueprint

bp = Blueprint("checks", __name__, url_prefix="/checks")

from starrating.blueprints.checks import answering, views

__all__ = ["answering", "bp", "views"]
