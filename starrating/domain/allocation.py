"""Levels by quotas and lines: pools, places, tied groups, from the top level down, all pools at once.

Everything runs along the order of the ranking. Because units are taken in rank order while there are places, whether a
tied group gets in depends only on how many candidates stand above it; so no unit is looked at one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from starrating.domain.conditions import holds
from starrating.domain.exact import Mask
from starrating.domain.facts import Facts
from starrating.domain.overrides import BOTTOM, Causes, Levels, Limits
from starrating.domain.places import UNLIMITED, Places, quota_places
from starrating.domain.ranking import Ranking
from starrating.domain.scheme import Quotas, Ties

CEILING, LEAST, REQUIRES, TIE, QUOTA, LIT = range(6)
"""Why a unit did not get a level: the first of these that holds; `LIT` is for named stars."""


@dataclass(frozen=True, slots=True, eq=False)
class Placing:
    """One level's allocation: the places of each pool and how many took them; who asked for one by rank."""

    places: NDArray[np.int64]
    guaranteed: NDArray[np.int64]
    taken: NDArray[np.int64]
    candidates: Mask

    @property
    def left(self) -> NDArray[np.int64]:
        """Places left empty in each pool; a level without a quota leaves none."""
        empty = np.maximum(self.places - self.guaranteed - self.taken, 0)
        return np.where(self.places >= UNLIMITED, 0, empty)


@dataclass(frozen=True, slots=True, eq=False)
class Allocated:
    """The levels before drops, and how they came about. Arrays run along the ranking's order.

    `why` tells for each level from the top down why those who did not get it did not; `by_floor` who got their level
    only by a guarantee. `bottom` (by pool) and `placings` belong to quotas, `lit` to named stars.
    """

    level: Levels
    ceiling: Levels
    ceiling_by: Causes
    by_floor: Mask
    why: Mapping[int, NDArray[np.int8]]
    bottom: NDArray[np.int64] | None = None
    placings: Mapping[int, Placing] = field(default_factory=dict)
    lit: NDArray[np.int64] | None = None


@dataclass(slots=True, eq=False)
class _Board:
    """The state of an allocation along the order: `free` units have no level yet, the limits are sorted into it."""

    facts: Facts
    ranking: Ranking
    rules: Quotas
    table: Places
    ceiling: Levels
    unlifted: Levels
    floor: Levels
    free: Mask
    level: Levels
    by_floor: Mask


def allocate(facts: Facts, ranking: Ranking, pool_names: tuple[str, ...], limits: Limits) -> Allocated:
    """Levels by quotas and lines for the ranked units, before drops."""
    rules = facts.scheme.allocation
    assert isinstance(rules, Quotas)
    order = ranking.order
    last_ranked, last = _bottom(ranking, rules)
    lowered = last_ranked & (limits.floor[order] < limits.ceiling[order])
    board = _Board(
        facts=facts,
        ranking=ranking,
        rules=rules,
        table=Places(rules, ranking.sizes, pool_names),
        ceiling=np.where(lowered, limits.floor[order], limits.ceiling[order]),
        unlifted=np.where(last_ranked, np.int8(0), limits.unlifted[order]),
        floor=limits.floor[order],
        free=limits.set_to[order] < 0,
        level=np.maximum(limits.set_to[order], np.int8(0)),
        by_floor=np.zeros(len(order), dtype=bool),
    )
    settable = board.free.copy()
    placings: dict[int, Placing] = {}
    why: dict[int, NDArray[np.int8]] = {}
    carried = np.zeros(ranking.pools, dtype=np.int64)
    for index in range(len(facts.scheme.levels) - 1, 0, -1):
        places = carried + board.table.of_level(index, lambda level: _count_able(board, level, settable))
        placings[index], why[index] = _place(board, index, places)
        carried = placings[index].left if rules.carry else np.zeros_like(carried)
    ceiling_by = np.where(lowered, np.int16(BOTTOM), limits.ceiling_by[order])
    return Allocated(board.level, board.ceiling, ceiling_by, board.by_floor, why, last, placings)


