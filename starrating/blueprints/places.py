"""The place that the keys of an address name, where there are more keys than one or the key goes by another name."""

from __future__ import annotations

from typing import Any

from starrating.domain.access import Place
from starrating.queries.accounts import place_of_account
from starrating.queries.cycles import place_of_cycle
from starrating.queries.places import place_of_division, place_of_unit


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


def account(account_id: int, **_others: Any) -> Place | None:
    """The place that an account belongs to."""
    return place_of_account(account_id)
