"""The pages of score entry: the start with what is left, one indicator over units, one unit over indicators, a history.

Every filter is in the address. The forms work without a script: each field carries the version that it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.evidence.panels import evidence_of
from starrating.blueprints.pages import number, person
from starrating.blueprints.scoring import bp
from starrating.blueprints.scoring.back import returned_to
from starrating.blueprints.scoring.saving import save
from starrating.blueprints.scoring.sheets import (
    NOTHING_RETURNED,
    CellSeen,
    LineSeen,
    Returned,
    column_name,
    entry_time,
    headers_of,
    line_here,
)
from starrating.blueprints.scoring.sources import source_of
from starrating.domain.access import Act, may_somewhere, places
from starrating.domain.evidence import Purpose
from starrating.domain.methods import Missing
from starrating.domain.verification import Review
from starrating.domain.workflow import CycleState
from starrating.queries import cycles as years
from starrating.queries import scores as question
from starrating.queries.assessments import values_beside
from starrating.queries.histories import ChangeFilter, all_changes
from starrating.queries.windows import calendar_of
from starrating.services.scoring.tasks import Task, Work, work_of
from starrating.wording.phrases import period_name
from starrating.wording.rules import leaf_rule, missing_text

Town = tuple[int, str, int]
SHOWN: Mapping[str, Callable[[CellSeen], bool]] = {
    "": lambda _cell: True,
    "blank": lambda cell: not cell.value,
    "returned": lambda cell: cell.review is Review.RETURNED,
}
"""What a sheet can be narrowed to: the lines with a cell of that kind."""


def year_here(cycle_id: int) -> years.CycleRow:
    """The year, if its scores are the person's to see; otherwise there is none."""
    found = years.cycle_in(places(person().grants, Act.VIEW_SCORES), cycle_id)
    if found is None:
        abort(404)
    return found


def towns_of(row: years.CycleRow, work: Work, kind: str) -> tuple[Town, ...]:
    """The townships that the work reaches, with how many units of the kind they have."""
    return tuple(
        (town, name, size) for of, town, name, size in question.township_sizes(row)
        if of == kind and (work.townships is None or town in work.townships)
    )  # fmt: skip


def _chosen(towns: Sequence[Town]) -> Town | None:
    """The township that the address names, the first where it names none."""
    asked = number("township")
    if asked is None:
        return towns[0] if towns else None
    return next((one for one in towns if one[0] == asked), None) or abort(404)


@bp.get("/")
def index() -> ResponseReturnValue:
    """What is somebody's to enter in a year, how much of it is done, and the units of a township."""
    own = years.cycles(places(person().grants, Act.VIEW_SCORES))
    row = _year_of(own)
    if row is None:
        return render_template("scoring/index.html", cycle=None, years=())
    work = work_of(row, person().grants)
    kinds = tuple(dict.fromkeys(task.kind for task in work.tasks))
    kind = request.args.get("kind", "") if request.args.get("kind") in kinds else next(iter(kinds), "")
    return render_template(
        "scoring/index.html", cycle=row, years=own, kind=kind, kinds=kinds, work=work,
        fills=may_somewhere(person().grants, Act.FILL_SCORES), returned=sum(
            one.cycle.id == row.id for one in returned_to(person())),
        **_work_of_kind(row, work, kind),
    )  # fmt: skip


def _year_of(own: Sequence[years.CycleRow]) -> years.CycleRow | None:
    """The year that the address names; else one that is being scored, else the newest."""
    if asked := number("cycle"):
        return next((one for one in own if one.id == asked), None) or abort(404)
    return next((one for one in own if one.state is CycleState.SCORING), own[0] if own else None)


def _work_of_kind(row: years.CycleRow, work: Work, kind: str) -> dict[str, Any]:
    """The tasks of one kind of units: how far each indicator is, and the units of the township that was chosen."""
    tasks = [task for task in work.tasks if task.kind == kind]
    towns = towns_of(row, work, kind)
    town = _chosen(towns)
    headers = [column.header for task in tasks for column in task.columns]
    units = question.units_of(row, kind=kind, township_id=town[0]) if town else ()
    return {
        "towns": towns, "town": town, "lines": _progress(row, tasks, towns), "per_unit": len(headers), "units": units,
        "done": question.filled_by_unit(row, town[0], headers) if town else {},
        **entry_time(row, calendar_of(row), tasks, units),
    }  # fmt: skip


def _progress(row: years.CycleRow, tasks: Sequence[Task], towns: Sequence[Town]) -> list[tuple[Task, int, int, bool]]:
    """Of each indicator: how many cells are filled, how many there are, whether none may stay blank."""
    filled, units = question.filled(row), sum(size for _, _, size in towns)
    return [
        (
            task,
            sum(filled.get((task.kind, column.header, town), 0) for column in task.columns for town, _, _ in towns),
            units * len(task.columns),
            task.node.leaf is not None and task.node.leaf.missing is Missing.REJECT,
        )
        for task in tasks
    ]


@bp.get("/cycles/<key:cycle_id>/<any(village, community):kind>/indicators/<string:code>")
def indicator(cycle_id: int, kind: str, code: str) -> ResponseReturnValue:
    """One indicator over the units of a township."""
    row = year_here(cycle_id)
    return _indicator_page(row, work_of(row, person().grants), kind, code, NOTHING_RETURNED)


@bp.post("/cycles/<key:cycle_id>/<any(village, community):kind>/indicators/<string:code>")
def save_indicator(cycle_id: int, kind: str, code: str) -> ResponseReturnValue:
    """Save one indicator over the units of a township."""
    row = year_here(cycle_id)
    work = work_of(row, person().grants)
    codes = {header: of for (of_kind, header), of in headers_of(work.tasks).items() if of_kind == kind}
    return save(row, codes, lambda back: _indicator_page(row, work, kind, code, back))


