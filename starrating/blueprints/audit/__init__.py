"""The trail, as sentences, for auditors and administrators."""

from flask import Blueprint

bp = Blueprint("audit", __name__, url_prefix="/audit")

from starrating.blueprints.audit import views

__all__ = ["bp", "views"]
