"""Reading for the yearbook: which lists stand in which years of a place, the objections of a year, the units' codes."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import func, or_, select, tuple_

from starrating.domain.access import Place
from starrating.extensions import db
from starrating.models.cycles import Cycle, CycleScheme
from starrating.models.divisions import Division, Unit
from starrating.models.objections import Objection
from starrating.models.publications import Publication
from starrating.queries.divisions import DivisionRow
from starrating.queries.places import units_within
from starrating.queries.publications import PublicationHead, publications_of_year, published_years

MOST_YEARS = 6
"""How many years stand beside each other in a chart."""


def heads_until(year: int, districts: Collection[str]) -> dict[int, tuple[PublicationHead, ...]]:
    """Year → the lists of the districts that stand, of the last years up to `year`, the first year first."""
    known = sorted(one for one, _, _ in published_years() if one <= year)[-MOST_YEARS:]
    found = {one: tuple(head for head in publications_of_year(one) if head.district_code in districts) for one in known}
    return {one: heads for one, heads in found.items() if heads}


def years_of(division_id: int) -> tuple[int, ...]:
    """The years of which a district, or any of a city's, published a list, the newest first."""
    rows = db.session.scalars(
        select(Cycle.year)
        .join(Publication, Publication.cycle_id == Cycle.id)
        .join(Division, Division.id == Cycle.district_id)
        .where(or_(Division.id == division_id, Division.parent_id == division_id))
        .distinct()
        .order_by(Cycle.year.desc())
    )
    return tuple(rows)


def lists_expected(year: int, districts: Collection[str]) -> set[tuple[str, str]]:
    """(District, kind) of every list that the schemes of a year lead to."""
    rows = db.session.execute(
        select(Division.code, CycleScheme.kind)
        .join(Cycle, Cycle.id == CycleScheme.cycle_id)
        .join(Division, Division.id == Cycle.district_id)
        .where(Cycle.year == year, Division.code.in_(tuple(districts)))
    )
    return {(row[0], row[1]) for row in rows}


def objections_of(year: int, published: Collection[tuple[str, str]]) -> dict[str, int]:
    """State → how many objections to a year's lists of (district, kind) stand in it."""
    rows = db.session.execute(
        select(Objection.state, func.count())
        .join(Cycle, Cycle.id == Objection.cycle_id)
        .join(Division, Division.id == Cycle.district_id)
        .join(Unit, Unit.id == Objection.unit_id)
        .where(Cycle.year == year, tuple_(Division.code, Unit.kind).in_(sorted(published)))
        .group_by(Objection.state)
        .order_by(Objection.state)
    )
    return {row[0]: int(row[1]) for row in rows}


def divisions_called(name: str) -> tuple[DivisionRow, ...]:
    """The cities and districts of a name or code."""
    rows = db.session.execute(
        select(Division.id, Division.code, Division.name, Division.level, Division.kind, Division.parent_id)
        .where(Division.level.in_(("municipality", "district")), or_(Division.name == name, Division.code == name))
        .order_by(Division.code, Division.id)
    )
    return tuple(DivisionRow(*row) for row in rows)


def codes_of(places: Iterable[Place]) -> dict[int, str]:
    """Key → the code of every unit within the places."""
    rows = db.session.execute(select(Unit.id, Unit.code).where(units_within(places)))
    return {row[0]: row[1] for row in rows}
