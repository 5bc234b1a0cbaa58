"""Reading for dashboards: stars, movement, totals and shares of the ratings that stand; counts in one statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import case, func, select

from starrating.domain.access import Place
from starrating.extensions import db
from starrating.models.divisions import Division, Unit
from starrating.models.ratings import Rating
from starrating.queries.places import units_within
from starrating.queries.standing import standing

FOUR_STARS = 4


@dataclass(frozen=True, slots=True)
class Tally:
    """How many units of a division have a level and moved so in a year; both blank for those that are not rated."""

    year: int
    division_id: int
    division: str
    level: str
    level_name: str
    stars: int | None
    moved: str
    units: int


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


def tallies(places: Iterable[Place], year: int | None, kind: str, level: str) -> tuple[Tally, ...]:
    """Every count that dashboards show, by district or township, level and movement; of all years where none is named.

    In the order of codes and years, the lowest level first; one statement, from which all else is added up.
    """
    held = tuple(places)
    found = standing(held, year, kind)
    at = Unit.township_id if level == "township" else Unit.district_id
    moved = case(
        (Rating.level == "", ""), (Rating.change.is_(None), "first"), (Rating.change > 0, "up"),
        (Rating.change == 0, "held"), (func.coalesce(Rating.stars, 0) > 0, "down"), else_="stripped",
    ).label("moved")  # fmt: skip
    counted = (
        select(found.c.year, at.label("division_id"), Rating.level, Rating.level_name, Rating.stars, moved,
               func.count().label("units"))
        .select_from(Rating)
        .join(found, found.c.id == Rating.determination_id)
        .join(Unit, Unit.id == Rating.unit_id)
        .where(units_within(held))
        .group_by(found.c.year, at, Rating.level, Rating.level_name, Rating.stars, moved)
        .subquery()
    )  # fmt: skip
    rows = db.session.execute(
        select(counted.c.year, Division.id, Division.name, counted.c.level, counted.c.level_name, counted.c.stars,
               counted.c.moved, counted.c.units)
        .join(Division, Division.id == counted.c.division_id)
        .order_by(Division.code, Division.id, counted.c.year, counted.c.stars, counted.c.level, counted.c.level_name,
                  counted.c.moved)
    )  # fmt: skip
    return tuple(Tally(*row) for row in rows)


def stars(places: Iterable[Place], year: int, kind: str, level: str) -> tuple[StarRow, ...]:
    """Counts of the levels by district or township, in the order of codes, the lowest level first."""
    return stars_of(tallies(places, year, kind, level))


def stars_of(rows: Iterable[Tally]) -> tuple[StarRow, ...]:
    """The counts of the levels of one year."""
    found: dict[tuple[int, str, str, str, int | None], int] = {}
    for row in rows:
        key = (row.division_id, row.division, row.level, row.level_name, row.stars)
        found[key] = found.get(key, 0) + row.units
    return tuple(StarRow(*key, units) for key, units in found.items())


def movement(places: Iterable[Place], year: int, kind: str, level: str) -> tuple[MoveRow, ...]:
    """Who rose, kept, lost a star, lost all and came new, by district or township, in the order of codes."""
    return movement_of(tallies(places, year, kind, level))


def movement_of(rows: Iterable[Tally]) -> tuple[MoveRow, ...]:
    """The counts of movement of one year; who is not rated did not move."""
    found: dict[tuple[int, str], dict[str, int]] = {}
    for row in rows:
        moved = found.setdefault((row.division_id, row.division), {})
        moved[row.moved] = moved.get(row.moved, 0) + row.units
    return tuple(
        MoveRow(*key, *(moved.get(one, 0) for one in ("up", "held", "down", "stripped", "first")))
        for key, moved in found.items()
    )


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
    return shares_of(tallies(places, year, kind, "district"))


def shares_of(rows: Iterable[Tally]) -> tuple[ShareRow, ...]:
    """Four stars and more among the rated units of one year."""
    found: dict[tuple[int, str], tuple[int, int]] = {}
    for row in rows:
        part, whole = found.get((row.division_id, row.division), (0, 0))
        if row.level:
            part, whole = part + (row.units if (row.stars or 0) >= FOUR_STARS else 0), whole + row.units
        found[row.division_id, row.division] = (part, whole)
    return tuple(ShareRow(*key, *counts) for key, counts in found.items())
