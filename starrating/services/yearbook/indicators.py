"""Indicators in a yearbook: shares of points over many units, never so few that they tell what one of them has.

Everything is an exact sum over the cards of the published runs. A place with fewer than `FEWEST` rated units of a kind
is joined with others of its like; where even all together are fewer, nothing is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from starrating.charts.heat import Part, Places
from starrating.domain.scheme import Scheme
from starrating.services.rating.cards import Card
from starrating.services.rating.indicator_parts import judged, part_of
from starrating.services.rating.places_lost import FEWEST

JOINED = "其余（各不足5个）"
Key = tuple[str, str, Fraction]
"""An indicator as it is the same in two runs: its code, name and full points."""


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator over all units of a kind: how many, their part; the mean points of the year before, if known."""

    code: str
    name: str
    full: Fraction
    units: int
    part: Part
    before: Fraction | None

    @property
    def mean(self) -> Fraction:
        """The points of a unit on average."""
        return self.part.points / self.units

    @property
    def lost(self) -> Fraction | None:
        """How many points fewer than the year before, on average; None where that is not known."""
        return None if self.before is None else self.before - self.mean


@dataclass(frozen=True, slots=True)
class Group:
    """The runs of a kind that were rated by the same scheme."""

    kind: str
    scheme: Scheme
    cards: tuple[Card, ...]

    @property
    def units(self) -> int:
        """How many rated units they have."""
        return sum(len(card.lost.units) for card in self.cards)


def groups_of(cards: Sequence[Card], kind: str) -> tuple[Group, ...]:
    """The runs of a kind by their schemes, the one with most units first."""
    found: dict[str, list[Card]] = {}
    for card in cards:
        if card.run.kind == kind and card.lost.units:
            found.setdefault(card.run.digest, []).append(card)
    groups = [Group(kind, own[0].lost.scheme, tuple(own)) for own in found.values()]
    return tuple(sorted(groups, key=lambda one: (-one.units, one.scheme.title)))


def indicator_rows(cards: Iterable[Card], before: Iterable[Card], kind: str) -> tuple[IndicatorRow, ...]:
    """Every indicator of a kind with full points, in the schemes' order; one that too few units have is left out."""
    now, then = _sums(cards, kind), _sums(before, kind)
    rows = []
    for key, (units, part) in now.items():
        count, was = then.get(key, (0, Part(Fraction(0), Fraction(0))))
        if units >= FEWEST:
            rows.append(IndicatorRow(*key, units, part, was.points / count if count >= FEWEST else None))
    return tuple(rows)


def dearest(rows: Sequence[IndicatorRow]) -> tuple[Fraction, tuple[IndicatorRow, ...]] | None:
    """What loses most points against the year before, equal ones together; None where nothing can be compared."""
    known = [(row.lost, row) for row in rows if row.lost is not None]
    if not known:
        return None
    most = max(lost for lost, _ in known)
    return most, tuple(row for lost, row in known if lost == most)


def heat_of(group: Group, places: Mapping[int, tuple[str, str]]) -> tuple[Places, ...]:
    """A row a place, the weakest first; `places` is unit → its place's code and name."""
    rows: dict[tuple[str, str], list[tuple[Card, list[int]]]] = {}
    for card in group.cards:
        own: dict[tuple[str, str], list[int]] = {}
        for at, unit in enumerate(card.lost.units):
            if unit in places:
                own.setdefault(places[unit], []).append(at)
        for place, found in own.items():
            rows.setdefault(place, []).append((card, found))
    made = [(name, _joined(parts)) for (_, name), parts in sorted(rows.items())]
    found_places = [_row(name, units, parts) for name, (units, parts) in _large_enough(made)]
    return tuple(sorted(found_places, key=lambda one: (_share(one), one.place)))


Sums = tuple[int, tuple[Part, ...]]


def _large_enough(rows: Sequence[tuple[str, Sums]]) -> list[tuple[str, Sums]]:
    """The rows with enough units; smaller ones are joined, with the next larger as long as they are too few."""
    ordered = sorted(rows, key=lambda one: (one[1][0], one[0]))
    small = [one for one in ordered if one[1][0] < FEWEST]
    large = ordered[len(small) :]
    if not small:
        return large
    while large and sum(one[1][0] for one in small) < FEWEST:
        small.append(large.pop(0))
    joined = _added([one[1] for one in small])
    return [*large, (JOINED, joined)] if joined[0] >= FEWEST else []


def _joined(parts: Sequence[tuple[Card, list[int]]]) -> Sums:
    return _added([
        (len(rows), tuple(part_of(leaf, np.array(rows, dtype=np.intp)) for leaf in judged(card.lost)))
        for card, rows in parts
    ])  # fmt: skip


def _added(sums: Sequence[Sums]) -> Sums:
    columns = zip(*(parts for _, parts in sums), strict=True)
    return sum(units for units, _ in sums), tuple(_sum(column) for column in columns)


def _sum(parts: Iterable[Part]) -> Part:
    points, full = Fraction(0), Fraction(0)
    for part in parts:
        points, full = points + part.points, full + part.full
    return Part(points, full)


def _row(name: str, units: int, parts: tuple[Part, ...]) -> Places:
    return Places(name, units, parts)


def _share(row: Places) -> Fraction:
    return _sum(row.parts).share or Fraction(0)


def _sums(cards: Iterable[Card], kind: str) -> dict[Key, tuple[int, Part]]:
    found: dict[Key, tuple[int, Part]] = {}
    for card in cards:
        if card.run.kind != kind:
            continue
        every = np.arange(len(card.lost.units))
        for leaf in judged(card.lost):
            assert leaf.node.high is not None
            key = (leaf.node.code, leaf.node.name, leaf.node.high)
            part = part_of(leaf, every)
            count, known = found.get(key, (0, Part(Fraction(0), Fraction(0))))
            found[key] = (count + int(leaf.points.known.sum()), _sum((known, part)))
    return found
