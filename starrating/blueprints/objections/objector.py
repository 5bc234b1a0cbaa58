"""Who brought an objection on-line without an account, clear: for whoever decides it, for a reason, on this answer."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from starrating.blueprints.objections import bp
from starrating.blueprints.objections.views import refused
from starrating.blueprints.pages import person
from starrating.domain.faults import RuleError
from starrating.queries.objections import objection
from starrating.services.objections.objectors import see_objector as opened


@bp.post("/<key:objection_id>/objector")
def see_objector(objection_id: int) -> ResponseReturnValue:
    """Name and contact, on this answer and nowhere else."""
    try:
        clear = opened(objection_id, request.form.get("why", ""), person())
    except RuleError as refusal:
        return refused(objection_id, refusal, "why")
    return render_template("objections/objector.html", row=objection(objection_id), clear=clear)
