"""Recording a finding: which unit, what was seen and where, what it is to lead to, photographs with it."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.evidence.views import send, tell_refused
from starrating.blueprints.languages import BEIJING
from starrating.blueprints.pages import beijing_day, number, person, words
from starrating.blueprints.scoring.sheets import column_name
from starrating.blueprints.spot_checks import bp
from starrating.blueprints.spot_checks.words import EFFECTS, effect_word
from starrating.domain.access import Act, places
from starrating.domain.entry import Column
from starrating.domain.evidence import Purpose
from starrating.domain.faults import RuleError
from starrating.domain.spot_checks import AnswerAsked, Effect
from starrating.domain.windows import STATES, Stage
from starrating.errors import ENTRY_FAULTS, sentence, sentence_of_entry, status_of
from starrating.queries.cycles import cycles
from starrating.queries.scores import units_of
from starrating.services.assessment import spot_checks as service
from starrating.services.evidence.evidence import limits
from starrating.services.evidence.rights import Here, Slot, here
from starrating.services.names import chosen
from starrating.services.rating.events import flags_of
from starrating.services.years.windows import time_at

MOST_SHOWN = 60
FIELDS = {
    "spot_check.seen_at": "seen_at", "spot_check.due": "answer_due", "spot_check.due_late": "answer_due",
    "spot_check.header": "header", "spot_check.value": "value", "event.unknown": "flag", "event.count": "count",
}  # fmt: skip
"""Where the form says what is wrong; everything else about a value stands at the value."""


@bp.get("/new")
def choose() -> ResponseReturnValue:
    """Which unit the finding is about: the units of a year, found by name or code."""
    held = cycles(places(person().grants, Act.RECORD_SPOT_CHECKS))
    own = [row for row in held if row.state in STATES[Stage.EVENTS]]
    asked = number("cycle")
    row = next((one for one in own if one.id == asked), None) if asked else next(iter(own), None)
    if asked and row is None:
        abort(404)
    wanted = words("q")
    found = [one for one in units_of(row) if wanted in one.name or one.code.startswith(wanted)] if row else []
    return render_template(
        "spot_checks/choose.html", cycle=row, years=own, words=wanted, found=found[:MOST_SHOWN], total=len(found)
    )


@bp.get("/cycles/<key:cycle_id>/units/<key:unit_id>/new")
def create(cycle_id: int, unit_id: int) -> ResponseReturnValue:
    """The form of a finding."""
    return _form(here(cycle_id, unit_id))


@bp.post("/cycles/<key:cycle_id>/units/<key:unit_id>/new")
def store(cycle_id: int, unit_id: int) -> ResponseReturnValue:
    """Record a finding and keep the photographs that came with it."""
    about = here(cycle_id, unit_id)
    try:
        made = service.record_spot_check(cycle_id, unit_id, _typed(), person())
    except RuleError as refusal:
        if refusal.code not in ENTRY_FAULTS and status_of(refusal) == 404:
            raise
        said = sentence_of_entry(refusal) if refusal.code in ENTRY_FAULTS else sentence(refusal)
        status = 422 if refusal.code in ENTRY_FAULTS else status_of(refusal)
        return _form(about, said, _field(refusal)), status
    tell_refused(send(Slot(cycle_id, unit_id, "", Purpose.SPOT_CHECK, made), request.files.getlist("files")))
    flash(gettext("记了1件暗访。"), "ok")
    return redirect(url_for("spot_checks.show", check_id=made), 303)


def _typed() -> service.Finding:
    """What the form says."""
    form = request.form
    count = form.get("count", "")
    return service.Finding(
        place=form.get("place", ""),
        seen_at=beijing_instant(form.get("seen_at", "")),
        found_by=form.get("found_by", ""),
        found=form.get("found", ""),
        effect=chosen(Effect, form.get("effect", ""), "effect"),
        header=form.get("header", ""),
        value=form.get("value", ""),
        flag=form.get("flag", ""),
        count=int(count) if count.isascii() and count.isdecimal() and len(count) < 6 else 0,
        answer_due=beijing_day(form.get("answer_due", ""), end=True),
        answer_needed=chosen(AnswerAsked, form.get("answer_needed", "yes"), "answer_needed") is AnswerAsked.YES,
    )


def beijing_instant(text: str) -> datetime | None:
    """The instant of a minute written `2024-11-06T09:30` in Beijing; None where it is none."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=BEIJING).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _field(refusal: RuleError) -> str:
    """The field that a refusal is about."""
    if refusal.code == "spot_check.found":
        return next(
            (name for name in ("place", "found_by", "found") if not request.form.get(name, "").strip()), "found"
        )
    if refusal.code == "form.choice":
        return str(refusal.facts["field"])
    return FIELDS.get(refusal.code, "value" if refusal.code in ENTRY_FAULTS else "")


def _cell_name(column: Column) -> str:
    """A cell's name with its indicator's."""
    part = column_name(column)
    return f"{column.node.code} {column.node.name}" + (f" {part}" if part != column.node.name else "")


def _form(about: Here, error: str = "", field: str = "") -> str:
    time = time_at(about.cycle, Stage.EVENTS, about.place)
    own = {column.header: column for task in service.columns_here(about).values() for column in task.columns}
    headers = [(header, _cell_name(column)) for header, column in own.items()]
    return render_template(
        "spot_checks/create.html", cycle=about.cycle, unit=about.unit, headers=headers, error=error, field=field,
        flags=flags_of(about.cycle.id, about.unit.kind), effects=[(one, effect_word(one)) for one in EFFECTS],
        typed=request.form, open=time.open, closes=time.closes, limits=limits(),
    )  # fmt: skip
