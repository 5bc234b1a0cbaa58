"""Lodging an objection: a unit its own, within the days of the notice; the office what came by letter or telephone."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.calendar.dates import parsed_day
from starrating.blueprints.evidence.views import send, tell_refused
from starrating.blueprints.objections import bp
from starrating.blueprints.pages import number, person, words
from starrating.domain.access import Act, places
from starrating.domain.evidence import Purpose
from starrating.domain.faults import RuleError
from starrating.domain.objections import Channel
from starrating.domain.windows import Stage
from starrating.domain.workflow import CycleState
from starrating.errors import sentence, status_of
from starrating.queries.cycles import CycleRow, cycles
from starrating.queries.scores import units_of
from starrating.services.evidence.evidence import limits
from starrating.services.evidence.rights import Here, Slot, here
from starrating.services.names import chosen
from starrating.services.objections import objections as service
from starrating.services.working_days import today
from starrating.services.years.windows import time_at
from starrating.vocabulary.objections import channel_word

MOST_SHOWN = 60
BY_OFFICE = (Channel.PAPER, Channel.TELEPHONE)
FIELDS = {
    "objection.grounds": "grounds", "objection.indicator": "indicators", "objection.raised_by": "raised_by",
    "objection.received": "received_on", "form.choice": "channel",
}  # fmt: skip
"""Where the form says what is wrong."""


def on_notice(act: Act) -> list[CycleRow]:
    """The years on notice in which somebody may lodge or record."""
    return [row for row in cycles(places(person().grants, act)) if row.state is CycleState.NOTICE]


@bp.get("/new")
def choose() -> ResponseReturnValue:
    """Which unit somebody wrote or called about: found by name or code among those on notice."""
    own, asked, wanted = on_notice(Act.RECORD_OBJECTIONS), number("cycle"), words("q")
    row = next((one for one in own if asked in (None, one.id)), None)
    if asked and row is None:
        abort(404)
    found = [one for one in units_of(row) if wanted in one.name or one.code.startswith(wanted)] if row else []
    return render_template(
        "objections/choose.html", cycle=row, years=own, words=wanted, found=found[:MOST_SHOWN], total=len(found)
    )


@bp.get("/cycles/<key:cycle_id>/units/<key:unit_id>/own")
def own(cycle_id: int, unit_id: int) -> ResponseReturnValue:
    """The unit's form."""
    return _form(here(cycle_id, unit_id), online=True)


@bp.post("/cycles/<key:cycle_id>/units/<key:unit_id>/own")
def lodge(cycle_id: int, unit_id: int) -> ResponseReturnValue:
    """Take in the unit's objection and the files that came with it."""
    return _store(here(cycle_id, unit_id), online=True)


@bp.get("/cycles/<key:cycle_id>/units/<key:unit_id>/recorded")
def of_others(cycle_id: int, unit_id: int) -> ResponseReturnValue:
    """The office's form."""
    return _form(here(cycle_id, unit_id), online=False)


@bp.post("/cycles/<key:cycle_id>/units/<key:unit_id>/recorded")
def record(cycle_id: int, unit_id: int) -> ResponseReturnValue:
    """Enter what came on paper or by telephone, with the letter as a file."""
    return _store(here(cycle_id, unit_id), online=False)


def _typed(*, online: bool) -> service.Lodging:
    form, asked = request.form, request.form.get("channel", Channel.PAPER.value)
    channel = Channel.ONLINE if online else chosen(Channel, asked, "channel", BY_OFFICE)
    return service.Lodging(form.get("grounds", ""), tuple(form.getlist("indicators")), channel,
                           form.get("raised_by", ""), parsed_day(form.get("received_on", "")))  # fmt: skip


def _store(about: Here, *, online: bool) -> ResponseReturnValue:
    try:
        made = service.lodge_objection(about.cycle.id, about.unit.id, _typed(online=online), person())
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        page = _form(about, online=online, error=sentence(refusal), field=FIELDS.get(refusal.code, ""))
        return page, status_of(refusal)
    slot = Slot(about.cycle.id, about.unit.id, "", Purpose.OBJECTION, objection_id=made)
    tell_refused(send(slot, request.files.getlist("files")))
    flash(gettext("收到了。请记下回执号和查询码，凭它们可以查办到哪一步。"), "ok")
    return redirect(url_for("objections.show", objection_id=made), 303)


def _form(about: Here, *, online: bool, error: str = "", field: str = "") -> str:
    indicators = [(code, f"{code} {task.node.name}") for code, task in service.indicators_of(about).items()]
    return render_template(
        "objections/create.html", cycle=about.cycle, unit=about.unit, online=online, indicators=indicators,
        chosen=request.form.getlist("indicators"), channels=[(one.value, channel_word(one)) for one in BY_OFFICE],
        typed=request.form, error=error, field=field, limits=limits(), today=today(),
        time=time_at(about.cycle, Stage.OBJECTION, about.place), noticed=about.cycle.state is CycleState.NOTICE,
        shortest=service.SHORTEST, longest=service.LONGEST,
    )  # fmt: skip
