"""What townships gave in their reviews beside what the district confirmed of the same, as shares of the full points."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from starrating.queries.cycles import CycleRow
from starrating.queries.findings import verified_reviews
from starrating.queries.scores import SheetUnit
from starrating.services.rating.point_shares import shares_of
from starrating.services.scoring.tasks import Task

Pairs = Mapping[tuple[int, str], Sequence[tuple[Fraction, Fraction]]]
"""Township → what its review is worth and what was confirmed is, an entry for each indicator of each unit."""


@dataclass(frozen=True, slots=True)
class Reviews:
    """The pairs, and of which indicator of which unit each is."""

    pairs: Pairs
    cells: Mapping[tuple[int, str], Sequence[tuple[str, int]]]


def reviewed_and_verified(cycle: CycleRow, kind: str, tasks: Sequence[Task], units: Mapping[int, SheetUnit]) -> Reviews:
    """The indicators that were reviewed and of which every score is confirmed."""
    codes = {column.header: task.node.code for task in tasks for column in task.columns}
    found, scheme, nodes = verified_reviews(cycle, kind, codes), tasks[0].scheme, [task.node for task in tasks]
    if not found.reviewed:
        return Reviews({}, {})
    verified = {(node.code, unit): share for node, unit, share in shares_of(scheme, nodes, found.confirmed)}
    pairs: dict[tuple[int, str], list[tuple[Fraction, Fraction]]] = defaultdict(list)
    cells: dict[tuple[int, str], list[tuple[str, int]]] = defaultdict(list)
    for node, unit, share in shares_of(scheme, nodes, found.reviewed):
        if (node.code, unit) in verified and unit in units:
            town = units[unit].township_id, units[unit].township
            pairs[town].append((share, verified[node.code, unit]))
            cells[town].append((node.code, unit))
    return Reviews(pairs, cells)
