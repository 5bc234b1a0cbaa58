"""The township's pages: its units with what they submitted, and one unit side by side, differences first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.assessments import bp
from starrating.blueprints.assessments.standing import (
    Standing,
    standing_of,
    state_kind,
    state_word,
    year_of_assessments,
)
from starrating.blueprints.evidence.panels import evidence_of
from starrating.blueprints.pages import number, person
from starrating.blueprints.scoring.sheets import NOTHING_RETURNED, LineSeen, Returned, line_of
from starrating.domain.access import Act, Role, may
from starrating.domain.assessment import AssessmentState, Move
from starrating.domain.entry import NOTHING
from starrating.domain.evidence import Purpose
from starrating.domain.faults import RuleError
from starrating.domain.windows import Stage as Timed
from starrating.errors import sentence, sentence_of_entry, status_of
from starrating.queries.assessments import AssessmentRow, state_counts
from starrating.queries.cycles import CycleRow
from starrating.queries.scores import CellRow, cells_of, township_sizes, units_of
from starrating.services.assessment.reviews import Decision, review_assessments
from starrating.services.scoring.tasks import Task, tasks_of
from starrating.services.scoring.typed_scores import EntriesRefused, ScoresConflict, Typed
from starrating.services.years.windows import REFUSED, time_at, time_within
from starrating.wording.rules import leaf_rule

LISTED = ("submitted", "returned", "unfinished", "reviewed")
"""What the list of units can be narrowed to."""
DECIDED = (Move.ACCEPT.value, Move.CHANGE.value, Move.RETURN.value)
WAITS = {AssessmentState.SUBMITTED: 0, AssessmentState.REVIEWED: 1}
"""What a review shows, what still waits for it first."""


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One indicator side by side: the unit's cells, the township's as fields, the decision as it was typed."""

    task: Task
    row: AssessmentRow
    own: LineSeen
    said: Mapping[str, CellRow]
    differing: frozenset[str]
    asked: str
    reason: str

    @property
    def why(self) -> tuple[str, ...]:
        """The reasons that the unit wrote, each once."""
        return tuple(dict.fromkeys(cell.reason for cell in self.said.values() if cell.reason))

    @property
    def error(self) -> bool:
        """True where something of it was refused."""
        return any(cell.error for cell in self.own.cells)


@bp.get("/")
def index() -> ResponseReturnValue:
    """A unit's own page for a unit; for everybody else the units in scope with what they submitted."""
    row, own = year_of_assessments()
    if row is None:
        return render_template("assessments/index.html", cycle=None, years=())
    held = [one.place for one in person().grants]
    units = [place.unit for place in held if place.unit and place.district == row.district_id]
    if units and not any(place.covers(row.place) or (place.township and not place.unit) for place in held):
        return redirect(url_for("assessments.show", cycle_id=row.id, unit_id=units[0]))
    return _list(row, own)


def _list(row: CycleRow, own: Sequence[CycleRow]) -> str:
    reach = _reach(row)
    towns = [one for one in dict.fromkeys((key, name) for _, key, name, _ in township_sizes(row))
             if reach is None or one[0] in reach]  # fmt: skip
    town = number("township") or (towns[0][0] if towns else None)
    if town is not None and town not in [key for key, _ in towns]:
        abort(404)
    counts = state_counts(row, [town] if town else [])
    sizes: dict[str, int] = {}
    for task in tasks_of(row.id):
        sizes[task.kind] = sizes.get(task.kind, 0) + 1
    show = request.args.get("show", "") if request.args.get("show") in LISTED else ""
    found = units_of(row, township_id=town) if town else ()
    return render_template(
        "assessments/index.html", cycle=row, years=own, towns=towns, town=town, counts=counts, sizes=sizes, show=show,
        units=[unit for unit in found if _shown(show, counts.get(unit.id, {}), sizes.get(unit.kind, 0))], of=len(found),
        time=time_within(row, Timed.REVIEW), states=AssessmentState,
    )  # fmt: skip


