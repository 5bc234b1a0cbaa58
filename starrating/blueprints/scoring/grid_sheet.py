"""What the grid shows, as JSON: its columns with their rules, the units, what stands in the cells, what it is worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from flask_babel import gettext

from starrating.blueprints.scoring.sheets import column_name
from starrating.domain.access import Place
from starrating.domain.entry import NOT_APPLICABLE, Column, Entry, needs_reason
from starrating.domain.figures import plain
from starrating.domain.methods import Bands, Checklist, Choice, Count, Direct, Line, Missing, Relative
from starrating.domain.scheme import Aggregate, Indicator, NodeKind
from starrating.domain.verification import Review
from starrating.domain.windows import Calendar, Stage
from starrating.queries.cycles import CycleRow
from starrating.queries.identities import Identity
from starrating.queries.scores import CellRow, SheetUnit
from starrating.services.clock import now
from starrating.services.scoring.cell_points import points_of
from starrating.services.scoring.tasks import Task
from starrating.services.scoring.typed_scores import Key
from starrating.wording.phrases import period_name
from starrating.wording.rules import leaf_rule, missing_text

Json = dict[str, Any]


def columns_seen(
    row: CycleRow, tasks: Sequence[Task], towns: Iterable[int], who: Identity, calendar: Calendar
) -> list[Json]:
    """Every column with all that the page says about it and in which townships the person may type there."""
    towns = tuple(towns)
    found: list[Json] = []
    for task in tasks:
        shared = _indicator(task)
        mine = [town for town in towns if task.entered_by(who.grants, _place(row, town))]
        shared["mine"] = bool(mine)
        shared["towns"] = [town for town in mine if _is_open(row, calendar, task, town)]
        found += [shared | _own(task, column) for column in task.columns]
    return found


def _is_open(row: CycleRow, calendar: Calendar, task: Task, town: int) -> bool:
    """True where it is the time for an indicator in a township, be it for some of its units only."""
    place, department = _place(row, town), task.assigned.department
    stages = (Stage.SCORING, Stage.VERIFICATION)
    return any(calendar.is_open_somewhere(stage, place, now(), department) for stage in stages)


def _place(row: CycleRow, town: int) -> Place:
    return Place(row.municipality_id, row.district_id, town)


def _indicator(task: Task) -> Json:
    node = task.node
    leaf = node.leaf
    assert leaf is not None
    return {
        "root": task.root.code, "rootName": task.root.name, "rootHigh": plain(task.root.high) if task.root.high else "",
        "code": node.code, "name": node.name, "high": plain(node.high) if node.high else "",
        "rule": leaf_rule(node, task.scheme), "blank": missing_text(node), "note": node.note,
        "evidence": node.evidence, "by": "" if task.assigned.by_township else task.assigned.department,
        "excludes": leaf.missing is Missing.EXCLUDE, "asksReason": needs_reason(node),
        "relative": isinstance(leaf.method, Relative), "steps": steps_of(task),
    }  # fmt: skip


def _own(task: Task, column: Column) -> Json:
    """What is a column's own: its part and period, how it is typed."""
    kind, options = _kind(task)
    return {
        "header": column.header, "label": column_name(column) if column.part or column.period else "",
        "part": column.part, "period": period_name(column.period) if column.period else "", "kind": kind,
        "options": options, "hint": _hint(task),
    }  # fmt: skip


def _kind(task: Task) -> tuple[str, list[list[str]]]:
    """How a cell is typed, and what its list offers: the value, what it says, the key that picks it."""
    leaf = task.node.leaf
    assert leaf is not None
    away = [[NOT_APPLICABLE, gettext("不适用"), NOT_APPLICABLE]] if leaf.missing is Missing.EXCLUDE else []
    match leaf.method:
        case Choice(options):
            listed = [[label, label, str(place) if place < 10 else ""] for place, label in enumerate(options, 1)]
            return "choice", listed + away
        case Checklist():
            return "mark", [["1", gettext("有"), "1"], ["0", gettext("没有"), "0"], *away]
    return "number", []