def _indicator_page(row: years.CycleRow, work: Work, kind: str, code: str, back: Returned) -> str:
    own = [task for task in work.tasks if task.kind == kind]
    task = next((task for task in own if task.node.code == code), None) or abort(404)
    towns = towns_of(row, work, kind)
    town = _chosen(towns)
    periods = tuple(dict.fromkeys(column.period for column in task.columns if column.period))
    period = request.args.get("period", "") if request.args.get("period", "") in periods else next(iter(periods), "")
    columns = [column for column in task.columns if column.period == period or request.args.get("period") == "all"]
    units = question.units_of(row, kind=kind, township_id=town[0]) if town else ()
    cells = question.cells_of(row.id, [unit.id for unit in units], [column.header for column in columns])
    calendar, who = calendar_of(row), person()
    lines = [line_here(row, calendar, task, unit, columns=columns, cells=cells, back=back, who=who) for unit in units]
    show = request.args.get("show", "") if request.args.get("show") in SHOWN else ""
    shown = [line for line in lines if back.typed or any(SHOWN[show](cell) for cell in line.cells)]
    place = own.index(task)
    return render_template(
        "scoring/indicator.html", cycle=row, kind=kind, task=task, lines=shown, all=lines, towns=towns, town=town,
        columns=[column_name(column) for column in columns], periods=[(one, period_name(one)) for one in periods],
        period="all" if request.args.get("period") == "all" else period, show=show,
        correcting=any(line.corrects for line in lines), beside=values_beside(row.id, [unit.id for unit in units], {
            (unit.id, column.header): code for unit in units for column in columns}),
        **entry_time(row, calendar, [task], units), rule=leaf_rule(task.node, task.scheme),
        blank=missing_text(task.node), errors=_errors(shown),
        before=own[place - 1] if place else None, after=own[place + 1] if place + 1 < len(own) else None,
        action=request.full_path.rstrip("?"),
    )  # fmt: skip


def _errors(lines: Sequence[LineSeen]) -> list[tuple[str, str]]:
    return [
        (cell.id, line.unit.name + gettext("：") + cell.error) for line in lines for cell in line.cells if cell.error
    ]


@bp.get("/cycles/<key:cycle_id>/units/<key:unit_id>")
def unit(cycle_id: int, unit_id: int) -> ResponseReturnValue:
    """One unit over its indicators, by first-level indicator."""
    row = year_here(cycle_id)
    return _unit_page(row, work_of(row, person().grants), unit_id, NOTHING_RETURNED)


@bp.post("/cycles/<key:cycle_id>/units/<key:unit_id>")
def save_unit(cycle_id: int, unit_id: int) -> ResponseReturnValue:
    """Save one unit over its indicators."""
    row = year_here(cycle_id)
    work = work_of(row, person().grants)
    here = unit_here(row, unit_id)
    codes = {header: of for (kind, header), of in headers_of(work.tasks).items() if kind == here.kind}
    return save(row, codes, lambda back: _unit_page(row, work, unit_id, back))


def unit_here(row: years.CycleRow, unit_id: int) -> question.SheetUnit:
    """A rated unit of the year."""
    return next(iter(question.units_of(row, {unit_id})), None) or abort(404)


def _unit_page(row: years.CycleRow, work: Work, unit_id: int, back: Returned) -> str:
    here, who = unit_here(row, unit_id), person()
    own = [task for task in work.tasks if task.kind == here.kind
           and (work.townships is None or here.township_id in work.townships)]  # fmt: skip
    roots = {task.root.code: task.root for task in own}
    part = request.args.get("part", "") if request.args.get("part", "") in roots else ""
    shown = [task for task in own if part in ("", task.root.code)]
    cells = question.cells_of(row.id, [here.id], [column.header for task in shown for column in task.columns])
    calendar = calendar_of(row)
    lines = [
        line_here(row, calendar, task, here, columns=task.columns, cells=cells, back=back, who=who) for task in shown
    ]
    groups = [(root, [line for line in lines if line.task.root.code == code]) for code, root in roots.items()]
    values = [cell.value for line in lines for cell in line.cells]
    return render_template(
        "scoring/unit.html", cycle=row, unit=here, groups=[group for group in groups if group[1]], roots=roots,
        part=part, **entry_time(row, calendar, own, [here]), rule=leaf_rule, done=sum(map(bool, values)),
        of=len(values), errors=_errors(lines), editable=any(line.editable for line in lines),
        action=request.full_path.rstrip("?"),
        evidence=evidence_of(row, here, Purpose.SCORE, own), correcting=any(line.corrects for line in lines),
        beside=values_beside(row.id, [here.id], {
            (here.id, column.header): task.node.code for task in shown for column in task.columns}),
    )  # fmt: skip


@bp.get("/cycles/<key:cycle_id>/units/<key:unit_id>/history")
def history(cycle_id: int, unit_id: int) -> ResponseReturnValue:
    """Everything that was entered in one cell: who, when, from what to what, why."""
    row = year_here(cycle_id)
    here = unit_here(row, unit_id)
    header = request.args.get("header", "")[:120]
    found = next(
        (
            (task, column) for task in work_of(row, person().grants).tasks for column in task.columns
            if task.kind == here.kind and column.header == header
        ),
        None,
    ) or abort(404)  # fmt: skip
    return render_template(
        "scoring/history.html", cycle=row, unit=here, task=found[0], column=column_name(found[1]),
        values=all_changes(row.id, unit_id, [header], ChangeFilter()), source_of=source_of,
        back=url_for("scoring.unit", cycle_id=row.id, unit_id=unit_id, part=found[0].root.code),
    )  # fmt: skip
