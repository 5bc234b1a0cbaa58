"""The reasons of a level as codes, in the order in which they came to bear; and lists of codes as one column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from starrating.domain.allocation import CEILING, LEAST, LIT, QUOTA, REQUIRES, TIE, Allocated
from starrating.domain.exact import Mask
from starrating.domain.inputs import Labels
from starrating.domain.overrides import BOTTOM, FALL, FIRST, NO_CAUSE, RISE, Levels, Limits, Voids
from starrating.domain.ranking import Ranking
from starrating.domain.scheme import EffectKind, Scheme

_OWN_CAUSES = {RISE: "rise_limit", FIRST: "no_previous", FALL: "fall_limit", BOTTOM: "bottom", NO_CAUSE: ""}
_WHY = {LEAST: "min", REQUIRES: "requires", TIE: "tie", QUOTA: "quota"}


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """At most one code a unit: `names[index]`, none where the index is -1."""

    indices: NDArray[Any]
    names: tuple[str, ...]


def listed(slots: Sequence[Slot], size: int) -> Labels:
    """The slots' codes joined with `;`, each once, in the order of the slots; blank where there are none."""
    key = np.zeros(size, dtype=np.int64)
    reach = 1
    for slot in slots:
        base = len(slot.names) + 1
        if reach * base >= 2**62:
            distinct, key = np.unique(key, return_inverse=True)
            reach = len(distinct)
        key = key * base + (slot.indices + 1)
        reach *= base
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    names: dict[str, int] = {}
    codes = np.empty(len(first), dtype=np.int32)
    for position, row in enumerate(first):
        words = [slot.names[slot.indices[row]] for slot in slots if slot.indices[row] >= 0]
        text = ";".join(dict.fromkeys(words))
        codes[position] = names.setdefault(text, len(names)) if text else -1
    return Labels(codes[place], tuple(names))


def where(mask: Mask, name: str) -> Slot:
    """A slot that holds one code where the mask holds."""
    return Slot(np.where(mask, 0, -1).astype(np.int8), (name,))


def level_reasons(scheme: Scheme, ranking: Ranking, limits: Limits, allocated: Allocated) -> tuple[Labels, Levels]:
    """Along the ranking's order: the reasons of each rated unit, and its level after drops."""
    order = ranking.order
    was_set = limits.set_to[order] >= 0
    causes = _Causes(scheme)
    slots = [causes.slot(was_set, limits.set_by[order])]
    for index, why in allocated.why.items():
        kept_out = ~was_set & (allocated.level < index)
        slots.append(causes.slot(kept_out & (why == CEILING), allocated.ceiling_by))
        slots.append(_line_slot(scheme, index, np.where(kept_out, why, CEILING), allocated))
    granted = ~was_set & limits.waived[order] & (allocated.level > limits.rise[order])
    slots.append(where(granted, "waived"))
    slots.append(causes.slot(allocated.by_floor, limits.floor_by[order]))
    level = allocated.level
    for cause, mask in limits.drops:
        slots.append(where(mask[order] & (level > 0), f"drop:{scheme.overrides[cause].code}"))
        level = _dropped(scheme, cause, mask[order], level)
    return listed(slots, len(order)), level


def levels_after_drops(scheme: Scheme, ranking: Ranking, limits: Limits, allocated: Allocated) -> Levels:
    """Along the ranking's order: each rated unit's level after drops, without the reasons."""
    level = allocated.level
    for cause, mask in limits.drops:
        level = _dropped(scheme, cause, mask[ranking.order], level)
    return level


def _dropped(scheme: Scheme, cause: int, where_dropped: Mask, level: Levels) -> Levels:
    lower = np.maximum(level.astype(np.int64) - scheme.overrides[cause].steps, 0)
    return np.where(where_dropped, lower, level).astype(np.int8)


def _line_slot(scheme: Scheme, index: int, why: NDArray[np.int8], allocated: Allocated) -> Slot:
    """Why a level was not got, but for the ceiling: line, condition, tie, quota, stars lit."""
    if allocated.lit is not None:
        names = tuple(f"lit:{count}" for count in range(int(allocated.lit.max(initial=0)) + 1))
        requires = len(names)
        indices = np.where(why == LIT, allocated.lit, np.where(why == REQUIRES, requires, -1))
        return Slot(indices, (*names, f"requires:{scheme.levels[index].code}"))
    table = np.full(LIT + 1, -1)
    table[list(_WHY)] = range(len(_WHY))
    return Slot(table[why], tuple(f"{word}:{scheme.levels[index].code}" for word in _WHY.values()))


class _Causes:
    """The codes of causes: `cap:weak` for an override, `rise_limit` and the like for the rest."""

    def __init__(self, scheme: Scheme) -> None:
        words = {EffectKind.VOID: "void", EffectKind.VOID_SCORED: "void"}
        own = [_OWN_CAUSES[cause] for cause in range(min(_OWN_CAUSES), 0)]
        named = [f"{words.get(override.effect, override.effect)}:{override.code}" for override in scheme.overrides]
        self.names = (*own, *named)
        self.offset = -min(_OWN_CAUSES)

    def slot(self, mask: Mask, causes: NDArray[np.int16]) -> Slot:
        """The cause's code where the mask holds."""
        return Slot(np.where(mask, causes + self.offset, -1), self.names)


def void_reasons(scheme: Scheme, voids: Voids) -> Labels:
    """`void:CODE` for the units that are not rated."""
    return listed([_Causes(scheme).slot(voids.true | voids.scored, voids.cause)], len(voids.cause))
