"""What follows from the stars, for which post and person: a protected list for the office and the auditor."""

from flask import Blueprint

bp = Blueprint("consequences", __name__, url_prefix="/consequences")

from starrating.blueprints.consequences import cases, eligible, funds, honours, many, pay, pay_sheets, views

__all__ = ["bp", "cases", "eligible", "funds", "honours", "many", "pay", "pay_sheets", "views"]
