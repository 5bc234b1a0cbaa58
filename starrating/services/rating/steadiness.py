"""How steady a determination's levels are under other weights: counted once for each determination, then kept.

A determination's inputs and rules never change, so neither does the count; the draws come from a fixed seed, so every
process that counts again finds the same.
"""

from __future__ import annotations

from threading import Lock

from flask import current_app

from starrating.domain.robustness import Robustness, robustness
from starrating.queries.ratings import DeterminationRow
from starrating.services.memory import Memory
from starrating.services.rating.explaining import rating_of

KEPT = 64
"""Counts kept in memory: a few kilobytes each."""
EXTENSION = "starrating_steadiness"
_COUNTING = Lock()
"""One count at a time in a process: who asks for the same meanwhile finds it done."""


def steadiness_kept(determination_id: int) -> Robustness | None:
    """The count, if somebody has asked for it before."""
    return _memory().get(determination_id)


def steadiness(found: DeterminationRow) -> Robustness | None:
    """The count, worked out where nobody has asked before; None where the inputs changed or nothing can be weighed."""
    with _COUNTING:
        held = steadiness_kept(found.id)
        rating = rating_of(found) if held is None else None
        if held is None and rating is not None:
            held = robustness(rating)
        if rating is not None and held is not None:
            _memory().put(found.id, held)
        return held


def steadiness_of_unit(determination_id: int, code: str) -> str:
    """In how many of a hundred draws a unit keeps its level, blank where nobody has counted or it is not rated."""
    held = steadiness_kept(determination_id)
    if held is None or code not in held.units:
        return ""
    row = held.units.index(code)
    return held.share(row) if held.level[row] >= 0 else ""


def _memory() -> Memory[Robustness]:
    memory: Memory[Robustness] = current_app.extensions.setdefault(EXTENSION, Memory[Robustness](KEPT))
    return memory
