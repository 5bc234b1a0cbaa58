"""Reading what the statistics of leaders are made of: units, posts without names, birth years and schooling."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from starrating.domain.access import Place
from starrating.domain.field_figures import Traits
from starrating.domain.posts import Post as HeldPost
from starrating.domain.posts import PostKind
from starrating.extensions import db
from starrating.models.divisions import Division, Unit
from starrating.models.elections import Election
from starrating.models.people import Person, Post
from starrating.queries.places import units_within


@dataclass(frozen=True, slots=True)
class CountedUnit:
    """A unit that is counted, with the divisions it is counted in."""

    id: int
    name: str
    township_id: int
    township: str
    district_id: int
    district: str
    founded: date


@dataclass(frozen=True, slots=True)
class ElectionRow:
    """An election, with the unit where it was of one."""

    id: int
    name: str
    held_on: date
    unit_id: int | None
    unit: str


def counted_units(places: Iterable[Place], day: date) -> tuple[CountedUnit, ...]:
    """The rated units of a day within the places, by code."""
    township, district = aliased(Division), aliased(Division)
    rows = db.session.execute(
        select(Unit.id, Unit.name, township.id, township.name, district.id, district.name, Unit.valid_from)
        .join(township, township.id == Unit.township_id)
        .join(district, district.id == Unit.district_id)
        .where(units_within(places), Unit.rated, Unit.valid_from <= day,
               or_(Unit.valid_to.is_(None), Unit.valid_to > day))
        .order_by(Unit.code, Unit.id)
    )  # fmt: skip
    return tuple(CountedUnit(*row) for row in rows)


def all_posts(places: Iterable[Place]) -> tuple[tuple[HeldPost, ...], dict[int, Traits]]:
    """Every post ever held within the places, and what the statistics know of whoever held them."""
    rows = db.session.execute(
        select(Post.person_id, Post.unit_id, Post.kind, Post.begins_on, Post.ends_on, Person.birth_year,
               Person.education)
        .join(Person, Person.id == Post.person_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(units_within(places), Unit.rated)
    ).all()  # fmt: skip
    posts = tuple(HeldPost(row[0], row[1], PostKind(row[2]), row[3], row[4]) for row in rows)
    return posts, {row[0]: Traits(row[5], row[6]) for row in rows}


def elections_of(place: Place) -> tuple[ElectionRow, ...]:
    """The elections of a division, of those above it and of units within it, the latest first."""
    above = [key for key in (place.municipality, place.district, place.township) if key is not None]
    rows = db.session.execute(
        select(Election.id, Election.name, Election.held_on, Election.unit_id, Unit.name)
        .outerjoin(Unit, Unit.id == Election.unit_id)
        .where(Election.taken_back_at.is_(None), or_(Election.division_id.in_(above), units_within([place])))
        .order_by(Election.held_on.desc(), Election.id.desc())
    )
    return tuple(ElectionRow(row[0], row[1], row[2], row[3], row[4] or "") for row in rows)
