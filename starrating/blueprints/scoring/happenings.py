"""The events of a unit in a year: vetoes, bonuses and whatever else its scheme asks about, recorded and withdrawn."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.pages import person
from starrating.blueprints.scoring import bp
from starrating.blueprints.scoring.views import unit_here, year_here
from starrating.domain.access import Act, Place, may
from starrating.domain.faults import RuleError
from starrating.domain.windows import Stage
from starrating.errors import sentence, status_of
from starrating.queries.scores import events_of
from starrating.queries.windows import calendar_of
from starrating.services.clock import now
from starrating.services.rating import events as service


@bp.get("/cycles/<key:cycle_id>/units/<key:unit_id>/events")
def events(cycle_id: int, unit_id: int) -> ResponseReturnValue:
    """What was recorded of a unit."""
    return _page(cycle_id, unit_id)


@bp.post("/cycles/<key:cycle_id>/units/<key:unit_id>/events")
def record(cycle_id: int, unit_id: int) -> ResponseReturnValue:
    """Record an event."""
    count = request.form.get("count", "")
    times = int(count) if count.isascii() and count.isdecimal() and len(count) < 6 else 0
    try:
        service.record_event(
            cycle_id, unit_id, request.form.get("flag", ""), times, request.form.get("reason", ""), person()
        )
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        return _page(cycle_id, unit_id, refusal), status_of(refusal)
    flash(gettext("记了1件事项，下次试算就算进去。"), "ok")
    return redirect(url_for("scoring.events", cycle_id=cycle_id, unit_id=unit_id), 303)


@bp.post("/cycles/<key:cycle_id>/units/<key:unit_id>/events/<key:event_id>/withdraw")
def withdraw(cycle_id: int, unit_id: int, event_id: int) -> ResponseReturnValue:
    """Take an event back."""
    try:
        service.withdraw_event(cycle_id, unit_id, event_id, request.form.get("reason", ""), person())
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        return _page(cycle_id, unit_id, refusal, event_id), status_of(refusal)
    flash(gettext("撤回了，事项和撤回的理由都留着。"), "ok")
    return redirect(url_for("scoring.events", cycle_id=cycle_id, unit_id=unit_id), 303)


def _page(cycle_id: int, unit_id: int, refusal: RuleError | None = None, event_id: int = 0) -> str:
    row = year_here(cycle_id)
    here = unit_here(row, unit_id)
    place = Place(row.municipality_id, row.district_id, here.township_id, here.id)
    field = f"withdraw-{event_id}" if event_id else {"event.count": "count", "event.unknown": "flag"}.get(
        refusal.code if refusal else "", "reason"
    )  # fmt: skip
    return render_template(
        "scoring/events.html", cycle=row, unit=here, found=events_of(cycle_id, unit_id), typed=request.form,
        flags=service.flags_of(cycle_id, here.kind), error=sentence(refusal) if refusal else "", field=field,
        stands_at_field=refusal is not None and status_of(refusal) == 422,
        records=may(person().grants, Act.RECORD_EVENTS, place)
        and calendar_of(row).is_open(Stage.EVENTS, place, "", now()),
    )  # fmt: skip
