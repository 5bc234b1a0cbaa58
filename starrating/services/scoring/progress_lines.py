"""Progress line by line: a district's by department, township and indicator, a city's by district, each with its pace.

The pace is the share of the window that has passed; an extension moves the end for whoever it reaches, and with it the
pace. Where a year is no longer in scoring, only what an extension keeps open has one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from starrating.domain.access import Place
from starrating.domain.methods import Missing
from starrating.domain.scheme import Indicator
from starrating.domain.windows import Calendar, Stage, Window
from starrating.domain.workflow import CycleState
from starrating.queries.cycles import CycleRow
from starrating.queries.progress import assigned_in, filled_in, texts_in, units_in
from starrating.services.scoring.progress import SLACK, Counted
from starrating.services.scoring.tasks import Task, Work, leaves_kept


@dataclass(frozen=True, slots=True)
class Line:
    """A department, township, indicator or district with its cells; a department's name is blank for the townships."""

    key: str
    name: str
    kind: str
    done: int
    of: int
    required: int
    """How many cells are blank that may not stay so."""
    expected: int | None
    """How many hundredths the calendar has by now."""
    closes: datetime | None

    @property
    def late(self) -> bool:
        """True where less is done than the calendar expects, by more than a little."""
        behind = self.expected is not None and 100 * self.done < (self.expected - SLACK) * self.of
        return behind and self.done < self.of


@dataclass(frozen=True, slots=True)
class Ground:
    """What the lines of a district are counted from: the year, its calendar, the numbers, the instant, the work."""

    cycle: CycleRow
    calendar: Calendar
    numbers: Counted
    at: datetime
    work: Work
    kind: str = ""
    department: str = ""
    """Only what it enters; blank is everybody."""
    township: int | None = None
    """Only the units there, and of them what the lines of townships count; None is the whole district."""

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks of the kind, of both where none is named, and of the department where one is."""
        of_kind = [task for task in self.work.tasks if self.kind in ("", task.kind)]
        found = tuple(task for task in of_kind if self.department in ("", task.assigned.department))
        return found if self.township is None else _of_townships(found)

    def line(self, key: str, name: str, tasks: Iterable[Task], place: Place, department: str) -> Line:
        """The cells of the tasks for the units at the place; `department` blank where townships enter them."""
        done = of = required = 0
        kinds = set()
        for task in tasks:
            kinds.add(task.kind)
            full, all_cells = self._cells(task, place)
            done, of = done + full, of + all_cells
            required += all_cells - full if is_required(task.node) else 0
        expected, closes = self._pace(place, department)
        return Line(key, name, kinds.pop() if len(kinds) == 1 else "", done, of, required, expected, closes)

    def _cells(self, task: Task, place: Place) -> tuple[int, int]:
        reached = self.work.townships
        towns = [
            (key, size)
            for kind, key, _, size in self.numbers.sizes
            if kind == task.kind and place.township in (None, key) and (reached is None or key in reached)
        ]
        filled = self.numbers.filled
        done = sum(filled.get((task.kind, column.header, key), 0) for column in task.columns for key, _ in towns)
        return done, len(task.columns) * sum(size for _, size in towns)

    def _pace(self, place: Place, department: str) -> tuple[int | None, datetime | None]:
        closes = self.calendar.closes(Stage.SCORING, place, department)
        open_now = self.calendar.is_open(Stage.SCORING, place, department, self.at)
        if self.cycle.state is not CycleState.SCORING and not open_now:
            return None, closes
        return hundredths(Window(self.calendar.window(Stage.SCORING).opens, closes), self.at), closes


def by_department(ground: Ground) -> tuple[Line, ...]:
    """Who enters: each department over all its indicators, the townships together as one without a name."""
    groups: dict[str, list[Task]] = {}
    for task in ground.tasks:
        groups.setdefault(task.assigned.department, []).append(task)
    return tuple(ground.line(name, name, own, _home(ground), name) for name, own in groups.items())


def by_township(ground: Ground) -> tuple[Line, ...]:
    """Each township over what it enters itself; where nothing is the townships', over all that is entered of it."""
    own = township_tasks(ground)
    department = "" if any(task.assigned.by_township for task in own) else _only_department(own)
    towns = dict.fromkeys((key, name) for kind, key, name, _ in ground.numbers.sizes if ground.kind in ("", kind))
    reached, home = ground.work.townships, ground.cycle.place
    return tuple(
        ground.line(str(key), name, own, Place(home.municipality, home.district, key), department)
        for key, name in towns if (reached is None or key in reached) and ground.township in (None, key)
    )  # fmt: skip


