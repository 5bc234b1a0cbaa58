"""What the pages of self-assessment and review share: the year and the unit here, words, where everything stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort
from flask_babel import gettext

from starrating.blueprints.pages import number, person
from starrating.domain.access import Act, Place, places
from starrating.domain.assessment import AssessmentState, Stage
from starrating.domain.scheme import Indicator
from starrating.domain.workflow import CycleState
from starrating.queries import cycles as years
from starrating.queries.assessments import AssessmentRow, assessed_cells, assessments_of
from starrating.queries.scores import CellRow, SheetUnit, units_of
from starrating.services.scoring.tasks import Task, tasks_of


def _l(text: str) -> str:
    """Marks a word of a table for translation, which happens when it is said."""
    return text


STATES: Mapping[AssessmentState | None, tuple[str, str]] = {
    None: (_l("没填"), "plain"),
    AssessmentState.DRAFT: (_l("没交"), "now"),
    AssessmentState.SUBMITTED: (_l("待初评"), "now"),
    AssessmentState.RETURNED: (_l("退回"), "warn"),
    AssessmentState.REVIEWED: (_l("已初评"), "ok"),
}
"""The word and the kind of tag of where an indicator's assessment stands; None where it was not begun."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit's assessments in a year as the pages show them."""

    cycle: years.CycleRow
    unit: SheetUnit
    tasks: tuple[Task, ...]
    rows: Mapping[str, AssessmentRow]
    said: Mapping[tuple[int, str], CellRow]
    reviewed: Mapping[tuple[int, str], CellRow]

    @property
    def place(self) -> Place:
        """Where the unit is."""
        row = self.cycle
        return Place(row.municipality_id, row.district_id, self.unit.township_id, self.unit.id)

    @property
    def roots(self) -> dict[str, Indicator]:
        """The first-level indicators that have something to assess, by code."""
        return {task.root.code: task.root for task in self.tasks}

    def of(self, root: str) -> tuple[Task, ...]:
        """The indicators under a first-level one, all of them where none is named."""
        return tuple(task for task in self.tasks if root in ("", task.root.code))

    def state(self, code: str) -> AssessmentState | None:
        """Where an indicator stands."""
        row = self.rows.get(code)
        return row.state if row else None


def state_word(state: AssessmentState | None) -> str:
    """Where an assessment stands, for people."""
    return str(gettext(STATES[state][0]))


def state_kind(state: AssessmentState | None) -> str:
    """The kind of tag of a state."""
    return STATES[state][1]


def year_of_assessments() -> tuple[years.CycleRow | None, tuple[years.CycleRow, ...]]:
    """The year that the address names or else the one in scoring, and all that the person may choose from."""
    own = years.cycles(places(person().grants, Act.VIEW_ASSESSMENTS))
    asked = number("cycle")
    row = next((one for one in own if one.id == asked), None)
    if asked and row is None:
        abort(404)
    return row or next((one for one in own if one.state is CycleState.SCORING), own[0] if own else None), own


def standing_of(cycle_id: int, unit_id: int) -> Standing:
    """Everything that is known of a unit's assessments in a year that is the person's to see."""
    row = years.cycle_in(places(person().grants, Act.VIEW_ASSESSMENTS), cycle_id) or abort(404)
    unit = next(iter(units_of(row, {unit_id})), None) or abort(404)
    tasks = tuple(task for task in tasks_of(cycle_id) if task.kind == unit.kind)
    headers = [column.header for task in tasks for column in task.columns]
    rows = {code: one for (_, code), one in assessments_of(cycle_id, [unit_id]).items()}
    return Standing(row, unit, tasks, rows, assessed_cells(cycle_id, Stage.SELF, [unit_id], headers),
                    assessed_cells(cycle_id, Stage.TOWNSHIP, [unit_id], headers))  # fmt: skip
