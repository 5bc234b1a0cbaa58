"""The pages of eligibility checks: a district's list, one check, what a department answers, the items; names masked."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.checks import bp
from starrating.blueprints.pages import number, person
from starrating.blueprints.people.shown import shown_words
from starrating.domain.access import Act, Place, may, places
from starrating.domain.eligibility import Outcome, Purpose, expires_on, looks_back_to, outcome_of, to_repeat
from starrating.domain.faults import RuleError
from starrating.domain.posts import PostKind
from starrating.errors import sentence, status_of
from starrating.queries import eligibility as question
from starrating.queries.divisions import divisions_in, path_of
from starrating.services.people import eligibility as service
from starrating.services.working_days import BEIJING, today
from starrating.wording.language import mark as _l

OUTCOMES: Mapping[Outcome, tuple[str, str]] = {
    Outcome.OPEN: (_l("在查"), "now"),
    Outcome.EXCLUDED: (_l("不能任职"), "err"),
    Outcome.ADVISED: (_l("不宜任职"), "warn"),
    Outcome.ELIGIBLE: (_l("没有查到问题"), "ok"),
}
"""What a check comes to: its word and the kind of its tag."""
PURPOSES: Mapping[Purpose, str] = {Purpose.CANDIDATE: _l("人选"), Purpose.IN_POST: _l("在任复查")}

bp.context_processor(shown_words)


@bp.context_processor
def _words() -> dict[str, object]:
    return {"outcome_word": outcome_word, "purpose_word": purpose_word, "today": today, "to_repeat": to_repeat}


def outcome_word(outcome: Outcome) -> tuple[str, str]:
    """What a check comes to, for people, and the kind of its tag."""
    word, kind = OUTCOMES[outcome]
    return str(gettext(word)), kind


def purpose_word(purpose: str) -> str:
    """Why somebody is checked, for people."""
    return str(gettext(PURPOSES[Purpose(purpose)]))


@bp.get("/")
def index() -> ResponseReturnValue:
    """On to what whoever asks has to do with checks: answering them, or the list of the one district."""
    held = places(person().grants, Act.VIEW_CHECKS)
    if not held:
        return redirect(url_for("checks.answering"))
    found = divisions_in(held, "district")
    if len(found) == 1:
        return redirect(url_for("checks.division", division_id=found[0].id))
    return render_template("checks/index.html", found=found)


@bp.get("/divisions/<key:division_id>")
def division(division_id: int) -> ResponseReturnValue:
    """The checks of a district, and its items."""
    return _division(division_id)


@bp.post("/divisions/<key:division_id>/in-post")
def open_in_post(division_id: int) -> ResponseReturnValue:
    """Ask again about everybody in post whose check is no longer good."""
    try:
        count = service.open_in_post(division_id, person())
    except RuleError as refusal:
        return _refused(division_id, refusal)
    flash(gettext("发起了%(count)s人次的联审，等各部门答复。", count=count), "ok")
    return redirect(url_for("checks.division", division_id=division_id), 303)


@bp.post("/divisions/<key:division_id>/items")
def add_items(division_id: int) -> ResponseReturnValue:
    """Put an item in use, or all the usual ones."""
    try:
        items = service.usual_items() if request.form.get("usual") else [_item()]
        count = service.add_items(division_id, items, person())
    except RuleError as refusal:
        return _refused(division_id, refusal)
    flash(gettext("加了%(count)s项。", count=count), "ok")
    return redirect(url_for("checks.division", division_id=division_id), 303)


@bp.post("/divisions/<key:division_id>/items/<key:item_id>/retire")
def retire_item(division_id: int, item_id: int) -> ResponseReturnValue:
    """Ask for an item no more."""
    service.retire_item(division_id, item_id, person())
    flash(gettext("这一项以后不查了，查过的都在。"), "ok")
    return redirect(url_for("checks.division", division_id=division_id), 303)


@bp.post("/people/<key:person_id>/units/<key:unit_id>")
def open_check(person_id: int, unit_id: int) -> ResponseReturnValue:
    """Ask all departments about a person for a post."""
    asked, why = request.form.get("post", ""), request.form.get("purpose", "")
    if asked not in list(PostKind) or why not in list(Purpose):
        abort(400)
    made = service.open_check(unit_id, PostKind(asked), person_id, Purpose(why), person())
    return redirect(url_for("checks.show", check_id=made), 303)


@bp.get("/<key:check_id>")
def show(check_id: int) -> ResponseReturnValue:
    """One check: every item with its answer."""
    row = question.check(check_id) or abort(404)
    answers = question.answers_of([check_id]).get(check_id, [])
    kept, opened = [one.answered for one in answers], row.opened_at.astimezone(BEIJING).date()
    return render_template(
        "checks/show.html", row=row, answers=answers, outcome=outcome_of(kept), expires=expires_on(kept),
        since={one.id: looks_back_to(opened, one.item.look_back_years) for one in answers},
    )  # fmt: skip


def _item() -> service.NewItem:
    form = request.form
    years, months = form.get("look_back_years", "").strip() or "0", form.get("valid_months", "").strip()
    if not all(one.isascii() and one.isdecimal() and len(one) < 4 for one in (years, months)):
        raise RuleError("check.item")
    code, name, department = (form.get(one, "").strip() for one in ("code", "name", "department"))
    return service.NewItem(code, name, bool(form.get("hard")), int(years), department, int(months))


def _refused(division_id: int, refusal: RuleError) -> ResponseReturnValue:
    if status_of(refusal) == 404:
        raise refusal
    return _division(division_id, sentence(refusal)), status_of(refusal)


def _division(division_id: int, error: str = "") -> str:
    path = path_of(division_id)
    here, place = path[-1], Place(*(row.id for row in path))
    state = request.args.get("state", "")
    waiting = {"waiting": True, "done": False}.get(state)
    return render_template(
        "checks/division.html", here=here,
        found=question.checks_page([place], waiting=waiting, page=number("page") or 1),
        items=question.items_of(division_id), manages=may(person().grants, Act.MANAGE_PEOPLE, place), error=error,
        state=state, typed=request.form,
    )  # fmt: skip
