"""The workbook of an assessor: what is theirs to fill in, as a file with the values and versions of this moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from zoneinfo import ZoneInfo

from starrating.domain.access import Place
from starrating.domain.entry import NOT_APPLICABLE, Column, needs_reason
from starrating.domain.methods import Cases, Choice, Count, Direct, Missing
from starrating.domain.scheme import Indicator
from starrating.interchange.workbook_layout import NOTE, REASON, Bounds, ColumnPlan, RowPlan, SheetPlan, Words
from starrating.interchange.workbook_writer import write_workbook
from starrating.queries.cycles import CycleRow
from starrating.queries.identities import Identity
from starrating.queries.scores import CellRow, SheetUnit, cells_of, units_of
from starrating.services.clock import now
from starrating.services.scoring.tasks import Task, Work, work_of
from starrating.services.scoring.typed_scores import Key
from starrating.wording import workbook as wording

BEIJING = ZoneInfo("Asia/Shanghai")
WIDE, NARROW = 24, 10


@dataclass(frozen=True, slots=True)
class _Planned:
    """A column of a sheet with the task it belongs to; no header for reasons and the note."""

    plan: ColumnPlan
    task: Task | None
    header: str = ""


class Enterable:
    """Which cells somebody enters; asked once for each indicator and township, not for each cell."""

    def __init__(self, cycle: CycleRow, by: Identity) -> None:
        self.cycle, self.by = cycle, by
        self.known: dict[tuple[str, str, int], bool] = {}

    def __call__(self, task: Task, unit: SheetUnit) -> bool:
        key = (task.kind, task.node.code, unit.township_id)
        if key not in self.known:
            place = Place(self.cycle.municipality_id, self.cycle.district_id, unit.township_id, unit.id)
            self.known[key] = task.entered_by(self.by.grants, place)
        return self.known[key]


def make_workbook(row: CycleRow, by: Identity, kind_names: Mapping[str, str], township_id: int | None = None) -> bytes:
    """The workbook of a year for whoever asks, of one township where it is given, as a file."""
    work = work_of(row, by.grants)
    made = now().astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
    closes = row.scoring_closes.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M") if row.scoring_closes else ""
    allowed = Enterable(row, by)
    sheets = []
    for kind in dict.fromkeys(task.kind for task in work.tasks):
        units = units_in(row, work, kind, township_id)
        if not units:
            continue
        columns = tuple(_columns([task for task in work.tasks if task.kind == kind]))
        cells = cells_of(row.id, [unit.id for unit in units], [one.header for one in columns if one.header])
        sheets.append(
            SheetPlan(
                kind, kind_names[kind], wording.title(row.district, row.year, kind_names[kind]),
                wording.hint(made, closes), tuple(one.plan for one in columns), _rows(units, columns, cells, allowed),
            )
        )  # fmt: skip
    return write_workbook(row.id, f"{made} {by.name}", sheets, Words(**wording.words()))


def units_in(row: CycleRow, work: Work, kind: str, township_id: int | None) -> tuple[SheetUnit, ...]:
    """The units of a kind that somebody's work reaches."""
    found = units_of(row, kind=kind, township_id=township_id)
    return tuple(unit for unit in found if work.townships is None or unit.township_id in work.townships)


def _columns(tasks: Sequence[Task]) -> Iterator[_Planned]:
    """The columns of a sheet: those of each indicator, its reasons where they are asked for, the note at the end."""
    for task in tasks:
        group, name = task.root.name, f"{task.node.code} {task.node.name}"
        for column in task.columns:
            yield _Planned(_planned(task, column, group, name), task, column.header)
        if needs_reason(task.node):
            reason = wording.reason_name(task.node)
            yield _Planned(ColumnPlan(REASON + task.node.code, group, name, reason, width=WIDE, text=True), task)
    yield _Planned(ColumnPlan(NOTE, "", wording.note_name(), wording.note_part(), width=WIDE, text=True), None)


def _planned(task: Task, column: Column, group: str, name: str) -> ColumnPlan:
    options = wording.options(task.node)
    return ColumnPlan(
        column.header, group, name, wording.part_name(column), wording.column_note(task.node, task.scheme), options,
        None if options else _bounds(task.node), NARROW,
        text=task.node.leaf is not None and isinstance(task.node.leaf.method, Choice),
    )  # fmt: skip


def _bounds(node: Indicator) -> Bounds:
    leaf = node.leaf
    assert leaf is not None
    away = NOT_APPLICABLE if leaf.missing is Missing.EXCLUDE else ""
    match leaf.method:
        case Direct():
            return Bounds(node.low, node.high, away=away)
        case Count() | Cases():
            return Bounds(low=Fraction(0), whole=True, away=away)
    return Bounds(away=away)


def _rows(
    units: Sequence[SheetUnit], columns: Sequence[_Planned], cells: Mapping[Key, CellRow], allowed: Enterable
) -> Iterator[RowPlan]:
    for unit in units:
        found = [cells.get((unit.id, one.header)) if one.header else None for one in columns]
        yield RowPlan(
            unit.code, unit.name, unit.township, [cell.entry.shown if cell else "" for cell in found],
            [one.task is None or allowed(one.task, unit) for one in columns],
            [cell.version if cell else 0 if one.header else -1 for cell, one in zip(found, columns, strict=True)],
        )  # fmt: skip
