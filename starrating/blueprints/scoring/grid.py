"""The grid: units × indicators as a spreadsheet. The page, its sheet as JSON, the points of what is being typed."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf

from starrating.blueprints.pages import number, person
from starrating.blueprints.scoring import bp
from starrating.blueprints.scoring.grid_sheet import (
    cells_seen,
    columns_seen,
    full_of,
    points_seen,
    reviews_seen,
    units_seen,
)
from starrating.blueprints.scoring.grid_words import grid_words
from starrating.blueprints.scoring.views import Town, towns_of, year_here
from starrating.domain.access import Act, may_somewhere
from starrating.domain.entry import SAYS_NOT_APPLICABLE, Entry, EntryState, columns_of, read_entry
from starrating.domain.faults import RuleError
from starrating.domain.figures import plain
from starrating.domain.windows import Calendar, Stage
from starrating.errors import sentence_of_entry
from starrating.queries import scores as question
from starrating.queries.cycles import CycleRow
from starrating.queries.windows import calendar_of
from starrating.services.clock import now
from starrating.services.scoring.cell_points import next_step, points_of
from starrating.services.scoring.tasks import Task, work_of
from starrating.services.years.windows import time_within

MOST_CELLS = 10_500
"""The most cells that a page shows of all townships at once; where there are more, it begins with the first one."""
ANY_UNIT = 2_147_483_646
"""Stands in an address in place of the unit that the script puts there."""
SHOWS = ("all", "blank", "problem", "doubt", "returned")


def tasks_here(row: CycleRow, kind: str) -> tuple[tuple[Task, ...], tuple[Town, ...]]:
    """What the person works on in a kind of units, and in which townships; 404 where there is nothing."""
    work = work_of(row, person().grants)
    tasks = tuple(task for task in work.tasks if task.kind == kind)
    if not tasks:
        abort(404)
    return tasks, towns_of(row, work, kind)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The indicators and the units that the address names, as a doubt does; none are all of them."""

    codes: tuple[str, ...]
    units: tuple[int, ...]

    def tasks(self, own: tuple[Task, ...]) -> tuple[Task, ...]:
        """The indicators among them; 404 where there is none."""
        return tuple(task for task in own if not self.codes or task.node.code in self.codes) or abort(404)

    def rows(self, own: tuple[question.SheetUnit, ...]) -> tuple[question.SheetUnit, ...]:
        """The units among them."""
        return tuple(unit for unit in own if not self.units or unit.id in self.units)


def _narrowed() -> Narrowed:
    asked = [one for one in request.args.getlist("unit") if one.isascii() and one.isdecimal() and len(one) < 10]
    return Narrowed(tuple(dict.fromkeys(request.args.getlist("indicator"))), tuple(dict.fromkeys(map(int, asked))))


def _town(towns: tuple[Town, ...], tasks: tuple[Task, ...]) -> Town | None:
    """The township that the address names; none (all of them) where it names none and they are not too many."""
    asked = number("township")
    if asked is not None:
        return next((one for one in towns if one[0] == asked), None) or abort(404)
    return towns[0] if _too_many(towns, tasks) else None


def _too_many(towns: tuple[Town, ...], tasks: tuple[Task, ...]) -> bool:
    return sum(size for _, _, size in towns) * sum(len(task.columns) for task in tasks) > MOST_CELLS


@bp.get("/cycles/<key:cycle_id>/<any(village, community):kind>/grid")
def grid(cycle_id: int, kind: str) -> ResponseReturnValue:
    """The page: the frame of the grid, and the list of one-unit forms for phones and browsers without scripts."""
    row = year_here(cycle_id)
    own, towns = tasks_here(row, kind)
    only = _narrowed()
    tasks = only.tasks(own)
    town = _town(towns, tasks)
    place = towns.index(town) if town else 0
    kinds = tuple(dict.fromkeys(task.kind for task in work_of(row, person().grants).tasks))
    show = request.args.get("show", "")
    units = only.rows(_units(row, kind, town, towns))
    time, reads = time_within(row, Stage.SCORING), not may_somewhere(person().grants, Act.FILL_SCORES)
    return render_template(
        "scoring/grid.html", cycle=row, kind=kind, kinds=kinds, towns=towns, town=town, time=time, reads=reads,
        show=show if show in SHOWS else "all", of=len(tasks),
        corrects=not reads and not time.open and time_within(row, Stage.VERIFICATION).open,
        narrow=_too_many(towns, tasks),
        units=units, only=only,
        before=towns[place - 1] if town and place else None,
        after=towns[place + 1] if town and place + 1 < len(towns) else None,
    )  # fmt: skip