def _reach(row: CycleRow) -> set[int] | None:
    """The townships that the person may look at in a year; None is all of the district."""
    grants = person().grants
    if may(grants, Act.VIEW_ASSESSMENTS, row.place):
        return None
    held = (one for one in grants if one.role is Role.TOWNSHIP_OFFICER and one.place.district == row.district_id)
    return {one.place.township for one in held if one.place.township}


def _shown(show: str, counts: Mapping[AssessmentState, int], of: int) -> bool:
    submitted, reviewed = counts.get(AssessmentState.SUBMITTED, 0), counts.get(AssessmentState.REVIEWED, 0)
    return {
        "submitted": submitted > 0, "returned": AssessmentState.RETURNED in counts,
        "unfinished": submitted + reviewed < of, "reviewed": reviewed == of,
    }.get(show, True)  # fmt: skip


@bp.get("/cycles/<key:cycle_id>/units/<key:unit_id>/review")
def review(cycle_id: int, unit_id: int) -> ResponseReturnValue:
    """A unit's submitted indicators beside the township's own values, differences first."""
    return _page(standing_of(cycle_id, unit_id), {}, NOTHING_RETURNED, "")


@bp.post("/cycles/<key:cycle_id>/units/<key:unit_id>/review")
def decide(cycle_id: int, unit_id: int) -> ResponseReturnValue:
    """Decide on the indicators that were chosen, all of them or none."""
    decisions = _decisions(standing_of(cycle_id, unit_id))
    chosen = [one for one in decisions.values() if request.form.get(f"m:{one.code}") or _takes_rest(one)]
    errors: dict[tuple[int, str], str] = {}
    said, status, kept = "", 409, ""
    try:
        _said_of(review_assessments(cycle_id, unit_id, chosen, person()))
        return redirect(request.full_path.rstrip("?"), 303)
    except EntriesRefused as refusal:
        errors, status = {key: sentence_of_entry(fault) for key, fault in refusal.faults.items()}, 422
    except ScoresConflict as conflict:
        said = _overtaken(conflict)
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        said, status = sentence(refusal), status_of(refusal)
        kept = _to_copy(chosen) if refusal.code in REFUSED else ""
    back = Returned(_typed(unit_id, decisions), errors, {})
    return _page(standing_of(cycle_id, unit_id), decisions, back, said, kept), status


def _said_of(count: int) -> None:
    if count:
        flash(gettext("初评了%(count)s项。", count=count), "ok")
    else:
        flash(gettext("没有选，什么都没有动。"), "info")


def _overtaken(conflict: ScoresConflict) -> str:
    names = gettext("、").join(one.header for one in conflict.conflicts)
    return str(
        gettext("“%(names)s”的分数别人刚存过，这一次都没有存。下面是现在的数，你填的都在，看过再存。", names=names)
    )


def _typed(unit_id: int, decisions: Mapping[str, Decision]) -> dict[tuple[int, str], Typed]:
    """The township's own values as they were typed, to be shown again."""
    return {
        (unit_id, header): Typed(unit_id, header, one.scores.get(header, 0), text, one.reason)
        for one in decisions.values()
        for header, text in one.texts.items()
    }


def _to_copy(decisions: Sequence[Decision]) -> str:
    """What was decided and typed, line by line: out of its time the page has no field any more that could keep it."""
    lines = [(one.code, one.reason, *(f"{header} {text}" for header, text in one.texts.items() if text))
             for one in decisions]  # fmt: skip
    return "\n".join("\t".join(part for part in line if part) for line in lines)


def _takes_rest(one: Decision) -> bool:
    """True where everything that nothing was chosen for is to be taken over, and this waits for its review."""
    return bool(request.form.get("rest")) and request.form.get(f"w:{one.code}") == "1"


