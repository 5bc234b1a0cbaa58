"""Weighing a decision, which shows everyone it moves, and taking it as it was shown."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.objections import bp
from starrating.blueprints.objections.views import page, refused, told, version
from starrating.blueprints.pages import person
from starrating.blueprints.rating.deciding import fault_line
from starrating.domain.entry import NOTHING
from starrating.domain.faults import RuleError
from starrating.domain.objections import DECISIONS, Step
from starrating.errors import sentence_of_entry
from starrating.queries.objections import ObjectionRow, objection
from starrating.queries.scores import cells_of
from starrating.services.evidence.rights import here
from starrating.services.names import chosen
from starrating.services.objections import objection_decisions as service
from starrating.services.rating.trials import CannotRate
from starrating.services.scoring.typed_scores import EntriesRefused, Typed
from starrating.vocabulary.objections import step_word

FIELDS = {"objection.reasons": "reasons", "form.choice": "step"}


@bp.post("/<key:objection_id>/weigh")
def weigh(objection_id: int) -> ResponseReturnValue:
    """What a decision would come to: what changes, who moves from where to where and why. Nothing is stored."""
    if request.form.get("back"):
        return page(objection_id)
    try:
        found = service.weigh(objection_id, version(), _decision(objection_id), person())
    except (RuleError, EntriesRefused, CannotRate) as refusal:
        return _not_taken(objection_id, refusal)
    row = objection(objection_id)
    assert row is not None
    about = here(row.cycle_id, row.unit_id)
    return render_template(
        "objections/weighed.html", row=row, unit=about.unit, cycle=about.cycle, found=found, step=_step(),
        said=step_word(_step()), fields=_carried(), **told(about),
    )  # fmt: skip


@bp.post("/<key:objection_id>/decide")
def decide(objection_id: int) -> ResponseReturnValue:
    """Take the decision that was shown."""
    digest = request.form.get("digest", "")[:64]
    try:
        service.decide(objection_id, version(), _decision(objection_id), digest, person())
    except (RuleError, EntriesRefused, CannotRate) as refusal:
        return _not_taken(objection_id, refusal)
    if _step() is Step.REJECT:
        flash(gettext("办结了，凭回执号可以看到结果和理由。"), "ok")
    else:
        flash(gettext("办结了，数改了，年度回到复核，试算存好了。请由另一个人确认审定，再重新公示。"), "ok")
    return redirect(url_for("objections.show", objection_id=objection_id), 303)


def _not_taken(objection_id: int, refusal: RuleError | EntriesRefused | CannotRate) -> ResponseReturnValue:
    """The page again with everything that was typed, and what is wrong where it is wrong."""
    match refusal:
        case EntriesRefused():
            wrong = {header: sentence_of_entry(fault) for (_, header), fault in refusal.faults.items()}
            said = gettext("有的格填得不对，没有试算，什么都没有改。请看下面标出的格。")
            return page(objection_id, said, wrong=wrong), 422
        case CannotRate():
            row = objection(objection_id)
            lines = [fault_line(row.cycle_id, fault) for fault in refusal.faults] if row else []
            said = gettext("这样改就算不出结果，没有改。要补或要改的地方列在下面。")
            return page(objection_id, said, faults=lines), 422
        case _:
            return refused(objection_id, refusal, FIELDS.get(refusal.code, ""))


def _step() -> Step:
    return chosen(Step, request.form.get("step", Step.REJECT.value), "step", DECISIONS)


def _decision(objection_id: int) -> service.Decision:
    """What the form says; cells whose text is what stands now are not part of it."""
    row = objection(objection_id)
    if row is None:
        raise RuleError("objection.none")
    reasons = request.form.get("reasons", "")
    if _step() is Step.REJECT:
        return service.Decision(Step.REJECT, reasons)
    events = tuple(int(one) for one in request.form.getlist("events") if one.isascii() and one.isdecimal())
    return service.Decision(_step(), reasons, _cells(row), events)


def _cells(row: ObjectionRow) -> tuple[Typed, ...]:
    typed = {name[2:]: text for name, text in request.form.items() if name.startswith("v:")}
    stands = cells_of(row.cycle_id, [row.unit_id], typed)
    found = []
    for header, text in typed.items():
        cell, shown = stands.get((row.unit_id, header)), request.form.get(f"b:{header}", "0")
        seen = int(shown) if shown.isascii() and shown.isdecimal() and len(shown) < 10 else 0
        if text != (cell.entry if cell else NOTHING).shown:
            found.append(Typed(row.unit_id, header, seen, text))
    return tuple(found)


def _carried() -> list[tuple[str, str]]:
    """Everything that was typed, to go with the acceptance or back to the form."""
    kept = ("csrf_token", "digest", "back")
    return [(name, text) for name, text in request.form.items(multi=True) if name not in kept]