def _hint(task: Task) -> str:
    """What one types, in a few words under the head of the column."""
    leaf = task.node.leaf
    assert leaf is not None
    match leaf.method:
        case Choice():
            return str(gettext("选一项"))
        case Checklist():
            return str(gettext("有填1，没有填0"))
        case Direct(step=step) if step is not None:
            return str(gettext("%(step)s一档", step=plain(step)))
        case Count() if leaf.method.required is not None:
            return str(gettext("应有%(number)s", number=plain(leaf.method.required)))
    return ""


def steps_of(task: Task) -> list[list[str]]:
    """The rows of bands, or the options, each with its points: the strip under the rule."""
    method = task.node.leaf.method if task.node.leaf else None
    match method:
        case Bands(rows, downward):
            return [[_band(row.limit, downward, index), plain(row.points)] for index, row in enumerate(rows)][::-1]
        case Choice(options):
            return [[label, plain(points)] for label, points in options.items()]
        case Checklist(items):
            return [[label, _signed(plain(points))] for label, points in items.items()]
        case Line(at, _):
            return [[plain(value), plain(points)] for value, points in at]
    return []


def _signed(text: str) -> str:
    return text if text.startswith("-") else f"+{text}"


def _band(limit: Any, downward: bool, index: int) -> str:
    if limit is None:
        return str(gettext("其余"))
    if downward:
        return str(gettext("%(limit)s以下", limit=plain(limit)))
    return str(gettext("%(limit)s以上", limit=plain(limit)))


def full_of(tasks: Sequence[Task]) -> str:
    """What the full points of the indicators add up to; empty where the scheme does more with points than add them."""
    if not all(_only_added(task.root, task.node) and task.node.high is not None for task in tasks):
        return ""
    base = [task.node.high for task in tasks if task.root.kind is NodeKind.BASE and task.node.kind is NodeKind.BASE]
    return plain(sum((high for high in base if high is not None), Fraction(0)))


def _only_added(top: Indicator, node: Indicator) -> bool:
    """True where a leaf's points reach the total as they are: every node on the way adds, none takes off or weighs."""
    if top.kind is NodeKind.PENALTY or top.scale != 1:
        return False
    if top is node:
        return True
    below = next(child for child in top.children if any(one is node for one in child.walk()))
    return top.aggregate is Aggregate.SUM and _only_added(below, node)


def units_seen(units: Sequence[SheetUnit]) -> list[Json]:
    """The rows."""
    return [
        {"id": unit.id, "name": unit.name, "code": unit.code, "town": unit.township_id, "townName": unit.township}
        for unit in units
    ]


def cells_seen(cells: Mapping[Key, CellRow]) -> dict[int, dict[str, list[Any]]]:
    """Unit → header → version and text, for every cell that was ever touched."""
    found: dict[int, dict[str, list[Any]]] = {}
    for (unit, header), cell in cells.items():
        found.setdefault(unit, {})[header] = [cell.version, cell.entry.shown]
    return found


def reviews_seen(cells: Mapping[Key, CellRow]) -> dict[int, dict[str, list[str]]]:
    """Unit → header → what the district made of a cell and why, for those that are confirmed or returned."""
    found: dict[int, dict[str, list[str]]] = {}
    for (unit, header), cell in cells.items():
        if cell.review is not Review.OPEN:
            found.setdefault(unit, {})[header] = [cell.review.value, cell.review_reason]
    return found


def points_seen(
    tasks: Sequence[Task], units: Sequence[SheetUnit], cells: Mapping[Key, CellRow]
) -> dict[int, dict[str, str]]:
    """Unit → indicator → its points, where it has any."""
    stands: dict[int, dict[str, Entry]] = {}
    for (key, header), cell in cells.items():
        stands.setdefault(key, {})[header] = cell.entry
    return points_at(tasks, units, stands)


def points_at(
    tasks: Sequence[Task], units: Sequence[SheetUnit], stands: Mapping[int, Mapping[str, Entry]]
) -> dict[int, dict[str, str]]:
    """The same of entries by unit and header."""
    found: dict[int, dict[str, str]] = {unit.id: {} for unit in units}
    for task in tasks:
        worth = points_of(task.scheme, task.node, [stands.get(unit.id, {}) for unit in units])
        for unit, points in zip(units, worth, strict=True):
            if points:
                found[unit.id][task.node.code] = points
    return found
