"""Scores out as workbooks and back in: download, upload, what is wrong with a file, what it would change, confirm."""

from flask import Blueprint

bp = Blueprint("exchange", __name__, url_prefix="/exchange")

from starrating.blueprints.exchange import foreign, views

__all__ = ["bp", "foreign", "views"]