def _bottom(ranking: Ranking, rules: Quotas) -> tuple[Mask, NDArray[np.int64]]:
    """Along the order: who stands on the last places that get the lowest level; and how many those are, by pool."""
    if rules.bottom is None:
        return np.zeros(len(ranking.order), dtype=bool), np.zeros(ranking.pools, dtype=np.int64)
    everyone = np.ones(len(ranking.order), dtype=bool)
    last = quota_places(rules.bottom, ranking.sizes, rules.bottom_rounding)
    tied = ranking.tied(everyone)
    below = ranking.sizes[ranking.pool] - ranking.above(everyone) - tied
    places = last[ranking.pool]
    return (below + tied <= places) if rules.ties is Ties.INCLUDE else (below < places), last


def _place(board: _Board, index: int, places: NDArray[np.int64]) -> tuple[Placing, NDArray[np.int8]]:
    """Settle one level: guaranteed units first, then in rank order while there are places; and why not the others."""
    ranking = board.ranking
    meets, reached = _meets(board, index)
    fit = meets & reached & (index <= board.ceiling) & board.table.is_open(index)[ranking.pool]
    guaranteed = board.free & (board.floor == index)
    candidates = board.free & ~guaranteed & fit
    used = np.bincount(ranking.pool[guaranteed], minlength=ranking.pools)
    room = (places - used)[ranking.pool]
    taken, tie_refused = _take(board, candidates, room)
    why = _why(board, index, meets, reached)
    why[tie_refused] = TIE
    board.by_floor |= guaranteed & ~_would_take(board, index, fit, candidates, room)
    board.level[guaranteed | taken] = index
    board.free &= ~(guaranteed | taken)
    filled = np.bincount(ranking.pool[taken], minlength=ranking.pools)
    return Placing(places, used, filled, candidates), why


def _take(board: _Board, candidates: Mask, room: NDArray[np.int64]) -> tuple[Mask, Mask]:
    """Which candidates get in where each pool has that much room, and which are left out with their tied group."""
    above = board.ranking.above(candidates)
    if board.rules.ties is Ties.INCLUDE:
        return candidates & (above < room), np.zeros(len(candidates), dtype=bool)
    fits = above + board.ranking.tied(candidates) <= room
    return candidates & fits, candidates & ~fits & (above < room)


def _why(board: _Board, index: int, meets: Mask, reached: Mask) -> NDArray[np.int8]:
    """Along the order: the first reason that holds, for those who turn out not to have got the level."""
    why = np.full(len(meets), QUOTA, dtype=np.int8)
    why[~meets] = REQUIRES
    why[~reached] = LEAST
    why[board.ceiling < index] = CEILING
    return why


def _would_take(board: _Board, index: int, fit: Mask, candidates: Mask, room: NDArray[np.int64]) -> Mask:
    """Who would get the level in rank order too, put back among the candidates without a guarantee of its own."""
    able = fit & (board.unlifted >= index)
    above = board.ranking.above(candidates)
    tied = 0 if board.rules.ties is Ties.INCLUDE else board.ranking.tied(candidates)
    return able & (above + tied <= room)


def _count_able(board: _Board, index: int, settable: Mask) -> NDArray[np.int64]:
    """How many units of each pool could have a level: ceiling, line and condition fulfilled, not set."""
    meets, reached = _meets(board, index)
    able = settable & (board.ceiling >= index) & meets & reached
    return np.bincount(board.ranking.pool[able], minlength=board.ranking.pools)


def _meets(board: _Board, index: int) -> tuple[Mask, Mask]:
    """Along the order: who fulfils a level's condition, and who reaches its line, by the rule of the pool.

    A closed level has neither: whoever does not get it lacks a place.
    """
    order, pool = board.ranking.order, board.ranking.pool
    meets, reached = np.ones(len(order), dtype=bool), np.ones(len(order), dtype=bool)
    for levels, pools in board.table.rule_sets():
        rule = levels.get(index)
        if rule is None or not pools.any():
            continue
        here = pools[pool]
        if rule.requires is not None:
            meets &= ~here | holds(rule.requires, board.facts)[order]
        if rule.least is not None:
            assert board.facts.total is not None
            reached &= ~here | board.facts.total.at_least(rule.least)[order]
    return meets, reached
