"""Full-time Party affairs workers: a place's list with counts against the places set, the forms."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.calendar.dates import parsed_day
from starrating.blueprints.languages import in_chinese
from starrating.blueprints.pages import number, person
from starrating.blueprints.people.forms import ANOTHER, same_name, version, whom
from starrating.blueprints.training import bp
from starrating.blueprints.training.again import again
from starrating.blueprints.training.files import sent
from starrating.blueprints.training.views import place_on
from starrating.documents.training_workbook import WORKERS
from starrating.domain.access import Act, Place, may
from starrating.domain.faults import RuleError
from starrating.domain.masking import masked_name
from starrating.errors import sentence
from starrating.queries import workers as question
from starrating.queries.divisions import DivisionRow, children_of, path_of
from starrating.queries.field_figures import counted_units
from starrating.queries.workers import WorkerRow
from starrating.services.people import workers as service
from starrating.services.people.exports import note_export
from starrating.services.working_days import today
from starrating.vocabulary import people as people_words
from starrating.vocabulary import training as say
from starrating.vocabulary.people import choices

FIELDS = {
    "worker.unit": "unit", "worker.day": "begins_on", "worker.choice": "recruited", "worker.ending": "ending",
    "worker.twice": "begins_on", "person.name": "name", "person.birth_year": "birth_year",
    "person.education": "education", "person.which": "who",
}  # fmt: skip
"""Where a form says what is wrong."""


@bp.get("/divisions/<key:division_id>/workers")
def workers(division_id: int) -> ResponseReturnValue:
    """The workers of a division, and how many it may have."""
    return _page(division_id)


@bp.post("/divisions/<key:division_id>/workers/places")
def set_worker_places(division_id: int) -> ResponseReturnValue:
    """Set how many workers a division may have."""
    text = request.form.get("places", "").strip()
    count = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else None
    try:
        service.set_places(division_id, version(), count, person())
    except RuleError as refusal:
        return again(refusal, lambda one: _page(division_id, sentence(one)))
    flash(gettext("名额存好了。"), "ok")
    return redirect(url_for("training.workers", division_id=division_id), 303)


@bp.post("/divisions/<key:division_id>/workers.xlsx")
def workers_file(division_id: int) -> ResponseReturnValue:
    """The list as a workbook; that it was taken out is on the trail."""
    here, place = place_on(division_id)
    rows = question.all_workers(place, _state(), today())
    with in_chinese():
        lines = [_line(row) for row in rows]
        name = gettext("%(place)s专职党务工作者名单", place=here.name)
    note_export(division_id, "party_workers", name, len(lines), person())
    return sent(name, WORKERS, lines)


@bp.get("/divisions/<key:division_id>/workers/new")
def new_worker(division_id: int) -> ResponseReturnValue:
    """The form of a worker of a township."""
    return _form(_township(division_id), None)


@bp.post("/divisions/<key:division_id>/workers/new")
def enter_worker(division_id: int) -> ResponseReturnValue:
    """Enter a worker."""
    here = _township(division_id)
    try:
        service.enter_worker(division_id, whom(), _typed(), person())
    except RuleError as refusal:
        return again(refusal, lambda one: _form(here, None, sentence(one), FIELDS.get(one.code, "")))
    flash(gettext("录入了。"), "ok")
    return redirect(url_for("training.workers", division_id=division_id), 303)


@bp.get("/workers/<key:worker_id>/amend")
def wrong_worker(worker_id: int) -> ResponseReturnValue:
    """The form that puts a worker's row right, or ends it."""
    return _amending(worker_id)


@bp.post("/workers/<key:worker_id>/amend")
def amend_worker(worker_id: int) -> ResponseReturnValue:
    """Put a worker's row right."""
    return _act(worker_id, lambda: service.amend_worker(worker_id, version(), _typed(), person()), gettext("更正了。"))


