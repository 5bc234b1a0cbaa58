"""The pages of a district's year: the list, one year with its steps, its schemes as tables, who fills in what."""

from __future__ import annotations

from datetime import datetime

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.languages import day_short
from starrating.blueprints.pages import person
from starrating.blueprints.schemes import bp
from starrating.blueprints.schemes.tables import tables_of
from starrating.domain.access import Act, Place, may, places
from starrating.domain.workflow import CycleState, CycleStep, find_step, steps_from
from starrating.queries import cycles as question
from starrating.queries.divisions import divisions_in
from starrating.services.years import cycles as service
from starrating.services.years.scheme_texts import read_kept
from starrating.vocabulary.calendar import STATES, state_name
from starrating.wording.language import mark as _l

STEP_NAMES = {
    CycleStep.OPEN_SCORING: _l("开始评分"),
    CycleStep.CLOSE_SCORING: _l("转入复核"),
    CycleStep.CONFIRM_DETERMINATION: _l("审定"),
    CycleStep.OPEN_NOTICE: _l("开始公示"),
    CycleStep.PUBLISH: _l("发布"),
    CycleStep.RETURN_TO_DRAFT: _l("退回起草"),
    CycleStep.RETURN_TO_SCORING: _l("退回评分"),
    CycleStep.RETURN_TO_VERIFICATION: _l("退回复核"),
}
ORDER = tuple(CycleState)


def cycle_here(cycle_id: int, act: Act = Act.VIEW_CYCLE) -> question.CycleRow:
    """The cycle, if the person's places touch its district; otherwise there is none."""
    found = question.cycle_in(places(person().grants, act), cycle_id)
    if found is None:
        abort(404)
    return found


def steps_shown(row: question.CycleRow) -> list[dict[str, str]]:
    """The year's steps as the page shows them."""
    here = ORDER.index(row.state)
    dates = {CycleState.SCORING: _span(row.scoring_opens, row.scoring_closes),
             CycleState.VERIFICATION: _span(None, row.verification_closes)}  # fmt: skip
    return [
        {"name": state_name(state), "date": dates.get(state, ""),
         "state": "done" if place < here or row.state is CycleState.PUBLISHED else "now" if place == here else "next"}
        for place, state in enumerate(STATES) for state in [CycleState(state)]
    ]  # fmt: skip


def _span(first: datetime | None, last: datetime | None) -> str:
    if first and last:
        return str(gettext("%(first)s至%(last)s", first=day_short(first), last=day_short(last)))
    if first:
        return day_short(first)
    return str(gettext("到%(day)s", day=day_short(last))) if last else ""


@bp.get("/")
def index() -> ResponseReturnValue:
    """The years in scope, and where a new one can be opened."""
    held = places(person().grants, Act.VIEW_CYCLE)
    opening = divisions_in(places(person().grants, Act.PREPARE_CYCLE), "district")
    rows, grants = question.cycles(held), person().grants
    cities = {row.municipality_id: row.year for row in reversed(rows)
              if may(grants, Act.VIEW_TRIALS, Place(row.municipality_id))}  # fmt: skip
    return render_template("schemes/index.html", cycles=rows, opening=opening, cities=cities)


@bp.get("/<key:cycle_id>")
def show(cycle_id: int) -> ResponseReturnValue:
    """A year: where it stands, what is next, its schemes and dates."""
    row = cycle_here(cycle_id)
    prepares = may(person().grants, Act.PREPARE_CYCLE, row.place)
    kept = question.schemes_of(cycle_id)
    assigned = question.assignments_of(cycle_id)
    left = {
        kind: sum((kind, node.code) not in assigned for node in service.leaves_entered(read_kept(one.text).scheme))
        for kind, one in kept.items()
    }
    able = [one for one in steps_from(row.state)
            if one.step not in service.BY_OTHERS and may(person().grants, one.act, row.place)]  # fmt: skip
    return render_template(
        "schemes/cycle.html", cycle=row, steps=steps_shown(row), kept=kept, left=left, prepares=prepares,
        counts=question.unit_counts(row.district_id, row.cut_off), forward=[s for s in able if not s.needs_reason],
        back=[s for s in able if s.needs_reason], names={step: gettext(name) for step, name in STEP_NAMES.items()},
        district_wide=any(place.covers(row.place) for place in places(person().grants, Act.VIEW_CYCLE)),
        trials=may(person().grants, Act.VIEW_TRIALS, row.place), standing=row.state in question.STANDING,
    )  # fmt: skip


