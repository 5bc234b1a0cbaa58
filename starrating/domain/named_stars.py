"""Levels by named stars: each root that reaches its points lights one star, and the stars lit make the level."""

from __future__ import annotations

import numpy as np

from starrating.domain.allocation import CEILING, LIT, REQUIRES, Allocated
from starrating.domain.exact import Mask
from starrating.domain.facts import Facts
from starrating.domain.overrides import Limits
from starrating.domain.ranking import Ranking
from starrating.domain.scheme import NamedStars


def light(facts: Facts, ranking: Ranking, limits: Limits) -> Allocated:
    """Levels by named stars for the ranked units, before drops."""
    rules = facts.scheme.allocation
    assert isinstance(rules, NamedStars)
    order, levels = ranking.order, facts.scheme.levels
    lit = np.sum([facts.points(code).at_least(points) for code, points in rules.lit.items()], axis=0)[order]
    reached = _reaches_total(facts, rules)[order]
    earned = np.zeros(len(order), dtype=np.int8)
    for index, level in enumerate(levels):
        enough = (lit >= level.stars) & (reached | (index < len(levels) - 1))
        earned[enough] = index
    set_to, ceiling, floor = limits.set_to[order], limits.ceiling[order], limits.floor[order]
    granted = np.maximum(np.minimum(earned, ceiling), floor)
    why = {}
    for index in range(len(levels) - 1, 0, -1):
        short = np.where(lit < levels[index].stars, np.int8(LIT), np.int8(REQUIRES))
        why[index] = np.where(ceiling < index, np.int8(CEILING), short)
    return Allocated(
        level=np.where(set_to >= 0, set_to, granted),
        ceiling=ceiling,
        ceiling_by=limits.ceiling_by[order],
        by_floor=(set_to < 0) & (np.minimum(earned, limits.unlifted[order]) < granted),
        why=why,
        lit=lit,
    )


def _reaches_total(facts: Facts, rules: NamedStars) -> Mask:
    if rules.requires_total is None:
        return np.ones(len(facts), dtype=bool)
    assert facts.total is not None
    return facts.total.at_least(rules.requires_total)
