"""Reading divisions and units: a district's townships, a township's units, a search by name or code; scope first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import aliased

from starrating.domain.access import Place
from starrating.extensions import db
from starrating.models.divisions import Division, Unit
from starrating.queries.pages import SIZE, Page, offset_of
from starrating.queries.places import divisions_within, units_within


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """A division with how many current units of each kind lie in it."""

    id: int
    code: str
    name: str
    level: str
    kind: str
    parent_id: int | None
    villages: int = 0
    communities: int = 0


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit with the names of its township and district."""

    id: int
    code: str
    name: str
    kind: str
    rated: bool
    township_id: int
    township: str
    district_id: int
    district: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class UnitFilter:
    """What a list of units is narrowed to; an empty part narrows nothing."""

    words: str = ""
    kind: str = ""
    district_id: int | None = None
    township_id: int | None = None


def division(division_id: int) -> DivisionRow | None:
    """One division, without counts."""
    row = db.session.execute(_division_columns().where(Division.id == division_id)).one_or_none()
    return DivisionRow(*row) if row else None


def path_of(division_id: int) -> tuple[DivisionRow, ...]:
    """The divisions above one, from the top, and itself; at most three."""
    found: list[DivisionRow] = []
    key: int | None = division_id
    while key is not None and len(found) < 4:
        row = division(key)
        if row is None:
            break
        found.insert(0, row)
        key = row.parent_id
    return tuple(found)


def divisions_in(places: Iterable[Place], level: str) -> tuple[DivisionRow, ...]:
    """The divisions of a level within the places, with counts, in the order of codes."""
    return _counted(_division_columns().where(Division.level == level, divisions_within(places)), level)


def children_of(parent_id: int, level: str) -> tuple[DivisionRow, ...]:
    """The divisions of a level right under one, with counts, in the order of codes."""
    return _counted(_division_columns().where(Division.parent_id == parent_id), level)


def unit(unit_id: int) -> UnitRow | None:
    """One unit."""
    row = db.session.execute(_unit_columns().where(Unit.id == unit_id)).one_or_none()
    return UnitRow(*row) if row else None


def units(places: Iterable[Place], narrowed: UnitFilter, page: int = 1) -> Page[UnitRow]:
    """A page of the current units within the places that the filter leaves, in the order of codes."""
    wanted = [units_within(places), Unit.valid_to.is_(None), *_conditions(narrowed)]
    total = db.session.scalar(select(func.count()).select_from(Unit).where(*wanted)) or 0
    number = min(max(page, 1), max(1, -(-total // SIZE)))
    rows = db.session.execute(
        _unit_columns().where(*wanted).order_by(Unit.code, Unit.id).limit(SIZE).offset(offset_of(number))
    )
    return Page(tuple(UnitRow(*row) for row in rows), number, total)


def _conditions(narrowed: UnitFilter) -> list[Any]:
    found: list[Any] = []
    if narrowed.words:
        found.append(
            or_(
                Unit.name.contains(narrowed.words, autoescape=True),
                Unit.code.startswith(narrowed.words, autoescape=True),
            )
        )
    if narrowed.kind:
        found.append(Unit.kind == narrowed.kind)
    if narrowed.district_id is not None:
        found.append(Unit.district_id == narrowed.district_id)
    if narrowed.township_id is not None:
        found.append(Unit.township_id == narrowed.township_id)
    return found


def _division_columns() -> Any:
    return select(Division.id, Division.code, Division.name, Division.level, Division.kind, Division.parent_id)


def _unit_columns() -> Any:
    township, district = aliased(Division), aliased(Division)
    return (
        select(
            Unit.id, Unit.code, Unit.name, Unit.kind, Unit.rated, Unit.township_id, township.name, Unit.district_id,
            district.name, Unit.valid_from, Unit.valid_to,
        )
        .join(township, township.id == Unit.township_id)
        .join(district, district.id == Unit.district_id)
    )  # fmt: skip


def _counted(wanted: Any, level: str) -> tuple[DivisionRow, ...]:
    rows = db.session.execute(wanted.order_by(Division.code, Division.id)).all()
    column = Unit.township_id if level == "township" else Unit.district_id
    villages = func.sum(case((Unit.kind == "village", 1), else_=0))
    counts = {
        row[0]: (int(row[1]), int(row[2]))
        for row in db.session.execute(
            select(column, villages, func.count() - villages).where(Unit.valid_to.is_(None)).group_by(column)
        )
    }
    found = (DivisionRow(*row) for row in rows)
    none = (0, 0)
    return tuple(
        replace(row, villages=counts.get(row.id, none)[0], communities=counts.get(row.id, none)[1]) for row in found
    )


def city_of(district_code: str) -> str:
    """The name of the city of a district, empty where it lies in none."""
    city = aliased(Division)
    found = db.session.scalar(
        select(city.name).join(Division, Division.parent_id == city.id).where(Division.code == district_code)
    )
    return found or ""
