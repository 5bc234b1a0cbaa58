"""What a page of verification is about: the year, and the scores that the filter in the address shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, request, url_for

from starrating.blueprints.pages import number, person
from starrating.blueprints.verification.lines import SHOWN, Line, lines_of
from starrating.domain.access import Act, may, places
from starrating.domain.windows import Stage
from starrating.queries import cycles as years
from starrating.queries.cycles import CycleRow
from starrating.queries.scores import township_sizes, units_of
from starrating.services.scoring.tasks import Task, tasks_of
from starrating.services.years.windows import Time, time_at


@dataclass(frozen=True, slots=True)
class View:
    """One township's scores of a year as the address narrows them."""

    cycle: CycleRow
    towns: Sequence[tuple[int, str]]
    town: int | None
    tasks: Sequence[Task]
    asked: str
    show: str
    lines: Sequence[Line]
    time: Time
    verifies: bool

    @property
    def address(self) -> str:
        """The page that shows it."""
        return self.link("verification.show", self.show)

    def link(self, endpoint: str, show: str) -> str:
        """A page about the same township and indicator."""
        return url_for(endpoint, cycle_id=self.cycle.id, township=self.town, indicator=self.asked or None,
                       show=show or None)  # fmt: skip


def view_of(cycle_id: int) -> View:
    """What the address asks for; 404 where it names what there is not."""
    row = years.cycle_in(places(person().grants, Act.VIEW_TRIALS), cycle_id) or abort(404)
    tasks = tasks_of(row.id)
    asked = request.args.get("indicator", "")
    chosen = [task for task in tasks if asked in ("", f"{task.kind}:{task.node.code}")]
    if asked and not chosen:
        abort(404)
    kinds = {task.kind for task in chosen}
    towns = list(dict.fromkeys((key, name) for kind, key, name, _ in township_sizes(row) if kind in kinds))
    town = _town(towns)
    show = request.args.get("show", "") if request.args.get("show") in SHOWN else ""
    time = time_at(row, Stage.VERIFICATION, row.place)
    verifies = may(person().grants, Act.VERIFY_SCORES, row.place) and time.open
    found = lines_of(row, units_of(row, township_id=town) if town else (), chosen,
                     person().account_id if verifies else None)  # fmt: skip
    lines = [line for line in found if SHOWN[show](line)]
    return View(row, towns, town, tasks, asked, show, lines, time, verifies)


def _town(towns: Sequence[tuple[int, str]]) -> int | None:
    """The township that the address names, the first where it names none."""
    asked = number("township")
    if asked is None:
        return towns[0][0] if towns else None
    return asked if asked in [key for key, _ in towns] else abort(404)
