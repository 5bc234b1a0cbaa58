"""Whose a person is to change and to see clear: of whoever manages where they serve, not where they once served."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from starrating.domain.access import Place
from starrating.queries.people import PostRow, person, posts_of_person


def serving_places(person_id: int, day: date) -> tuple[Place, ...]:
    """Where a person serves on a day, else served last; of a merged record, where whoever they became does."""
    found = person(person_id)
    while found is not None and found.merged_into_id is not None:
        found = person(found.merged_into_id)
    return places_served(posts_of_person(found.id), day) if found else ()


def places_served(posts: Sequence[PostRow], day: date) -> tuple[Place, ...]:
    """Of all posts of a person: the places of those held on a day or later, else of those that ended last."""
    now = [row.place for row in posts if row.ends_on is None or row.ends_on >= day]
    last = max((row.ends_on for row in posts if row.ends_on is not None), default=None)
    return tuple(dict.fromkeys(now or [row.place for row in posts if row.ends_on == last]))
