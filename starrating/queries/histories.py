"""Reading what was entered: every change of a unit's cells with what stood before, and a unit at an instant."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from starrating.domain.entry import NOTHING, Entry, EntryState
from starrating.extensions import db
from starrating.models.accounts import Account
from starrating.models.scores import ScoreCell, ScoreValue
from starrating.queries.pages import SIZE, Page, offset_of


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change of a cell: `before` is None where what it replaced was loaded without a history."""

    unit_id: int
    header: str
    version: int
    before: Entry | None
    entry: Entry
    by: str
    at: datetime
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """What a history is narrowed to; an empty part narrows nothing."""

    person: str = ""
    header: str = ""
    source: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stood:
    """What a cell said at an instant; `entry` is None where that was loaded without a history and later changed."""

    header: str
    entry: Entry | None
    by: str = ""
    at: datetime | None = None


def changes() -> Any:
    """Every entry of a cell beside the one it replaced, to be narrowed; a row of it is read by `change_of`."""
    before = aliased(ScoreValue)
    return (
        select(ScoreCell.unit_id, ScoreCell.header, ScoreValue.version, before.state, before.value, ScoreValue.state,
               ScoreValue.value, func.coalesce(Account.display_name, ""), ScoreValue.at, ScoreValue.source,
               ScoreValue.reason)
        .select_from(ScoreValue)
        .join(ScoreCell, ScoreCell.id == ScoreValue.cell_id)
        .outerjoin(before, and_(before.cell_id == ScoreValue.cell_id, before.version == ScoreValue.version - 1))
        .outerjoin(Account, Account.id == ScoreValue.by)
    )  # fmt: skip


def change_of(row: Any) -> ChangeRow:
    """A row of `changes`."""
    unit, header, version, old_state, old_value, state, value, *rest = row
    known = None if version > 1 else NOTHING
    before = known if old_state is None else Entry(EntryState(old_state), old_value)
    return ChangeRow(unit, header, version, before, Entry(EntryState(state), value), *rest)


def changes_page(
    cycle_id: int, unit_id: int, headers: Collection[str], narrowed: ChangeFilter, page: int = 1
) -> Page[ChangeRow]:
    """A page of the changes of a unit's cells, the newest first."""
    wanted = _wanted(cycle_id, unit_id, headers, narrowed)
    total = db.session.scalar(
        select(func.count())
        .select_from(ScoreValue)
        .join(ScoreCell, ScoreCell.id == ScoreValue.cell_id)
        .outerjoin(Account, Account.id == ScoreValue.by)
        .where(*wanted)
    ) or 0  # fmt: skip
    number = min(max(page, 1), max(1, -(-total // SIZE)))
    rows = db.session.execute(_latest_first(wanted).limit(SIZE).offset(offset_of(number)))
    return Page(tuple(map(change_of, rows)), number, total)


def all_changes(cycle_id: int, unit_id: int, headers: Collection[str], narrowed: ChangeFilter) -> tuple[ChangeRow, ...]:
    """All of them, for a file."""
    found = db.session.execute(_latest_first(_wanted(cycle_id, unit_id, headers, narrowed)))
    return tuple(map(change_of, found))


def sources_known(cycle_id: int, unit_id: int) -> tuple[str, ...]:
    """Where the values of a unit came from, in order."""
    return tuple(
        db.session.scalars(
            select(ScoreValue.source)
            .join(ScoreCell, ScoreCell.id == ScoreValue.cell_id)
            .where(ScoreCell.cycle_id == cycle_id, ScoreCell.unit_id == unit_id)
            .distinct()
            .order_by(ScoreValue.source)
        )
    )


def stood_at(cycle_id: int, unit_id: int, headers: Collection[str], at: datetime) -> dict[str, Stood]:
    """Header → what a unit's cells said at an instant; a header that was not filled yet is left out."""
    last = (
        select(ScoreValue.cell_id, func.max(ScoreValue.version).label("version"))
        .join(ScoreCell, ScoreCell.id == ScoreValue.cell_id)
        .where(ScoreCell.cycle_id == cycle_id, ScoreCell.unit_id == unit_id, ScoreValue.at <= at)
        .group_by(ScoreValue.cell_id)
        .subquery()
    )
    first = select(func.min(ScoreValue.version)).where(ScoreValue.cell_id == ScoreCell.id)
    first_known = first.correlate(ScoreCell).scalar_subquery()
    rows = db.session.execute(
        select(ScoreCell.header, ScoreCell.version, ScoreCell.state, ScoreCell.value, first_known.label("first"),
               ScoreValue.state, ScoreValue.value, func.coalesce(Account.display_name, ""), ScoreValue.at)
        .outerjoin(last, last.c.cell_id == ScoreCell.id)
        .outerjoin(ScoreValue, and_(ScoreValue.cell_id == last.c.cell_id, ScoreValue.version == last.c.version))
        .outerjoin(Account, Account.id == ScoreValue.by)
        .where(ScoreCell.cycle_id == cycle_id, ScoreCell.unit_id == unit_id, ScoreCell.header.in_(tuple(headers)))
    )  # fmt: skip
    found: dict[str, Stood] = {}
    for header, version, state, value, begins, then_state, then_value, by, when in rows:
        if then_state is not None:
            found[header] = Stood(header, Entry(EntryState(then_state), then_value), by, when)
        elif begins is None and version == 1:
            found[header] = Stood(header, Entry(EntryState(state), value))
        elif begins is not None and begins > 1:
            found[header] = Stood(header, None)
    return found


def _wanted(cycle_id: int, unit_id: int, headers: Collection[str], narrowed: ChangeFilter) -> list[ColumnElement[bool]]:
    found = [ScoreCell.cycle_id == cycle_id, ScoreCell.unit_id == unit_id, ScoreCell.header.in_(tuple(headers))]
    if narrowed.person:
        named = (column.contains(narrowed.person, autoescape=True) for column in (Account.name, Account.display_name))
        found.append(or_(*named))
    if narrowed.header:
        code = narrowed.header
        found.append(or_(ScoreCell.header == code, *(ScoreCell.header.startswith(code + mark, autoescape=True)
                                                     for mark in (".", "@"))))  # fmt: skip
    if narrowed.source:
        found.append(ScoreValue.source == narrowed.source)
    if narrowed.since:
        found.append(ScoreValue.at >= narrowed.since)
    if narrowed.until:
        found.append(ScoreValue.at <= narrowed.until)
    return found


def _latest_first(wanted: list[ColumnElement[bool]]) -> Any:
    return changes().where(*wanted).order_by(ScoreValue.id.desc())
