"""Reading exactly the units behind a number of a chart: by level, movement, total, the level of an earlier year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, func, literal, select
from sqlalchemy.orm import aliased

from starrating.domain.access import Place
from starrating.extensions import db
from starrating.models.divisions import Division, Unit
from starrating.models.ratings import Rating
from starrating.queries.pages import SIZE, Page, offset_of
from starrating.queries.places import units_within
from starrating.queries.standing import standing

VOID = "void"
"""In place of a level: not rated."""
MOVES = ("up", "held", "down", "stripped", "first")


@dataclass(frozen=True, slots=True)
class Star:
    """A level as charts tell levels apart; `VOID` as its name for none."""

    stars: int
    name: str


@dataclass(frozen=True, slots=True)
class Drill:
    """Which units: of a year and kind ('' both), with a level, that moved so, that had a level in an earlier year.

    `least` are the stars that a unit has at least; `low` (within) and `high` (without) are bounds of its total.
    With `since` a unit counts that was rated in one of the two years only; without it, one that is in the year's list.
    """

    year: int
    kind: str = ""
    star: Star | None = None
    moved: str = ""
    since: int | None = None
    was: Star | None = None
    least: int | None = None
    low: Fraction | None = None
    high: Fraction | None = None

    def holds(self, total: str) -> bool:
        """Whether a total, '' for none, lies within the bounds: exactly, which the database cannot say."""
        if self.low is None and self.high is None:
            return True
        if not total:
            return False
        points = Fraction(total)
        return (self.low is None or points >= self.low) and (self.high is None or points < self.high)


@dataclass(frozen=True, slots=True)
class DrilledRow:
    """A unit with its level of the year and of the earlier one, blank where it was not rated."""

    unit_id: int
    code: str
    name: str
    kind: str
    township: str
    district: str
    level_name: str
    total: str
    before: str


def drilled(
    place: Place, asked: Drill, page: int = 1, order: Mapping[int, tuple[bool, Fraction]] | None = None
) -> Page[DrilledRow]:
    """A page of the units, in the order of codes; two statements.

    With `order` only its units count, in the order of what it says of each, which can be compared.
    """
    now = _rated(place, asked.year, asked.kind)
    before = _rated(place, asked.since, asked.kind) if asked.since is not None else None
    found = select(Unit.id, func.coalesce(now.c.total, "")).outerjoin(now, now.c.unit_id == Unit.id)
    found = found.where(units_within([place]), *_conditions(asked, now, before))
    if before is not None:
        found = found.outerjoin(before, before.c.unit_id == Unit.id)
    rows = db.session.execute(found.order_by(Unit.code, Unit.id))
    keys = [key for key, total in rows if asked.holds(total) and (order is None or key in order)]
    if order is not None:
        keys.sort(key=order.__getitem__)
    number = min(max(page, 1), max(1, -(-len(keys) // SIZE)))
    return Page(_rows(keys[offset_of(number) : number * SIZE], now, before), number, len(keys))


def _rows(keys: list[int], now: Subquery, before: Subquery | None) -> tuple[DrilledRow, ...]:
    """The units of these keys, in their order."""
    township, district = aliased(Division), aliased(Division)
    found = (
        select(
            Unit.id, Unit.code, Unit.name, Unit.kind, township.name, district.name,
            func.coalesce(now.c.level_name, ""), func.coalesce(now.c.total, ""),
            func.coalesce(before.c.level_name, "") if before is not None else literal(""),
        )
        .join(township, township.id == Unit.township_id)
        .join(district, district.id == Unit.district_id)
        .outerjoin(now, now.c.unit_id == Unit.id)
        .where(Unit.id.in_(keys))
    )  # fmt: skip
    if before is not None:
        found = found.outerjoin(before, before.c.unit_id == Unit.id)
    known = {row[0]: DrilledRow(*row) for row in db.session.execute(found)}
    return tuple(known[key] for key in keys)


def _rated(place: Place, year: int | None, kind: str) -> Subquery:
    found = standing([place], year, kind)
    return (
        select(Rating.unit_id, Rating.level, Rating.level_name, func.coalesce(Rating.stars, 0).label("stars"),
               Rating.change, Rating.total)
        .join(found, found.c.id == Rating.determination_id)
        .subquery()
    )  # fmt: skip


def _conditions(asked: Drill, now: Subquery, before: Subquery | None) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if before is None:
        wanted.append(now.c.unit_id.is_not(None))
    else:
        wanted.append((func.coalesce(now.c.level, "") != "") | (func.coalesce(before.c.level, "") != ""))
        wanted += _has(before, asked.was)
    wanted += _has(now, asked.star)
    if asked.least is not None:
        wanted += [now.c.level != "", now.c.stars >= asked.least]
    if asked.moved:
        wanted.append(_moved(now, asked.moved))
    return wanted


def _has(rated: Subquery, star: Star | None) -> list[ColumnElement[bool]]:
    if star is None:
        return []
    if star.name == VOID:
        return [func.coalesce(rated.c.level, "") == ""]
    return [rated.c.level != "", rated.c.level_name == star.name, rated.c.stars == star.stars]


def _moved(now: Any, moved: str) -> ColumnElement[bool]:
    """As the counts of movement have it."""
    change = now.c.change
    ways: dict[str, ColumnElement[bool]] = {
        "up": change > 0,
        "held": change == 0,
        "down": and_(change < 0, now.c.stars > 0),
        "stripped": and_(change < 0, now.c.stars == 0),
        "first": change.is_(None),
    }
    return and_(now.c.level != "", ways[moved])
