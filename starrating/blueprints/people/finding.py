"""Looking for somebody by their whole name: asked in a form that is sent, so that no name stands in an address."""

from __future__ import annotations

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from starrating.blueprints.people import bp
from starrating.blueprints.people.forms import namesakes
from starrating.domain.access import Place
from starrating.queries.divisions import path_of


@bp.post("/divisions/<key:division_id>/find")
def find(division_id: int) -> ResponseReturnValue:
    """Everybody of exactly that name within a division, told apart by their posts; what was asked is not kept."""
    path = path_of(division_id)
    found = namesakes(request.form.get("name", ""), [Place(*(row.id for row in path))])
    answer = make_response(render_template("people/found.html", here=path[-1], found=found, typed=request.form))
    answer.headers["Cache-Control"] = "no-store"
    return answer
