"""Reading for dashboards: stars, movement, totals and shares of the ratings that stand; one statement a question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from starrating.domain.access import Place
from starrating.extensions import db
from starrating.models.divisions import Division, Unit
from starrating.models.ratings import Rating
from starrating.queries.places import units_within
from starrating.queries.standing import standing

FOUR_STARS = 4


@dataclass(frozen=True, slots=True)
class StarRow:
    """How many units of a division have a level; its code is blank for those that are not rated."""

    division_id: int
    division: str
    level: str
    level_name: str
    stars: int | None
    units: int


@dataclass(frozen=True, slots=True)
class MoveRow:
    """How the rated units of a division moved against the year before; `first` had no level then."""

    division_id: int
    division: str
    promoted: int
    held: int
    demoted: int
    stripped: int
    first: int


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A unit's exact total as text, with its level ('' for none) and its pool."""

    kind: str
    total: str
    level: str
    pool: str


@dataclass(frozen=True, slots=True)
class ShareRow:
    """How many of a district's rated units have four stars or more."""

    district_id: int
    district: str
    part: int
    whole: int


def stars(places: Iterable[Place], year: int, kind: str, level: str) -> tuple[StarRow, ...]:
    """Counts of the levels by district or township, in the order of codes, the lowest level first."""
    held = tuple(places)
    found = _within(
        held, year, kind, level, Division.id, Division.name, Rating.level, Rating.level_name, Rating.stars, func.count()
    )
    rows = db.session.execute(
        found.group_by(Division.id, Division.name, Division.code, Rating.level, Rating.level_name, Rating.stars)
        .order_by(Division.code, Division.id, Rating.stars, Rating.level, Rating.level_name)
    )  # fmt: skip
    return tuple(StarRow(row[0], row[1], row[2], row[3], row[4], int(row[5])) for row in rows)


def movement(places: Iterable[Place], year: int, kind: str, level: str) -> tuple[MoveRow, ...]:
    """Who rose, kept, lost a star, lost all and came new, by district or township, in the order of codes."""
    rated, fell = Rating.level != "", Rating.change < 0
    found = _within(
        tuple(places), year, kind, level, Division.id, Division.name,
        _counted(and_(rated, Rating.change > 0)), _counted(and_(rated, Rating.change == 0)),
        _counted(and_(rated, fell, func.coalesce(Rating.stars, 0) > 0)),
        _counted(and_(rated, fell, func.coalesce(Rating.stars, 0) == 0)),
        _counted(and_(rated, Rating.change.is_(None))),
    )  # fmt: skip
    rows = db.session.execute(
        found.group_by(Division.id, Division.name, Division.code).order_by(Division.code, Division.id)
    )
    return tuple(MoveRow(*row[:2], *(int(number) for number in row[2:])) for row in rows)


def totals(places: Iterable[Place], year: int, kind: str) -> tuple[TotalRow, ...]:
    """The totals of all units that have one, in the order of the units' codes."""
    held = tuple(places)
    found = standing(held, year, kind)
    rows = db.session.execute(
        select(found.c.kind, Rating.total, Rating.level, Rating.pool)
        .join(found, found.c.id == Rating.determination_id)
        .join(Unit, Unit.id == Rating.unit_id)
        .where(units_within(held), Rating.total != "")
        .order_by(Unit.code, Unit.id)
    )
    return tuple(TotalRow(*row) for row in rows)


def shares(places: Iterable[Place], year: int, kind: str) -> tuple[ShareRow, ...]:
    """Four stars and more among the rated units, by district, in the order of codes."""
    found = _within(
        tuple(places), year, kind, "district", Division.id, Division.name,
        _counted(Rating.stars >= FOUR_STARS), _counted(Rating.level != ""),
    )  # fmt: skip
    rows = db.session.execute(
        found.group_by(Division.id, Division.name, Division.code).order_by(Division.code, Division.id)
    )
    return tuple(ShareRow(row[0], row[1], int(row[2]), int(row[3])) for row in rows)


def _within(places: tuple[Place, ...], year: int, kind: str, level: str, *columns: Any) -> Select[Any]:
    """The ratings that stand of the units within the places, each with its district or township."""
    found = standing(places, year, kind)
    at = Unit.township_id if level == "township" else Unit.district_id
    return (
        select(*columns)
        .select_from(Rating)
        .join(found, found.c.id == Rating.determination_id)
        .join(Unit, Unit.id == Rating.unit_id)
        .join(Division, Division.id == at)
        .where(units_within(places))
    )


def _counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
