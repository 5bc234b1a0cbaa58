"""The place that the keys of an address name, where there are more keys than one or the key goes by another name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starrating.blueprints.pages import person
from starrating.domain.access import Act, Place, may, places
from starrating.queries.accounts import place_of_account
from starrating.queries.cycles import place_of_cycle
from starrating.queries.divisions import DivisionRow, divisions_in
from starrating.queries.people_scope import places_of_person, serving_places
from starrating.queries.places import place_of_division, place_of_unit
from starrating.services.working_days import today

LEVELS = ("municipality", "district", "township")
"""The levels of divisions that have pages of their own, the highest first."""


def own_divisions(act: Act, *levels: str) -> Sequence[DivisionRow]:
    """The divisions in which somebody may act, of the highest of the levels at which there are any.

    Of one a first page is that division's; of several it is their list.
    """
    held = places(person().grants, act)
    for level in levels or LEVELS:
        found = divisions_in([place for place in held if place.level in ("everywhere", level)], level)
        if found:
            return found
    return ()


def division(division_id: int, **_others: Any) -> Place | None:
    """The place of a division."""
    return place_of_division(division_id)


def cycle(cycle_id: int, **_others: Any) -> Place | None:
    """The place of a year: its district."""
    return place_of_cycle(cycle_id)


def unit_of_cycle(cycle_id: int, unit_id: int, **_others: Any) -> Place | None:
    """The place of a unit that lies in the district of the cycle."""
    place, district = place_of_unit(unit_id), place_of_cycle(cycle_id)
    return place if place and district and place.district == district.district else None


def unit(unit_id: int, **_others: Any) -> Place | None:
    """The place of a unit."""
    return place_of_unit(unit_id)


def account(account_id: int, **_others: Any) -> Place | None:
    """The place that an account belongs to."""
    return place_of_account(account_id)


def person_seen(person_id: int, **_others: Any) -> Place | None:
    """Of the places where a person holds or held a post, one where whoever asks may do most with people."""
    held, found = person().grants, places_of_person(person_id)
    for act in (Act.MANAGE_PEOPLE, Act.VIEW_PEOPLE):
        for place in found:
            if may(held, act, place):
                return place
    return found[0] if found else None


def person_served(person_id: int, **_others: Any) -> Place | None:
    """Of the places where a person serves, or served last, one where whoever asks may do most with people.

    A district of long ago may read what it had, not change or see clear who serves elsewhere by now.
    """
    held, found = person().grants, serving_places(person_id, today())
    return next((place for place in found if may(held, Act.MANAGE_PEOPLE, place)), found[0] if found else None)


def unit_here(unit_id: int, **_others: Any) -> Place | None:
    """The place of a unit among other keys."""
    return place_of_unit(unit_id)
