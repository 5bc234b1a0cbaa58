"""The determination that a page is about: the one that stands, before there is one the last trial."""

from __future__ import annotations

from flask import abort

from starrating.blueprints.rating.seen import cycle_seen, runs_seen
from starrating.queries.cycles import CycleRow
from starrating.queries.ratings import DeterminationRow


def run_seen(cycle_id: int, kind: str) -> tuple[CycleRow, dict[str, DeterminationRow]]:
    """The cycle and its runs by kind, one of that kind among them."""
    row = cycle_seen(cycle_id)
    runs = runs_seen(row)
    return (row, runs) if kind in runs else abort(404)
