"""Reading what follows from ratings that stand, and who held which post on the cut-off day; scope first."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from starrating.domain.access import Place
from starrating.domain.posts import Post as HeldPost
from starrating.domain.posts import PostKind
from starrating.extensions import db
from starrating.models.cases import ConsequenceCase
from starrating.models.cycles import Cycle
from starrating.models.divisions import Division, Unit
from starrating.models.people import Person, Post
from starrating.models.ratings import Rating
from starrating.queries.places import units_within
from starrating.queries.standing import standing


class FollowingCodes(NamedTuple):
    """A rating with the codes of what follows, as they are stored."""

    rating_id: int
    cycle_id: int
    kind: str
    consequences: str


@dataclass(frozen=True, slots=True)
class FollowingRow:
    """The unit of a rating with the codes of this and last year's level."""

    unit_id: int
    unit: str
    township: str
    district: str
    level: str
    previous: str


@dataclass(frozen=True, slots=True)
class HolderRow:
    """A post that a person holds on a day, with the person's name."""

    held: HeldPost
    name: str


def following(
    places: Iterable[Place], year: int, township_id: int | None = None, level: str = ""
) -> tuple[FollowingCodes, ...]:
    """The ratings that stand from which something follows, in the order of the units' codes."""
    held = tuple(places)
    found = standing(held, year)
    wanted = [units_within(held), Rating.consequences.not_in(("", "[]"))]
    if township_id is not None:
        wanted.append(Unit.township_id == township_id)
    if level:
        wanted.append(Rating.level == level)
    rows = db.session.execute(
        select(Rating.id, found.c.cycle_id, found.c.kind, Rating.consequences)
        .join(found, found.c.id == Rating.determination_id)
        .join(Unit, Unit.id == Rating.unit_id)
        .where(*wanted)
        .order_by(Unit.code, Unit.id)
    )
    return tuple(FollowingCodes(*row) for row in rows)


def units_of(places: Iterable[Place], rating_ids: Collection[int]) -> dict[int, FollowingRow]:
    """Rating → its unit with the stars of both years, of those within the places."""
    township, district = aliased(Division), aliased(Division)
    rows = db.session.execute(
        select(
            Rating.id, Unit.id, Unit.name, township.name, district.name, Rating.level, Rating.previous,
        )
        .join(Unit, Unit.id == Rating.unit_id)
        .join(township, township.id == Unit.township_id)
        .join(district, district.id == Unit.district_id)
        .where(units_within(places), Rating.id.in_(rating_ids))
        .order_by(Unit.code, Unit.id)
    )  # fmt: skip
    return {row[0]: FollowingRow(*row[1:]) for row in rows}


def cycles_with_cases(places: Iterable[Place], year: int) -> frozenset[int]:
    """The districts' years of which there are cases."""
    found = (
        select(ConsequenceCase.cycle_id)
        .join(Cycle, Cycle.id == ConsequenceCase.cycle_id)
        .join(Unit, Unit.id == ConsequenceCase.unit_id)
        .where(units_within(places), Cycle.year == year)
    )
    return frozenset(db.session.scalars(found.distinct()))


def posts_on(places: Iterable[Place], day: date, unit_ids: Collection[int]) -> tuple[HolderRow, ...]:
    """The posts held on a day in those of the units that lie within the places, by unit and person."""
    rows = db.session.execute(
        select(Post.person_id, Post.unit_id, Post.kind, Post.begins_on, Post.ends_on, Person.name)
        .join(Person, Person.id == Post.person_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(
            units_within(places),
            Post.unit_id.in_(unit_ids),
            Post.begins_on <= day,
            or_(Post.ends_on.is_(None), Post.ends_on >= day),
        )
        .order_by(Post.unit_id, Post.person_id, Post.kind, Post.id)
    )
    return tuple(HolderRow(HeldPost(row[0], row[1], PostKind(row[2]), row[3], row[4]), row[5]) for row in rows)
