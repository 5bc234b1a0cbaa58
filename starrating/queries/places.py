"""Where things are: the keys on the way down to a division or a unit, and the condition that keeps a query in scope."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import aliased

from starrating.domain.access import Place
from starrating.extensions import db
from starrating.models.divisions import Division, Unit


def place_of_division(division_id: int) -> Place | None:
    """The place of a division, None where there is none of that key."""
    parent = aliased(Division)
    row = db.session.execute(
        select(Division.id, Division.level, Division.parent_id, parent.parent_id)
        .outerjoin(parent, parent.id == Division.parent_id)
        .where(Division.id == division_id)
    ).one_or_none()
    return place_at(row[1], row[0], row[2], row[3]) if row else None


def place_of_unit(unit_id: int) -> Place | None:
    """The place of a unit, None where there is none of that key."""
    district = aliased(Division)
    row = db.session.execute(
        select(Unit.id, Unit.township_id, Unit.district_id, district.parent_id)
        .join(district, district.id == Unit.district_id)
        .where(Unit.id == unit_id)
    ).one_or_none()
    return Place(row[3], row[2], row[1], row[0]) if row else None


def place_at(level: str, key: int, parent: int | None, grandparent: int | None) -> Place:
    """The place of a division of a level, from its own key and those above it."""
    match level:
        case "municipality":
            return Place(key)
        case "district":
            return Place(parent, key)
        case _:
            return Place(grandparent, parent, key)


def units_within(places: Iterable[Place]) -> ColumnElement[bool]:
    """The condition that a unit lies in one of the places."""
    return or_(false(), *(_unit_in(place) for place in places))


def divisions_within(places: Iterable[Place]) -> ColumnElement[bool]:
    """The condition that a division is one of the places or lies in one."""
    return or_(false(), *(_division_in(place) for place in places))


def _unit_in(place: Place) -> ColumnElement[bool]:
    match place.level:
        case "everywhere":
            return true()
        case "municipality":
            districts = select(Division.id).where(Division.parent_id == place.municipality)
            return Unit.district_id.in_(districts)
        case "district":
            return Unit.district_id == place.district
        case "township":
            return Unit.township_id == place.township
        case _:
            return Unit.id == place.unit


def _division_in(place: Place) -> ColumnElement[bool]:
    match place.level:
        case "everywhere":
            return true()
        case "municipality":
            districts = select(Division.id).where(Division.parent_id == place.municipality)
            return or_(
                Division.id == place.municipality,
                Division.parent_id == place.municipality,
                Division.parent_id.in_(districts),
            )
        case "district":
            return or_(Division.id == place.district, Division.parent_id == place.district)
        case "township":
            return Division.id == place.township
        case _:
            return and_(false())