@bp.get("/<key:cycle_id>/schemes/<any(village, community):kind>")
def scheme(cycle_id: int, kind: str) -> ResponseReturnValue:
    """A scheme as a readable table."""
    row = cycle_here(cycle_id)
    kept = question.schemes_of(cycle_id)
    if kind not in kept:
        abort(404)
    read = read_kept(kept[kind].text)
    return render_template(
        "schemes/scheme.html", cycle=row, kind=kind, kept=kept, scheme=read.scheme, digest=kept[kind].digest,
        tables=tables_of(read.scheme, kind, question.assignments_of(cycle_id)),
        prepares=may(person().grants, Act.PREPARE_CYCLE, row.place) and row.state is CycleState.DRAFT,
    )  # fmt: skip


@bp.get("/<key:cycle_id>/schemes/<any(village, community):kind>.json")
def text(cycle_id: int, kind: str) -> ResponseReturnValue:
    """The canonical text of a scheme, to be checked against its digest."""
    cycle_here(cycle_id)
    kept = question.schemes_of(cycle_id).get(kind)
    if kept is None:
        abort(404)
    headers = {"Content-Disposition": f"attachment; filename=scheme-{kept.digest[:8]}.json"}
    return Response(kept.text.encode(), mimetype="application/json", headers=headers)


@bp.get("/<key:cycle_id>/assignments")
def assignments(cycle_id: int) -> ResponseReturnValue:
    """Who fills in which indicator."""
    row = cycle_here(cycle_id)
    assigned = question.assignments_of(cycle_id)
    lines = [
        (kind, node, assigned.get((kind, node.code)))
        for kind, one in question.schemes_of(cycle_id).items()
        for node in service.leaves_entered(read_kept(one.text).scheme)
    ]
    known = sorted({one.department for one in assigned.values() if one.department})
    changes = may(person().grants, Act.PREPARE_CYCLE, row.place) and row.state in (CycleState.DRAFT, CycleState.SCORING)
    return render_template(
        "schemes/assignments.html", cycle=row, lines=lines, departments=known, changes=changes,
        townships=service.TOWNSHIPS,
    )  # fmt: skip


@bp.post("/<key:cycle_id>/assignments")
def assign(cycle_id: int) -> ResponseReturnValue:
    """Store who fills in what."""
    chosen: dict[tuple[str, str], str] = {}
    for name, value in request.form.items():
        kind, separator, code = name.partition(":")
        if separator and kind in ("village", "community"):
            chosen[kind, code] = value
    moved = service.assign(cycle_id, chosen, _version(), person().account_id)
    flash(gettext("存了，%(count)s项指标改了由谁填。", count=moved), "ok")
    return redirect(url_for("schemes.assignments", cycle_id=cycle_id))


@bp.post("/<key:cycle_id>/steps")
def step(cycle_id: int) -> ResponseReturnValue:
    """Take a step of the year, forward or (with a reason) back."""
    row = cycle_here(cycle_id)
    name = request.form.get("step", "")
    if name not in list(CycleStep):
        abort(400)
    asked = find_step(CycleStep(name), row.state)
    if asked is not None and not may(person().grants, asked.act, row.place):
        abort(403)
    service.take_step(cycle_id, CycleStep(name), _version(), person().account_id, request.form.get("reason", ""))
    flash(gettext("办好了：%(step)s。", step=gettext(STEP_NAMES[CycleStep(name)])), "ok")
    return redirect(url_for("schemes.show", cycle_id=cycle_id))


def _version() -> int:
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
