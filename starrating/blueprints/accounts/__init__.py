"""Accounts: signing in and out, the own password, and what administrators do for others."""

from flask import Blueprint

bp = Blueprint("accounts", __name__, url_prefix="/accounts")

from starrating.blueprints.accounts import office, own

__all__ = ["bp", "office", "own"]
