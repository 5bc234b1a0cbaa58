"""Reading what a roster is held against: the units of a place by code, their posts, and everybody of a name."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import or_, select

from starrating.domain.access import Place
from starrating.extensions import db
from starrating.models.divisions import Unit
from starrating.models.people import Person, Post
from starrating.queries.people import PostRow, posts_of_people
from starrating.queries.places import units_within


def units_by_code(places: Iterable[Place]) -> dict[str, tuple[int, str]]:
    """Code → key and name of the rated units within the places that are not closed, by code."""
    rows = db.session.execute(
        select(Unit.code, Unit.id, Unit.name)
        .where(units_within(places), Unit.rated, Unit.valid_to.is_(None))
        .order_by(Unit.code)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def named_within(names: Collection[str], places: Iterable[Place]) -> dict[str, list[PostRow]]:
    """Name → all posts within the places of people of that name."""
    found: dict[str, list[PostRow]] = {}
    for row in posts_of_people(names, places):
        found.setdefault(row.name, []).append(row)
    return found


def years_of_birth(unit_ids: Collection[int], person_ids: Collection[int]) -> dict[int, tuple[int | None, str]]:
    """Person → birth year and schooling, of those who held a post in the units and of those named by key."""
    rows = db.session.execute(
        select(Person.id, Person.birth_year, Person.education).where(
            or_(Person.id.in_(person_ids), Person.id.in_(select(Post.person_id).where(Post.unit_id.in_(unit_ids))))
        )
    )
    return {row[0]: (row[1], row[2]) for row in rows}
