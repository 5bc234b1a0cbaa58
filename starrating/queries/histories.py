"""Reading what became of values: every change of a unit's cells, every verdict on them, and a unit at an instant."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, null, or_, select, union_all
from sqlalchemy.orm import aliased

from starrating.domain.entry import NOTHING, Entry, EntryState
from starrating.extensions import db
from starrating.models.accounts import Account
from starrating.models.scores import CellReview, ScoreCell, ScoreValue
from starrating.queries.pages import SIZE, Page, offset_of

VERDICT = "verdict"
"""The source of a row that is no value: what the district made of one."""


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change of a cell, or a verdict on it: `before` is None where what it replaced was loaded without a history.

    Of a verdict `entry` is what it was about, and `review` what became of it.
    """

    unit_id: int
    header: str
    version: int
    before: Entry | None
    entry: Entry
    by: str
    at: datetime
    source: str
    reason: str
    review: str = ""


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
    """A row of `changes`, or of all that became of cells."""
    unit, header, version, old_state, old_value, state, value, *rest = row
    known = None if version > 1 else NOTHING
    before = known if old_state is None else Entry(EntryState(old_state), old_value)
    return ChangeRow(unit, header, version, before, Entry(EntryState(state), value), *rest)


def changes_page(
    cycle_id: int, unit_id: int, headers: Collection[str], narrowed: ChangeFilter, page: int = 1
) -> Page[ChangeRow]:
    """A page of what became of a unit's cells, values and verdicts, the newest first."""
    found = _all_of(cycle_id, unit_id, headers, narrowed)
    total = db.session.scalar(select(func.count()).select_from(found)) or 0
    number = min(max(page, 1), max(1, -(-total // SIZE)))
    rows = db.session.execute(_latest_first(found).limit(SIZE).offset(offset_of(number)))
    return Page(tuple(change_of(row[:-1]) for row in rows), number, total)


def all_changes(cycle_id: int, unit_id: int, headers: Collection[str], narrowed: ChangeFilter) -> tuple[ChangeRow, ...]:
    """All of it, for a file or for the page of one cell."""
    rows = db.session.execute(_latest_first(_all_of(cycle_id, unit_id, headers, narrowed)))
    return tuple(change_of(row[:-1]) for row in rows)


def sources_known(cycle_id: int, unit_id: int) -> tuple[str, ...]:
    """Where the values of a unit came from, in order; `VERDICT` last where the district said something of them."""
    own = (ScoreCell.cycle_id == cycle_id, ScoreCell.unit_id == unit_id)
    values = select(ScoreValue.source).join(ScoreCell, ScoreCell.id == ScoreValue.cell_id).where(*own)
    said = select(literal(VERDICT)).select_from(CellReview).join(ScoreCell, ScoreCell.id == CellReview.cell_id)
    found = set(db.session.scalars(union_all(values.distinct(), said.where(*own).distinct())))
    return tuple(sorted(found, key=lambda one: (one == VERDICT, one)))


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


def _all_of(cycle_id: int, unit_id: int, headers: Collection[str], narrowed: ChangeFilter) -> Any:
    """Values and verdicts as one table; of what was done at the same time the verdict comes after the value."""
    own = [ScoreCell.cycle_id == cycle_id, ScoreCell.unit_id == unit_id, ScoreCell.header.in_(tuple(headers))]
    values = changes().add_columns(literal("").label("review"), ScoreValue.id.label("place"))
    parts = [values.where(*own, *_wanted(narrowed, ScoreValue.at))]
    if narrowed.source in ("", VERDICT):
        parts.append(_verdicts().where(*own, *_wanted(narrowed, CellReview.at)))
    if narrowed.source:
        parts[0] = parts[0].where(ScoreValue.source == narrowed.source)
    return union_all(*parts).subquery()


def _verdicts() -> Any:
    """What the district made of cells, each with the value that it was about, in the columns of `changes`."""
    return (
        select(ScoreCell.unit_id, ScoreCell.header, CellReview.version, null(), null(),
               func.coalesce(ScoreValue.state, ScoreCell.state), func.coalesce(ScoreValue.value, ScoreCell.value),
               func.coalesce(Account.display_name, ""), CellReview.at, literal(VERDICT), CellReview.reason,
               CellReview.review, CellReview.id)
        .select_from(CellReview)
        .join(ScoreCell, ScoreCell.id == CellReview.cell_id)
        .outerjoin(ScoreValue, and_(ScoreValue.cell_id == CellReview.cell_id, ScoreValue.version == CellReview.version))
        .outerjoin(Account, Account.id == CellReview.by)
    )  # fmt: skip


def _wanted(narrowed: ChangeFilter, at: Any) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if narrowed.person:
        named = (column.contains(narrowed.person, autoescape=True) for column in (Account.name, Account.display_name))
        found.append(or_(*named))
    if narrowed.header:
        code = narrowed.header
        found.append(or_(ScoreCell.header == code, *(ScoreCell.header.startswith(code + mark, autoescape=True)
                                                     for mark in (".", "@"))))  # fmt: skip
    if narrowed.since:
        found.append(at >= narrowed.since)
    if narrowed.until:
        found.append(at <= narrowed.until)
    return found


def _latest_first(found: Any) -> Any:
    return select(found).order_by(found.c.at.desc(), (found.c.review != "").desc(), found.c.place.desc())
