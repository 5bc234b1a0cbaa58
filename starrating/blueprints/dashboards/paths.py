"""The way down to a division, as far as the reader has a dashboard of it."""

from __future__ import annotations

from starrating.blueprints.pages import person
from starrating.domain.access import Act, Place, places
from starrating.queries.divisions import DivisionRow


def path_seen(path: tuple[DivisionRow, ...]) -> list[tuple[str, int]]:
    """The divisions above that the reader has a dashboard of too, and this one."""
    held = places(person().grants, Act.VIEW_RATINGS)
    steps = [(path[at], Place(*(row.id for row in path[: at + 1]))) for at in range(len(path))]
    return [(row.name, row.id) for row, place in steps if any(own.covers(place) for own in held)]
