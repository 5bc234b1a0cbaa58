"""Reading people and posts: who leads which unit on a day, a person's posts, a unit's leaders over the years."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, false, func, or_, select
from sqlalchemy.orm import aliased

from starrating.domain.access import Place
from starrating.domain.posts import PostKind
from starrating.extensions import db
from starrating.models.divisions import Division, Unit
from starrating.models.people import Person, Post
from starrating.queries.pages import SIZE, Page, offset_of
from starrating.queries.places import units_within


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as stored; whoever was merged into another says into whom."""

    id: int
    name: str
    birth_year: int | None
    education: str
    version: int
    merged_into_id: int | None


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post with who holds it and where."""

    id: int
    person_id: int
    name: str
    unit_id: int
    unit: str
    unit_kind: str
    township: str
    district: str
    place: Place
    kind: PostKind
    begins_on: date
    ends_on: date | None
    how: str
    filed_with: str
    filed_on: date | None
    ending: str
    version: int


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a post now, since when."""

    person_id: int
    name: str
    post_id: int
    since: date


@dataclass(frozen=True, slots=True)
class LeadersRow:
    """A unit with whoever holds its two posts on a day."""

    unit_id: int
    unit: str
    kind: str
    township: str
    district: str
    secretary: Holder | None
    director: Holder | None

    @property
    def dual(self) -> bool:
        """True where one person holds both posts."""
        return bool(self.secretary and self.director and self.secretary.person_id == self.director.person_id)


@dataclass(frozen=True, slots=True)
class LeadersFilter:
    """What the list of leaders is narrowed to, by units alone: it stands in the address. Empty parts narrow nothing."""

    words: str = ""
    state: str = ""
    kind: str = ""
    township_id: int | None = None


STATES = ("dual", "apart", "vacant", "no_secretary", "no_director")
_secretary, _director = aliased(Post), aliased(Post)
_first, _second = aliased(Person), aliased(Person)


def held_on(day: date) -> ColumnElement[bool]:
    """The condition that a post is held on a day."""
    return and_(Post.begins_on <= day, or_(Post.ends_on.is_(None), Post.ends_on >= day))


