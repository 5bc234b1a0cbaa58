"""Reading several years together: the ways that units went through the stars, the totals of a unit's pool."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import String, case, cast, func, literal, select

from starrating.domain.access import Place
from starrating.extensions import db
from starrating.models.divisions import Unit
from starrating.models.ratings import Rating
from starrating.queries.places import units_within
from starrating.queries.standing import standing

BETWEEN = "|"
"""Between the stars of a level and its name; stars are digits."""


@dataclass(frozen=True, slots=True)
class Way:
    """How many units had these levels, one a year: stars and name, None where a unit was not rated."""

    levels: tuple[tuple[int, str] | None, ...]
    units: int


@dataclass(frozen=True, slots=True)
class PoolRow:
    """A total of a year in the pool that a unit is in."""

    year: int
    unit_id: int
    total: str


def ways(places: Iterable[Place], years: Sequence[int], kind: str = "") -> tuple[Way, ...]:
    """The ways of all units within the places through these years; one statement, a row for each way."""
    held = tuple(places)
    found = standing(held, None, kind)
    said = case(
        (Rating.level == "", literal("")),
        else_=cast(func.coalesce(Rating.stars, 0), String) + BETWEEN + Rating.level_name,
    )
    of_year = [func.max(case((found.c.year == year, said), else_="")).label(f"y{year}") for year in years]
    by_unit = (
        select(Unit.id, *of_year)
        .select_from(Rating)
        .join(found, found.c.id == Rating.determination_id)
        .join(Unit, Unit.id == Rating.unit_id)
        .where(units_within(held), found.c.year.in_(years))
        .group_by(Unit.id)
        .subquery()
    )
    columns = [by_unit.c[f"y{year}"] for year in years]
    rows = db.session.execute(select(*columns, func.count()).group_by(*columns).order_by(*columns))
    return tuple(Way(tuple(_level(text) for text in row[:-1]), int(row[-1])) for row in rows)


def pool_totals(place: Place, kind: str, unit_id: int) -> tuple[PoolRow, ...]:
    """The totals of every year of all units that were ranked in the same pool as a unit, itself among them."""
    found = standing([place], None, kind)
    own = (
        select(found.c.id, Rating.pool)
        .join(Rating, Rating.determination_id == found.c.id)
        .where(Rating.unit_id == unit_id, Rating.rank.is_not(None))
        .subquery()
    )
    rows = db.session.execute(
        select(found.c.year, Rating.unit_id, Rating.total)
        .join(found, found.c.id == Rating.determination_id)
        .join(own, (own.c.id == Rating.determination_id) & (own.c.pool == Rating.pool))
        .where(Rating.rank.is_not(None), Rating.total != "")
        .order_by(found.c.year, Rating.unit_id)
    )
    return tuple(PoolRow(*row) for row in rows)


def _level(text: str) -> tuple[int, str] | None:
    stars, _, name = text.partition(BETWEEN)
    return (int(stars), name) if text else None
