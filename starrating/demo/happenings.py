"""Which rare events a unit could have had in a year, by what the scheme does with them: vetoes are the rarest."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from starrating.demo.draw import ALL
from starrating.demo.noise import ONE, Chance, Whole
from starrating.domain.conditions import About, Condition, tests_in
from starrating.domain.scheme import PREVIOUS, EffectKind, Quotas, Scheme

_RARE, _SELDOM, _AT_TIMES, _OFTEN = 12, 40, 90, 1_500
_BY_EFFECT = {
    EffectKind.VOID: _RARE,
    EffectKind.VOID_SCORED: _RARE,
    EffectKind.SET: _RARE,
    EffectKind.CAP: _SELDOM,
    EffectKind.FLOOR: -_SELDOM,
    EffectKind.DROP: _AT_TIMES,
}
"""Chance in ten-thousandths; negative for an event that happens to the better."""


def draw_happenings(scheme: Scheme, chance: Chance, year: int, ability: Whole) -> dict[str, Whole]:
    """Counts by header (`flag.NAME`), in the order in which the scheme first names the events."""
    return {f"flag.{name}": _count(name, odds, chance, year, ability) for name, odds in odds_of(scheme).items()}


def odds_of(scheme: Scheme) -> dict[str, int]:
    """Every event that the scheme asks about, and its chance."""
    odds: dict[str, int] = {}
    for override in scheme.overrides:
        usual = _AT_TIMES if override.level == PREVIOUS and override.effect is EffectKind.CAP else None
        for name in _flags(override.when):
            odds.setdefault(name, usual or _BY_EFFECT[override.effect])
    if scheme.movement.waive_rise is not None:
        for name in _flags(scheme.movement.waive_rise):
            odds.setdefault(name, -_SELDOM)
    for key in scheme.allocation.rank_by:
        if key.subject.about is About.FLAG:
            odds.setdefault(key.subject.name, _OFTEN)
    rules = scheme.allocation.levels.values() if isinstance(scheme.allocation, Quotas) else ()
    others = [rule.requires for rule in rules if rule.requires is not None]
    for condition in [*others, *(consequence.when for consequence in scheme.consequences)]:
        for name in _flags(condition):
            odds.setdefault(name, _SELDOM)
    return odds


def _flags(condition: Condition) -> Iterator[str]:
    return (test.subject.name for test in tests_in(condition) if test.subject.about is About.FLAG)


def _count(name: str, odds: int, chance: Chance, year: int, ability: Whole) -> Whole:
    """The better half seldom meets with what is bad, the worse half never with what is good."""
    inclined = ability if odds > 0 else -ability
    likely = np.where(inclined < -ONE // 2, 2 * abs(odds), np.where(inclined > ONE // 2, abs(odds) // 4, abs(odds)))
    happens = chance.below(ALL, "flag", name, year) < likely
    more = 1 + chance.below(3, "flag", name, year, "how often") if odds == _OFTEN else 1
    return happens * more
