"""Which ratings stand: those of the latest confirmed determination of a year that was determined and not taken back."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Subquery, false, func, or_, select, true
from sqlalchemy.orm import aliased

from starrating.domain.access import Place
from starrating.domain.workflow import CycleState
from starrating.extensions import db
from starrating.models.cycles import Cycle, CycleScheme
from starrating.models.divisions import Division
from starrating.models.ratings import Determination

STATES = (CycleState.DETERMINED, CycleState.NOTICE, CycleState.PUBLISHED)
"""The states of a year in which its confirmed determination stands."""


def standing(places: Iterable[Place], year: int | None = None, kind: str = "") -> Subquery:
    """The determinations that stand in the districts that the places lie in or hold: id, cycle, year, kind."""
    later = aliased(Determination)
    newest = select(func.max(later.round)).where(
        later.cycle_id == Determination.cycle_id, later.kind == Determination.kind, later.state == "confirmed"
    )
    wanted = [
        Determination.state == "confirmed",
        Determination.round == newest.correlate(Determination).scalar_subquery(),
        Cycle.state.in_(STATES),
        _of_districts(places),
    ]
    if year is not None:
        wanted.append(Cycle.year == year)
    if kind:
        wanted.append(Determination.kind == kind)
    return (
        select(Determination.id, Determination.cycle_id, Determination.kind, Cycle.year, Cycle.district_id)
        .join(Cycle, Cycle.id == Determination.cycle_id)
        .where(*wanted)
        .subquery()
    )


def years_standing(places: Iterable[Place]) -> tuple[int, ...]:
    """The years that have ratings which stand, the newest first."""
    found = standing(places)
    return tuple(db.session.scalars(select(found.c.year).distinct().order_by(found.c.year.desc())))


def schemes_standing(places: Iterable[Place], year: int, kind: str = "") -> dict[tuple[int, str], str]:
    """(cycle, kind) → the canonical text of the scheme by which the ratings that stand were given."""
    found = standing(places, year, kind)
    rows = db.session.execute(
        select(found.c.cycle_id, found.c.kind, CycleScheme.text)
        .join(CycleScheme, (CycleScheme.cycle_id == found.c.cycle_id) & (CycleScheme.kind == found.c.kind))
        .order_by(found.c.kind.desc(), found.c.cycle_id)
    )
    return {(row[0], row[1]): row[2] for row in rows}


def _of_districts(places: Iterable[Place]) -> ColumnElement[bool]:
    return or_(false(), *(_of_district(place) for place in places))


def _of_district(place: Place) -> ColumnElement[bool]:
    if place.district is not None:
        return Cycle.district_id == place.district
    if place.municipality is None:
        return true()
    return Cycle.district_id.in_(select(Division.id).where(Division.parent_id == place.municipality))
