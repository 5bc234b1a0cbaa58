"""The rating of a year: the order of the steps from raw values to stars, reasons and consequences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from starrating.domain.allocation import Allocated, allocate
from starrating.domain.consequences import consequences
from starrating.domain.exact import Column, Mask
from starrating.domain.facts import Facts, Grouping
from starrating.domain.faults import InputsRefused
from starrating.domain.inputs import Inputs, Labels
from starrating.domain.named_stars import light
from starrating.domain.overrides import Levels, Limits, Voids, decide_voids, limits
from starrating.domain.ranking import Ranking, rank_units
from starrating.domain.reasons import level_reasons, void_reasons
from starrating.domain.rollup import node_result, total
from starrating.domain.scheme import NamedStars, Quotas, Scheme
from starrating.domain.subjects import nodes_asked_for, refuse_words_that_are_no_numbers

Announce = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Where the scored units stand: ranked, limited, placed. Rows are those of `facts`."""

    facts: Facts
    grouping: Grouping
    ranking: Ranking
    limits: Limits
    allocated: Allocated


@dataclass(frozen=True, slots=True, eq=False)
class Rating:
    """The result for every unit of the inputs, in their order, and the standing it takes to explain it.

    `level` and `previous` are indices into the scheme's levels, -1 for none (a void unit has no level); `rank` is 0 for
    a unit that is not ranked; `total` is blank for a unit that is not scored.
    """

    scheme: Scheme
    inputs: Inputs
    voids: Voids
    total: Column
    rank: NDArray[np.int64]
    pool: Labels
    level: Levels
    previous: Levels
    reasons: Labels
    consequences: Labels
    standing: Standing

    @property
    def rated(self) -> Mask:
        """Which units are rated."""
        return ~(self.voids.true | self.voids.scored)

    def everyone(self) -> Facts:
        """What was known of all units before anything was worked out."""
        return Facts(self.scheme, self.inputs)


def rate(scheme: Scheme, inputs: Inputs, *, keep_all: bool = False, announce: Announce = lambda _: None) -> Rating:
    """Rate the units by the scheme; `keep_all` keeps every node's result for explanations.

    `announce` is told each step as it begins: void, points, level, consequences. Raises `InputsRefused` with every
    fault of the inputs.
    """
    announce("void")
    everyone = Facts(scheme, inputs)
    refuse_words_that_are_no_numbers(everyone)
    voids = decide_voids(everyone)
    announce("points")
    facts = _scored(everyone, voids, None if keep_all else nodes_asked_for(scheme))
    facts.total = total(facts)
    if facts.faults:
        raise InputsRefused(facts.faults)
    announce("level")
    standing = stand(facts)
    reasons, level = level_reasons(scheme, standing.ranking, standing.limits, standing.allocated)
    facts.level = np.full(len(facts), -1, dtype=np.int8)
    facts.level[standing.ranking.order] = level
    announce("consequences")
    return _assemble(everyone, voids, standing, reasons)


def _scored(everyone: Facts, voids: Voids, kept: frozenset[str] | None) -> Facts:
    """The facts of the units that get a total: rated ones, and `void: scored` ones, which count for nobody else."""
    rows = np.flatnonzero(~voids.true)
    scheme = everyone.scheme
    return Facts(
        scheme,
        everyone.inputs,
        rows=None if len(rows) == len(everyone) else rows,
        evaluate=lambda facts, code: node_result(facts, scheme.node(code)),
        rated=~voids.scored[rows],
        kept=kept,
        faults=everyone.faults,
    )


def stand(facts: Facts) -> Standing:
    """Rank the rated units within their pools, limit their levels and allocate them."""
    allocation = facts.scheme.allocation
    grouping = facts.grouping(allocation.pool)
    ranking = rank_units(facts, grouping, allocation.rank_by)
    facts.rank = Column(ranking.rank, present=facts.rated)
    facts.pool_sizes = ranking.sizes[grouping.ids]
    bounds = limits(facts)
    match allocation:
        case NamedStars():
            allocated = light(facts, ranking, bounds)
        case Quotas():
            allocated = allocate(facts, ranking, grouping.names, bounds)
    return Standing(facts, grouping, ranking, bounds, allocated)


def _assemble(everyone: Facts, voids: Voids, standing: Standing, reasons: Labels) -> Rating:
    """Put the scored units' results back among all units."""
    facts, size = standing.facts, len(everyone)
    scored = ~voids.true
    assert facts.total is not None
    assert facts.level is not None
    total_numbers = np.zeros(size, dtype=facts.total.numbers.dtype)
    total_numbers[scored] = facts.total.numbers
    level, rank = np.full(size, -1, dtype=np.int8), np.zeros(size, dtype=np.int64)
    level[scored], rank[scored] = facts.level, standing.ranking.rank
    pool = np.full(size, -1, dtype=np.int32)
    pool[scored] = np.where(facts.level >= 0, standing.grouping.ids, -1)
    followed = _spread(consequences(facts, voided=facts.level < 0), np.flatnonzero(scored), size)
    left = np.flatnonzero(voids.true)
    if len(left):
        rest = without_result(everyone, left)
        followed = _merged(followed, _spread(consequences(rest, voided=np.ones(len(left), dtype=bool)), left, size))
    rated_rows = np.flatnonzero(scored)[standing.ranking.order]
    why = _merged(_spread(reasons, rated_rows, size), void_reasons(everyone.scheme, voids))
    return Rating(
        scheme=everyone.scheme,
        inputs=everyone.inputs,
        voids=voids,
        total=Column(total_numbers, facts.total.unit, None if scored.all() else scored),
        rank=rank,
        pool=Labels(pool, standing.grouping.names),
        level=level,
        previous=everyone.previous(),
        reasons=why,
        consequences=followed,
        standing=standing,
    )


def without_result(everyone: Facts, rows: NDArray[np.intp]) -> Facts:
    """The facts of units that are not rated: total, rank, points and level are there, and blank."""
    blank = Column(np.zeros(len(rows), dtype=np.int64), present=np.zeros(len(rows), dtype=bool))
    return Facts(
        everyone.scheme,
        everyone.inputs,
        rows=rows,
        evaluate=lambda _facts, _code: blank,
        total=blank,
        rank=blank,
        pool_sizes=np.ones(len(rows), dtype=np.int64),
        level=np.full(len(rows), -1, dtype=np.int8),
    )


def _spread(labels: Labels, rows: NDArray[np.intp], size: int) -> Labels:
    """Labels of some rows as labels of all, blank elsewhere."""
    codes = np.full(size, -1, dtype=np.int32)
    codes[rows] = labels.codes
    return Labels(codes, labels.names)


def _merged(first: Labels, second: Labels) -> Labels:
    """Two columns of words for different rows as one."""
    codes = np.where(second.codes >= 0, second.codes + len(first.names), first.codes)
    return Labels(codes.astype(np.int32), first.names + second.names)
