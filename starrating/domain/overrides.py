"""Vetoes, caps and guarantees: which hold for which unit, and what they leave of the levels it could have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from starrating.domain.conditions import holds
from starrating.domain.exact import Mask
from starrating.domain.facts import Facts
from starrating.domain.movement import fall_floor, rise_ceiling
from starrating.domain.scheme import PREVIOUS, EffectKind, Override

Levels = NDArray[np.int8]
Causes = NDArray[np.int16]

NO_CAUSE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Voids:
    """Who is not rated: `true` at all, `scored` but for the total; `cause` is the override's index, or `NO_CAUSE`."""

    true: Mask
    scored: Mask
    cause: Causes


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """What overrides and movement leave each unit.

    Levels are indices; `set_to` is -1 where nothing is set. `unlifted` is the ceiling that an override's floor did not
    lift, `rise` the one from last year alone. A cause is an override's index, or one of `RISE`, `FIRST`, `FALL`.
    """

    set_to: Levels
    set_by: Causes
    ceiling: Levels
    ceiling_by: Causes
    unlifted: Levels
    floor: Levels
    floor_by: Causes
    drops: tuple[tuple[int, Mask], ...]
    waived: Mask
    rise: Levels


RISE, FIRST, FALL, BOTTOM = -2, -3, -4, -5
"""Causes that are no override: `rise_limit`, `no_previous`, `fall_limit`, `bottom`."""


def decide_voids(facts: Facts) -> Voids:
    """Who is not rated: `void: true` beats `void: scored`, the cause is the first of either that holds."""
    size = len(facts)
    true, scored = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    cause = np.full(size, NO_CAUSE, np.int16)
    for index, override in enumerate(facts.scheme.overrides):
        if override.effect not in (EffectKind.VOID, EffectKind.VOID_SCORED):
            continue
        here = holds(override.when, facts)
        cause[here & (cause == NO_CAUSE)] = index
        if override.effect is EffectKind.VOID:
            true |= here
        else:
            scored |= here
    return Voids(true, scored & ~true, cause)


def limits(facts: Facts) -> Limits:
    """What each unit may have: sets, ceilings and floors of overrides and of last year, each with its cause."""
    scheme, size = facts.scheme, len(facts)
    top = len(scheme.levels) - 1
    set_to, set_by = _lowest_of(facts, EffectKind.SET, np.full(size, top + 1, np.int8))
    cap, cap_by = _lowest_of(facts, EffectKind.CAP, np.full(size, top, np.int8))
    guarantee, floor_by = _highest_floor(facts)
    previous = facts.previous()
    waived = np.zeros(size, dtype=bool)
    if scheme.movement.waive_rise is not None:
        waived = holds(scheme.movement.waive_rise, facts) & (previous >= 0)
    rise = rise_ceiling(scheme, previous, waived)
    unlifted = np.minimum(cap, rise)
    rise_by = np.where(previous >= 0, np.int16(RISE), np.int16(FIRST))
    lifted = np.maximum(rise, guarantee)
    ceiling = np.minimum(cap, lifted)
    fall = fall_floor(scheme, previous)
    floor_by = np.where(fall > guarantee, np.int16(FALL), floor_by)
    return Limits(
        set_to=np.where(set_to > top, np.int8(-1), set_to),
        set_by=set_by,
        ceiling=ceiling,
        ceiling_by=np.where(lifted < cap, rise_by, cap_by),
        unlifted=unlifted,
        floor=np.minimum(np.maximum(guarantee, fall), ceiling),
        floor_by=floor_by,
        drops=_drops(facts),
        waived=waived,
        rise=rise_ceiling(scheme, previous, np.zeros(size, dtype=bool)),
    )


def _level_of(facts: Facts, override: Override) -> tuple[Levels, Mask]:
    """The level an override names for each unit, and where it names one (`previous` needs a previous level)."""
    if override.level == PREVIOUS:
        previous = facts.previous()
        return previous, previous >= 0
    return np.full(len(facts), override.level, np.int8), np.ones(len(facts), dtype=bool)


def _lowest_of(facts: Facts, effect: EffectKind, start: Levels) -> tuple[Levels, Causes]:
    """The lowest level that the overrides of one effect name where they hold, and the first that names it."""
    lowest, cause = start, np.full(len(facts), NO_CAUSE, np.int16)
    for index, override in enumerate(facts.scheme.overrides):
        if override.effect is effect:
            level, named = _level_of(facts, override)
            lower = named & (level < lowest) & holds(override.when, facts)
            lowest, cause = np.where(lower, level, lowest), np.where(lower, np.int16(index), cause)
    return lowest, cause


def _highest_floor(facts: Facts) -> tuple[Levels, Causes]:
    """The highest level that a floor guarantees where it holds, and the first that does."""
    highest, cause = np.zeros(len(facts), np.int8), np.full(len(facts), NO_CAUSE, np.int16)
    for index, override in enumerate(facts.scheme.overrides):
        if override.effect is EffectKind.FLOOR:
            level, named = _level_of(facts, override)
            higher = named & (level > highest) & holds(override.when, facts)
            highest, cause = np.where(higher, level, highest), np.where(higher, np.int16(index), cause)
    return highest, cause


def _drops(facts: Facts) -> tuple[tuple[int, Mask], ...]:
    return tuple(
        (index, holds(override.when, facts))
        for index, override in enumerate(facts.scheme.overrides)
        if override.effect is EffectKind.DROP
    )
