"""Two divisions, two years of one, or a township and its peers: stars, movement, mean totals, what differs most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.dashboards import bp
from starrating.blueprints.dashboards.reasons import said, sees_district
from starrating.blueprints.pages import KINDS, kind_names, number, person
from starrating.charts.chart import percent, share_of
from starrating.domain.access import Act, Place, places
from starrating.queries.cards import units_at
from starrating.queries.dashboards import Tally, tallies
from starrating.queries.divisions import divisions_in, path_of
from starrating.queries.standing import years_standing
from starrating.services.rating.cards import cards_in
from starrating.services.rating.places_lost import FEWEST, Mean, means_of

MOST = 12
"""How many indicators are listed, those that differ most."""
PEERS = "peers"
"""What an address calls the other townships of the first side's district."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side: a division in a year, its counts, its means by kind and indicator."""

    name: str
    level: str
    place: Place
    year: int
    rows: tuple[Tally, ...]
    means: Mapping[tuple[str, str, str], Mean]

    @property
    def rated(self) -> int:
        """How many of its units have a level."""
        return sum(row.units for row in self.rows if row.level)

    def units(self, level_name: str | None = None, moved: tuple[str, ...] = ()) -> int:
        """How many have a level ('' for not rated) or moved so."""
        return sum(
            row.units for row in self.rows
            if (level_name is None or row.level_name == level_name) and (not moved or row.moved in moved)
        )  # fmt: skip

    def share(self, level_name: str) -> str:
        """The share of a level among those that are rated."""
        return percent(share_of(self.units(level_name), self.rated))


@dataclass(frozen=True, slots=True)
class Difference:
    """An indicator (or with a blank code the total) of a kind on both sides, exactly, and as it is shown."""

    kind: str
    code: str
    name: str
    first: str
    second: str
    gap: Fraction
    shown: str


@bp.get("/compare")
def compare() -> ResponseReturnValue:
    """Two divisions or years side by side; both stand in the address."""
    held = tuple(places(person().grants, Act.VIEW_RATINGS))
    kind = request.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    options = [one for level in ("municipality", "district", "township") for one in divisions_in(held, level)]
    known = {one.id for one in options}
    first = _side("one", "year", kind, known)
    second = _peers(first, kind) if request.args.get("other") == PEERS else _side("other", "since", kind, known)
    return render_template(
        "dashboards/compare.html", options=options, kind=kind, kinds=kind_names(), first=first, second=second,
        years=years_standing(held), levels=_levels((first, second)) if first and second else (),
        totals=_differences(first, second, totals=True), differences=_differences(first, second)[:MOST],
        asked={name: number(name) for name in ("one", "other", "year", "since")}, peers=PEERS,
        peers_asked=request.args.get("other") == PEERS,
    )  # fmt: skip


def _side(name: str, year_name: str, kind: str, known: set[int]) -> Side | None:
    """The side that the address names; None where it names none, 404 where it is not the reader's."""
    key, year = number(name), number(year_name)
    if key is None:
        return None
    if key not in known:
        abort(404)
    path = path_of(key)
    place = Place(*(row.id for row in path))
    if year is None:
        year = next(iter(years_standing([place])), 0)
    here = path[-1]
    below = "township" if here.level == "township" else "district"
    cards = cards_in([place], year, kind)
    own = frozenset(units_at([place])) if here.level == "township" and cards else None
    return Side(here.name, here.level, place, year, tallies([place], year, kind, below), means_of(cards, own))


def _peers(first: Side | None, kind: str) -> Side | None:
    """The other townships of a township's district in its year, taken together; None where there are none to tell of.

    Whoever does not see the whole district is told nothing of a kind of which fewer than `FEWEST` units are left.
    """
    if first is None or first.level != "township":
        return None
    home, own = Place(first.place.municipality, first.place.district), first.place.township
    cards, units = cards_in([home], first.year, kind), units_at([home])
    others = frozenset(key for key, one in units.items() if one.township_id != own)
    wide = sees_district(first.place)
    told = [card for card in cards if wide or len(card.lost.rows_of(others)) >= FEWEST]
    kinds = [card.run.kind for card in told]
    rows = tuple(row for of in kinds for row in tallies([home], first.year, of, "township") if row.division_id != own)
    name = gettext("同区别的乡镇街道")
    return Side(name, "district", home, first.year, rows, means_of(told, others)) if rows else None


def _levels(sides: Sequence[Side]) -> list[str]:
    """The names of the levels of both sides, the highest first."""
    rungs = {(row.stars or 0, row.level_name) for side in sides for row in side.rows if row.level}
    return [name for _, name in sorted(rungs, reverse=True)]


def _differences(first: Side | None, second: Side | None, *, totals: bool = False) -> list[Difference]:
    """What both sides have, the largest difference first; of the totals both kinds."""
    if first is None or second is None:
        return []
    found = []
    for key, one in first.means.items():
        other = second.means.get(key)
        if other is None or one.full != other.full or (key[1] == "") != totals:
            continue
        gap = other.mean - one.mean
        shown = ("+" if gap > 0 else "") + said(gap)
        found.append(Difference(*key, said(one.mean), said(other.mean), gap, shown))
    return sorted(found, key=lambda one: (-abs(one.gap), one.kind, one.code))
