"""The forms of rounds and courses: entered, put right, withdrawn, cancelled; a conflict shows theirs and mine."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.calendar.dates import parsed_day
from starrating.blueprints.pages import person
from starrating.blueprints.people.forms import version
from starrating.blueprints.training import bp
from starrating.blueprints.training.views import offered, shown
from starrating.domain.access import Place
from starrating.domain.faults import RuleError
from starrating.domain.training import hours_text
from starrating.errors import sentence, status_of
from starrating.queries import training as question
from starrating.queries.divisions import path_of
from starrating.queries.training import CourseRow
from starrating.services.people import training as service
from starrating.services.working_days import today

FIELDS = {
    "round.name": "name", "round.hours": "needed", "course.title": "title", "course.hours": "hours",
    "course.days": "begins_on", "course.audience": "audience", "course.round": "round_id", "course.reason": "reason",
}  # fmt: skip
"""Where a form says what is wrong."""


@bp.post("/divisions/<key:division_id>/rounds")
def open_round(division_id: int) -> ResponseReturnValue:
    """Enter a round."""
    form = request.form
    typed = service.TypedRound(form.get("name", ""), form.get("audience", ""), form.get("unit_kind", ""),
                               form.get("needed", ""), *_days())  # fmt: skip
    try:
        made = service.open_round(division_id, typed, person())
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        return shown(division_id, sentence(refusal), FIELDS.get(refusal.code, "")), status_of(refusal)
    flash(gettext("轮训开好了。下面办几期培训，登记谁参加了。"), "ok")
    return redirect(url_for("training.round_shown", division_id=division_id, round_id=made), 303)


@bp.post("/divisions/<key:division_id>/rounds/<key:round_id>/withdraw")
def withdraw_round(division_id: int, round_id: int) -> ResponseReturnValue:
    """Withdraw a round that was entered wrongly."""
    service.withdraw_round(round_id, person())
    flash(gettext("轮训撤回了，它的几期培训都还在。"), "ok")
    return redirect(url_for("training.division", division_id=division_id), 303)


@bp.get("/divisions/<key:division_id>/courses/new")
def new_course(division_id: int) -> ResponseReturnValue:
    """The form of a course."""
    return _form(division_id, None)


@bp.post("/divisions/<key:division_id>/courses/new")
def hold_course(division_id: int) -> ResponseReturnValue:
    """Enter a course."""
    try:
        made = service.hold_course(division_id, _typed(), person())
    except RuleError as refusal:
        return _refused(division_id, None, refusal)
    flash(gettext("培训存好了。从第一天起可以登记谁参加了。"), "ok")
    return redirect(url_for("training.attendance", division_id=division_id, course_id=made), 303)


@bp.get("/courses/<key:course_id>/amend")
def wrong_course(course_id: int) -> ResponseReturnValue:
    """The form that puts a course right."""
    row = question.course_row(course_id) or abort(404)
    return _form(_holder(row), row)


@bp.post("/courses/<key:course_id>/amend")
def amend_course(course_id: int) -> ResponseReturnValue:
    """Put a course right."""
    row = question.course_row(course_id) or abort(404)
    try:
        service.amend_course(course_id, version(), _typed(), person())
    except RuleError as refusal:
        return _refused(_holder(row), course_id, refusal)
    flash(gettext("更正了，原来的在留痕里。"), "ok")
    return redirect(url_for("training.attendance", division_id=_holder(row), course_id=course_id), 303)


@bp.post("/courses/<key:course_id>/cancel")
def cancel_course(course_id: int) -> ResponseReturnValue:
    """Cancel a course that was not held."""
    row = question.course_row(course_id) or abort(404)
    try:
        service.cancel_course(course_id, version(), request.form.get("reason", ""), person())
    except RuleError as refusal:
        return _refused(_holder(row), course_id, refusal)
    flash(gettext("取消了，登记过的都还在，不再算学时。"), "ok")
    return redirect(url_for("training.division", division_id=_holder(row)), 303)


def _holder(row: CourseRow) -> int:
    """The division that holds a course."""
    return question.above(row.place)[-1]


def _days() -> tuple[Any, Any]:
    form = request.form
    return parsed_day(form.get("begins_on", "")), parsed_day(form.get("ends_on", ""))


def _typed() -> service.TypedCourse:
    form, chosen = request.form, request.form.get("round_id", "")
    known = chosen.isascii() and chosen.isdecimal() and len(chosen) < 10
    return service.TypedCourse(form.get("title", ""), form.get("audience", ""), form.get("unit_kind", ""),
                               form.get("hours", ""), form.get("venue", ""), *_days(),
                               int(chosen) if known else None)  # fmt: skip


def _refused(division_id: int, course_id: int | None, refusal: RuleError) -> ResponseReturnValue:
    """The form again with what was typed, what is wrong, and what stands now where somebody else was first."""
    if status_of(refusal) == 404:
        raise refusal
    row = question.course_row(course_id) if course_id is not None else None
    field, changed = FIELDS.get(refusal.code, ""), refusal.code == "course.changed"
    return _form(division_id, row, sentence(refusal), field, changed=changed), status_of(refusal)


def _form(division_id: int, row: CourseRow | None, error: str = "", field: str = "", *, changed: bool = False) -> str:
    path = path_of(division_id)
    place = Place(*(one.id for one in path))
    stored = {
        "title": row.title, "audience": row.audience, "unit_kind": row.unit_kind, "hours": hours_text(row.hours),
        "venue": row.venue, "begins_on": row.begins_on.isoformat(), "ends_on": row.ends_on.isoformat(),
        "round_id": str(row.round_id or ""),
    } if row else {"round_id": request.args.get("round", "")}  # fmt: skip
    rounds = [("", gettext("不属于哪一轮"))]
    rounds += [(str(one.id), one.name) for one in question.open_rounds(place, row.begins_on if row else today())]
    return render_template(
        "training/course_form.html", here=path[-1], row=row, typed=request.form or stored,
        rounds=rounds, error=error, field=field, changed=changed, day=today(), **offered(),
    )  # fmt: skip
