"""What would be otherwise: the edge of every level, how steady a star is, who moves. Nothing here writes anything."""

from flask import Blueprint

bp = Blueprint("whatif", __name__, url_prefix="/what-if")

from starrating.blueprints.whatif import city, compare, edge, steady, trial

__all__ = ["bp", "city", "compare", "edge", "steady", "trial"]
