"""EXPLAIN.jsonl: one JSON object a unit, from which a person can redo the sum by hand.

Numbers are written as text, so that no reader takes them through a binary float. Levels are codes; null is none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from starrating.domain.conditions import written
from starrating.domain.explain import Explanation, NodeResult, StandingOfUnit
from starrating.domain.figures import plain
from starrating.domain.marks import LevelMarks, Mark
from starrating.domain.scheme import LevelRule, NamedStars, Quota, Scheme


def explanation_lines(scheme: Scheme, explanations: Iterable[Explanation]) -> Iterator[str]:
    """The lines of the file, each with its line end."""
    kept = {node.code: _of_node(node) for node in scheme.nodes()}
    for explanation in explanations:
        yield json.dumps(_unit(scheme, explanation, kept), ensure_ascii=False, separators=(",", ":")) + "\n"


def _unit(scheme: Scheme, explanation: Explanation, kept: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "unit": explanation.unit,
        "scheme": scheme.code,
        "year": scheme.year,
        "status": explanation.status,
        "total": explanation.total,
        "total_steps": explanation.steps,
        "rank": explanation.rank,
        "level": explanation.level,
        "previous": explanation.previous,
        "change": explanation.change,
        "reasons": list(explanation.reasons),
        "consequences": list(explanation.consequences),
        **({} if explanation.standing is None else _standing(explanation.standing, scheme)),
        "nodes": [_result(result, kept[result.node.code]) for result in explanation.nodes],
    }


def _of_node(node: Any) -> dict[str, Any]:
    """What is the same for every unit: the node's place in the scheme."""
    return {
        "code": node.code,
        "name": node.name,
        "kind": str(node.kind),
        "min": None if node.low is None else plain(node.low),
        "max": None if node.high is None else plain(node.high),
        "scale": plain(node.scale),
        "children": [child.code for child in node.children],
    }


def _result(result: NodeResult, kept: dict[str, Any]) -> dict[str, Any]:
    if result.node.leaf is None:
        return {**kept, "points": result.points, "steps": result.steps}
    entries = [{"values": entry.values, "steps": entry.steps, "points": entry.points} for entry in result.entries]
    if len(entries) == 1:
        return {**kept, **entries[0], "points": result.points}
    return {**kept, "points": result.points, "over": str(result.node.leaf.over), "periods": entries}


def _standing(standing: StandingOfUnit, scheme: Scheme) -> dict[str, Any]:
    pool = standing.pool
    descending = {str(key.subject): not key.ascending for key in scheme.allocation.rank_by}
    return {
        "pool": pool.name,
        "rated_in_pool": pool.rated,
        "keys": [{"key": key, "value": value, "descending": descending[key]} for key, value in standing.keys],
        "ceiling": standing.ceiling,
        "floor": standing.floor,
        **(_named_stars(scheme.allocation, standing) if isinstance(scheme.allocation, NamedStars) else {}),
        "bottom_places": pool.bottom,
        "levels": [_marks(marks, scheme) for marks in pool.levels],
    }


def _named_stars(rules: NamedStars, standing: StandingOfUnit) -> dict[str, Any]:
    return {
        "lit": standing.lit,
        "lit_from": {code: plain(points) for code, points in rules.lit.items()},
        "requires_total": None if rules.requires_total is None else plain(rules.requires_total),
    }


def _marks(marks: LevelMarks, scheme: Scheme) -> dict[str, Any]:
    rule = marks.rule or LevelRule()
    return {
        "level": marks.level,
        "open": marks.rule is not None,
        "quota": None if rule.quota is None else _quota(rule.quota, scheme),
        "min": None if rule.least is None else plain(rule.least),
        "requires": None if rule.requires is None else written(rule.requires),
        "places": marks.places,
        "guaranteed": marks.guaranteed,
        "taken": marks.taken,
        "last_in": _mark(marks.last_in),
        "first_out": _mark(marks.first_out),
    }


def _quota(quota: Quota, scheme: Scheme) -> str:
    if quota.share is None:
        return str(quota.places)
    share = f"{plain(quota.share * 100)}%"
    return share if quota.of is None else f"{share} of {scheme.levels[quota.of].code}"


def _mark(mark: Mark | None) -> dict[str, Any] | None:
    return None if mark is None else {"unit": mark.unit, "total": mark.total, "rank": mark.rank}
