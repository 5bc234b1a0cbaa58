"""Which change made a unit's level another one: its own, found by putting changes back, or what others did.

Each change is put back alone, the others staying as they are, and everybody is rated again. That is done for so many of
them at most, those of units with another level first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from starrating.domain.rating import Rating
from starrating.domain.scheme import Scheme
from starrating.domain.tracing import Change, levels_put_back, points_moved
from starrating.queries.between import Since
from starrating.queries.inputs import Known
from starrating.services.rating.causes import Cause, causes_as_entered, own_causes

MOST_TRIED = 60
"""Changes put back one at a time; a district is rated in some hundredths of a second."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What others did to a unit: who has its level now or gave one up (`took`), who crossed it in rank (`passed`), how
    many are in the pool before and after, and with whose change put back it would be where it was (`by`)."""

    took: tuple[int, ...]
    passed: tuple[int, ...]
    pool: tuple[int, int]
    by: tuple[tuple[int, Cause], ...]


@dataclass(frozen=True, slots=True)
class Attributed:
    """All that is known of why a unit's result is another one."""

    causes: tuple[Cause, ...] = ()
    together: bool | None = None
    """With all of its own changes put back its level is what it was; None where that was not tried."""
    pushed: Pushed | None = None
    """What others did, where the level is another one and its own changes do not explain it."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The causes of all units, by unit; `tried` of `could` changes were put back alone."""

    units: Mapping[int, Attributed]
    ids: Sequence[int]
    tried: int = 0
    could: int = 0

    def of(self, unit: int) -> Attributed:
        """The causes of one."""
        return self.units.get(unit, Attributed())


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """What is had of an instant: the inputs, and their rating; None where it cannot be."""

    known: Known | None
    rating: Rating | None


def attribute(before: Reached, after: Reached, scheme: Scheme, happened: Since) -> Found:
    """What is otherwise about each unit, and which of it made its level another one as far as both can be rated."""
    if before.known is None or after.known is None:
        return Found({unit: Attributed(tuple(causes)) for unit, causes in causes_as_entered(happened).items()}, ())
    was, now, ids = before.rating, after.rating, after.known.unit_ids
    moved = points_moved(was, now) if was is not None and now is not None else {}
    own = own_causes(before.known, after.known, moved, happened, scheme)
    if was is None or now is None:
        return Found({ids[row]: Attributed(tuple(causes)) for row, causes in own.items()}, ids)
    return _Tracing(was, now, own).found(ids)


class _Tracing:
    """Which change made whose level another one, found by putting changes back."""

    def __init__(self, was: Rating, now: Rating, own: Mapping[int, Sequence[Cause]]) -> None:
        self.was, self.now, self.own = was, now, own
        self.movers = np.flatnonzero(was.level != now.level).tolist()
        self.tried = 0

    def found(self, ids: Sequence[int]) -> Found:
        """The causes of every unit, those that could be tried with what came of it."""
        some = [
            (row, place) for row in self._order() for place, cause in enumerate(self.own[row]) if cause.can_be_put_back
        ]
        traced = {row: list(causes) for row, causes in self.own.items()}
        tried = some[:MOST_TRIED] if self.movers else []
        for row, place in tried:
            cause = traced[row][place]
            back = self._returned([Change(row, cause.headers)])
            if back is not None:
                others = tuple(one for one in back if one != row)
                traced[row][place] = replace(cause, alone=row in back if row in self.movers else None, others=others)
        rows = {*traced, *self.movers}
        found = {ids[row]: self._attributed(row, tuple(traced.get(row, ())), traced) for row in rows}
        return Found(found, ids, len(tried), len(some))

    def _order(self) -> list[int]:
        """The rows with changes of their own, those with another level first."""
        movers = set(self.movers)
        return sorted(self.own, key=lambda row: (row not in movers, row))

    def _returned(self, changes: Sequence[Change]) -> frozenset[int] | None:
        """Who has the level of before with those changes put back, of those that have another one now."""
        levels = levels_put_back(self.was, self.now, changes)
        return None if levels is None else frozenset(row for row in self.movers if levels[row] == self.was.level[row])

    def _attributed(self, row: int, causes: tuple[Cause, ...], traced: Mapping[int, Sequence[Cause]]) -> Attributed:
        if row not in self.movers:
            return Attributed(causes)
        own = [cause for cause in causes if cause.can_be_put_back]
        together = own[0].alone if len(own) == 1 else self._together(row, own)
        explained = together or any(cause.alone for cause in own)
        return Attributed(causes, together, None if explained else self._pushed(row, traced))

    def _together(self, row: int, own: Sequence[Cause]) -> bool | None:
        """Whether all of a unit's own changes put back at once give it its level of before."""
        if not own or any(cause.alone for cause in own) or self.tried >= MOST_TRIED:
            return None
        self.tried += 1
        back = self._returned([Change(row, cause.headers) for cause in own])
        return None if back is None else row in back

    def _pushed(self, row: int, traced: Mapping[int, Sequence[Cause]]) -> Pushed:
        was, now = self.was, self.now
        first, second = int(was.level[row]), int(now.level[row])
        here = _pool(now, row) & _pool(was, row)
        none = np.zeros(len(here), dtype=bool)
        took, passed = none, none
        if -1 < second < first:
            took = here & (now.level >= first) & (was.level < first)
            passed = here & (was.rank > was.rank[row]) & (now.rank < now.rank[row])
        elif -1 < first < second:
            took = here & (was.level >= second) & (now.level < second)
            passed = here & (was.rank < was.rank[row]) & (now.rank > now.rank[row])
        passed = passed & (was.rank > 0) & (now.rank > 0)
        by = tuple((other, cause) for other, causes in traced.items() for cause in causes if row in cause.others)
        return Pushed(self._own_first(took, row), self._own_first(passed, row),
                      (int(_pool(was, row).sum()), int(_pool(now, row).sum())), by)  # fmt: skip

    def _own_first(self, mask: NDArray[np.bool_], row: int) -> tuple[int, ...]:
        """The rows of a mask, those with changes of their own first."""
        rows = [one for one in np.flatnonzero(mask).tolist() if one != row]
        return tuple(sorted(rows, key=lambda one: (one not in self.own, one)))


def _pool(rating: Rating, row: int) -> NDArray[np.bool_]:
    """The rated units of the pool that a unit is in; none where it is not rated."""
    code = int(rating.pool.codes[row])
    return np.asarray((rating.pool.codes == code) & (rating.level >= 0) & (code >= 0), dtype=bool)
