"""Whether every value can be worked out: no leaf's value may lead, by way of `of`, back to itself."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

from starrating.domain.conditions import About, Subject
from starrating.domain.faults import SchemeFault
from starrating.domain.ground import Faults, Ground

MOST_CIRCLES = 20


def check_circles(ground: Ground) -> Faults:
    """A fault for each circle, where the first leaf of it takes its value."""
    needs = _needs(ground)
    for _ in range(MOST_CIRCLES):
        try:
            TopologicalSorter(needs).prepare()
        except CycleError as error:
            circle = [str(subject) for subject in reversed(error.args[1])]
            leaves = [node for node, _ in ground.placed if _asks(node.code, circle) and node.leaf and node.leaf.of]
            leaf = leaves[0]
            facts = {"code": leaf.code, "circle": " → ".join(circle)}
            yield SchemeFault("scheme.of_circle", (*ground.paths[leaf.code], "of"), facts)
            needs[f"value.{leaf.code}"] = []
        else:
            return


def _asks(code: str, circle: list[str]) -> bool:
    return f"value.{code}" in circle


def _needs(ground: Ground) -> dict[str, list[str]]:
    """For every value and result what it is worked out from."""
    needs: dict[str, list[str]] = {}
    for node in ground.nodes.values():
        if node.leaf is None:
            needs[f"points.{node.code}"] = [f"points.{child.code}" for child in node.children]
            continue
        needs[f"points.{node.code}"] = [f"value.{node.code}"]
        needs[f"value.{node.code}"] = [] if node.leaf.of is None else _named(node.leaf.of)
    return needs


def _named(of: Subject) -> list[str]:
    match of.about:
        case About.VALUE:
            return [f"value.{of.name}"]
        case About.POINTS | About.SHARE:
            return [f"points.{of.name}"]
    return []
