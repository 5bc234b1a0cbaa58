"""Where a unit, a township, a district or a city's districts stand among comparable ones, and why: exact sums of cards.

Everything is a count or a mean over the rated units of a run. A median of few units would tell what one of them has,
so whoever does not see the whole district is told none of a pool smaller than `FEWEST`.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from statistics import median

import numpy as np
from numpy.typing import NDArray

from starrating.domain.exact import Column
from starrating.domain.scheme import Indicator
from starrating.domain.shortfalls import Shortfall, Shortfalls
from starrating.services.rating.cards import Card

FEWEST = 5
"""From how many units of a pool on its median says nothing about one of them."""


@dataclass(frozen=True, slots=True)
class Lost:
    """An indicator that costs points: the own mean, the peers' median, what the total loses by it, and how many places.

    `worst` is the group below in which it costs most, None where there are no groups.
    """

    node: Indicator
    own: Fraction
    median: Fraction
    behind: Fraction
    places: int | None
    worst: Hashable = None
    worst_own: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Stand:
    """Rated units of one kind: how many, their mean total, the place among comparable ones (None: not compared)."""

    kind: str
    units: int
    mean: Fraction
    place: int | None
    of: int
    lost: tuple[Lost, ...]
    """What costs most comes first; empty where nothing is lost, or it is not told."""
    told: bool = True
    """False where the peers are so few that a median would tell what one of them has."""


@dataclass(frozen=True, slots=True)
class DistrictStand:
    """A district among those that are rated by the same scheme: place, and the indicator in which it is most behind."""

    district_id: int
    kind: str
    units: int
    mean: Fraction
    place: int
    of: int
    node: Indicator | None
    behind: Fraction
    rising: int
    falling: int


def stand_of_unit(card: Card, unit_id: int, *, wide: bool) -> Stand | None:
    """A unit among its pool; None where it was not rated."""
    lost = card.lost
    if unit_id not in lost.units:
        return None
    row = lost.units.index(unit_id)
    peers = lost.peers(row)
    totals, own = lost.total.numbers[peers], lost.total.numbers[row]
    place = int(np.sum(totals > own)) + 1
    found = []
    for leaf in lost.leaves:
        if leaf.costs[row] > 0:
            gained = int(np.sum((totals > own) & (totals <= own + leaf.costs[row])))
            found.append(_lost(leaf, lost, np.array([row]), gained))
    told = wide or len(peers) >= FEWEST
    return Stand(
        card.run.kind, 1, lost.total.value(row) or Fraction(0), place, len(peers), _most(found) if told else (), told
    )


def stand_of_group(card: Card, groups: Mapping[int, Hashable], own: Hashable, *, wide: bool) -> Stand | None:
    """A township among those of its district by the mean total; `groups` is unit → township."""
    lost = card.lost
    rows = _rows_by_group(lost, groups)
    if own not in rows:
        return None
    means = {key: _mean(lost.total, at) for key, at in rows.items()}
    mean = means[own]
    place = 1 + sum(one > mean for one in means.values())
    found = []
    for leaf in lost.leaves:
        behind = _behind(lost, leaf, rows[own])
        if behind > 0:
            gained = sum(mean < one <= mean + behind for one in means.values())
            found.append(_lost(leaf, lost, rows[own], gained))
    sizes = np.unique(lost.pool, return_counts=True)
    known_pools = set(lost.pool[rows[own]].tolist())
    fewest = min(int(size) for one, size in zip(*sizes, strict=True) if int(one) in known_pools)
    told = wide or fewest >= FEWEST
    return Stand(card.run.kind, len(rows[own]), mean, place, len(means), _most(found) if told else (), told)


def stand_of_district(card: Card, groups: Mapping[int, Hashable]) -> Stand | None:
    """A district by itself: what costs its units most, and the township in which it does."""
    lost = card.lost
    if not lost.units:
        return None
    everyone, rows = np.arange(len(lost.units)), _rows_by_group(lost, groups)
    found = [_lost(leaf, lost, everyone, None, rows) for leaf in lost.leaves if np.any(leaf.costs > 0)]
    return Stand(card.run.kind, len(lost.units), _mean(lost.total, everyone), None, 0, _most(found))


def stands_of_districts(cards: Sequence[Card], near: Fraction) -> tuple[DistrictStand, ...]:
    """Every district of a city and kind among those with the same scheme; `near` is how close to a line counts."""
    comparable: dict[tuple[str, str], list[Card]] = {}
    for card in cards:
        if card.lost.units:
            comparable.setdefault((card.run.kind, card.run.digest), []).append(card)
    found = []
    for group in comparable.values():
        means = [_mean(card.lost.total, np.arange(len(card.lost.units))) for card in group]
        worst = _most_behind(group)
        for card, mean, (node, behind) in zip(group, means, worst, strict=True):
            close = [one.rises for one in card.near if one.points <= near]
            found.append(DistrictStand(
                card.run.district_id, card.run.kind, len(card.lost.units), mean, 1 + sum(one > mean for one in means),
                len(group), node, behind, sum(close), len(close) - sum(close),
            ))  # fmt: skip
    return tuple(found)


def _most_behind(group: Sequence[Card]) -> list[tuple[Indicator | None, Fraction]]:
    """Of each district the indicator whose mean is furthest below the median of the districts' means."""
    worst: list[tuple[Indicator | None, Fraction]] = [(None, Fraction(0))] * len(group)
    for leaves in zip(*(card.lost.leaves for card in group), strict=True):
        means = [_mean(leaf.points, np.arange(len(leaf.points))) for leaf in leaves]
        middle = median(means)
        for at, mean in enumerate(means):
            if middle - mean > worst[at][1]:
                worst[at] = (leaves[0].node, middle - mean)
    return worst


