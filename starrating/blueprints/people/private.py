"""A person's numbers, seeing a person clear, one's own data and corrections, the register of fields."""

from __future__ import annotations

from enum import StrEnum

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.pages import person
from starrating.blueprints.people import bp
from starrating.blueprints.people.forms import version
from starrating.blueprints.people.growth import grown_of
from starrating.domain.access import Act, places
from starrating.domain.faults import RuleError
from starrating.domain.personal import Secret
from starrating.errors import sentence, status_of
from starrating.personal_register import FIELDS
from starrating.queries import people as question
from starrating.queries import privacy as stored
from starrating.services.names import chosen
from starrating.services.people import personal
from starrating.services.people.person_corrections import ask_correction as store_asked
from starrating.services.people.person_corrections import decide_correction


@bp.get("/<key:person_id>/numbers")
def numbers(person_id: int) -> ResponseReturnValue:
    """The form of a person's numbers and account: what is stored is masked and never sent back."""
    return _numbers(person_id)


@bp.post("/<key:person_id>/numbers")
def store_numbers(person_id: int) -> ResponseReturnValue:
    """Seal what was typed."""
    typed = {kind: request.form.get(kind, "")[:60] for kind in Secret}
    clear = {kind for kind in Secret if request.form.get(f"clear_{kind}")}
    try:
        personal.store_numbers(person_id, version(), typed, clear, person())
    except RuleError as refusal:
        return _refused(person_id, refusal)
    flash(gettext("存好了，加密存的，页面上只显示遮盖后的。"), "ok")
    return redirect(url_for("people.show", person_id=person_id), 303)


@bp.post("/<key:person_id>/account")
def link_account(person_id: int) -> ResponseReturnValue:
    """Say whose account a person's is."""
    try:
        personal.link_account(person_id, version(), request.form.get("account", "")[:64], person())
    except RuleError as refusal:
        return _refused(person_id, refusal)
    flash(
        gettext("存好了，这个账号能看本人的资料。") if request.form.get("account") else gettext("账号取下来了。"), "ok"
    )
    return redirect(url_for("people.numbers", person_id=person_id), 303)


@bp.get("/<key:person_id>/clear")
def ask_clear(person_id: int) -> ResponseReturnValue:
    """Why somebody wants to see a person clear."""
    return _asking(person_id)


@bp.post("/<key:person_id>/clear")
def see_clear(person_id: int) -> ResponseReturnValue:
    """A person clear, on this answer and nowhere else."""
    try:
        clear = personal.see_clear(person_id, request.form.get("reason", ""), person())
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        return _asking(person_id, sentence(refusal)), status_of(refusal)
    return render_template("people/clear.html", person=question.person(person_id), clear=clear)


@bp.get("/own")
def own() -> ResponseReturnValue:
    """What is kept of whoever asks, and who saw it."""
    return _own()


@bp.post("/own")
def ask_correction() -> ResponseReturnValue:
    """Ask to have something put right."""
    try:
        store_asked(request.form.get("said", ""), person())
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        return _own(sentence(refusal)), status_of(refusal)
    flash(gettext("收到了，由区里决定，结果也写在这里。"), "ok")
    return redirect(url_for("people.own"), 303)


class Outcome(StrEnum):
    """What the form can say of what somebody asked to have put right."""

    DONE = "done"
    REFUSED = "refused"


@bp.get("/corrections")
def asked() -> ResponseReturnValue:
    """What people asked to have put right, and nobody decided yet."""
    return _asked()


@bp.post("/corrections/<key:correction_id>")
def decide(correction_id: int) -> ResponseReturnValue:
    """Decide one of them."""
    answer = request.form.get("answer", "")
    try:
        outcome = chosen(Outcome, request.form.get("outcome", ""), "outcome")
        decide_correction(correction_id, done=outcome is Outcome.DONE, answer=answer, by=person())
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        return _asked(sentence(refusal), correction_id), status_of(refusal)
    flash(gettext("决定了，本人能看到。"), "ok")
    return redirect(url_for("people.asked"), 303)


@bp.get("/fields")
def fields() -> ResponseReturnValue:
    """The register of personal fields."""
    return render_template("people/fields.html", fields=FIELDS)


def _numbers(person_id: int, error: str = "") -> str:
    row = question.person(person_id) or abort(404)
    return render_template(
        "people/numbers.html", person=row, masks=stored.masks_of(person_id), error=error, kinds=list(Secret),
        account=stored.account_of_person(person_id), typed=request.form,
    )  # fmt: skip


def _refused(person_id: int, refusal: RuleError) -> ResponseReturnValue:
    if status_of(refusal) == 404:
        raise refusal
    return _numbers(person_id, sentence(refusal)), status_of(refusal)


def _asking(person_id: int, error: str = "") -> str:
    row = question.person(person_id) or abort(404)
    return render_template("people/ask_clear.html", person=row, error=error, typed=request.form,
                           minutes=personal.RECENT.seconds // 60, shortest=personal.SHORTEST_REASON)  # fmt: skip


def _own(error: str = "") -> str:
    key = stored.person_of_account(person().account_id)
    row = question.person(key) if key is not None else None
    if row is None:
        return render_template("people/own.html", person=None)
    return render_template(
        "people/own.html", person=row, posts=question.posts_of_person(row.id), masks=stored.masks_of(row.id),
        looks=stored.looks_at(row.id), asked=stored.corrections_of(row.id), error=error, typed=request.form,
        grown=grown_of(row.id, None),
    )  # fmt: skip


def _asked(error: str = "", about: int = 0) -> str:
    found = stored.corrections_open(places(person().grants, Act.MANAGE_PEOPLE))
    return render_template("people/asked.html", found=found, error=error, about=about, typed=request.form)
