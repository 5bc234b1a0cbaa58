"""Why a place stands where it does and what changes next: the tables of a dashboard below its counts and charts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from starrating.blueprints.dashboards.figures import Subject
from starrating.blueprints.pages import person
from starrating.domain.access import Act, Place, places
from starrating.domain.exact import rounded
from starrating.domain.figures import fixed
from starrating.queries.cards import UnitAt, units_at
from starrating.queries.divisions import divisions_in
from starrating.services.rating.cards import Card, NearUnit, cards_in
from starrating.services.rating.places_lost import (
    DistrictStand,
    Lost,
    Stand,
    stand_of_district,
    stand_of_group,
    stand_of_unit,
    stands_of_districts,
)

MOST = 6
"""How many indicators are listed: a task for the next year, not a register."""
NEAR = Fraction(1)
"""From how many points on a unit of a district counts as near a line, for the city."""
DIGITS = 2


@dataclass(frozen=True, slots=True)
class LostShown:
    """An indicator of the list, its figures written out; `share` is the part of its full points that is not had."""

    code: str
    name: str
    full: str
    own: str
    median: str
    behind: str
    places: int | None
    share: str
    worst: str
    worst_id: int | None
    worst_own: str


@dataclass(frozen=True, slots=True)
class NearShown:
    """A unit near a line."""

    unit_id: int
    name: str
    township: str
    level: str
    points: str


@dataclass(frozen=True, slots=True)
class KindShown:
    """What one kind of units shows: where it stands, why, and who is near a line; the nearest come first."""

    kind: str
    stand: Stand
    mean: str
    lost: tuple[LostShown, ...]
    rising: tuple[NearShown, ...]
    falling: tuple[NearShown, ...]
    rising_all: int
    falling_all: int


@dataclass(frozen=True, slots=True)
class DistrictShown:
    """A district of a city among its like."""

    stand: DistrictStand
    name: str
    mean: str
    behind: str


def sees_district(place: Place) -> bool:
    """True where the person sees the whole district that a place lies in."""
    district = Place(place.municipality, place.district)
    return any(own.covers(district) for own in places(person().grants, Act.VIEW_RATINGS))


def kinds_of(subject: Subject) -> tuple[KindShown, ...]:
    """The tables of a district or township, villages first; four statements."""
    place = subject.place
    cards = cards_in([place], subject.year, subject.kind)
    units = units_at([Place(place.municipality, place.district)]) if cards else {}
    groups: dict[int, int] = {key: one.township_id for key, one in units.items()}
    found = []
    for card in cards:
        if subject.level == "township":
            stand = stand_of_group(card, groups, subject.division_id, wide=sees_district(place))
            own = {key: one for key, one in units.items() if one.township_id == subject.division_id}
        else:
            stand, own = stand_of_district(card, groups), units
        if stand is not None:
            found.append(_shown(card, stand, own, {one.township_id: one.township for one in units.values()}))
    return tuple(found)


def kind_of_unit(place: Place, year: int, kind: str, unit: UnitAt) -> KindShown | None:
    """The tables of one unit; None where it was not rated."""
    for card in cards_in([place], year, kind):
        stand = stand_of_unit(card, unit.id, wide=sees_district(place))
        if stand is not None:
            return _shown(card, stand, {unit.id: unit}, {})
    return None


def districts_of(subject: Subject) -> tuple[DistrictShown, ...]:
    """The districts of a city, by kind and place; three statements."""
    stands = stands_of_districts(cards_in([subject.place], subject.year, subject.kind), NEAR)
    names = {one.id: one.name for one in divisions_in([subject.place], "district")} if stands else {}
    shown = (DistrictShown(one, names[one.district_id], said(one.mean), said(one.behind)) for one in stands)
    return tuple(sorted(shown, key=lambda one: (one.stand.kind != "village", -one.stand.of, one.stand.place, one.name)))


def said(value: Fraction) -> str:
    """A number of points as the tables show it."""
    return fixed(rounded(value, DIGITS), DIGITS)


def _shown(card: Card, stand: Stand, units: Mapping[int, UnitAt], towns: Mapping[int, str]) -> KindShown:
    levels = {level.code: level.name for level in card.lost.scheme.levels}
    rising = _near(card.near, units, levels, rises=True)
    falling = _near(card.near, units, levels, rises=False)
    return KindShown(
        card.run.kind, stand, said(stand.mean), tuple(_lost(stand.lost[:MOST], towns)), rising[:MOST], falling[:MOST],
        len(rising), len(falling),
    )  # fmt: skip


def _lost(lost: Iterable[Lost], towns: Mapping[int, str]) -> Iterator[LostShown]:
    for one in lost:
        full = one.node.high
        key = one.worst if isinstance(one.worst, int) else None
        missed = fixed(rounded(100 * (full - one.own) / full, 1), 1) if full else ""
        yield LostShown(
            one.node.code, one.node.name, "" if full is None else said(full), said(one.own), said(one.median),
            said(one.behind), one.places, missed, towns.get(key, "") if key is not None else "", key,
            said(one.worst_own),
        )  # fmt: skip


def _near(
    near: Sequence[NearUnit], units: Mapping[int, UnitAt], levels: Mapping[str, str], *, rises: bool
) -> tuple[NearShown, ...]:
    """Those of the units, the nearest first."""
    own = sorted(
        (one for one in near if one.rises is rises and one.unit_id in units),
        key=lambda one: (one.points, units[one.unit_id].name),
    )
    return tuple(
        NearShown(one.unit_id, units[one.unit_id].name, units[one.unit_id].township, levels[one.level],
                  said(one.points))
        for one in own
    )  # fmt: skip
