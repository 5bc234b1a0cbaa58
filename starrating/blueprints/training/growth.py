"""The path of growth: stages with how many stand at each and stepped up in a year, a person's steps; names masked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.calendar.dates import parsed_day
from starrating.blueprints.languages import in_chinese
from starrating.blueprints.pages import number, person
from starrating.blueprints.people.forms import version
from starrating.blueprints.training import bp
from starrating.blueprints.training.again import again
from starrating.blueprints.training.files import sent
from starrating.blueprints.training.views import place_on
from starrating.documents.training_workbook import GROWTH
from starrating.domain.access import Act, may
from starrating.domain.faults import RuleError
from starrating.domain.growth import written
from starrating.domain.masking import masked_name
from starrating.errors import sentence
from starrating.queries import growth as question
from starrating.queries import people as people_question
from starrating.queries.growth import StepRow
from starrating.queries.pages import SIZE
from starrating.queries.people_scope import serving_places
from starrating.services.people import growth as service
from starrating.services.people.exports import note_export
from starrating.services.working_days import today

FIELDS = {"step.day": "taken_on", "step.body": "body", "step.order": "stage", "step.reason": "reason"}
"""Where a form says what is wrong."""


@bp.get("/divisions/<key:division_id>/growth")
def growth(division_id: int) -> ResponseReturnValue:
    """The path that holds for a division, and how far its people are on it."""
    return _page(division_id)


@bp.post("/divisions/<key:division_id>/growth/path")
def set_growth_path(division_id: int) -> ResponseReturnValue:
    """Set the path of a city or district, or begin with the usual one."""
    text = service.usual_path() if request.form.get("usual") else request.form.get("text", "")
    try:
        service.set_path(division_id, version(), text, person())
    except RuleError as refusal:
        return again(refusal, lambda one: _page(division_id, sentence(one)))
    flash(gettext("路径存好了，登记过的都还在。"), "ok")
    return redirect(url_for("training.growth", division_id=division_id), 303)


@bp.post("/divisions/<key:division_id>/growth.xlsx")
def growth_file(division_id: int) -> ResponseReturnValue:
    """Where everybody stands, as a workbook; that it was taken out is on the trail."""
    here, place = place_on(division_id)
    with in_chinese():
        rows = [_line(row) for row in _standing(question.steps_within([place]))]
        name = gettext("%(place)s培养路径名单", place=here.name)
    note_export(division_id, "growth", name, len(rows), person())
    return sent(name, GROWTH, rows)


@bp.get("/people/<key:person_id>/steps")
def steps(person_id: int) -> ResponseReturnValue:
    """A person's steps, and the form of the next one."""
    return _steps(person_id)


@bp.post("/people/<key:person_id>/steps")
def take_step(person_id: int) -> ResponseReturnValue:
    """Record that somebody came to a stage."""
    form = request.form
    typed = service.TypedStep(form.get("stage", ""), parsed_day(form.get("taken_on", "")), form.get("body", ""),
                              form.get("document", ""))  # fmt: skip
    try:
        service.take_step(person_id, typed, person())
    except RuleError as refusal:
        return again(refusal, lambda one: _steps(person_id, sentence(one), FIELDS.get(one.code, "")))
    flash(gettext("登记好了。"), "ok")
    return redirect(url_for("training.steps", person_id=person_id), 303)


@bp.post("/steps/<key:step_id>/take-back")
def take_back_step(step_id: int) -> ResponseReturnValue:
    """Take back a step that was recorded wrongly."""
    row = question.step(step_id) or abort(404)
    try:
        service.take_back_step(step_id, request.form.get("reason", ""), person())
    except RuleError as refusal:
        return again(refusal, lambda one: _steps(row.person_id, sentence(one), FIELDS.get(one.code, "")))
    flash(gettext("撤回了，理由在留痕里。"), "ok")
    return redirect(url_for("training.steps", person_id=row.person_id), 303)


def _standing(found: Sequence[StepRow]) -> list[StepRow]:
    """The step at which each person stands, of all steps by day."""
    last = {row.person_id: row for row in found}
    return sorted(last.values(), key=lambda row: (row.township, row.person_id))


def _line(row: StepRow) -> list[str]:
    return [str(row.person_id), masked_name(row.name), row.township, row.stage_name, row.taken_on.isoformat(),
            row.body, row.document]  # fmt: skip


def _page(division_id: int, error: str = "") -> str:
    here, place = place_on(division_id)
    path, found, day = question.path_for(place), question.steps_within([place]), today()
    year = number("year") or day.year
    standing, stage = _standing(found), request.args.get("stage", "")
    chosen = [row for row in standing if not stage or row.stage == stage]
    page = max(1, min(number("page") or 1, -(-len(chosen) // SIZE) or 1))
    years = sorted({row.taken_on.year for row in found} | {day.year}, reverse=True)
    near = {row.township_id: row.township for row in standing if here.level != "township"}
    towns = dict(sorted(near.items(), key=lambda one: one[1]))
    return render_template(
        "training/growth.html", here=here, path=path, year=year, years=years, error=error, typed=request.form,
        now=Counter(row.stage for row in standing), stepped=Counter(_stepped(found, year)), stage=stage,
        cells=Counter((row.township_id, row.stage) for row in standing), towns=towns,
        rows=chosen[(page - 1) * SIZE : page * SIZE], count=len(chosen), page=page, size=SIZE,
        own=path if path and path.division_id == here.id else None, text=written(path.stages) if path else "",
        manages=may(person().grants, Act.MANAGE_PEOPLE, place) and here.level in ("municipality", "district"),
    )  # fmt: skip


def _stepped(found: Sequence[StepRow], year: int) -> list[str]:
    """The stages to which somebody stepped up in a year; where somebody began is no step up."""
    before: set[int] = set()
    told = []
    for row in found:
        if row.person_id in before and row.taken_on.year == year:
            told.append(row.stage)
        before.add(row.person_id)
    return told


def _steps(person_id: int, error: str = "", field: str = "") -> str:
    row = people_question.person(person_id) or abort(404)
    served = [one for one in serving_places(person_id, today()) if may(person().grants, Act.MANAGE_PEOPLE, one)]
    path = question.path_for(served[0]) if served else None
    found = question.steps_of_person(person_id)
    at = found[-1].stage if found else None
    after = [one for one in path.stages if at is None or at in one.after] if path else []
    return render_template(
        "training/steps.html", person=row, steps=found, path=path, error=error, field=field, typed=request.form,
        after=[(one.code, one.name) for one in after], today=today(), place=served[0] if served else None,
    )  # fmt: skip
