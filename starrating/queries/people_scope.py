"""Whose a person is to change and to see clear: of whoever manages where they serve, not where they once served.

Somebody without any post is of the townships that put them forward for an election. Whoever is on a reserve list or a
Party affairs worker is of that place as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from starrating.domain.access import Place
from starrating.queries.candidates import candidacies_of_person
from starrating.queries.people import PersonRow, PostRow, person, posts_of_person
from starrating.queries.reserve import entries_of_person
from starrating.queries.workers import work_of_person


@dataclass(frozen=True, slots=True)
class Tie:
    """What binds a person to a place beside posts: until when, None while it lasts."""

    place: Place
    ends_on: date | None


def serving_places(person_id: int, day: date) -> tuple[Place, ...]:
    """Where a person serves on a day, else served last; of a merged record, where whoever they became does."""
    found = _becomes(person_id)
    if found is None:
        return ()
    return places_served([*posts_of_person(found.id), *ties_of(found.id)], day) or _stood_in(found.id)


def places_of_person(person_id: int) -> tuple[Place, ...]:
    """Where a person holds or held a post or is listed, else where they were put forward; merged, as they became."""
    found = _becomes(person_id)
    if found is None:
        return ()
    bound: list[PostRow | Tie] = [*posts_of_person(found.id), *ties_of(found.id)]
    return tuple(dict.fromkeys(row.place for row in bound)) or _stood_in(found.id)


def known_within(person_id: int, places: Sequence[Place]) -> bool:
    """True where a person holds, held or was put forward for a post, or is or was listed, within the places."""
    return bool(
        posts_of_person(person_id, places) or candidacies_of_person(person_id, places)
        or entries_of_person(person_id, places) or work_of_person(person_id, places)
    )  # fmt: skip


def ties_of(person_id: int) -> list[Tie]:
    """Where a person is or was on a reserve list or a Party affairs worker."""
    listed = [Tie(row.place, row.ended_on) for row in entries_of_person(person_id)]
    return listed + [Tie(row.place, row.ends_on) for row in work_of_person(person_id)]


def _becomes(person_id: int) -> PersonRow | None:
    found = person(person_id)
    while found is not None and found.merged_into_id is not None:
        found = person(found.merged_into_id)
    return found


def _stood_in(person_id: int) -> tuple[Place, ...]:
    return tuple(dict.fromkeys(row.place for row in candidacies_of_person(person_id)))


def places_served(posts: Sequence[PostRow | Tie], day: date) -> tuple[Place, ...]:
    """Of all posts of a person: the places of those held on a day or later, else of those that ended last."""
    now = [row.place for row in posts if row.ends_on is None or row.ends_on >= day]
    last = max((row.ends_on for row in posts if row.ends_on is not None), default=None)
    return tuple(dict.fromkeys(now or [row.place for row in posts if row.ends_on == last]))
