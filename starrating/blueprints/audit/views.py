"""The page of the trail; its filters are in the address."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from starrating.blueprints.audit import bp
from starrating.blueprints.audit.sentences import ACTS, act_name, sentence_of
from starrating.blueprints.pages import beijing_day, number, person, words
from starrating.domain.access import Act, places
from starrating.queries import audit as question


@bp.get("/")
def index() -> ResponseReturnValue:
    """The events in scope, newest first."""
    held = places(person().grants, Act.VIEW_AUDIT)
    act = request.args.get("act", "")
    narrowed = question.EventFilter(
        words("person"),
        words("unit"),
        act if act in ACTS else "",
        beijing_day(request.args.get("since", "")),
        beijing_day(request.args.get("until", ""), end=True),
    )
    found = question.events(held, narrowed, number("page") or 1)
    lines = [(event, sentence_of(event)) for event in found.rows]
    acts = [(code, act_name(code)) for code in ACTS]
    return render_template("audit/index.html", found=found, lines=lines, acts=acts, narrowed=narrowed)
