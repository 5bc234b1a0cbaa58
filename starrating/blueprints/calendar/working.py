"""The days that offices work: until when they were published, what was entered on top, and the form to enter more."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.calendar import bp
from starrating.blueprints.calendar.dates import parsed_day
from starrating.blueprints.pages import can, person
from starrating.domain.access import Act
from starrating.domain.faults import RuleError
from starrating.errors import sentence, status_of
from starrating.queries.working_days import entered_days
from starrating.services import working_days as service
from starrating.services.names import chosen

FIELDS = {"working_days.span": "first", "working_days.note": "note", "form.choice": "works"}


@bp.get("/working-days")
def working_days() -> ResponseReturnValue:
    """What is known and what was entered."""
    return _page()


class Works(StrEnum):
    """What the form can say of days."""

    RESTS = "0"
    WORKS = "1"


@bp.post("/working-days")
def enter_days() -> ResponseReturnValue:
    """Say of a day, or of all days from one to another, that offices work on it or do not."""
    first = parsed_day(request.form.get("first", ""))
    last = parsed_day(request.form.get("last", "")) if request.form.get("last", "").strip() else first
    try:
        works = chosen(Works, request.form.get("works", Works.RESTS.value), "works") is Works.WORKS
        count = service.enter_days(_days(first, last), works, request.form.get("note", ""), person().account_id)
    except RuleError as refusal:
        return _page(sentence(refusal), FIELDS.get(refusal.code, "")), status_of(refusal)
    flash(gettext("存了%(count)s天，以后算期限就按它。", count=count), "ok")
    return redirect(url_for("calendar.working_days"), 303)


@bp.post("/working-days/<day>/remove")
def take_back_day(day: str) -> ResponseReturnValue:
    """Take an entered day back."""
    found = parsed_day(day) or abort(404)
    service.take_back_day(found, person().account_id)
    flash(gettext("撤回了，这一天照公布的算。"), "ok")
    return redirect(url_for("calendar.working_days"), 303)


def _days(first: date | None, last: date | None) -> tuple[date, ...]:
    """From the first to the last; none where they are no days or too many to be a holiday."""
    if first is None or last is None or not 0 <= (last - first).days < service.LONGEST_SPAN:
        return ()
    return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))


def _page(error: str = "", field: str = "") -> str:
    return render_template(
        "calendar/working_days.html", days=entered_days(), until=service.published_until(), error=error, field=field,
        typed=request.form, able=can(Act.SET_WORKING_DAYS), weekday=lambda day: day.weekday() > 4,
    )  # fmt: skip
