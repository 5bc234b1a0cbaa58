"""What the grid tells beside a cell: who entered what, what the unit and its township say, evidence, doubts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue

from starrating.blueprints.pages import beijing, number, person
from starrating.blueprints.scoring import bp
from starrating.blueprints.scoring.doubt_words import sentence_of
from starrating.blueprints.scoring.grid import task_of, tasks_here
from starrating.blueprints.scoring.views import year_here
from starrating.domain.evidence import Purpose
from starrating.queries import scores as question
from starrating.queries.assessments import values_beside
from starrating.queries.cycles import CycleRow
from starrating.queries.evidence import files_of
from starrating.services.assessment import doubts as service
from starrating.services.evidence.rights import place_of, seen_purposes
from starrating.services.scoring.tasks import Task, work_of

LATEST = 4
MOST_FILES = 3
MOST_PARTS = 60
"""More cells than an indicator of any scheme has."""


@bp.get("/cycles/<key:cycle_id>/<any(village, community):kind>/grid/cell")
def grid_cell(cycle_id: int, kind: str) -> ResponseReturnValue:
    """What the panel below the grid shows of a cell."""
    row = year_here(cycle_id)
    tasks, towns = tasks_here(row, kind)
    unit = next(iter(question.units_of(row, {number("unit") or 0}, kind=kind)), None) or abort(404)
    headers = list(dict.fromkeys(request.args.getlist("header")))[:MOST_PARTS] or [""]
    task = task_of(tasks, headers[0])
    if unit.township_id not in {town for town, _, _ in towns} or any(
        task_of(tasks, one) is not task for one in headers
    ):
        abort(404)
    values: list[dict[str, Any]] = [
        {"text": one.entry.shown, "by": one.by, "at": beijing(one.at, "%m-%d %H:%M"), "reason": one.reason,
         "header": header} for header, one in question.latest_of(row.id, unit.id, headers, LATEST)
    ]  # fmt: skip
    page, about = ("history", headers[0]) if len(headers) == 1 else ("changes", task.node.code)
    return {
        "values": values, "all": url_for(f"scoring.{page}", cycle_id=row.id, unit_id=unit.id, header=about),
        "said": _said(row, unit, task, headers), **_evidence(row, unit, task),
    }  # fmt: skip


def _said(row: CycleRow, unit: question.SheetUnit, task: Task, headers: Sequence[str]) -> dict[str, Any]:
    """What the unit and its township say: a text for a cell, texts by header for the cells of an indicator."""
    beside = values_beside(row.id, [unit.id], {(unit.id, one): task.node.code for one in headers})
    if len(headers) == 1:
        return {stage.value: entry.shown for stage, entry in beside.get((unit.id, headers[0]), {}).items()}
    found: dict[str, dict[str, str]] = {}
    for header in headers:
        for stage, entry in beside.get((unit.id, header), {}).items():
            found.setdefault(stage.value, {})[header] = entry.shown
    return found


def _evidence(row: CycleRow, unit: question.SheetUnit, task: Task) -> dict[str, Any]:
    """The files of the indicator that the person may see, and where all of them are."""
    purposes: frozenset[Purpose] = seen_purposes(person().grants, place_of(row, unit))
    own = [
        one for one in files_of(row.id, unit.id, purposes)
        if one.indicator == task.node.code and one.removed_at is None
    ]  # fmt: skip
    listed = [
        {"name": one.name, "href": url_for("evidence.open_file", cycle_id=row.id, unit_id=unit.id, file_id=one.id)}
        for one in own[:MOST_FILES]
    ]
    page = url_for("evidence.index", cycle_id=row.id, unit_id=unit.id, indicator=task.node.code)
    return {"files": listed, "fileCount": len(own), "evidence": page}


@bp.get("/cycles/<key:cycle_id>/<any(village, community):kind>/grid/doubts")
def grid_doubts(cycle_id: int, kind: str) -> ResponseReturnValue:
    """The cells with a value that stands out and was not put aside: what it said then, and why it is worth a look."""
    row = year_here(cycle_id)
    tasks_here(row, kind)
    found = service.doubts_of(row, work_of(row, person().grants))
    aside = service.aside_in(row, found)
    return {
        "doubts": [
            {"unit": one.unit.id, "header": one.column.header, "text": one.text, "why": sentence_of(one)}
            for one in found
            if one.unit and one.column and one.kind == kind and one.digest not in aside
        ],
        "all": url_for("scoring.doubts", cycle_id=row.id),
    }