def leaders_page(places: Iterable[Place], day: date, narrowed: LeadersFilter, page: int = 1) -> Page[LeadersRow]:
    """A page of the units that are rated within the places, with who leads them on the day, by code."""
    township, district = aliased(Division), aliased(Division)
    wanted = [units_within(places), Unit.rated, _existing(day), *_conditions(narrowed)]
    total = db.session.scalar(_with_holders(select(func.count()).select_from(Unit), day).where(*wanted)) or 0
    number = min(max(page, 1), max(1, -(-total // SIZE)))
    columns = select(
        Unit.id, Unit.name, Unit.kind, township.name, district.name,
        _first.id, _first.name, _secretary.id, _secretary.begins_on,
        _second.id, _second.name, _director.id, _director.begins_on,
    )  # fmt: skip
    rows = db.session.execute(
        _with_holders(columns, day)
        .join(township, township.id == Unit.township_id)
        .join(district, district.id == Unit.district_id)
        .where(*wanted)
        .order_by(Unit.code, Unit.id)
        .limit(SIZE)
        .offset(offset_of(number))
    )
    return Page(tuple(_leaders(row) for row in rows), number, total)


def states_of(places: Iterable[Place], day: date) -> dict[str, int]:
    """How many units there are in all and in each of `STATES`, on a day."""
    counts = [func.count()] + [func.count().filter(_state(state)) for state in STATES]
    row = db.session.execute(
        _with_holders(select(*counts).select_from(Unit), day).where(units_within(places), Unit.rated, _existing(day))
    ).one()
    return dict(zip(("", *STATES), row, strict=True))


def person(person_id: int) -> PersonRow | None:
    """One person."""
    row = db.session.execute(
        select(
            Person.id, Person.name, Person.birth_year, Person.education, Person.version, Person.merged_into_id
        ).where(Person.id == person_id)
    ).one_or_none()
    return PersonRow(*row) if row else None


def post(post_id: int) -> PostRow | None:
    """One post."""
    return next(iter(_posts(Post.id == post_id)), None)


def posts_of_person(person_id: int, places: Iterable[Place] | None = None) -> tuple[PostRow, ...]:
    """The posts of a person, the latest first, all of them or those within the places."""
    within = () if places is None else (units_within(places),)
    return _posts(Post.person_id == person_id, *within)


def posts_of_unit(unit_id: int) -> tuple[PostRow, ...]:
    """Everybody who held a post in a unit, the latest first."""
    return _posts(Post.unit_id == unit_id)


def posts_in(unit_ids: Collection[int]) -> tuple[PostRow, ...]:
    """Everybody who held a post in one of the units, the latest first."""
    return _posts(Post.unit_id.in_(unit_ids))


def people_named(name: str, places: Iterable[Place]) -> tuple[PostRow, ...]:
    """The posts within the places of all people of exactly that name: who somebody may be meant to be."""
    return _posts(Person.name == name, Person.merged_into_id.is_(None), units_within(places))


def posts_of_people(names: Collection[str], places: Iterable[Place]) -> tuple[PostRow, ...]:
    """The posts within the places of all people of any of those names."""
    return _posts(Person.name.in_(names), Person.merged_into_id.is_(None), units_within(places))


def current_posts(places: Iterable[Place], day: date) -> tuple[PostRow, ...]:
    """The posts held within the places on a day."""
    return _posts(held_on(day), units_within(places))


def place_of_post(post_id: int) -> Place | None:
    """The unit of a post."""
    found = post(post_id)
    return found.place if found else None


def _posts(*wanted: ColumnElement[bool]) -> tuple[PostRow, ...]:
    township, district = aliased(Division), aliased(Division)
    rows = db.session.execute(
        select(
            Post.id, Post.person_id, Person.name, Unit.id, Unit.name, Unit.kind, township.name, district.name,
            district.parent_id, district.id, township.id, Post.kind, Post.begins_on, Post.ends_on, Post.how,
            Post.filed_with, Post.filed_on, Post.ending, Post.version,
        )
        .join(Person, Person.id == Post.person_id)
        .join(Unit, Unit.id == Post.unit_id)
        .join(township, township.id == Unit.township_id)
        .join(district, district.id == Unit.district_id)
        .where(*wanted)
        .order_by(Post.begins_on.desc(), Post.kind.desc(), Post.id.desc())
    )  # fmt: skip
    return tuple(_post(row) for row in rows)


def _post(row: Any) -> PostRow:
    place = Place(row[8], row[9], row[10], row[3])
    parts: tuple[Any, ...] = (*row[:8], place, PostKind(row[11]), *row[12:])
    return PostRow(*parts)


def _leaders(row: Any) -> LeadersRow:
    secretary = Holder(*row[5:9]) if row[5] is not None else None
    director = Holder(*row[9:13]) if row[9] is not None else None
    parts: tuple[Any, ...] = (*row[:5], secretary, director)
    return LeadersRow(*parts)


def _existing(day: date) -> ColumnElement[bool]:
    return and_(Unit.valid_from <= day, or_(Unit.valid_to.is_(None), Unit.valid_to > day))


def _holding(kind: PostKind, day: date) -> Subquery:
    """Unit → its one post of a kind on a day; of several, which no act of ours makes, the first."""
    return (
        select(Post.unit_id, func.min(Post.id).label("post_id"))
        .where(Post.kind == kind, held_on(day))
        .group_by(Post.unit_id)
        .subquery()
    )


def _with_holders(statement: Any, day: date) -> Any:
    """A statement over units, with the holders of both posts beside them where there are any."""
    secretary, director = _holding(PostKind.SECRETARY, day), _holding(PostKind.DIRECTOR, day)
    return (
        statement.outerjoin(secretary, secretary.c.unit_id == Unit.id)
        .outerjoin(_secretary, _secretary.id == secretary.c.post_id)
        .outerjoin(_first, _first.id == _secretary.person_id)
        .outerjoin(director, director.c.unit_id == Unit.id)
        .outerjoin(_director, _director.id == director.c.post_id)
        .outerjoin(_second, _second.id == _director.person_id)
    )


def _state(state: str) -> ColumnElement[bool]:
    match state:
        case "dual":
            return _secretary.person_id == _director.person_id
        case "apart":
            return _secretary.person_id != _director.person_id
        case "vacant":
            return or_(_secretary.id.is_(None), _director.id.is_(None))
        case "no_secretary":
            return _secretary.id.is_(None)
        case "no_director":
            return _director.id.is_(None)
    return false()


def _conditions(narrowed: LeadersFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if narrowed.words:
        named = Unit.name.contains(narrowed.words, autoescape=True)
        found.append(or_(named, Unit.code.startswith(narrowed.words, autoescape=True)))
    if narrowed.state:
        found.append(_state(narrowed.state))
    if narrowed.kind:
        found.append(Unit.kind == narrowed.kind)
    if narrowed.township_id is not None:
        found.append(Unit.township_id == narrowed.township_id)
    return found


def versions_of(person_ids: Collection[int]) -> dict[int, int]:
    """Person → the version that stands."""
    rows = db.session.execute(select(Person.id, Person.version).where(Person.id.in_(person_ids)))
    return {row[0]: row[1] for row in rows}
