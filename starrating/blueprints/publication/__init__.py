"""The public notice of a district's year and its publication: the office's own pages."""

from flask import Blueprint

bp = Blueprint("publication", __name__, url_prefix="/publication")

from starrating.blueprints.publication import correcting, decisions, papers, views

__all__ = ["bp", "correcting", "decisions", "papers", "views"]
