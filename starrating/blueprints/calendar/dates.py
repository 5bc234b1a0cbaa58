"""The dates of a year: for every stage its first and its last day, both counting whole, in Beijing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.calendar import bp
from starrating.blueprints.pages import person
from starrating.domain.access import Act, may, places
from starrating.domain.faults import RuleError
from starrating.domain.windows import (
    ALWAYS,
    BEIJING,
    DATED,
    Calendar,
    Stage,
    Standing,
    Window,
    first_instant,
    last_instant,
)
from starrating.domain.workflow import CycleState
from starrating.errors import sentence, status_of
from starrating.queries import cycles as years
from starrating.queries.windows import calendar_of
from starrating.services.clock import now
from starrating.services.years.windows import set_windows
from starrating.vocabulary.calendar import stage_name

CHANGING = (CycleState.DRAFT, CycleState.SCORING, CycleState.VERIFICATION)
SIDES = ("opens", "closes")


@dataclass(frozen=True, slots=True)
class StageSeen:
    """A stage as the page shows it: its dates, how it stands now, what was typed and what is wrong with it."""

    stage: Stage
    window: Window
    standing: Standing
    typed: Mapping[str, str]
    errors: Mapping[str, str]


def year_seen(cycle_id: int, act: Act = Act.VIEW_CYCLE) -> years.CycleRow:
    """A year whose calendar the person may see; otherwise there is none."""
    return years.cycle_in(places(person().grants, act), cycle_id) or abort(404)


@bp.get("/cycles/<key:cycle_id>/dates")
def show(cycle_id: int) -> ResponseReturnValue:
    """The windows of a year's stages."""
    return _page(cycle_id, {}, "")


@bp.post("/cycles/<key:cycle_id>/dates")
def store(cycle_id: int) -> ResponseReturnValue:
    """Set them: a last day counts up to 24:00."""
    days, errors = _typed()
    if errors:
        return _page(cycle_id, errors, ""), 422
    windows = {
        stage: Window(_instant(days[stage, "opens"], first=True), _instant(days[stage, "closes"], first=False))
        for stage in DATED
    }
    version = request.form.get("version", "")
    try:
        set_windows(cycle_id, windows, int(version) if version.isdecimal() and len(version) < 10 else 0,
                    person().account_id)  # fmt: skip
    except RuleError as refusal:
        wrong = {(stage, "closes"): sentence(refusal) for stage in refusal.facts.get("stages", ())}
        return _page(cycle_id, wrong, "" if wrong else sentence(refusal)), status_of(refusal)
    flash(gettext("日期存了，最后一天到24时为止。"), "ok")
    return redirect(url_for("calendar.show", cycle_id=cycle_id), 303)


def _page(cycle_id: int, errors: Mapping[tuple[Stage, str], str], refusal: str) -> str:
    row = year_seen(cycle_id)
    calendar, sent = calendar_of(row), request.method == "POST"
    able = may(person().grants, Act.PREPARE_CYCLE, row.place)
    stages = [
        StageSeen(
            stage, calendar.window(stage), calendar.standing(stage, row.place, "", now()),
            {side: request.form.get(f"{stage}-{side}", "") if sent else _day_of(getattr(calendar.window(stage), side))
             for side in SIDES},
            {side: errors.get((stage, side), "") for side in SIDES},
        )
        for stage in DATED
    ]  # fmt: skip
    return render_template(
        "calendar/dates.html", cycle=row, stages=stages, able=able, changing=able and row.state in CHANGING,
        refusal=refusal, objection=_objection(calendar),
        summary=[(f"{stage}-{side}", f"{stage_name(stage)}{gettext('：')}{text}")
                 for (stage, side), text in errors.items()],
    )  # fmt: skip


def _objection(calendar: Calendar) -> Window | None:
    window = calendar.window(Stage.OBJECTION)
    return None if window == ALWAYS else window


def _typed() -> tuple[dict[tuple[Stage, str], date | None], dict[tuple[Stage, str], str]]:
    """The days of the form, and what is none."""
    days: dict[tuple[Stage, str], date | None] = {}
    errors: dict[tuple[Stage, str], str] = {}
    for stage in DATED:
        for side in SIDES:
            text = request.form.get(f"{stage}-{side}", "").strip()
            try:
                days[stage, side] = _day(text) if text else None
            except ValueError:
                errors[stage, side] = gettext("“%(text)s”不是日期，没有存。请写成2024-12-31这样。", text=text[:40])
    return days, errors


def _day(text: str) -> date:
    """A day as a date field sends it, within the years that a cycle can have; `ValueError` otherwise."""
    day = date.fromisoformat(text) if len(text) == len("2024-12-31") else date.min
    if not 2000 <= day.year <= 2201:
        raise ValueError(text)
    return day


def parsed_day(text: str) -> date | None:
    """A day as a date field sends it; None where it is none."""
    try:
        return _day(text.strip())
    except ValueError:
        return None


def _instant(day: date | None, *, first: bool) -> datetime | None:
    if day is None:
        return None
    return first_instant(day) if first else last_instant(day)


def _day_of(instant: datetime | None) -> str:
    return "" if instant is None else instant.astimezone(BEIJING).strftime("%Y-%m-%d")
