"""How far the scores of a year are filled in, by whoever fills them in, and where the calendar says they should be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from starrating.domain.methods import Missing
from starrating.queries.cycles import CycleRow
from starrating.queries.scores import filled, township_sizes
from starrating.services.scoring.tasks import Task

SLACK = 6
"""How many hundredths behind the calendar still count as on time."""
_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Part:
    """What one department fills in, or with `department` blank the townships: indicators and cells, done and in all."""

    kind: str
    department: str
    indicators: tuple[str, ...]
    done: int
    of: int
    required: int
    """How many cells are blank that may not stay so."""

    @property
    def left(self) -> int:
        """How many cells are blank."""
        return self.of - self.done

    def behind(self, expected: int | None) -> bool:
        """True where less is done than the calendar expects, by more than a little."""
        return expected is not None and self.left > 0 and 100 * self.done < (expected - SLACK) * self.of


@dataclass(frozen=True, slots=True)
class Counted:
    """The cells of a year that are filled in and how many units there are, by kind and township; two statements."""

    filled: Mapping[tuple[str, str, int], int]
    sizes: Sequence[tuple[str, int, str, int]]


def counted(cycle: CycleRow) -> Counted:
    """Count once for all that is asked of a year."""
    return Counted(filled(cycle), township_sizes(cycle))


def parts(tasks: Iterable[Task], numbers: Counted, townships: Sequence[int] | None = None) -> tuple[Part, ...]:
    """What is done of the tasks by kind and department, in the townships given or everywhere."""
    groups: dict[tuple[str, str], list[Task]] = {}
    for task in tasks:
        groups.setdefault((task.kind, task.assigned.department), []).append(task)
    return tuple(_part(kind, name, own, numbers, townships) for (kind, name), own in groups.items())


def left_by_township(tasks: Iterable[Task], numbers: Counted) -> tuple[tuple[str, int], ...]:
    """Township → how many cells it has still to fill in itself, those with most first; none where nothing is left."""
    own = [task for task in tasks if task.assigned.by_township]
    left: dict[str, int] = {}
    for kind, key, name, size in numbers.sizes:
        headers = [column.header for task in own if task.kind == kind for column in task.columns]
        done = sum(numbers.filled.get((kind, header, key), 0) for header in headers)
        left[name] = left.get(name, 0) + size * len(headers) - done
    return tuple(sorted(((name, count) for name, count in left.items() if count), key=lambda one: -one[1]))


def expected(cycle: CycleRow, at: datetime) -> int | None:
    """How many hundredths of the days for scoring are over; None where they are not set."""
    first, last = cycle.scoring_opens, cycle.scoring_closes
    if first is None or last is None or last <= first:
        return None
    return int(100 * min(Fraction(1), max(Fraction(0), Fraction((at - first) // _MOMENT, (last - first) // _MOMENT))))


def _part(kind: str, department: str, tasks: Sequence[Task], numbers: Counted, townships: Sequence[int] | None) -> Part:
    places = [(key, size) for of, key, _, size in numbers.sizes
              if of == kind and (townships is None or key in townships)]  # fmt: skip
    units = sum(size for _, size in places)
    done = of = required = 0
    for task in tasks:
        cells = units * len(task.columns)
        full = sum(numbers.filled.get((kind, column.header, key), 0) for column in task.columns for key, _ in places)
        done, of = done + full, of + cells
        if task.node.leaf is not None and task.node.leaf.missing is Missing.REJECT:
            required += cells - full
    return Part(kind, department, tuple(task.node.code for task in tasks), done, of, required)
