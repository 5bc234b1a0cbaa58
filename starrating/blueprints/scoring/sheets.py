"""A sheet as its page shows it and as it comes back: fields named by unit and header, each with its version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import abort, request
from flask_babel import gettext

from starrating.domain.access import Place
from starrating.domain.entry import NOT_APPLICABLE, Column, needs_reason
from starrating.domain.methods import Checklist, Choice, Missing
from starrating.domain.scheme import Indicator
from starrating.domain.verification import Review, is_locked
from starrating.domain.windows import Calendar, Stage
from starrating.errors import sentence_of_entry
from starrating.queries.cycles import CycleRow
from starrating.queries.identities import Identity
from starrating.queries.scores import CellRow, SheetUnit
from starrating.services.clock import now
from starrating.services.scoring.tasks import Task, is_open
from starrating.services.scoring.typed_scores import EntriesRefused, Key, Typed
from starrating.wording.phrases import period_name

MOST_CELLS = 4_000
"""More fields than any sheet has: a form with more is refused before it is looked at."""
VALUE, VERSION, REASON, CHOICE = "v", "b", "r", "c"


@dataclass(frozen=True, slots=True)
class CellSeen:
    """A cell as a field: what stands in it or was typed, the version that belongs to it, what is wrong with it."""

    id: str
    key: str
    label: str
    value: str
    version: int
    by: str = ""
    at: datetime | None = None
    reason: str = ""
    error: str = ""
    options: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    header: str = ""
    review: Review = Review.OPEN
    review_reason: str = ""
    locked: bool = False
    """True where nothing can be typed although the rest of the line can: confirmed, or not returned in verification."""


@dataclass(frozen=True, slots=True)
class LineSeen:
    """The cells of one indicator of one unit."""

    unit: SheetUnit
    task: Task
    cells: tuple[CellSeen, ...]
    reason_key: str
    reason: str
    last_reason: str
    asks_reason: bool
    editable: bool
    corrects: bool = False
    """True where only what was returned can be typed in."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back from a form: the texts, versions and reasons as typed, and what was wrong with them."""

    typed: Mapping[Key, Typed] = field(default_factory=dict)
    errors: Mapping[Key, str] = field(default_factory=dict)
    reasons: Mapping[tuple[int, str], str] = field(default_factory=dict)


NOTHING_RETURNED = Returned()


def column_name(column: Column) -> str:
    """A column's name for people: its part and period, or the indicator's name."""
    names = [period_name(column.period) if column.period else "", column.part]
    return " ".join(name for name in names if name) or column.node.name


def line_of(
    unit: SheetUnit,
    task: Task,
    columns: Sequence[Column],
    cells: Mapping[Key, CellRow],
    back: Returned,
    editable: bool,
    *,
    correcting: bool = False,
) -> LineSeen:
    """The fields of one indicator of one unit; `correcting` leaves only what was returned to be typed in."""
    seen = tuple(_cell(unit, column, cells.get((unit.id, column.header)), back, correcting) for column in columns)
    editable = editable and not all(cell.locked for cell in seen)
    last = next((cell.reason for cell in seen if cell.reason), "")
    key = (unit.id, task.node.code)
    return LineSeen(unit, task, seen, f"{REASON}:{unit.id}:{task.node.code}", back.reasons.get(key, ""), last,
                    needs_reason(task.node), editable, correcting and editable)  # fmt: skip


def _cell(unit: SheetUnit, column: Column, stored: CellRow | None, back: Returned, correcting: bool) -> CellSeen:
    key = (unit.id, column.header)
    typed = back.typed.get(key)
    review = stored.review if stored else Review.OPEN
    shown = typed.text if typed else stored.entry.shown if stored else ""
    return CellSeen(
        id=f"cell-{unit.id}-{column.header}", key=f"{unit.id}:{column.header}", label=column_name(column), value=shown,
        version=typed.version if typed else stored.version if stored else 0, by=stored.by if stored else "",
        at=stored.at if stored else None, reason=stored.reason if stored else "", error=back.errors.get(key, ""),
        options=_options(column.node), hint=_hint(column.node), header=column.header, review=review,
        review_reason=stored.review_reason if stored else "",
        locked=is_locked(review) or (correcting and review is not Review.RETURNED),
    )  # fmt: skip


