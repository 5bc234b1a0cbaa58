"""In what share of slightly different weights each unit keeps its level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from flask import render_template, request
from flask.typing import ResponseReturnValue

from starrating.blueprints.rating.seen import LevelShown, levels_of, scheme_seen
from starrating.blueprints.whatif import bp
from starrating.blueprints.whatif.runs import run_seen
from starrating.domain.robustness import DRAWS, SEED, SPREAD, Robustness, weighted_of
from starrating.domain.scheme import Scheme
from starrating.queries.edges import UnitNamed, units_named
from starrating.queries.ratings import DeterminationRow
from starrating.services.rating.explaining import rating_of
from starrating.services.rating.steadiness import steadiness, steadiness_kept

MOST = 200
"""Units listed, the least steady first; the others are counted."""


@dataclass(frozen=True, slots=True)
class SteadyLine:
    """A unit as the page lists it: in how many of a hundred draws it keeps its level, and what it has otherwise."""

    unit: UnitNamed
    level: LevelShown
    share: str
    others: tuple[tuple[LevelShown, str], ...]


@bp.get("/cycles/<key:cycle_id>/<any(village, community):kind>/steadiness")
def steady(cycle_id: int, kind: str) -> ResponseReturnValue:
    """The units that would not always keep their level; counted when asked for, shown at once afterwards."""
    row, runs = run_seen(cycle_id, kind)
    run = runs[kind]
    scheme = scheme_seen(run.id)
    asked = request.args.get("count") == "1"
    found = steadiness(run) if asked else steadiness_kept(run.id)
    lines, always = _lines(run, found, scheme) if found is not None else ([], 0)
    return render_template(
        "whatif/steady.html", cycle=row, kind=kind, run=run, runs=runs, found=found, lines=lines[:MOST], always=always,
        asked=asked, changed=asked and found is None and rating_of(run) is None, weighted=weighted_of(scheme),
        draws=DRAWS, spread=SPREAD // 10, seed=SEED, more=max(len(lines) - MOST, 0),
    )  # fmt: skip


def _lines(run: DeterminationRow, found: Robustness, scheme: Scheme) -> tuple[list[SteadyLine], int]:
    """Who loses the level in some draw, the least steady first, and how many never do."""
    named, held = units_named([run.id]), found.held
    levels = list(reversed(levels_of(scheme).values()))
    rated = np.flatnonzero(found.level >= 0)
    order = rated[np.argsort(held[rated], kind="stable")].tolist()
    lines = [_line(row, found, levels, named[found.units[row]]) for row in order if held[row] < found.draws]
    return lines, len(order) - len(lines)


def _line(row: int, found: Robustness, levels: list[LevelShown], unit: UnitNamed) -> SteadyLine:
    own = int(found.level[row])
    others = [(int(count), index) for index, count in enumerate(found.counts[row]) if count and index != own]
    told = tuple((levels[index], found.share(row, index)) for _count, index in sorted(others, reverse=True))
    return SteadyLine(unit, levels[own], found.share(row), told)
