"""The objections somebody may read, one of them with its receipt and what became of it, taking up, withdrawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.evidence.panels import evidence_of_objection
from starrating.blueprints.objections import bp
from starrating.blueprints.objections.lodging import on_notice
from starrating.blueprints.pages import number, person, words
from starrating.blueprints.rating.deciding import FaultLine
from starrating.blueprints.rating.seen import levels_of, reason_teller
from starrating.blueprints.scoring.sheets import column_name
from starrating.domain.access import Act, Role, may, places
from starrating.domain.entry import NOTHING
from starrating.domain.faults import RuleError
from starrating.domain.objections import DECISIONS, Channel, ObjectionState, Step, may_see
from starrating.errors import sentence, status_of
from starrating.queries import objections as question
from starrating.queries.cycles import cycles, schemes_of
from starrating.queries.objections import ObjectionRow
from starrating.queries.objectors import objector_of
from starrating.queries.scores import cells_of, events_of
from starrating.services.evidence.objection_rights import parts_in
from starrating.services.evidence.rights import Here, here
from starrating.services.objections import objections as service
from starrating.services.objections.objection_decisions import DECIDABLE
from starrating.services.working_days import today
from starrating.services.years.scheme_texts import read_kept
from starrating.vocabulary.objections import STATES, channel_word, part_word, state_word, step_word


@dataclass(frozen=True, slots=True)
class CellLine:
    """A cell of the unit as whoever decides sees it: what stands, its version, what was typed, what is wrong."""

    header: str
    name: str
    indicator: str
    shown: str
    version: int
    typed: str
    error: str = ""


@bp.get("/")
def index() -> ResponseReturnValue:
    """The objections in scope, what is open first."""
    who = person()
    held = places(who.grants, Act.VIEW_OBJECTIONS)
    asked = request.args.get("state", "")
    narrowed = question.ObjectionFilter(
        number("year"), asked if asked in list(ObjectionState) else "", words("q"),
        own_only=not places(who.grants, Act.VIEW_ALL_OBJECTIONS),
    )  # fmt: skip
    own = [(row, grant.place.unit) for row in on_notice(Act.LODGE_OBJECTIONS) for grant in who.grants
           if grant.role is Role.UNIT and grant.place.unit and grant.place.district == row.district_id]  # fmt: skip
    return render_template(
        "objections/index.html", found=question.objections(held, narrowed, number("page") or 1), narrowed=narrowed,
        years=sorted({row.year for row in cycles(held)}, reverse=True), tally=question.state_counts(held, narrowed),
        states=[(one.value, state_word(one)[0]) for one in STATES], state_word=state_word, channel_word=channel_word,
        today=today(), records=bool(on_notice(Act.RECORD_OBJECTIONS)), own=own,
    )  # fmt: skip


@bp.get("/<key:objection_id>")
def show(objection_id: int) -> ResponseReturnValue:
    """One objection."""
    return page(objection_id)


@bp.post("/<key:objection_id>/take-up")
def take_up(objection_id: int) -> ResponseReturnValue:
    """Say that it is being looked into, and by whom."""
    try:
        service.take_up(objection_id, version(), person())
    except RuleError as refusal:
        return refused(objection_id, refusal)
    flash(gettext("记下了，凭回执号可以看到在查核。"), "ok")
    return redirect(url_for("objections.show", objection_id=objection_id), 303)


@bp.post("/<key:objection_id>/withdraw")
def withdraw(objection_id: int) -> ResponseReturnValue:
    """Take it back, with a reason."""
    try:
        service.withdraw(objection_id, version(), request.form.get("reason", ""), person())
    except RuleError as refusal:
        return refused(objection_id, refusal, "reason")
    flash(gettext("撤回了，理由留着。"), "ok")
    return redirect(url_for("objections.show", objection_id=objection_id), 303)


def version() -> int:
    """The version of the objection that the form was made from."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else abort(400)


def refused(objection_id: int, refusal: RuleError, field: str = "") -> ResponseReturnValue:
    """The page again, with what was typed and why it was not taken; what is not there stays hidden."""
    status = status_of(refusal)
    if status == 404:
        raise refusal
    return page(objection_id, sentence(refusal), field if status == 422 else ""), status


def page(
    objection_id: int, error: str = "", field: str = "", wrong: Mapping[str, str] | None = None,
    faults: Sequence[FaultLine] = (),
) -> str:  # fmt: skip
    """An objection as the person sees it, with the form of a decision for whoever may decide."""
    row = question.objection(objection_id) or abort(404)
    about, who = here(row.cycle_id, row.unit_id), person()
    if not may_see(who.grants, row.channel, about.place):
        abort(404)
    wide = may(who.grants, Act.VIEW_ALL_OBJECTIONS, about.place)
    decider = may(who.grants, Act.DECIDE_OBJECTIONS, about.place)
    objector = objector_of(objection_id) if wide and row.channel is Channel.INDIVIDUAL else None
    parts = parts_in(row, who) if decider and (row.open or objector) else ()
    own = Act.LODGE_OBJECTIONS if row.channel is Channel.ONLINE else Act.RECORD_OBJECTIONS
    able = decider and row.open and not parts
    return render_template(
        "objections/show.html", row=row, cycle=about.cycle, unit=about.unit, error=error, field=field, faults=faults,
        typed=request.form, state=state_word(row.state), channel=channel_word(row.channel), today=today(), wide=wide,
        evidence=evidence_of_objection(about, objection_id, decides=able), able=able,
        parts=[part_word(one) for one in parts],
        withdraws=row.open and may(who.grants, own, about.place), objector=objector,
        opens=objector and objector.name and decider and not parts,
        decidable=about.cycle.state in DECIDABLE,
        names={code: task.node.name for code, task in service.indicators_of(about).items()},
        steps=[(one.value, step_word(one)) for one in DECISIONS], **(_sheet(row, about, wrong or {}) if able else {}),
        **told(about) if wide else {},
    )  # fmt: skip


def told(about: Here) -> dict[str, Any]:
    """The levels and the reasons of the unit's scheme, to show who moves."""
    scheme = read_kept(schemes_of(about.cycle.id)[about.unit.kind].text).scheme
    return {"levels": levels_of(scheme), "reason": reason_teller(scheme)}


def _sheet(row: ObjectionRow, about: Here, wrong: Mapping[str, str]) -> dict[str, Any]:
    """The cells of the unit, those that the objection is about first, and its events that stand."""
    tasks = service.indicators_of(about)
    columns = [column for task in tasks.values() for column in task.columns]
    cells = cells_of(row.cycle_id, [row.unit_id], [column.header for column in columns])
    lines = []
    for column in columns:
        cell = cells.get((row.unit_id, column.header))
        shown = (cell.entry if cell else NOTHING).shown
        part = column_name(column)
        name = column.node.name if part == column.node.name else f"{column.node.name} {part}"
        lines.append(CellLine(column.header, name, column.node.code, shown, cell.version if cell else 0,
                              request.form.get(f"v:{column.header}", shown), wrong.get(column.header, "")))  # fmt: skip
    return {
        "near": [line for line in lines if line.indicator in row.indicators],
        "far": [line for line in lines if line.indicator not in row.indicators],
        "events": [one for one in events_of(row.cycle_id, row.unit_id) if one.withdrawn_at is None],
        "chosen": request.form.getlist("events"), "step": request.form.get("step", Step.REJECT.value),
    }  # fmt: skip
