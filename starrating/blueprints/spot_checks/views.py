"""The list of findings in scope and the page of one: what was found, the answer, what became of it."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.evidence.panels import evidence_of_finding
from starrating.blueprints.pages import number, person, words
from starrating.blueprints.spot_checks import bp
from starrating.blueprints.spot_checks.words import EFFECTS, STATES, effect_word, state_word
from starrating.domain.access import Act, may, places
from starrating.domain.faults import RuleError
from starrating.domain.spot_checks import OPEN, Effect, may_be_answered, may_count
from starrating.domain.windows import Stage
from starrating.errors import sentence, sentence_of_entry, status_of
from starrating.queries import spot_checks as question
from starrating.queries.cycles import cycles
from starrating.queries.divisions import divisions_in
from starrating.queries.scores import cells_of
from starrating.services.assessment import spot_checks as service
from starrating.services.clock import now
from starrating.services.evidence.rights import here
from starrating.services.scoring.typed_scores import EntriesRefused, ScoresConflict
from starrating.services.years.windows import time_at


@bp.get("/")
def index() -> ResponseReturnValue:
    """The findings in scope, the latest first; what narrows them is in the address."""
    held = places(person().grants, Act.VIEW_SPOT_CHECKS)
    years = sorted({row.year for row in cycles(held)}, reverse=True)
    state, effect = request.args.get("state", ""), request.args.get("effect", "")
    narrowed = question.SpotCheckFilter(
        number("year"), state if state in list(STATES) else "", effect if effect in list(EFFECTS) else "",
        number("township"), words("q"), number("unit"),
    )  # fmt: skip
    found = question.spot_checks(held, narrowed, number("page") or 1)
    return render_template(
        "spot_checks/index.html", found=found, narrowed=narrowed, years=years, towns=divisions_in(held, "township"),
        states=[(one, state_word(one)[0]) for one in STATES], effects=[(one, effect_word(one)) for one in EFFECTS],
        records=_may_somewhere(), tally=question.states_of(held), at=now(), state_word=state_word,
        effect_word=effect_word,
    )  # fmt: skip


@bp.get("/<key:check_id>")
def show(check_id: int) -> ResponseReturnValue:
    """One finding."""
    return _page(check_id)


@bp.post("/<key:check_id>/answer")
def answer(check_id: int) -> ResponseReturnValue:
    """The unit's answer."""
    try:
        service.answer_spot_check(check_id, _version(), request.form.get("text", ""), person())
    except RuleError as refusal:
        return _refused(check_id, refusal, "text")
    flash(gettext("说明交上去了。"), "ok")
    return redirect(url_for("spot_checks.show", check_id=check_id), 303)


@bp.post("/<key:check_id>/count")
def count(check_id: int) -> ResponseReturnValue:
    """Let it count."""
    typed = (request.form.get("value", "")[:200], _number("cell_version"))
    try:
        service.count_spot_check(check_id, _version(), request.form.get("reason", ""), person(), typed)
    except ScoresConflict as conflict:
        theirs = conflict.conflicts[0].theirs
        said = gettext("%(who)s刚把这一格改成了%(value)s，你的这次没有存，暗访也没有动。请看过再定。",
                       who=theirs.by, value=theirs.entry.shown or gettext("没填"))  # fmt: skip
        return _page(check_id, said, "value"), 409
    except EntriesRefused as refused:
        said = "".join(sentence_of_entry(fault) for fault in refused.faults.values())
        return _page(check_id, said, "value"), 422
    except RuleError as refusal:
        return _refused(check_id, refusal, "reason")
    flash(gettext("算数了，下次试算就算进去。"), "ok")
    return redirect(url_for("spot_checks.show", check_id=check_id), 303)


@bp.post("/<key:check_id>/withdraw")
def withdraw(check_id: int) -> ResponseReturnValue:
    """Take it back."""
    try:
        service.withdraw_spot_check(check_id, _version(), request.form.get("reason", ""), person())
    except RuleError as refusal:
        return _refused(check_id, refusal, "withdraw-reason")
    flash(gettext("撤回了，暗访和撤回的理由都留着。"), "ok")
    return redirect(url_for("spot_checks.show", check_id=check_id), 303)


def _refused(check_id: int, refusal: RuleError, field: str) -> ResponseReturnValue:
    if status_of(refusal) == 404:
        raise refusal
    status = status_of(refusal)
    return _page(check_id, sentence(refusal), field if status == 422 else ""), status


def _version() -> int:
    return _number("version")


def _number(name: str) -> int:
    text = request.form.get(name, "0")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else abort(400)


def _may_somewhere() -> bool:
    return bool(places(person().grants, Act.RECORD_SPOT_CHECKS))


def _page(check_id: int, error: str = "", field: str = "") -> str:
    row = question.spot_check(check_id) or abort(404)
    about, who = here(row.cycle_id, row.unit_id), person()
    task = service.columns_here(about).get(row.header)
    open_now = time_at(about.cycle, Stage.EVENTS, about.place).open and row.state in OPEN
    settles = open_now and service.may_settle(about, row.effect, row.header, who)
    cells = cells_of(row.cycle_id, [row.unit_id], [row.header]) if row.effect is Effect.DEDUCTION else {}
    return render_template(
        "spot_checks/show.html", row=row, cycle=about.cycle, unit=about.unit, task=task, error=error, field=field,
        typed=request.form, state=state_word(row.state), effect=effect_word(row.effect), at=now(),
        cell=cells.get((row.unit_id, row.header)), evidence=evidence_of_finding(about, check_id),
        answers=open_now and may_be_answered(row.state) and may(who.grants, Act.ANSWER_SPOT_CHECKS, about.place),
        counts=settles and may_count(row.state, row.answer_due, now()), waits=settles,
        withdraws=open_now and may(who.grants, Act.RECORD_SPOT_CHECKS, about.place),
        sees_scores=may(who.grants, Act.VIEW_SCORES, about.place),
    )  # fmt: skip
