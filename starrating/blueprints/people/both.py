"""The form that hands both posts of a unit over at once; what is wrong stands at the post it is about."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.pages import person
from starrating.blueprints.people import bp
from starrating.blueprints.people.forms import FIELDS, offered, part_of, typed_hand_over
from starrating.domain.faults import RuleError
from starrating.domain.posts import PostKind
from starrating.errors import sentence, status_of
from starrating.queries import people as question
from starrating.queries.divisions import unit as unit_of
from starrating.queries.people import PostRow
from starrating.services.people.hand_overs import HandOver, hand_over_both


@bp.get("/units/<key:unit_id>/hand-over")
def successors(unit_id: int) -> ResponseReturnValue:
    """The form of a hand-over of both posts."""
    return _form(unit_id)


@bp.post("/units/<key:unit_id>/hand-over")
def hand_over_two(unit_id: int) -> ResponseReturnValue:
    """Hand both posts over, to one person or to two."""
    try:
        hand_over_both(unit_id, _typed(unit_id), person(), to_one=bool(request.form.get("one")))
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        return _form(unit_id, refusal), status_of(refusal)
    flash(gettext("两个职务都交接好了：前任到前一天为止，接任的从这一天起。"), "ok")
    return redirect(url_for("people.unit", unit_id=unit_id), 303)


def _typed(unit_id: int) -> dict[PostKind, HandOver]:
    """Both hand-overs as typed; a post that nobody holds any more was handed over or ended by somebody else."""
    rows, found = _held(unit_id), {}
    for kind in PostKind:
        if kind not in rows:
            raise RuleError("post.ended")
        form = part_of(f"{kind}-")
        if kind is PostKind.DIRECTOR and request.form.get("one"):
            form |= {name: part_of(f"{PostKind.SECRETARY}-").get(name, "") for name in ("name", "who")}
        try:
            found[kind] = typed_hand_over(rows[kind].id, form)
        except RuleError as refusal:
            raise RuleError(refusal.code, **{**refusal.facts, "at": kind}) from None
    return found


def _held(unit_id: int) -> dict[PostKind, PostRow]:
    """The posts of a unit that last."""
    return {row.kind: row for row in question.posts_of_unit(unit_id) if row.ends_on is None}


def _form(unit_id: int, refusal: RuleError | None = None) -> str:
    here, rows = unit_of(unit_id) or abort(404), _held(unit_id)
    at, field = (refusal.facts.get("at", ""), FIELDS.get(refusal.code, "")) if refusal else ("", "")
    parts = {kind: offered(part_of(f"{kind}-")) for kind in PostKind}
    return render_template(
        "people/hand_over_both.html", unit=here, rows=rows, parts=parts, typed=request.form,
        error=sentence(refusal) if refusal else "", at=at, field=f"{at}-{field}" if at and field else "",
        changed=bool(refusal and refusal.code == "post.changed"),
    )  # fmt: skip
