"""The page on which a district decides about the people that townships put forward for an election; names masked."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.pages import number, person
from starrating.blueprints.people import bp
from starrating.blueprints.people.elections import Here, here_of, ticked
from starrating.domain.candidates import CandidateState
from starrating.domain.faults import RuleError
from starrating.errors import sentence, status_of
from starrating.queries import candidates as question
from starrating.services.people import proposals as service


@bp.get("/divisions/<key:division_id>/elections/<key:election_id>/proposals")
def proposals(division_id: int, election_id: int) -> ResponseReturnValue:
    """Whom the townships of a division put forward and nobody has decided on."""
    return _page(here_of(division_id, election_id))


@bp.post("/divisions/<key:division_id>/elections/<key:election_id>/proposals")
def decide_proposed(division_id: int, election_id: int) -> ResponseReturnValue:
    """Agree to those that are ticked, or not, with the reason."""
    here = here_of(division_id, election_id)
    if request.form.get("answer") not in ANSWERS:
        abort(400)
    agreed = request.form["answer"] == AGREED
    try:
        count = service.decide_proposed(
            election_id, ticked("candidate"), agreed, request.form.get("reason", ""), person()
        )
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        return _page(here, sentence(refusal), FIELDS.get(refusal.code, "")), status_of(refusal)
    said = gettext("同意了%(count)s人次，可以发起联审。", count=count)
    flash(said if agreed else gettext("没有同意的%(count)s人次记下了，乡镇街道看得到。", count=count), "ok")
    return redirect(url_for("people.proposals", division_id=division_id, election_id=election_id), 303)


AGREED = "agreed"
ANSWERS = (AGREED, "declined")
FIELDS = {"candidate.declined_why": "reason", "person.digits": "reason"}
"""Where the form says what is wrong."""


def _page(here: Here, error: str = "", field: str = "") -> str:
    found = question.candidates_page(here.election.id, [here.within], CandidateState.PROPOSED, number("page") or 1)
    return render_template(
        "people/proposals.html", here=here, found=found, error=error, field=field, typed=request.form,
        chosen=set(ticked("candidate")), account_id=person().account_id,
    )  # fmt: skip
