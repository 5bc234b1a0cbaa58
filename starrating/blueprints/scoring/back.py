"""What came back: the scores that the district returned to whoever is signed in, why, and where each is put right."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from starrating.blueprints.pages import person
from starrating.blueprints.scoring import bp
from starrating.blueprints.scoring.sheets import column_name, unit_place
from starrating.domain.access import Act, places
from starrating.domain.windows import Calendar, Stage
from starrating.queries import cycles as years
from starrating.queries.cycles import CycleRow
from starrating.queries.identities import Identity
from starrating.queries.scores import SheetUnit
from starrating.queries.verification import ReturnedRow, returned_scores
from starrating.queries.windows import calendar_of
from starrating.services.clock import now
from starrating.services.scoring.tasks import Task, tasks_of


@dataclass(frozen=True, slots=True)
class Back:
    """A returned score with the indicator that it belongs to, its year, and whether it can be put right now."""

    row: ReturnedRow
    cycle: CycleRow
    task: Task
    column: str
    open: bool


@bp.get("/returned")
def returned_to_me() -> ResponseReturnValue:
    """What was returned to me and why, the latest first."""
    return render_template("scoring/returned.html", lines=returned_to(person()))


def returned_to(who: Identity) -> list[Back]:
    """The scores that stand returned and that somebody enters."""
    own = {row.id: row for row in years.cycles(places(who.grants, Act.FILL_SCORES))}
    found = returned_scores(own.values())
    tasks = {
        (cycle_id, task.kind, column.header): (task, column_name(column))
        for cycle_id in {one.cycle_id for one in found} for task in tasks_of(cycle_id) for column in task.columns
    }  # fmt: skip
    calendars = {key: calendar_of(own[key]) for key in {one.cycle_id for one in found}}
    lines = []
    for one in found:
        task, name = tasks.get((one.cycle_id, one.unit.kind, one.header), (None, ""))
        cycle = own[one.cycle_id]
        if task is not None and task.entered_by(who.grants, unit_place(cycle, one.unit)):
            lines.append(Back(one, cycle, task, name, _opened(calendars[cycle.id], cycle, task, one.unit)))
    return lines


def _opened(calendar: Calendar, cycle: CycleRow, task: Task, unit: SheetUnit) -> bool:
    """True where it can be put right now: while scores are entered, or while the district verifies."""
    place, department = unit_place(cycle, unit), task.assigned.department
    return any(calendar.is_open(stage, place, department, now()) for stage in (Stage.SCORING, Stage.VERIFICATION))
