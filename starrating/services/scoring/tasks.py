"""Which indicators of a year are whose: a department's for the whole district, a township's for its own units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from flask import current_app

from starrating.domain.access import Act, Granted, Place, Role, may
from starrating.domain.entry import Column, columns_of
from starrating.domain.scheme import Indicator, Scheme
from starrating.domain.windows import Calendar, Stage
from starrating.extensions import db
from starrating.queries.cycles import AssignmentRow, CycleRow, assignments_of, schemes_of
from starrating.services.transaction import MOVED
from starrating.services.years.cycles import leaves_entered
from starrating.services.years.scheme_texts import read_kept

KEPT = "starrating_tasks"
MOST_KEPT = 100
"""How many years' tasks a worker keeps in memory."""


@dataclass(frozen=True, slots=True)
class Task:
    """A leaf of one kind's scheme with who enters it."""

    kind: str
    root: Indicator
    node: Indicator
    assigned: AssignmentRow
    scheme: Scheme
    columns: tuple[Column, ...]
    """What is entered of it for one unit."""

    def entered_by(self, grants: Iterable[Granted], unit: Place) -> bool:
        """True where the holder of the grants enters it for a unit at that place."""
        held = tuple(grants)
        if self.assigned.by_township:
            return may(held, Act.ENTER_TOWNSHIP_SCORES, unit)
        district = Place(unit.municipality, unit.district)
        own = (one for one in held if one.department == self.assigned.department)
        return may(own, Act.ENTER_SCORES, district)


@dataclass(frozen=True, slots=True)
class _Leaf:
    root: Indicator
    node: Indicator
    scheme: Scheme
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """A year's tasks that somebody enters, and where: `townships` None is the whole district."""

    tasks: tuple[Task, ...]
    townships: tuple[int, ...] | None
    reads_all: bool


def tasks_of(cycle_id: int) -> tuple[Task, ...]:
    """Every leaf of a year that somebody enters, villages first, in the order of the schemes."""
    assigned = assignments_of(cycle_id)
    return tuple(
        Task(kind, leaf.root, leaf.node, assigned[kind, leaf.node.code], leaf.scheme, leaf.columns)
        for kind, kept in schemes_of(cycle_id).items()
        for leaf in _leaves(kept.text)
        if (kind, leaf.node.code) in assigned
    )


def tasks_by_header(cycle: CycleRow) -> Mapping[tuple[str, str], Task]:
    """(kind, header) → its task, kept in memory for every save to ask.

    Whatever changes a year's schemes or assignments counts up its version in the same transaction, so that what was
    worked out for a version stands as long as the version does. The row is to be read in the transaction that asks;
    a transaction that itself counted up a version works them out anew, for it may yet be undone.
    """
    if db.session().info.get(MOVED):
        return _by_header(cycle.id)
    kept: dict[tuple[object, ...], Mapping[tuple[str, str], Task]] = current_app.extensions.setdefault(KEPT, {})
    key = (cycle.id, cycle.district_id, cycle.year, cycle.created_at, cycle.version)
    found = kept.get(key)
    if found is None:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        found = kept[key] = _by_header(cycle.id)
    return found


def _by_header(cycle_id: int) -> dict[tuple[str, str], Task]:
    return {(task.kind, column.header): task for task in tasks_of(cycle_id) for column in task.columns}


def leaves_kept(text: str) -> tuple[tuple[Indicator, tuple[Column, ...]], ...]:
    """The leaves of a kept scheme that somebody enters, each with what is entered of it for one unit."""
    return tuple((leaf.node, leaf.columns) for leaf in _leaves(text))


@lru_cache(maxsize=128)
def _leaves(text: str) -> tuple[_Leaf, ...]:
    """The leaves of a kept scheme that somebody enters; worked out once a scheme, since every save asks."""
    scheme = read_kept(text).scheme
    entered = {node.code for node in leaves_entered(scheme)}
    return tuple(
        _Leaf(root, node, scheme, columns_of(node))
        for root in scheme.indicators
        for node in root.walk()
        if node.code in entered
    )


def work_of(cycle: CycleRow, grants: Iterable[Granted]) -> Work:
    """What somebody enters in a year, or (`reads_all`) may look at as a whole."""
    held = tuple(grants)
    reads_all = may(held, Act.VIEW_TRIALS, cycle.place)
    towns = sorted(
        {one.place.township for one in held
         if one.role is Role.TOWNSHIP_OFFICER and one.place.district == cycle.district_id and one.place.township}
    )  # fmt: skip
    tasks = tasks_of(cycle.id)
    if reads_all:
        return Work(tasks, None, reads_all=True)
    of_departments = tuple(one for one in tasks if not one.assigned.by_township and one.entered_by(held, cycle.place))
    if of_departments:
        return Work(of_departments, None, reads_all=False)
    return Work(tuple(one for one in tasks if one.assigned.by_township) if towns else (), tuple(towns), reads_all=False)


def is_open(calendar: Calendar, task: Task, unit: Place, at: datetime) -> bool:
    """True where an indicator of a unit can be entered at an instant, by whoever enters it."""
    return calendar.is_open(Stage.SCORING, unit, task.assigned.department, at)
