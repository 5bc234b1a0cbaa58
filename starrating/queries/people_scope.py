"""Whose a person is to change and to see clear: of whoever manages where they serve, not where they once served.

Somebody without any post is of the townships that put them forward for an election. Whoever is on a reserve list or a
Party affairs worker is of that place as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, literal, select, union_all
from sqlalchemy.orm import aliased

from starrating.domain.access import Act, Granted, Place, may, places
from starrating.domain.reserve import ReserveState
from starrating.extensions import db
from starrating.models.divisions import Division, Unit
from starrating.models.people import Post
from starrating.models.reserve import PartyWorker, ReserveEntry
from starrating.queries.candidates import candidacies_of_person
from starrating.queries.people import PersonRow, person, posts_of_person
from starrating.queries.reserve import entries_of_person
from starrating.queries.workers import work_of_person


@dataclass(frozen=True, slots=True)
class Tie:
    """What binds a person to a place: until when, None while it lasts; `by` is `post`, `agreed` or `named`.

    `agreed` are work as a Party affairs worker and confirmed places on a reserve list, `named` all other places on one,
    which a single office may enter.
    """

    place: Place
    ends_on: date | None
    by: str


def serving_places(person_id: int, day: date) -> tuple[Place, ...]:
    """Where a person serves on a day, else served last; of a merged record, where whoever they became does."""
    found = _becomes(person_id)
    return served_places(found.id, day) if found else ()


def served_places(person_id: int, day: date) -> tuple[Place, ...]:
    """The same of a record that was not merged.

    Whoever holds a post serves there and nowhere else. Of others, what one office alone entered counts only where there
    is nothing else, so that nobody gains a person of another place by naming them.
    """
    ties = ties_of(person_id)
    held = [one for one in ties if one.by == "post" and (one.ends_on is None or one.ends_on >= day)]
    known = [one for one in ties if one.by != "named"]
    return places_served(held or known or ties, day) or _stood_in(person_id)


def places_of_person(person_id: int) -> tuple[Place, ...]:
    """Where a person holds or held a post or is listed, else where they were put forward; merged, as they became."""
    found = _becomes(person_id)
    return (tuple(dict.fromkeys(one.place for one in ties_of(found.id))) or _stood_in(found.id)) if found else ()


def known_within(person_id: int, places: Sequence[Place]) -> bool:
    """True where a person holds, held or was put forward for a post, or is or was listed, within the places."""
    return bool(
        posts_of_person(person_id, places) or candidacies_of_person(person_id, places)
        or entries_of_person(person_id, places) or work_of_person(person_id, places)
    )  # fmt: skip


def naming_places(grants: Iterable[Granted], place: Place) -> tuple[Place, ...]:
    """Within which places somebody must be known to be put forward at a place.

    Whoever manages there names whom they manage; a township that proposes names its own people and learns of no others.
    """
    held = tuple(grants)
    if may(held, Act.MANAGE_PEOPLE, place):
        return places(held, Act.MANAGE_PEOPLE)
    return tuple(one for one in places(held, Act.PROPOSE_PEOPLE) if one.covers(place))


def ties_of(person_id: int) -> list[Tie]:
    """A person's posts, places on reserve lists and work as a Party affairs worker, the latest first: one statement."""
    agreed = case((ReserveEntry.state == ReserveState.CONFIRMED, "agreed"), else_="named")
    posts = _bond(Post.unit_id, Unit.township_id, Post.ends_on, Post.begins_on, literal("post"))
    listed = _bond(ReserveEntry.unit_id, Unit.township_id, ReserveEntry.ended_on, ReserveEntry.nominated_on, agreed)
    works = _bond(PartyWorker.unit_id, PartyWorker.township_id, PartyWorker.ends_on, PartyWorker.begins_on,
                  literal("agreed"))  # fmt: skip
    bound = union_all(
        posts.join(Unit, Unit.id == Post.unit_id).where(Post.person_id == person_id),
        listed.join(Unit, Unit.id == ReserveEntry.unit_id).where(ReserveEntry.person_id == person_id),
        works.where(PartyWorker.person_id == person_id),
    ).subquery()
    township, district = aliased(Division), aliased(Division)
    rows = db.session.execute(
        select(district.parent_id, district.id, township.id, bound.c.unit_id, bound.c.ends_on, bound.c.by)
        .join(township, township.id == bound.c.township_id)
        .join(district, district.id == township.parent_id)
        .order_by(bound.c.begins_on.desc(), bound.c.unit_id)
    )
    return [Tie(Place(*place), ends_on, by) for *place, ends_on, by in rows]


def _bond(unit: Any, township: Any, ends_on: Any, begins_on: Any, by: Any) -> Any:
    return select(unit.label("unit_id"), township.label("township_id"), ends_on.label("ends_on"),
                  begins_on.label("begins_on"), by.label("by"))  # fmt: skip


def _becomes(person_id: int) -> PersonRow | None:
    found = person(person_id)
    while found is not None and found.merged_into_id is not None:
        found = person(found.merged_into_id)
    return found


def _stood_in(person_id: int) -> tuple[Place, ...]:
    return tuple(dict.fromkeys(row.place for row in candidacies_of_person(person_id)))


def places_served(posts: Sequence[Tie], day: date) -> tuple[Place, ...]:
    """Of all posts of a person: the places of those held on a day or later, else of those that ended last."""
    now = [row.place for row in posts if row.ends_on is None or row.ends_on >= day]
    last = max((row.ends_on for row in posts if row.ends_on is not None), default=None)
    return tuple(dict.fromkeys(now or [row.place for row in posts if row.ends_on == last]))