def _units(row: CycleRow, kind: str, town: Town | None, towns: tuple[Town, ...]) -> tuple[question.SheetUnit, ...]:
    if town:
        return question.units_of(row, kind=kind, township_id=town[0])
    keys = {town for town, _, _ in towns}
    return tuple(unit for unit in question.units_of(row, kind=kind) if unit.township_id in keys)


@bp.get("/cycles/<key:cycle_id>/<any(village, community):kind>/grid/sheet")
def grid_sheet(cycle_id: int, kind: str) -> ResponseReturnValue:
    """Everything that the grid needs, once."""
    row, who = year_here(cycle_id), person()
    own, towns = tasks_here(row, kind)
    only = _narrowed()
    tasks = only.tasks(own)
    town = _town(towns, tasks)
    units = only.rows(_units(row, kind, town, towns))
    headers = [column.header for task in tasks for column in task.columns]
    cells = question.cells_of(row.id, [unit.id for unit in units], headers)
    calendar, own_towns = calendar_of(row), {unit.township_id for unit in units}
    return {
        "account": who.account_id, "name": who.display_name, "cycle": row.id, "kind": kind,
        "token": generate_csrf(), "columns": columns_seen(row, tasks, own_towns, who, calendar),
        "units": units_seen(units), "cells": cells_seen(cells), "reviews": reviews_seen(cells),
        **_open(row, calendar), "points": points_seen(tasks, units, cells),
        "words": grid_words(), "away": SAYS_NOT_APPLICABLE, "full": full_of(tasks),
        "addresses": _addresses(row.id, kind),
    }  # fmt: skip


def _open(row: CycleRow, calendar: Calendar) -> dict[str, bool]:
    """Whether cells may be written now at all, and whether only to correct what was returned."""
    stages = (Stage.SCORING, Stage.VERIFICATION)
    scoring, corrections = (calendar.is_open_somewhere(one, row.place, now()) for one in stages)
    return {"open": scoring or corrections, "correcting": corrections and not scoring}


def _addresses(cycle_id: int, kind: str) -> dict[str, str]:
    """Where the script asks and sends."""
    names = ("save", "check", "points", "cell", "doubts")
    found = {name: url_for(f"scoring.grid_{name}", cycle_id=cycle_id, kind=kind) for name in names}
    files = url_for("evidence.panel", cycle_id=cycle_id, unit_id=ANY_UNIT).replace(str(ANY_UNIT), "UNIT")
    return found | {"files": files, "token": url_for("scoring.grid_token"), "signIn": url_for("accounts.sign_in")}


@bp.get("/grid/token")
def grid_token() -> ResponseReturnValue:
    """Who is signed in now, and the token of this session: what a page asks for after a new sign-in."""
    who = person()
    return {"account": who.account_id, "name": who.display_name, "token": generate_csrf()}


def task_of(tasks: tuple[Task, ...], header: str) -> Task:
    """The indicator that a column belongs to; 404 where the person has none such."""
    found = (task for task in tasks for column in task.columns if column.header == header)
    return next(found, None) or abort(404)


@bp.get("/cycles/<key:cycle_id>/<any(village, community):kind>/grid/points")
def grid_points(cycle_id: int, kind: str) -> ResponseReturnValue:
    """What a text would be worth in a cell, beside the other cells of its indicator as the page shows them."""
    row = year_here(cycle_id)
    tasks, _towns = tasks_here(row, kind)
    header, text = request.args.get("header", ""), request.args.get("text", "")
    task = task_of(tasks, header)
    try:
        entry = read_entry(task.node, text[:200])
    except RuleError as refusal:
        return {"fault": sentence_of_entry(refusal), "points": "", "more": ""}
    entries = _others(task, header) | {header: entry}
    points = points_of(task.scheme, task.node, [entries])[0]
    return {"fault": "", "points": points, "more": _more(task, entry)}


def _others(task: Task, header: str) -> dict[str, Entry]:
    """The other cells of the indicator as the page has them; what may not stand there counts as blank."""
    own = {column.header for column in columns_of(task.node)} - {header}
    found: dict[str, Entry] = {}
    for key, text in zip(request.args.getlist("h"), request.args.getlist("v"), strict=False):
        if key in own:
            try:
                found[key] = read_entry(task.node, text[:200])
            except RuleError:
                found[key] = Entry(EntryState.BLANK)
    return found


def _more(task: Task, entry: Entry) -> str:
    step = next_step(task.node, entry)
    if step is None:
        return ""
    return str(gettext("再多%(more)s进%(points)s分一档。", more=plain(step.more), points=plain(step.points)))
