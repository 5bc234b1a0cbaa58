"""People and posts: who leads which unit, a person's page, entering, handing over, ending; names masked."""

from flask import Blueprint

bp = Blueprint("people", __name__, url_prefix="/people")

from starrating.blueprints.people import (
    both,
    changing,
    elections,
    figures,
    finding,
    growth,
    merging,
    private,
    proposals,
    roster,
    views,
)

__all__ = [
    "both",
    "bp",
    "changing",
    "elections",
    "figures",
    "finding",
    "growth",
    "merging",
    "private",
    "proposals",
    "roster",
    "views",
]
