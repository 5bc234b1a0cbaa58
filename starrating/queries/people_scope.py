"""Whose a person is to change and to see clear: of whoever manages where they serve, not where they once served.

Somebody without any post is of the townships that put them forward for an election.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from starrating.domain.access import Place
from starrating.queries.candidates import candidacies_of_person
from starrating.queries.people import PersonRow, PostRow, person, posts_of_person


def serving_places(person_id: int, day: date) -> tuple[Place, ...]:
    """Where a person serves on a day, else served last; of a merged record, where whoever they became does."""
    found = _becomes(person_id)
    return places_served(posts_of_person(found.id), day) or _stood_in(found.id) if found else ()


def places_of_person(person_id: int) -> tuple[Place, ...]:
    """Where a person holds or held a post, else where they were put forward; merged, where whoever they became is."""
    found = _becomes(person_id)
    if found is None:
        return ()
    return tuple(dict.fromkeys(row.place for row in posts_of_person(found.id))) or _stood_in(found.id)


def known_within(person_id: int, places: Sequence[Place]) -> bool:
    """True where a person holds, held or was put forward for a post within the places."""
    return bool(posts_of_person(person_id, places) or candidacies_of_person(person_id, places))


def _becomes(person_id: int) -> PersonRow | None:
    found = person(person_id)
    while found is not None and found.merged_into_id is not None:
        found = person(found.merged_into_id)
    return found


def _stood_in(person_id: int) -> tuple[Place, ...]:
    return tuple(dict.fromkeys(row.place for row in candidacies_of_person(person_id)))


def places_served(posts: Sequence[PostRow], day: date) -> tuple[Place, ...]:
    """Of all posts of a person: the places of those held on a day or later, else of those that ended last."""
    now = [row.place for row in posts if row.ends_on is None or row.ends_on >= day]
    last = max((row.ends_on for row in posts if row.ends_on is not None), default=None)
    return tuple(dict.fromkeys(now or [row.place for row in posts if row.ends_on == last]))
