"""Two records of one person: those of the same name are shown, and one is merged into the other with a reason."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.pages import person
from starrating.blueprints.people import bp
from starrating.blueprints.people.forms import same_name, version
from starrating.domain.faults import RuleError
from starrating.errors import sentence, status_of
from starrating.queries import people as question
from starrating.services.people.people_merge import merge_people


@bp.get("/<key:person_id>/merge")
def twins(person_id: int) -> ResponseReturnValue:
    """Everybody of the same name who may be the same person."""
    return _form(person_id)


@bp.post("/<key:person_id>/merge")
def merge(person_id: int) -> ResponseReturnValue:
    """Make one person of two."""
    key, _, its_version = request.form.get("other", "").partition(":")
    if not all(one.isascii() and one.isdecimal() and len(one) < 10 for one in (key, its_version)):
        key, its_version = str(person_id), "0"
    try:
        versions = version(), int(its_version)
        merge_people(person_id, int(key), versions, request.form.get("reason", ""), person())
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        return _form(person_id, sentence(refusal)), status_of(refusal)
    flash(gettext("合并好了，两个人的任职都在这里。"), "ok")
    return redirect(url_for("people.show", person_id=person_id), 303)


def _form(person_id: int, error: str = "") -> str:
    row = question.person(person_id) or abort(404)
    others = {key: one for key, one in same_name(row.name).items() if key != person_id}
    versions = question.versions_of(others)
    return render_template("people/merge.html", person=row, others=others, versions=versions, error=error,
                           typed=request.form)  # fmt: skip
