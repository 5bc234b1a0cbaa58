"""A district's year: its schemes, who fills in what, its dates and steps."""

from flask import Blueprint

bp = Blueprint("schemes", __name__, url_prefix="/cycles")

from starrating.blueprints.schemes import setting_up, views

__all__ = ["bp", "setting_up", "views"]
