"""What became of a unit's values: who, when, from what to what, why, from where; narrowed, compared, as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.downloads import list_file
from starrating.blueprints.languages import in_chinese
from starrating.blueprints.pages import beijing, beijing_day, number, person, words
from starrating.blueprints.scoring import bp
from starrating.blueprints.scoring.sheets import column_name
from starrating.blueprints.scoring.sources import _l, source_name, source_of
from starrating.blueprints.scoring.views import unit_here, year_here
from starrating.queries import histories as question
from starrating.queries.cycles import CycleRow
from starrating.queries.histories import ChangeFilter, ChangeRow, Stood
from starrating.queries.scores import SheetUnit
from starrating.services.clock import now
from starrating.services.scoring.tasks import Task, work_of

HEAD = (_l("时间"), _l("谁填的"), _l("哪一格"), _l("指标"), _l("原来"), _l("改成"), _l("来源"), _l("理由"))


@dataclass(frozen=True, slots=True)
class Compared:
    """A cell at two instants."""

    header: str
    name: str
    earlier: Stood | None
    later: Stood | None

    @property
    def differs(self) -> bool:
        """True where it did not say the same; what was loaded and changed later counts as something else."""
        before, after = ("" if one is None else one.entry and one.entry.shown for one in (self.earlier, self.later))
        return before != after


def cell_names(row: CycleRow, unit: SheetUnit) -> dict[str, str]:
    """Header → name of every cell of a unit that the person may see."""
    found: dict[str, str] = {}
    for task in work_of(row, person().grants).tasks:
        if task.kind == unit.kind:
            found |= {column.header: _name(task, column_name(column)) for column in task.columns}
    return found


def _name(task: Task, part: str) -> str:
    return task.node.name if part == task.node.name else f"{task.node.name} {part}"


@bp.get("/cycles/<key:cycle_id>/units/<key:unit_id>/changes")
def changes(cycle_id: int, unit_id: int) -> ResponseReturnValue:
    """Every change of a unit's cells."""
    row = year_here(cycle_id)
    here = unit_here(row, unit_id)
    names, narrowed = cell_names(row, here), _filter()
    found = question.changes_page(row.id, here.id, names, narrowed, number("page") or 1)
    asked = {name: request.args.get(name, "") for name in ("person", "header", "source", "since", "until")}
    chosen = {name: text for name, text in asked.items() if text}
    return render_template(
        "scoring/changes.html", cycle=row, unit=here, found=found, names=names, asked=asked, chosen=chosen,
        sources=[(one, source_name(one)) for one in question.sources_known(row.id, here.id)], source_of=source_of,
        here=f"{request.path}?{urlencode(chosen)}" if chosen else request.path,
    )  # fmt: skip


@bp.get("/cycles/<key:cycle_id>/units/<key:unit_id>/changes.<any(csv, xlsx):form>")
def changes_file(cycle_id: int, unit_id: int, form: str) -> ResponseReturnValue:
    """The same as a file, with the filter of the page."""
    row = year_here(cycle_id)
    here = unit_here(row, unit_id)
    names = cell_names(row, here)
    found = question.all_changes(row.id, here.id, names, _filter())
    with in_chinese():
        head = [gettext(name) for name in HEAD]
        lines = [_line(one, names) for one in found]
        title = gettext("痕迹")
    return list_file(form, title, head, lines, f"{row.year}-{here.code}-changes")


def _line(one: ChangeRow, names: Mapping[str, str]) -> list[str]:
    about = one.entry if one.review else one.before
    before = about.shown if about else ""
    return [
        beijing(one.at, "%Y-%m-%d %H:%M:%S"), one.by, one.header, names.get(one.header, ""), before, one.entry.shown,
        source_of(one), one.reason,
    ]  # fmt: skip


def _filter() -> ChangeFilter:
    """What the address narrows to; days are whole days of Beijing."""
    return ChangeFilter(
        person=words("person"), header=words("header"), source=words("source"),
        since=beijing_day(request.args.get("since", "")), until=beijing_day(request.args.get("until", ""), end=True),
    )  # fmt: skip


@bp.get("/cycles/<key:cycle_id>/units/<key:unit_id>/compare")
def compare(cycle_id: int, unit_id: int) -> ResponseReturnValue:
    """A unit at the end of two days side by side."""
    row = year_here(cycle_id)
    here = unit_here(row, unit_id)
    names, asked = cell_names(row, here), {name: request.args.get(name, "") for name in ("earlier", "later")}
    today = now()
    one, two = (beijing_day(asked[name], end=True) for name in ("earlier", "later"))
    sides: Sequence[dict[str, Stood]] = [
        question.stood_at(row.id, here.id, names, at) if at else {} for at in (one, two or today)
    ]
    lines = [Compared(header, name, sides[0].get(header), sides[1].get(header)) for header, name in names.items()]
    all_shown = request.args.get("show") == "all"
    shown: list[Any] = [line for line in lines if all_shown or line.differs] if one else []
    return render_template(
        "scoring/compare.html", cycle=row, unit=here, asked=asked, lines=shown, all_shown=all_shown, ready=bool(one),
        differing=sum(line.differs for line in lines) if one else 0, today=beijing(today, "%Y-%m-%d"),
    )  # fmt: skip
