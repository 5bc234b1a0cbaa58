"""The charts of several years and of indicators: the flow of stars, small multiples, heat maps, a unit's history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from flask_babel import gettext

from starrating.blueprints.dashboards.figures import Figures, Rung, Subject
from starrating.charts.chart import Chart, Heading
from starrating.charts.flow import Path, draw_flow
from starrating.charts.heat import Column, Places, draw_heat
from starrating.charts.history import UnitYear, draw_history, pool_of
from starrating.charts.levels import StarCounts
from starrating.charts.multiples import YearCounts, draw_multiples
from starrating.charts.style import Width
from starrating.domain.scheme import Scheme
from starrating.domain.shortfalls import Shortfall
from starrating.queries.cards import UnitAt, units_at
from starrating.queries.dashboards import Tally
from starrating.queries.flows import PoolRow, Way, ways
from starrating.queries.ratings import YearOfUnit
from starrating.services.rating.cards import Card, cards_in
from starrating.services.rating.indicator_parts import judged, part_of
from starrating.services.rating.places_lost import FEWEST

HEAT = "heat-"
TWO_YEARS = 2
"""Between them is one flow; of more there is one over all of them too."""


@dataclass(frozen=True, slots=True)
class Further:
    """What the further charts of a division are drawn from."""

    subject: Subject
    years: tuple[int, ...]
    """The years up to the subject's that have ratings, the first year first."""
    ways: tuple[Way, ...]
    by_year: tuple[Tally, ...]
    cards: tuple[Card, ...]
    units: Mapping[int, UnitAt]
    ladder: tuple[Rung, ...]
    """All levels of the schemes and those that any rating has besides, lowest first: a colour means one level."""
    _heat: dict[str, list[tuple[int, Places]]] = field(default_factory=dict, compare=False)

    def heat(self, kind: str) -> list[tuple[int, Places]]:
        """The rows of the heat map of a kind with the township or unit of each; worked out once."""
        if kind not in self._heat:
            self._heat[kind] = _heat_rows(self, kind)
        return self._heat[kind]

    @property
    def names(self) -> tuple[str, ...]:
        """Which charts there are."""
        flows = ("flow", "flow-all") if len(self.years) > 2 else ("flow",)
        if self.subject.below == "district":
            return (*flows, "districts")
        return (*flows, *(f"{HEAT}{card.run.kind}" for card in self.cards))


def further_of(figures: Figures, years: Sequence[int]) -> Further:
    """Ask everything once; at most four statements, of a city one."""
    subject = figures.subject
    held, city = (subject.place,), subject.below == "district"
    known = tuple(sorted(year for year in years if year <= subject.year))
    cards = () if city else cards_in(held, subject.year, subject.kind)
    gone = ways(held, known, subject.kind)
    had = (level for way in gone for level in way.levels if level)
    return Further(
        subject, known, gone,
        tuple(row for row in figures.tallies if row.year in known) if city else (),
        cards, units_at(held) if cards else {}, _ladder([*figures.ladder, *had]),
    )  # fmt: skip


def draw_further(found: Further, name: str, heading: Heading, width: Width) -> Chart:
    """One of the charts, laid out."""
    if name.startswith(HEAT):
        return _heat(found, name.removeprefix(HEAT), heading, width)
    ladder, names = found.ladder, [one for _, one in found.ladder]
    if name == "districts":
        return draw_multiples(_by_year(found), levels=names, heading=heading, width=width)
    count = TWO_YEARS if name == "flow" else len(found.years)
    paths = [Path(tuple(None if one is None else ladder.index(one) for one in way.levels[-count:]), way.units)
             for way in found.ways]  # fmt: skip
    return draw_flow(paths, years=found.years[-count:], levels=names, heading=heading, width=width)


def draw_unit(
    years: Sequence[YearOfUnit], totals: Sequence[PoolRow], scheme: Scheme, heading: Heading, *, width: Width,
    wide: bool,
) -> Chart:  # fmt: skip
    """A unit's history; the pool is told from so many units on that its quarters say nothing about one of them."""
    had = [(one.rating.stars or 0, one.rating.level_name) for one in years if one.rating.level]
    ladder = _ladder([*had, *((level.stars, level.name) for level in scheme.levels)])
    by_year: dict[int, list[Fraction]] = {}
    for row in totals:
        by_year.setdefault(row.year, []).append(Fraction(row.total))
    rows = []
    for one in years:
        pool, given = by_year.get(one.year, []), one.rating
        rows.append(UnitYear(
            one.year, Fraction(given.total) if given.total else None,
            ladder.index((given.stars or 0, given.level_name)) if given.level else None, given.rank,
            pool_of(pool) if wide or len(pool) >= FEWEST else None,
        ))  # fmt: skip
    return draw_history(rows, levels=[name for _, name in ladder], heading=heading, width=width)


def _ladder(levels: Iterable[Rung]) -> tuple[Rung, ...]:
    """The levels that occur, lowest first."""
    return tuple(sorted(set(levels)))


def _by_year(found: Further) -> list[YearCounts]:
    ladder = found.ladder
    counts: dict[tuple[str, int], tuple[list[int], int]] = {}
    for row in found.by_year:
        levels, unrated = counts.get((row.division, row.year), ([0] * len(ladder), 0))
        if row.level_name:
            levels[ladder.index((row.stars or 0, row.level_name))] += row.units
        else:
            unrated += row.units
        counts[row.division, row.year] = (levels, unrated)
    return [YearCounts(year, StarCounts(place, tuple(levels), unrated))
            for (place, year), (levels, unrated) in counts.items()]  # fmt: skip


def _heat(found: Further, kind: str, heading: Heading, width: Width) -> Chart:
    """Townships of a district, or units of a township, by the indicators that have full points."""
    what = gettext("村或社区") if found.subject.level == "township" else gettext("乡镇街道")
    columns = [Column(leaf.node.code, leaf.node.name) for leaf in _leaves(found, kind)]
    places = [place for _, place in found.heat(kind)]
    return draw_heat(places, columns=columns, what=what, heading=heading, width=width)


def _leaves(found: Further, kind: str) -> list[Shortfall]:
    """The indicators of a kind's heat map."""
    return judged(next(one for one in found.cards if one.run.kind == kind).lost)


def _heat_rows(found: Further, kind: str) -> list[tuple[int, Places]]:
    """The places that lose most first."""
    card = next(one for one in found.cards if one.run.kind == kind)
    town = found.subject.level == "township"
    rows: dict[int, list[int]] = {}
    names: dict[int, str] = {}
    for row, unit in enumerate(card.lost.units):
        if unit in found.units:
            at = found.units[unit]
            key = at.id if town else at.township_id
            rows.setdefault(key, []).append(row)
            names[key] = at.name if town else at.township
    leaves = _leaves(found, kind)
    places = [
        (key, Places(names[key], len(own), tuple(part_of(leaf, np.array(own, dtype=np.intp)) for leaf in leaves)))
        for key, own in rows.items()
    ]
    return sorted(places, key=lambda one: (_mean(one[1]), one[1].place, one[0]))


def _mean(place: Places) -> Fraction:
    """The mean of the units' points."""
    return sum((part.points for part in place.parts), Fraction(0)) / place.units