def _options(node: Indicator) -> tuple[tuple[str, str], ...]:
    if node.leaf is None or not isinstance(node.leaf.method, Choice):
        return ()
    away = [(NOT_APPLICABLE, str(gettext("不适用")))] if node.leaf.missing is Missing.EXCLUDE else []
    return (("", str(gettext("没填"))), *((label, label) for label in node.leaf.method.options), *away)


def _hint(node: Indicator) -> str:
    said = []
    if node.leaf is not None and isinstance(node.leaf.method, Checklist):
        said.append(gettext("有填1，没有填0"))
    if node.leaf is not None and node.leaf.missing is Missing.EXCLUDE:
        said.append(gettext("不适用填／"))
    return str(gettext("，")).join(said)


def headers_of(tasks: Iterable[Task]) -> dict[tuple[str, str], str]:
    """(kind, header) → the code of its indicator."""
    return {(task.kind, column.header): task.node.code for task in tasks for column in task.columns}


def returned(codes: Mapping[str, str]) -> Returned:
    """What the form of this request says; 400 where a field stands twice or is none of ours."""
    if any(len(values) > 1 for _, values in request.form.lists()) or len(request.form) > 3 * MOST_CELLS:
        abort(400)
    reasons = {(unit, rest): text for unit, rest, text in _fields(REASON)}
    typed = {}
    for unit, header, text in _fields(VALUE):
        if request.form.get(f"{CHOICE}:{unit}:{header}") == "theirs":
            continue
        version = request.form.get(f"{VERSION}:{unit}:{header}", "")
        if not (version.isascii() and version.isdecimal() and len(version) < 10):
            abort(400)
        reason = reasons.get((unit, codes.get(header, "")), "")
        typed[unit, header] = Typed(unit, header, int(version), text, reason)
    return Returned(typed, {}, reasons)


def _fields(prefix: str) -> Iterator[tuple[int, str, str]]:
    for name, text in request.form.items():
        kind, _, rest = name.partition(":")
        if kind != prefix:
            continue
        unit, _, header = rest.partition(":")
        if not (unit.isascii() and unit.isdecimal() and len(unit) < 10 and 0 < len(header) <= 120):
            abort(400)
        yield int(unit), header, text


def refused(back: Returned, refusal: EntriesRefused) -> Returned:
    """What came back, with what is wrong at each field."""
    errors = {key: sentence_of_entry(fault) for key, fault in refusal.faults.items()}
    return Returned(back.typed, errors, back.reasons)


def may_enter(cycle: CycleRow, calendar: Calendar, task: Task, unit: SheetUnit, who: Identity) -> bool:
    """True where somebody enters an indicator of a unit, and can now."""
    place = unit_place(cycle, unit)
    return task.entered_by(who.grants, place) and is_open(calendar, task, place, now())


def may_correct(cycle: CycleRow, calendar: Calendar, task: Task, unit: SheetUnit, who: Identity) -> bool:
    """True where somebody enters an indicator of a unit, and can put right what the district returned of it."""
    place = unit_place(cycle, unit)
    opened = calendar.is_open(Stage.VERIFICATION, place, task.assigned.department, now())
    return task.entered_by(who.grants, place) and opened


def line_here(
    cycle: CycleRow, calendar: Calendar, task: Task, unit: SheetUnit, *, columns: Sequence[Column],
    cells: Mapping[Key, CellRow], back: Returned, who: Identity,
) -> LineSeen:  # fmt: skip
    """The fields of one indicator of one unit, as far as the person can type there now."""
    enters = may_enter(cycle, calendar, task, unit, who)
    corrects = not enters and may_correct(cycle, calendar, task, unit, who)
    return line_of(unit, task, columns, cells, back, enters or corrects, correcting=corrects)


def entry_time(
    cycle: CycleRow, calendar: Calendar, tasks: Iterable[Task], units: Iterable[SheetUnit]
) -> dict[str, object]:
    """For the head of a page: `open` where something on it can be entered now, and `closes`, the last instant of it."""
    departments = {task.assigned.department for task in tasks}
    scopes = [(unit_place(cycle, unit), department) for unit in units for department in departments]
    at = now()
    ends = [calendar.closes(Stage.SCORING, *one) for one in scopes if calendar.is_open(Stage.SCORING, *one, at)]
    return {"open": bool(ends), "closes": None if None in ends else max(filter(None, ends), default=None)}


def unit_place(cycle: CycleRow, unit: SheetUnit) -> Place:
    """Where a rated unit is."""
    return Place(cycle.municipality_id, cycle.district_id, unit.township_id, unit.id)