def by_indicator(ground: Ground) -> tuple[Line, ...]:
    """Each indicator, in the order of the schemes; the same code of both kinds is two."""
    return tuple(
        ground.line(task.node.code, f"{task.node.code} {task.node.name}", [task], _home(ground),
                    task.assigned.department)
        for task in ground.tasks
    )  # fmt: skip


def township_tasks(ground: Ground) -> tuple[Task, ...]:
    """What the lines of townships count: their own indicators, or all where none is theirs."""
    return _of_townships(ground.tasks)


def by_district(year: Sequence[CycleRow], kind: str, at: datetime) -> tuple[Line, ...]:
    """Each district of a city in one year over everything that is entered; four statements however many there are.

    The pace is that of the district's own days; extensions for a part of it do not move it.
    """
    return by_kinds(year, (kind,), at)[kind]


def by_kinds(
    year: Sequence[CycleRow], kinds: Collection[str], at: datetime,
    known: tuple[dict[tuple[int, str], int], dict[tuple[int, str], str]] | None = None,
) -> dict[str, tuple[Line, ...]]:  # fmt: skip
    """The same for several kinds ('' for both) at once; `known` are units and texts that were read already."""
    keys = [row.id for row in year]
    units, texts = known or (units_in(year), texts_in(keys))
    filled, assigned = filled_in(year), assigned_in(keys)
    found: dict[str, list[Line]] = {kind: [] for kind in kinds}
    for kind, row in ((kind, row) for kind in kinds for row in year):
        done = of = required = 0
        for (cycle_id, own), text in texts.items():
            if cycle_id != row.id or kind not in ("", own):
                continue
            size = units.get((row.district_id, own), 0)
            for node, columns in leaves_kept(text):
                if (row.id, own, node.code) not in assigned:
                    continue
                full = sum(filled.get((row.id, own, column.header), 0) for column in columns)
                done, of = done + full, of + size * len(columns)
                required += size * len(columns) - full if is_required(node) else 0
        window = Window(row.scoring_opens, row.scoring_closes)
        expected = hundredths(window, at) if row.state is CycleState.SCORING else None
        found[kind].append(Line(str(row.id), row.district, kind, done, of, required, expected, row.scoring_closes))
    return {kind: tuple(lines) for kind, lines in found.items()}


def hundredths(window: Window, at: datetime) -> int | None:
    """The share of a window that has passed, in whole hundredths, rounded down; None where a side is not set."""
    share = window.elapsed(at)
    return None if share is None else int(100 * share)


def is_required(node: Indicator) -> bool:
    """True where a blank keeps the year from being rated."""
    return node.leaf is not None and node.leaf.missing is Missing.REJECT


def _home(ground: Ground) -> Place:
    """Where the lines are about: the township that is asked for, the one that is somebody's own, else the district."""
    reached: Collection[int] | None = ground.work.townships
    place = ground.cycle.place
    if ground.township is not None:
        return Place(place.municipality, place.district, ground.township)
    return place if reached is None or len(reached) != 1 else Place(place.municipality, place.district, *reached)


def _of_townships(tasks: tuple[Task, ...]) -> tuple[Task, ...]:
    return tuple(task for task in tasks if task.assigned.by_township) or tasks


def _only_department(tasks: Iterable[Task]) -> str:
    names = {task.assigned.department for task in tasks}
    return names.pop() if len(names) == 1 else ""
