"""Last year and this year: the previous level, how far a level may move, and streaks of years."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from starrating.domain.exact import Mask
from starrating.domain.inputs import NO_LEVEL, History
from starrating.domain.scheme import Scheme

Levels = NDArray[np.int8]


def previous_levels(history: History, scheme: Scheme, size: int) -> Levels:
    """The latest rated level of the last `look_back` years as an index, -1 for none."""
    found = np.full(size, NO_LEVEL, dtype=np.int8)
    for year in range(scheme.year - scheme.movement.look_back, scheme.year):
        levels = history.years.get(year)
        if levels is not None:
            found = np.where(levels >= 0, levels, found)
    return found


def streaks(
    level: Levels,
    history: Mapping[int, Levels],
    scheme: Scheme,
    counts: Callable[[Levels], Mask],
    held: Callable[[int], Mask] | None = None,
) -> NDArray[np.int64]:
    """Rated years in a row, the assessed one included, whose level `counts`; a gap longer than `look_back` ends it.

    Where `held` says for which units a year before counts at all, a year that does not ends it too.
    """
    rated = level >= 0
    alive = rated & counts(level)
    length = alive.astype(np.int64)
    latest = np.full(len(level), scheme.year)
    for year in range(scheme.year - 1, min(history, default=scheme.year) - 1, -1):
        alive &= latest - year <= scheme.movement.look_back
        if not alive.any():
            break
        if held is not None:
            alive &= held(year)
        levels = history.get(year)
        if levels is None:
            continue
        rated = alive & (levels >= 0)
        alive &= ~rated | counts(levels)
        length += rated & alive
        latest = np.where(rated, year, latest)
    return length


def streak_of_one(levels: Mapping[int, int], scheme: Scheme, year: int, held_from: int | None = None) -> int:
    """The years in a row of one unit, up to a year, at that year's level or higher, or at the lowest.

    `levels` holds the level's index by year, negative where it was not rated, by the scheme of the last; only the years
    from `held_from` on count.
    """
    arrays = {at: np.array([level], dtype=np.int8) for at, level in levels.items() if at <= year}
    own = arrays.pop(year)

    def held(at: int) -> Mask:
        return np.array([held_from is None or at >= held_from])

    def counts(found: Levels) -> Mask:
        return found >= own if own[0] > 0 else found <= own

    return int(streaks(own, arrays, replace(scheme, year=year), counts, held)[0])


def rise_ceiling(scheme: Scheme, previous: Levels, waived: Mask) -> Levels:
    """The highest level that last year's allows: `max_rise` steps up unless waived, or that of a unit without one."""
    top = len(scheme.levels) - 1
    ceiling = np.full(len(previous), top, dtype=np.int8)
    if scheme.movement.max_rise is not None:
        limit = np.minimum(previous.astype(np.int64) + scheme.movement.max_rise, top).astype(np.int8)
        ceiling = np.where((previous >= 0) & ~waived, limit, ceiling)
    if scheme.movement.no_previous is not None:
        ceiling = np.where(previous < 0, np.int8(scheme.movement.no_previous), ceiling)
    return ceiling


def fall_floor(scheme: Scheme, previous: Levels) -> Levels:
    """The lowest level that last year's allows: `max_fall` steps down; the lowest of all without a limit."""
    if scheme.movement.max_fall is None:
        return np.zeros(len(previous), dtype=np.int8)
    floor = np.maximum(previous.astype(np.int64) - scheme.movement.max_fall, 0).astype(np.int8)
    return np.where(previous >= 0, floor, np.int8(0))