def _decisions(here: Standing) -> dict[str, Decision]:
    """What the form says of each indicator that it shows; 400 where it is none of ours."""
    found = {}
    for task in here.tasks:
        code = task.node.code
        version, asked = request.form.get(f"a:{code}", ""), request.form.get(f"m:{code}", "")
        if not version:
            continue
        headers = [column.header for column in task.columns]
        texts = {header: request.form.get(f"v:{here.unit.id}:{header}", "") for header in headers}
        scores = {header: request.form.get(f"b:{here.unit.id}:{header}", "0") for header in headers}
        numbers = (version, *scores.values())
        if asked not in ("", *DECIDED) or not all(
            one.isascii() and one.isdecimal() and len(one) < 10 for one in numbers
        ):
            abort(400)
        found[code] = Decision(code, int(version), Move(asked or Move.ACCEPT), request.form.get(f"r:{code}", ""), texts,
                               {header: int(text) for header, text in scores.items()})  # fmt: skip
    return found


def _page(here: Standing, decisions: Mapping[str, Decision], back: Returned, happened: str,
          kept: str = "") -> str:  # fmt: skip
    part = request.args.get("part", "") if request.args.get("part", "") in here.roots else ""
    tasks = here.of(part)
    shown = [task for task in tasks if here.state(task.node.code) in WAITS]
    scores = cells_of(here.cycle.id, [here.unit.id], [column.header for task in shown for column in task.columns])
    time = time_at(here.cycle, Timed.REVIEW, here.place)
    decides = time.open and may(person().grants, Act.REVIEW_ASSESSMENTS, here.place)
    lines = [_line(here, task, scores, decisions, back, decides) for task in shown]
    lines.sort(key=lambda line: (not line.error, WAITS[line.row.state], not line.differing))
    states = [here.state(task.node.code) for task in tasks]
    return render_template(
        "assessments/review.html", here=here, cycle=here.cycle, unit=here.unit, lines=lines, part=part,
        roots=here.roots, decides=decides, rule=leaf_rule, words=state_word, kinds=state_kind, happened=happened,
        kept=kept,
        errors=[(cell.id, f"{line.task.node.code}{gettext('：')}{cell.error}")
                for line in lines for cell in line.own.cells if cell.error],
        waiting=states.count(AssessmentState.SUBMITTED), time=time, action=request.full_path.rstrip("?"),
        returned=[(task, here.rows[task.node.code]) for task in tasks
                  if here.state(task.node.code) is AssessmentState.RETURNED],
        evidence=evidence_of(here.cycle, here.unit, Purpose.SCORE, here.tasks),
        unfinished=states.count(None) + states.count(AssessmentState.DRAFT),
    )  # fmt: skip


def _line(here: Standing, task: Task, scores: Mapping[tuple[int, str], CellRow], decisions: Mapping[str, Decision],
          back: Returned, decides: bool) -> ReviewLine:  # fmt: skip
    code, unit = task.node.code, here.unit.id
    own = scores if task.assigned.by_township else here.reviewed
    typed = decisions.get(code)
    said = {column.header: cell for column in task.columns if (cell := here.said.get((unit, column.header)))}
    stands = {column.header: own.get((unit, column.header)) for column in task.columns}
    differing = frozenset(
        header for header, cell in stands.items()
        if cell is not None and cell.entry != (said[header].entry if header in said else NOTHING)
    )  # fmt: skip
    shown = {
        (unit, header): Typed(unit, header, (cell.version if cell else 0) if task.assigned.by_township else 0, text)
        for header, cell in stands.items()
        for text in [_text(back, unit, header, cell, said.get(header))]
    }
    line = line_of(here.unit, task, task.columns, own, Returned(shown, back.errors, {}), decides)
    return ReviewLine(task, here.rows[code], line, said, differing, request.form.get(f"m:{code}", ""),
                      typed.reason if typed else "")  # fmt: skip


def _text(back: Returned, unit: int, header: str, own: CellRow | None, said: CellRow | None) -> str:
    """What a field shows: what was typed, else what the township has, else what the unit says."""
    typed = back.typed.get((unit, header))
    if typed is not None:
        return typed.text
    cell = own or said
    return cell.entry.shown if cell else ""
