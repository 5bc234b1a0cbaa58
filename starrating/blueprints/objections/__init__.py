"""Objections: the list in scope, lodging with a receipt, looking into one, weighing what a decision moves, deciding."""

from flask import Blueprint

bp = Blueprint("objections", __name__, url_prefix="/objections")

from starrating.blueprints.objections import deciding, lodging, objector, views

__all__ = ["bp", "deciding", "lodging", "objector", "views"]
