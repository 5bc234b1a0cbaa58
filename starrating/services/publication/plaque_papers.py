"""Plaques of a published year and the list of those to be taken back: what the editions say, for the office's printer.

Which unit gets a plaque follows from its star alone: a star above the lowest level that it did not have before, or any
star above the lowest where all plaques are made anew. One whose star changed gives the old plaque back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from starrating.documents.plaques import (
    PLAQUES,
    WITHDRAWN,
    Plaque,
    Sheet,
    Withdrawal,
    plaque_data,
    serial_of,
    withdrawn_data,
)
from starrating.documents.published_list import NOUNS, UNRATED
from starrating.queries.divisions import city_of
from starrating.queries.public_lists import PublicList, PublicUnit
from starrating.queries.publications import lists
from starrating.services.publication.list_papers import Chosen, Letterhead, day_of, is_invented, usual_issuers
from starrating.services.publication.orders import LINES_OF_A_PAGE, Order, pdf_order

PLAQUE, TO_TAKE_BACK = "星级牌", "应收回星级牌清单"
Address = Callable[[str], str]
"""From a serial to the whole address that verifies it, empty where none is known."""


def plaques(wanted: Chosen, letterhead: Letterhead, check: Address, *, township: str, every: bool) -> Order | None:
    """The plaques as PDF, one a page; `every` makes those of stars that were held too. None where there are none."""
    city = city_of(wanted.heads[0].district_code)
    found = [_plaque(wanted.year, city, one, unit, check) for one, unit in _units(wanted, township)
             if has_star(one, unit) and (every or is_new(unit))]  # fmt: skip
    if not found:
        return None
    data = plaque_data(_sheet(wanted, letterhead, check, PLAQUE), found)
    return pdf_order(PLAQUES, data, LINES_OF_A_PAGE * len(found))


def withdrawn(wanted: Chosen, *, township: str) -> Order:
    """The list of plaques to be taken back as PDF."""
    found = [Withdrawal(unit.township, unit.name, unit.code, hung(unit)[0], unit.level or UNRATED, unit.movement)
             for one, unit in _units(wanted, township) if gives_back(one, unit)]  # fmt: skip
    found.sort(key=lambda one: (one.code[:9], one.code))
    sheet = _sheet(wanted, Letterhead(), lambda _serial: "", TO_TAKE_BACK)
    return pdf_order(WITHDRAWN, withdrawn_data(sheet, found, f"名单摘要 {wanted.digest[:16]}…"), len(found))


def has_star(one: PublicList, unit: PublicUnit) -> bool:
    """True for a unit whose level has a star."""
    return unit.place is not None and one.stars[unit.place] > 0


def hung(unit: PublicUnit) -> tuple[str, int | None]:
    """The level whose plaque a unit has: that before the decisions where one moved it, else last year's."""
    return (unit.previous, unit.previous_place) if unit.held is None else (unit.held, unit.held_place)


def is_new(unit: PublicUnit) -> bool:
    """True for a unit whose star is another than the plaque that it has says."""
    return unit.level != hung(unit)[0]


def gives_back(one: PublicList, unit: PublicUnit) -> bool:
    """True for a unit that had a star before and has another one, or none, now."""
    place = hung(unit)[1]
    return place is not None and one.stars[place] > 0 and is_new(unit)


def _units(wanted: Chosen, township: str) -> Iterator[tuple[PublicList, PublicUnit]]:
    return ((one, unit) for one in lists(wanted.heads) for unit in one.units if township in ("", unit.township_code))


def _plaque(year: int, city: str, one: PublicList, unit: PublicUnit, check: Address) -> Plaque:
    assert unit.place is not None
    serial = serial_of(year, unit.code)
    place = f"{city}{unit.district}{unit.township}"
    level = f"{unit.level}{NOUNS[unit.kind]}"
    return Plaque(place, unit.name, level, one.stars[unit.place], year, serial, check(serial))


def _sheet(wanted: Chosen, letterhead: Letterhead, check: Address, what: str) -> Sheet:
    found: Sequence[PublicList] = lists(wanted.heads)
    first = wanted.heads[0]
    issuers = letterhead.issuers or usual_issuers(city_of(first.district_code), first.district)
    day = max(day_of(head) for head in wanted.heads)
    return Sheet(wanted.named(what), issuers, day, check("").partition("?")[0], is_invented(found))
