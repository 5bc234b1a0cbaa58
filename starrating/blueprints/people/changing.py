"""The forms of people and posts: entering, handing over, ending, putting right; a conflict shows theirs and mine."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.pages import person
from starrating.blueprints.people import bp
from starrating.blueprints.people.forms import (
    FIELDS,
    needed_day,
    offered,
    typed_hand_over,
    typed_person,
    typed_term,
    version,
    whom,
)
from starrating.domain.faults import RuleError
from starrating.domain.posts import PostKind
from starrating.errors import sentence, status_of
from starrating.queries import people as question
from starrating.queries.divisions import unit as unit_of
from starrating.services.names import chosen
from starrating.services.people import hand_overs
from starrating.services.people import people as service
from starrating.vocabulary import people as say

Form = Callable[..., str]


@bp.get("/units/<key:unit_id>/new")
def create(unit_id: int) -> ResponseReturnValue:
    """The form of somebody who takes up a post."""
    return _entry(unit_id)


@bp.post("/units/<key:unit_id>/new")
def store(unit_id: int) -> ResponseReturnValue:
    """Enter somebody in a post."""
    try:
        made = service.enter_post(unit_id, _kind_sent(), whom(), typed_term(ends=True), person())
    except RuleError as refusal:
        return _refused(refusal, lambda **said: _entry(unit_id, **said))
    return _done(made, gettext("录入了。"))


@bp.get("/posts/<key:post_id>/hand-over")
def successor(post_id: int) -> ResponseReturnValue:
    """The form of a hand-over."""
    return _post_form("people/hand_over.html", post_id)


@bp.post("/posts/<key:post_id>/hand-over")
def hand_over(post_id: int) -> ResponseReturnValue:
    """Hand a post over to a successor."""
    try:
        made = hand_overs.hand_over(typed_hand_over(post_id, request.form), person())
    except RuleError as refusal:
        return _refused(refusal, lambda **said: _post_form("people/hand_over.html", post_id, **said))
    return _done(made, gettext("交接好了：前任到前一天为止，接任的从这一天起。"))


@bp.get("/posts/<key:post_id>/end")
def ending(post_id: int) -> ResponseReturnValue:
    """The form of an end without a successor."""
    return _post_form("people/end.html", post_id)


@bp.post("/posts/<key:post_id>/end")
def end(post_id: int) -> ResponseReturnValue:
    """End a post."""
    try:
        service.end_post(post_id, version(), needed_day("ends_on"), request.form.get("ending", ""), person())
    except RuleError as refusal:
        return _refused(refusal, lambda **said: _post_form("people/end.html", post_id, **said))
    return _done(post_id, gettext("这一任结束了，从第二天起空缺。"))


@bp.get("/posts/<key:post_id>/amend")
def wrong_post(post_id: int) -> ResponseReturnValue:
    """The form that puts a post right."""
    return _post_form("people/amend.html", post_id)


@bp.post("/posts/<key:post_id>/amend")
def amend_post(post_id: int) -> ResponseReturnValue:
    """Put a post right."""
    try:
        service.amend_post(post_id, version(), typed_term(ends=True), request.form.get("reason", ""), person())
    except RuleError as refusal:
        return _refused(refusal, lambda **said: _post_form("people/amend.html", post_id, **said))
    return _done(post_id, gettext("更正了，原来的和理由都在留痕里。"))


@bp.get("/<key:person_id>/amend")
def wrong_person(person_id: int) -> ResponseReturnValue:
    """The form that puts a person's name, birth year or education right."""
    return _person_form(person_id)


@bp.post("/<key:person_id>/amend")
def amend_person(person_id: int) -> ResponseReturnValue:
    """Put a person right."""
    try:
        service.amend_person(person_id, version(), typed_person(), person())
    except RuleError as refusal:
        return _refused(refusal, lambda **said: _person_form(person_id, **said))
    flash(gettext("资料存好了。"), "ok")
    return redirect(url_for("people.show", person_id=person_id), 303)


def _kind_sent() -> PostKind:
    """The post that the form names; nobody is entered in one that it did not."""
    return chosen(PostKind, request.values.get("post", PostKind.SECRETARY.value), "post")


def _kind() -> PostKind:
    """The post that the form begins with."""
    asked = request.values.get("post", "")
    return PostKind(asked) if asked in list(PostKind) else PostKind.SECRETARY


def _done(post_id: int, said: str) -> ResponseReturnValue:
    """On to the unit's page."""
    row = question.post(post_id) or abort(404)
    flash(said, "ok")
    return redirect(url_for("people.unit", unit_id=row.unit_id), 303)


def _refused(refusal: RuleError, again: Form) -> ResponseReturnValue:
    """The form again with what was typed, what is wrong, and what stands now where somebody else was first."""
    if status_of(refusal) == 404:
        raise refusal
    page = again(error=sentence(refusal), field=FIELDS.get(refusal.code, ""), changed=refusal.code.endswith(".changed"))
    return page, status_of(refusal)


def _entry(unit_id: int, error: str = "", field: str = "", *, changed: bool = False) -> str:
    here = unit_of(unit_id) or abort(404)
    posts = say.choices(say.POSTS)
    return render_template("people/create.html", unit=here, kind=_kind(), posts=posts, error=error, field=field,
                           changed=changed, **offered(request.form))  # fmt: skip


def _post_form(template: str, post_id: int, error: str = "", field: str = "", *, changed: bool = False) -> str:
    row = question.post(post_id) or abort(404)
    return render_template(template, row=row, error=error, field=field, changed=changed, **offered(request.form))


def _person_form(person_id: int, error: str = "", field: str = "", *, changed: bool = False) -> str:
    row = question.person(person_id) or abort(404)
    return render_template(
        "people/person.html", person=row, error=error, field=field, changed=changed, **offered(request.form)
    )
