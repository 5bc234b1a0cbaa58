"""Spot checks (暗访): the list in scope, recording a finding, the unit's answer, counting and withdrawing."""

from flask import Blueprint

bp = Blueprint("spot_checks", __name__, url_prefix="/spot-checks")

from starrating.blueprints.spot_checks import recording, views

__all__ = ["bp", "recording", "views"]
