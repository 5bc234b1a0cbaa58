"""Reading scores: the units of a sheet, its cells with who entered them, a cell's history, events, how much is done."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, bindparam, func, select, tuple_
from sqlalchemy.orm import aliased

from starrating.domain.entry import Entry, EntryState
from starrating.domain.verification import Review
from starrating.extensions import db
from starrating.models.accounts import Account
from starrating.models.divisions import Division, Unit
from starrating.models.events import EventRecord
from starrating.models.scores import ScoreCell, ScoreValue, ValueState
from starrating.queries.asking import Question, among, ask
from starrating.queries.cycles import CycleRow, rated_on


@dataclass(frozen=True, slots=True)
class SheetUnit:
    """A rated unit of a year."""

    id: int
    code: str
    name: str
    kind: str
    township_id: int
    township: str


class CellRow(NamedTuple):
    """A cell as it stands; `by` and `at` are empty for values that were loaded without a history."""

    id: int
    unit_id: int
    header: str
    version: int
    entry: Entry
    by: str = ""
    at: datetime | None = None
    reason: str = ""
    review: Review = Review.OPEN
    review_reason: str = ""


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One entry of a cell's history."""

    version: int
    entry: Entry
    by: str
    at: datetime
    reason: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event of a unit; withdrawn ones stay on the list."""

    id: int
    unit_id: int
    flag: str
    count: int
    reason: str
    by: str
    at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str
    withdrawn_reason: str

    def counts_at(self, at: datetime) -> bool:
        """True where it was recorded by then and not withdrawn yet."""
        return self.at <= at and (self.withdrawn_at is None or self.withdrawn_at > at)


_UNITS = (
    select(Unit.id, Unit.code, Unit.name, Unit.kind, Unit.township_id, Division.name)
    .join(Division, Division.id == Unit.township_id)
    .order_by(Unit.code, Unit.id)
)
_UNITS_BY_KEY = Question(_UNITS.where(
    among(Unit.id, "keys"), Unit.district_id == bindparam("district"), rated_on(bindparam("day", type_=Date)),
))  # fmt: skip
FEW = 100
"""Of so many units the cells are asked by a statement that is a constant; of more by one that is planned for them."""


def _cells(*wanted: ColumnElement[bool]) -> Any:
    return (
        select(
            ScoreCell.id, ScoreCell.unit_id, ScoreCell.header, ScoreCell.version, ScoreCell.state, ScoreCell.value,
            func.coalesce(Account.display_name, ""), ScoreValue.at, func.coalesce(ScoreValue.reason, ""),
            ScoreCell.review, ScoreCell.review_reason,
        )
        .outerjoin(ScoreValue, (ScoreValue.cell_id == ScoreCell.id) & (ScoreValue.version == ScoreCell.version))
        .outerjoin(Account, Account.id == ScoreValue.by)
        .where(ScoreCell.cycle_id == bindparam("cycle"), *wanted)
    )  # fmt: skip


_CELLS_OF_FEW = Question(_cells(among(ScoreCell.unit_id, "units"), among(ScoreCell.header, "headers")))
_STANDING = select(
    ScoreCell.id, ScoreCell.unit_id, ScoreCell.header, ScoreCell.version, ScoreCell.state, ScoreCell.value,
    ScoreCell.review, ScoreCell.review_reason,
).where(ScoreCell.cycle_id == bindparam("cycle"), ScoreCell.unit_id.in_(bindparam("units", expanding=True)),
        ScoreCell.header.in_(bindparam("headers", expanding=True)))  # fmt: skip


def units_of(
    cycle: CycleRow, keys: Collection[int] | None = None, *, kind: str = "", township_id: int | None = None
) -> tuple[SheetUnit, ...]:
    """The rated units of a year in the order of codes, narrowed to keys, a kind, a township."""
    if keys is not None and not kind and township_id is None:
        found = ask(_UNITS_BY_KEY, keys=keys, district=cycle.district_id, day=cycle.cut_off)
        return tuple(SheetUnit(*row) for row in found)
    wanted = [Unit.district_id == cycle.district_id, rated_on(cycle.cut_off)]
    if keys is not None:
        wanted.append(Unit.id.in_(keys))
    if kind:
        wanted.append(Unit.kind == kind)
    if township_id is not None:
        wanted.append(Unit.township_id == township_id)
    return tuple(SheetUnit(*row) for row in db.session.execute(_UNITS.where(*wanted)))


def cells_of(cycle_id: int, units: Iterable[int], headers: Iterable[str]) -> dict[tuple[int, str], CellRow]:
    """(unit, header) → the cell, for those that were ever touched."""
    units, headers = tuple(units), tuple(headers)
    rows: Iterable[Any]
    if len(units) <= FEW:
        rows = ask(_CELLS_OF_FEW, cycle=cycle_id, units=units, headers=headers)
    else:
        many = _cells(ScoreCell.unit_id.in_(units), ScoreCell.header.in_(headers))
        rows = db.session.execute(many, {"cycle": cycle_id})
    return {(row[1], row[2]): _cell(row) for row in rows}


def standing_cells(cycle_id: int, units: Iterable[int], headers: Iterable[str]) -> dict[tuple[int, str], CellRow]:
    """The same without who entered them, when and why: of hundreds of thousands the history is read in seconds."""
    wanted = {"cycle": cycle_id, "units": tuple(units), "headers": tuple(headers)}
    rows = db.session.execute(_STANDING, wanted)
    entry, verdict = lru_cache(maxsize=2**14)(_entry), lru_cache(maxsize=None)(Review)
    return {
        (unit, header): CellRow(key, unit, header, version, entry(state, value), "", None, "", verdict(review), why)
        for key, unit, header, version, state, value, review, why in rows
    }


def _entry(state: str, value: str) -> Entry:
    return Entry(EntryState(state), value)


def _cell(row: Any) -> CellRow:
    key, unit, header, version, state, value, by, at, reason, review, why = row
    return CellRow(key, unit, header, version, Entry(EntryState(state), value), by, at, reason, Review(review), why)


def values_at(wanted: Collection[tuple[int, int]]) -> dict[int, Entry]:
    """Cell → what it said at a version, for the pairs of cell and version asked for."""
    if not wanted:
        return {}
    rows = db.session.execute(
        select(ScoreValue.cell_id, ScoreValue.state, ScoreValue.value).where(
            tuple_(ScoreValue.cell_id, ScoreValue.version).in_(sorted(wanted))
        )
    )
    return {row[0]: Entry(EntryState(row[1]), row[2]) for row in rows}


def history_of(cycle_id: int, unit_id: int, header: str) -> tuple[ValueRow, ...]:
    """Everything that was ever entered in a cell, the latest first."""
    rows = db.session.execute(
        select(ScoreValue.version, ScoreValue.state, ScoreValue.value, func.coalesce(Account.display_name, ""),
               ScoreValue.at, ScoreValue.reason, ScoreValue.source)
        .join(ScoreCell, ScoreCell.id == ScoreValue.cell_id)
        .outerjoin(Account, Account.id == ScoreValue.by)
        .where(ScoreCell.cycle_id == cycle_id, ScoreCell.unit_id == unit_id, ScoreCell.header == header)
        .order_by(ScoreValue.version.desc())
    )  # fmt: skip
    return tuple(ValueRow(row[0], Entry(EntryState(row[1]), row[2]), *row[3:]) for row in rows)


def latest_of(cycle_id: int, unit_id: int, headers: Collection[str], most: int) -> tuple[tuple[str, ValueRow], ...]:
    """The latest entries of several cells of a unit, each with its header, the newest first."""
    rows = db.session.execute(
        select(ScoreValue.version, ScoreValue.state, ScoreValue.value, func.coalesce(Account.display_name, ""),
               ScoreValue.at, ScoreValue.reason, ScoreValue.source, ScoreCell.header)
        .join(ScoreCell, ScoreCell.id == ScoreValue.cell_id)
        .outerjoin(Account, Account.id == ScoreValue.by)
        .where(ScoreCell.cycle_id == cycle_id, ScoreCell.unit_id == unit_id, ScoreCell.header.in_(tuple(headers)))
        .order_by(ScoreValue.at.desc(), ScoreValue.id.desc())
        .limit(most)
    )  # fmt: skip
    return tuple((row[7], ValueRow(row[0], Entry(EntryState(row[1]), row[2]), *row[3:7])) for row in rows)


def filled(cycle: CycleRow, township_id: int | None = None) -> dict[tuple[str, str, int], int]:
    """(kind, header, township) → how many cells of rated units are filled in."""
    wanted = [ScoreCell.cycle_id == cycle.id, ScoreCell.state != ValueState.BLANK, rated_on(cycle.cut_off)]
    if township_id is not None:
        wanted.append(Unit.township_id == township_id)
    rows = db.session.execute(
        select(Unit.kind, ScoreCell.header, Unit.township_id, func.count())
        .join(Unit, Unit.id == ScoreCell.unit_id)
        .where(*wanted)
        .group_by(Unit.kind, ScoreCell.header, Unit.township_id)
    )
    return {(row[0], row[1], row[2]): int(row[3]) for row in rows}


def filled_by_unit(cycle: CycleRow, township_id: int, headers: Collection[str]) -> dict[int, int]:
    """Unit → how many of the headers are filled in, in a township."""
    rows = db.session.execute(
        select(ScoreCell.unit_id, func.count())
        .join(Unit, Unit.id == ScoreCell.unit_id)
        .where(ScoreCell.cycle_id == cycle.id, ScoreCell.state != ValueState.BLANK, Unit.township_id == township_id,
               ScoreCell.header.in_(tuple(headers)))
        .group_by(ScoreCell.unit_id)
    )  # fmt: skip
    return {row[0]: int(row[1]) for row in rows}


def township_sizes(cycle: CycleRow) -> tuple[tuple[str, int, str, int], ...]:
    """Kind, township, its name and how many rated units of the kind lie in it, in the order of codes."""
    rows = db.session.execute(
        select(Unit.kind, Division.id, Division.name, func.count(), Division.code)
        .join(Division, Division.id == Unit.township_id)
        .where(Unit.district_id == cycle.district_id, rated_on(cycle.cut_off))
        .group_by(Unit.kind, Division.id, Division.name, Division.code)
        .order_by(Division.code, Unit.kind.desc())
    )
    return tuple((row[0], row[1], row[2], int(row[3])) for row in rows)


def recorded_events() -> Any:
    """Every event of a unit with who recorded and who withdrew it, to be narrowed; its rows are `EventRow`s."""
    recorder, withdrawer = aliased(Account), aliased(Account)
    return (
        select(
            EventRecord.id, EventRecord.unit_id, EventRecord.flag, EventRecord.count, EventRecord.reason,
            func.coalesce(recorder.display_name, ""), EventRecord.at, EventRecord.withdrawn_at,
            func.coalesce(withdrawer.display_name, ""), EventRecord.withdrawn_reason,
        )
        .outerjoin(recorder, recorder.id == EventRecord.by)
        .outerjoin(withdrawer, withdrawer.id == EventRecord.withdrawn_by)
    )  # fmt: skip


def events_of(cycle_id: int, unit_id: int) -> tuple[EventRow, ...]:
    """What was recorded of a unit in a year, the latest first."""
    rows = db.session.execute(
        recorded_events()
        .where(EventRecord.cycle_id == cycle_id, EventRecord.unit_id == unit_id)
        .order_by(EventRecord.at.desc(), EventRecord.id.desc())
    )
    return tuple(EventRow(*row) for row in rows)
