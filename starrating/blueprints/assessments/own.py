"""The unit's pages: what it has to assess and how far it is, a guided page per first-level indicator, submission."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.assessments import bp
from starrating.blueprints.assessments.standing import Standing, standing_of, state_kind, state_word
from starrating.blueprints.evidence.panels import evidence_of
from starrating.blueprints.pages import person
from starrating.blueprints.scoring.sheets import (
    NOTHING_RETURNED,
    LineSeen,
    Returned,
    headers_of,
    line_of,
    refused,
    returned,
)
from starrating.domain.access import Act, may
from starrating.domain.assessment import AssessmentState
from starrating.domain.entry import NOTHING
from starrating.domain.evidence import Purpose
from starrating.domain.faults import RuleError
from starrating.domain.scheme import Indicator
from starrating.domain.windows import Stage as Timed
from starrating.errors import sentence, status_of
from starrating.services.assessment.assessments import Gap, gaps_of, is_writable, save_assessment, submit_assessment
from starrating.services.scoring.tasks import Task
from starrating.services.scoring.typed_scores import EntriesRefused, ScoresConflict
from starrating.services.years.windows import REFUSED, time_at
from starrating.wording.rules import leaf_rule, missing_text

KEPT_TO_COPY = (*REFUSED, "assessment.changed", "assessment.no_move")
"""Refusals after which what was typed is shown to be copied: there is no field any more that could keep it."""
ORDER = (None, *AssessmentState)


@dataclass(frozen=True, slots=True)
class PartSeen:
    """A first-level indicator with how much of it is filled in and where its indicators stand."""

    root: Indicator
    filled: int
    of: int
    states: tuple[tuple[AssessmentState | None, int], ...]


@bp.get("/cycles/<key:cycle_id>/units/<key:unit_id>")
def show(cycle_id: int, unit_id: int) -> ResponseReturnValue:
    """How far a unit is, what was returned first, what is missing before it can be submitted."""
    return _overview(standing_of(cycle_id, unit_id))


def _overview(here: Standing, refusal: RuleError | None = None) -> str:
    time = time_at(here.cycle, Timed.SELF_ASSESSMENT, here.place)
    left = [task for task in here.tasks if is_writable(here.rows.get(task.node.code))]
    back = [(task, here.rows[task.node.code]) for task in here.tasks
            if here.state(task.node.code) is AssessmentState.RETURNED]  # fmt: skip
    return render_template(
        "assessments/show.html", here=here, cycle=here.cycle, unit=here.unit, returned=back, left=left, time=time,
        writes=time.open and may(person().grants, Act.ASSESS_SELF, here.place), gaps=_gaps(here, left),
        parts=[_part(here, root) for root in here.roots.values()], words=state_word, kinds=state_kind,
        error=sentence(refusal) if refusal else "",
    )  # fmt: skip


def _part(here: Standing, root: Indicator) -> PartSeen:
    tasks = here.of(root.code)
    headers = [column.header for task in tasks for column in task.columns]
    filled = sum(1 for header in headers if (cell := here.said.get((here.unit.id, header))) and cell.entry != NOTHING)
    states = [here.state(task.node.code) for task in tasks]
    counts = tuple((state, states.count(state)) for state in ORDER if state in states)
    return PartSeen(root, filled, len(headers), counts)


def _gaps(here: Standing, tasks: Sequence[Task]) -> tuple[Gap, ...]:
    return gaps_of(tasks, {header: cell for (_, header), cell in here.said.items()})


@bp.get("/cycles/<key:cycle_id>/units/<key:unit_id>/parts/<string:code>")
def part(cycle_id: int, unit_id: int, code: str) -> ResponseReturnValue:
    """The guided page of a first-level indicator."""
    return _part_page(standing_of(cycle_id, unit_id), code, NOTHING_RETURNED)


@bp.post("/cycles/<key:cycle_id>/units/<key:unit_id>/parts/<string:code>")
def save(cycle_id: int, unit_id: int, code: str) -> ResponseReturnValue:
    """Keep what was typed as a draft, then go on to the next part or to the overview."""
    here = standing_of(cycle_id, unit_id)
    codes = {header: of for (_, header), of in headers_of(here.tasks).items()}
    back = returned(codes)
    try:
        if any(one.unit_id != unit_id for one in back.typed.values()):
            raise RuleError("assessment.none")
        saved = save_assessment(cycle_id, unit_id, tuple(back.typed.values()), person())
    except EntriesRefused as refusal:
        return _part_page(standing_of(cycle_id, unit_id), code, refused(back, refusal)), 422
    except ScoresConflict as conflict:
        return _conflict(here, code, back, conflict), 409
    except RuleError as refusal:
        if refusal.code not in KEPT_TO_COPY:
            raise
        return _to_copy(here, back, refusal), 409
    _said_of(saved.changed)
    return redirect(_next(here, code), 303)


def _said_of(changed: int) -> None:
    if changed:
        flash(gettext("存了%(count)s格，还没有交。", count=changed), "ok")
    else:
        flash(gettext("没有改动，原来的都在。"), "info")


def _next(here: Standing, code: str) -> str:
    """Where the button that was pressed leads."""
    order, to = list(here.roots), request.form.get("then", "")
    if to == "next" and code in order[:-1]:
        code = order[order.index(code) + 1]
    elif to != "stay" or code not in order:
        return url_for("assessments.show", cycle_id=here.cycle.id, unit_id=here.unit.id)
    return url_for("assessments.part", cycle_id=here.cycle.id, unit_id=here.unit.id, code=code)


def _part_page(here: Standing, code: str, back: Returned) -> str:
    if code not in here.roots:
        abort(404)
    time = time_at(here.cycle, Timed.SELF_ASSESSMENT, here.place)
    writes = time.open and may(person().grants, Act.ASSESS_SELF, here.place)
    tasks = here.of(code)
    lines = [_line(here, task, back, writes) for task in tasks]
    lines.sort(key=lambda line: here.state(line.task.node.code) is not AssessmentState.RETURNED)
    order = list(here.roots)
    place = order.index(code)
    values = [cell.value for line in lines for cell in line.cells]
    return render_template(
        "assessments/part.html", here=here, cycle=here.cycle, unit=here.unit, root=here.roots[code], lines=lines,
        time=time, writes=any(line.editable for line in lines), rule=leaf_rule,
        blank=missing_text, rows=here.rows, reviewed=here.reviewed, words=state_word, kinds=state_kind,
        gaps={gap.task.node.code: gap for gap in _gaps(here, tasks)}, roots=here.roots, errors=_errors(lines),
        codes=[task.node.code for task in tasks], done=sum(map(bool, values)), of=len(values), place=place + 1,
        before=order[place - 1] if place else None, after=order[place + 1] if place + 1 < len(order) else None,
        evidence=evidence_of(here.cycle, here.unit, Purpose.SELF_ASSESSMENT, here.tasks),
    )  # fmt: skip


def _errors(lines: Sequence[LineSeen]) -> list[tuple[str, str]]:
    return [
        (cell.id, f"{line.task.node.code}{gettext('：')}{cell.error}")
        for line in lines
        for cell in line.cells
        if cell.error
    ]


def _line(here: Standing, task: Task, back: Returned, writes: bool) -> LineSeen:
    writable = writes and is_writable(here.rows.get(task.node.code))
    return line_of(here.unit, task, task.columns, here.said, back, writable)


def _conflict(here: Standing, code: str, back: Returned, conflict: ScoresConflict) -> str:
    """Base, theirs and mine of every cell that two people of the unit changed; everything else goes along."""
    disputed = {(one.unit.id, one.header): one for one in conflict.conflicts}
    return render_template(
        "assessments/conflict.html", cycle=here.cycle, unit=here.unit, root=here.roots.get(code) or abort(404),
        conflicts=conflict.conflicts, others=[one for key, one in back.typed.items() if key not in disputed],
        reasons=back.reasons, texts={key: back.typed[key].text for key in disputed}, action=request.path,
    )  # fmt: skip


def _to_copy(here: Standing, back: Returned, refusal: RuleError) -> str:
    """What was typed, line by line, to be copied."""
    lines = ["\t".join((one.header, one.text, one.reason)).rstrip() for one in back.typed.values() if one.text]
    return render_template("assessments/closed.html", cycle=here.cycle, unit=here.unit, happened=sentence(refusal),
                           text="\n".join(lines))  # fmt: skip


@bp.post("/cycles/<key:cycle_id>/units/<key:unit_id>/submit")
def submit(cycle_id: int, unit_id: int) -> ResponseReturnValue:
    """Submit what was shown, in the versions that were shown."""
    standing_of(cycle_id, unit_id)
    seen = {}
    for name, text in request.form.items():
        prefix, _, code = name.partition(":")
        if prefix == "a":
            if not (text.isascii() and text.isdecimal() and len(text) < 10):
                abort(400)
            seen[code] = int(text)
    try:
        count = submit_assessment(cycle_id, unit_id, seen, person())
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        return _overview(standing_of(cycle_id, unit_id), refusal), status_of(refusal)
    if count:
        flash(gettext("交了%(count)s项，等乡镇街道初评。退回的会排在最前面。", count=count), "ok")
    return redirect(url_for("assessments.show", cycle_id=cycle_id, unit_id=unit_id), 303)