def _lost(
    leaf: Shortfall, lost: Shortfalls, rows: NDArray[np.intp], places: int | None,
    groups: Mapping[Hashable, NDArray[np.intp]] | None = None,
) -> Lost:  # fmt: skip
    middle = [leaf.medians[int(one)] for one in lost.pool[rows] if int(one) in leaf.medians]
    worst = _costliest(leaf, groups or {})
    return Lost(
        leaf.node, _mean(leaf.points, rows), sum(middle, Fraction(0)) / max(len(middle), 1), _behind(lost, leaf, rows),
        places, worst, _mean(leaf.points, groups[worst]) if groups and worst is not None else Fraction(0),
    )  # fmt: skip


def _costliest(leaf: Shortfall, groups: Mapping[Hashable, NDArray[np.intp]]) -> Hashable:
    """The group whose mean cost is highest, compared in whole numbers of one measure; None without groups."""
    measure = lcm(*(len(rows) for rows in groups.values()))
    return max(groups, key=lambda key: sum(leaf.costs[groups[key]].tolist()) * (measure // len(groups[key])),
               default=None)  # fmt: skip


def _behind(lost: Shortfalls, leaf: Shortfall, rows: NDArray[np.intp]) -> Fraction:
    """What an indicator costs the units at those rows, on average."""
    return Fraction(sum(leaf.costs[rows].tolist()), len(rows)) * lost.total.unit


def _mean(column: Column, rows: NDArray[np.intp]) -> Fraction:
    """The exact mean of those that have a value; 0 of none."""
    there = column.numbers[rows][column.known[rows]].tolist()
    return Fraction(sum(there), len(there)) * column.unit if there else Fraction(0)


def _most(found: Sequence[Lost]) -> tuple[Lost, ...]:
    return tuple(sorted(found, key=lambda one: (-one.behind, one.node.code)))


def _rows_by_group(lost: Shortfalls, groups: Mapping[int, Hashable]) -> dict[Hashable, NDArray[np.intp]]:
    found: dict[Hashable, list[int]] = {}
    for row, unit in enumerate(lost.units):
        if unit in groups:
            found.setdefault(groups[unit], []).append(row)
    return {key: np.array(rows, dtype=np.intp) for key, rows in found.items()}


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over some units of an indicator or of the total, and its full points (None: it has none)."""

    mean: Fraction
    full: Fraction | None


def means_of(cards: Sequence[Card], units: frozenset[int] | None = None) -> dict[tuple[str, str, str], Mean]:
    """(kind, code, name) → the mean over the units (None: all) of every indicator; with a blank code of the total."""
    sums: dict[tuple[str, str, str], tuple[Fraction, int, Fraction | None]] = {}
    for card in cards:
        lost, kind = card.lost, card.run.kind
        rows = np.arange(len(lost.units)) if units is None else lost.rows_of(units)
        columns = [(("", ""), lost.total, None), *(
            ((leaf.node.code, leaf.node.name), leaf.points, leaf.node.high) for leaf in lost.leaves
        )]  # fmt: skip
        for (code, name), column, full in columns:
            there = column.numbers[rows][column.known[rows]].tolist()
            before, count, _ = sums.get((kind, code, name), (Fraction(0), 0, None))
            sums[kind, code, name] = (before + sum(there) * column.unit, count + len(there), full)
    return {key: Mean(added / count, full) for key, (added, count, full) in sums.items() if count}