@bp.post("/workers/<key:worker_id>/end")
def end_worker(worker_id: int) -> ResponseReturnValue:
    """End somebody's time as a worker."""
    day, why = parsed_day(request.form.get("ends_on", "")), request.form.get("ending", "")
    return _act(
        worker_id, lambda: service.end_worker(worker_id, version(), day, why, person()), gettext("登记了离岗。")
    )


def _act(worker_id: int, act: Callable[[], None], said: str) -> ResponseReturnValue:
    try:
        act()
    except RuleError as refusal:
        return again(refusal, lambda one: _amending(worker_id, sentence(one), FIELDS.get(one.code, ""),
                                                    changed=one.code == "worker.changed"))  # fmt: skip
    flash(said, "ok")
    row = question.worker(worker_id) or abort(404)
    return redirect(url_for("training.workers", division_id=row.township_id), 303)


def _state() -> str:
    state = request.args.get("state", "")
    return state if state in question.STATES else ""


def _township(division_id: int) -> DivisionRow:
    here = path_of(division_id)[-1]
    return here if here.level == "township" else abort(404)


def _typed() -> service.TypedWorker:
    form, chosen = request.form, request.form.get("unit", "")
    known = chosen.isascii() and chosen.isdecimal() and len(chosen) < 10
    return service.TypedWorker(int(chosen) if known else None, parsed_day(form.get("begins_on", "")),
                               form.get("recruited", ""), form.get("source", ""), form.get("level", ""))  # fmt: skip


def _page(division_id: int, error: str = "") -> str:
    here, place = place_on(division_id)
    day = today()
    below = {"municipality": "district", "district": "township"}.get(here.level)
    children = children_of(division_id, below) if below else ()
    counts = question.counts_by_township(place, day)
    began, ended = question.changes_in_year(place, day.year)
    return render_template(
        "training/workers.html", here=here, day=day, state=_state(), error=error, typed=request.form,
        found=question.workers_page(place, _state(), day, number("page") or 1), began=began, ended=ended,
        townships=children if below == "township" else (), counts=counts, total=sum(counts.values()),
        places=question.places_set([division_id, *(one.id for one in children)]),
        manages=may(person().grants, Act.MANAGE_PEOPLE, place),
    )  # fmt: skip


def _line(row: WorkerRow) -> list[str]:
    return [str(row.person_id), masked_name(row.name), row.district, row.township, row.unit,
            row.begins_on.isoformat(), row.ends_on.isoformat() if row.ends_on else "",
            say.recruited_word(row.recruited), say.source_word(row.source), row.level,
            say.worker_ending_word(row.ending)]  # fmt: skip


def _amending(worker_id: int, error: str = "", field: str = "", *, changed: bool = False) -> str:
    row = question.worker(worker_id) or abort(404)
    return _form(path_of(row.township_id)[-1], row, error, field, changed=changed)


def _form(
    here: DivisionRow, row: WorkerRow | None, error: str = "", field: str = "", *, changed: bool = False
) -> str:  # fmt: skip
    stored = {
        "unit": str(row.unit_id or ""), "begins_on": row.begins_on.isoformat(), "recruited": row.recruited,
        "source": row.source, "level": row.level, "ends_on": row.ends_on.isoformat() if row.ends_on else "",
        "ending": row.ending,
    } if row else {}  # fmt: skip
    place = Place(*(one.id for one in path_of(here.id)))
    offered = [("", gettext("不在哪个村社区，在乡镇街道"))]
    offered += [(str(one.id), one.name) for one in counted_units([place], today())]
    return render_template(
        "training/worker_form.html", here=here, row=row, error=error, field=field, changed=changed,
        typed=request.form or stored, units=offered, recruited=choices(say.RECRUITED),
        sources=choices(say.SOURCES), endings=choices(say.WORKER_ENDINGS, gettext("请选")), today=today(),
        named=same_name(request.form.get("name", "")), another=ANOTHER,
        educations=choices(people_words.EDUCATIONS, gettext("没有记")),
    )  # fmt: skip
