"""The extensions of a year: the list, asking for one, deciding on another person's, taking one back."""

from __future__ import annotations

from enum import StrEnum

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.calendar import bp
from starrating.blueprints.calendar.dates import parsed_day, year_seen
from starrating.blueprints.pages import person
from starrating.domain.access import Act, Role, may, may_somewhere, places
from starrating.domain.faults import RuleError
from starrating.domain.windows import DATED, EXTENDED_STATES, Stage, last_instant
from starrating.errors import sentence, status_of
from starrating.queries.cycles import CycleRow
from starrating.queries.extensions import departments_of, extensions_of
from starrating.queries.scores import township_sizes, units_of
from starrating.services.clock import now
from starrating.services.names import chosen
from starrating.services.years import extensions as service
from starrating.vocabulary.calendar import stage_name
from starrating.wording.language import mark as _l

STATES = {
    "asked": (_l("等另一个人批"), "now"),
    "approved": (_l("已批准"), "ok"),
    "refused": (_l("没有批"), "err"),
    "withdrawn": (_l("已撤回"), "locked"),
}
FIELDS = {"extension.scope": "township", "extension.past": "ends", "extension.reason": "reason", "form.choice": "stage"}


class Decision(StrEnum):
    """What the form can say of what another person asked for."""

    APPROVE = "approve"
    REFUSE = "refuse"


@bp.get("/cycles/<key:cycle_id>/extensions")
def extensions(cycle_id: int) -> ResponseReturnValue:
    """The list, and the form for whoever may ask."""
    return _page(year_seen(cycle_id))


@bp.post("/cycles/<key:cycle_id>/extensions")
def ask(cycle_id: int) -> ResponseReturnValue:
    """Ask for one."""
    row = year_seen(cycle_id)
    try:
        service.ask_extension(cycle_id, _asked(), request.form.get("reason", ""), person())
    except RuleError as refusal:
        return _refused(row, refusal, FIELDS.get(refusal.code, ""))
    flash(gettext("提交了，等另一个人批。批准以前，时间照旧。"), "ok")
    return redirect(url_for("calendar.extensions", cycle_id=cycle_id), 303)


def _asked() -> service.Asked:
    """What the form asks for."""
    stage = chosen(Stage, request.form.get("stage", Stage.SCORING.value), "stage", DATED)
    day = parsed_day(request.form.get("ends", ""))
    return service.Asked(stage, None if day is None else last_instant(day), _key("township"), _key("unit"),
                         request.form.get("department", "")[:200])  # fmt: skip


@bp.post("/cycles/<key:cycle_id>/extensions/<key:extension_id>/decision")
def decide(cycle_id: int, extension_id: int) -> ResponseReturnValue:
    """Grant or refuse what another person asked for."""
    row = year_seen(cycle_id)
    try:
        if chosen(Decision, request.form.get("decision", ""), "decision") is Decision.APPROVE:
            service.approve_extension(cycle_id, extension_id, person())
            said = gettext("批准了，到期自动失效。")
        else:
            service.refuse_extension(cycle_id, extension_id, request.form.get("reason", ""), person())
            said = gettext("没有批，理由留着。")
    except RuleError as refusal:
        return _refused(row, refusal, f"reason-{extension_id}")
    flash(said, "ok")
    return redirect(url_for("calendar.extensions", cycle_id=cycle_id), 303)


@bp.post("/cycles/<key:cycle_id>/extensions/<key:extension_id>/withdrawal")
def withdraw(cycle_id: int, extension_id: int) -> ResponseReturnValue:
    """Take one back."""
    row = year_seen(cycle_id)
    try:
        service.withdraw_extension(cycle_id, extension_id, request.form.get("reason", ""), person())
    except RuleError as refusal:
        return _refused(row, refusal, f"reason-{extension_id}")
    flash(gettext("撤回了，时间照原来的。"), "ok")
    return redirect(url_for("calendar.extensions", cycle_id=cycle_id), 303)


def _refused(row: CycleRow, refusal: RuleError, field: str) -> ResponseReturnValue:
    if status_of(refusal) == 404:
        raise refusal
    return _page(row, sentence(refusal), field), status_of(refusal)


def _page(row: CycleRow, error: str = "", field: str = "") -> str:
    who = person()
    decides, wide = may(who.grants, Act.DECIDE_EXTENSION, row.place), may(who.grants, Act.VIEW_TRIALS, row.place)
    stages = [(one.value, stage_name(one)) for one in DATED if row.state in EXTENDED_STATES[one]]
    towns, units, departments = _scopes(row)
    return render_template(
        "calendar/extensions.html", cycle=row, found=extensions_of(row.id, None if wide else who.account_id),
        decides=decides, own=who.account_id, at=now(), error=error, field=field, typed=request.form, stages=stages,
        towns=[(str(key), name) for key, name in towns],
        units=[(str(key), name) for key, name in units], departments=[(one, one) for one in departments],
        asks=bool(stages) and may_somewhere(who.grants, Act.ASK_EXTENSION) and bool(towns or units or departments),
        states={key: (gettext(text), kind) for key, (text, kind) in STATES.items()},
    )  # fmt: skip


def _scopes(row: CycleRow) -> tuple[list[tuple[int, str]], list[tuple[int, str]], list[str]]:
    """The townships, units and departments that the person may ask for in a year."""
    held = person().grants
    own = {one.department for one in held if one.role is Role.DISTRICT_ASSESSOR and one.place.covers(row.place)}
    free = [one for one in places([one for one in held if not one.department], Act.ASK_EXTENSION)
            if one.district == row.district_id]  # fmt: skip
    if any(one.covers(row.place) for one in free):
        towns = dict.fromkeys((key, name) for _, key, name, _ in township_sizes(row))
        return list(towns), [(one.id, one.name) for one in units_of(row)], list(departments_of(row.id))
    within = {one.township for one in free if one.unit is None}
    towns = dict.fromkeys((key, name) for _, key, name, _ in township_sizes(row) if key in within)
    units = [one for one in units_of(row) if one.township_id in within or one.id in {place.unit for place in free}]
    return list(towns), [(one.id, one.name) for one in units], sorted(own)


def _key(name: str) -> int | None:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 10 else None
