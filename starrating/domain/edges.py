"""The edge of every level in every pool, told: by how much, what the tie rule did there, who was barred above it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from starrating.domain.allocation import TIE
from starrating.domain.conditions import About
from starrating.domain.figures import plain
from starrating.domain.marks import LevelMarks, Mark, MarkBook, PoolMarks
from starrating.domain.ranking import as_numbers
from starrating.domain.rating import Rating
from starrating.domain.scheme import RankKey

_OF_NO_LEVEL = ("set:", "cap:", "rise_limit", "no_previous", "bottom")
"""Reasons that keep a unit under a ceiling, whichever level it would have had."""


@dataclass(frozen=True, slots=True)
class Decided:
    """The key of the ranking that tells the last in from the first out, and what each has there (None: nothing)."""

    key: RankKey
    inside: str | None
    outside: str | None


@dataclass(frozen=True, slots=True)
class Barred:
    """Units ranked above the last in that could not have the level: how many, the first of them, and why not."""

    count: int
    first: Mark
    reason: str


@dataclass(frozen=True, slots=True)
class Edge:
    """One level of one pool. `gap` is the last in's total less the first out's, exactly; None without both.

    `beyond` are the places that a tied group taken whole took beyond the quota, `refused` the units of a tied group
    left out whole; at most one of them is above 0. `tied_in` is the size of the last in's tied group.
    """

    marks: LevelMarks
    gap: Fraction | None
    decided: Decided | None
    tied_in: int
    beyond: int
    refused: int
    barred: Barred | None

    @property
    def left(self) -> int:
        """Places nobody took; 0 where there is no limit."""
        if self.marks.places is None:
            return 0
        return max(self.marks.places - self.marks.guaranteed - self.marks.taken, 0)


@dataclass(frozen=True, slots=True)
class PoolEdges:
    """A pool and its edges, the top level first."""

    pool: PoolMarks
    edges: tuple[Edge, ...]


def edges_of(rating: Rating) -> tuple[PoolEdges, ...]:
    """The edges of every pool that has rated units, in the order of the pools' names; named stars have none."""
    if not rating.standing.allocated.placings:
        return ()
    book = MarkBook(rating)
    pools = np.flatnonzero(rating.standing.ranking.sizes)
    return tuple(_of_pool(rating, book, int(pool)) for pool in pools)


def _of_pool(rating: Rating, book: MarkBook, pool: int) -> PoolEdges:
    marks = book.of_pool(pool)
    indices = rating.standing.allocated.placings
    return PoolEdges(
        marks,
        tuple(_edge(rating, book, pool, index, own) for index, own in zip(indices, marks.levels, strict=True)),
    )


def _edge(rating: Rating, book: MarkBook, pool: int, index: int, marks: LevelMarks) -> Edge:
    standing = rating.standing
    last, first = book.at_edge(index, pool)
    placing, here = standing.allocated.placings[index], standing.ranking.pool == pool
    inside = here & placing.candidates & (standing.allocated.level == index)
    over = 0 if marks.places is None else marks.guaranteed + marks.taken - marks.places
    gap = None
    if marks.last_in is not None and marks.first_out is not None:
        gap = Fraction(marks.last_in.total) - Fraction(marks.first_out.total)
    return Edge(
        marks=marks,
        gap=gap,
        decided=_decided(rating, last, first) if gap is not None else None,
        tied_in=int(np.sum(inside & (standing.ranking.tie == standing.ranking.tie[last]))) if last >= 0 else 0,
        beyond=over if marks.taken and over > 0 else 0,
        refused=int(np.sum(here & (standing.allocated.why[index] == TIE))),
        barred=_barred(rating, book, index, here, last),
    )


def _decided(rating: Rating, last: int, first: int) -> Decided | None:
    """The first key in which two units differ, unless it is the total, which the gap tells."""
    facts, order = rating.standing.facts, rating.standing.ranking.order
    for key in rating.scheme.allocation.rank_by:
        column = as_numbers(facts.subject(key.subject))
        inside, outside = column.value(int(order[last])), column.value(int(order[first]))
        if inside != outside:
            return None if key.subject.about is About.TOTAL else Decided(key, _said(inside), _said(outside))
    return None


def _said(value: Fraction | None) -> str | None:
    return None if value is None else plain(value)


def _barred(rating: Rating, book: MarkBook, index: int, here: NDArray[np.bool_], last: int) -> Barred | None:
    """Who stands above the last in without the level, for another reason than a want of places."""
    placing, level = rating.standing.allocated.placings[index], rating.standing.allocated.level
    above = np.arange(len(level)) < last
    found = np.flatnonzero(here & above & ~placing.candidates & (level < index))
    mark = book.mark(int(found[0])) if len(found) else None
    if mark is None:
        return None
    row = rating.inputs.units.index(mark.unit)
    code = rating.scheme.levels[index].code
    reasons = (rating.reasons.name(row) or "").split(";")
    why = next((one for one in reasons if one.endswith(f":{code}") or one.startswith(_OF_NO_LEVEL)), "")
    return Barred(len(found), mark, why)
