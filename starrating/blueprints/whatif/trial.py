"""What would be if the scheme were another one: who moves, from where to where and why. Nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.languages import in_chinese
from starrating.blueprints.whatif import bp
from starrating.blueprints.whatif.form import Asked, asked_of, parts_of, said
from starrating.blueprints.whatif.moved import HEAD, cells, counts_of, lines_of, towns_of
from starrating.blueprints.whatif.runs import run_seen
from starrating.domain.moves import Moves, moves_of
from starrating.domain.rating import Rating
from starrating.domain.scheme import Quotas, Scheme
from starrating.interchange.lists import as_csv
from starrating.queries.cycles import CycleRow, schemes_of
from starrating.queries.edges import units_named
from starrating.queries.ratings import DeterminationRow
from starrating.services.rating.explaining import rating_of
from starrating.services.rating.supposing import NOTHING_TRIED, Tried, suppose

MOST = 200
"""Units listed; the file has all."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial on a year: the real rating (None where the scores changed since), what was asked, what came of it."""

    cycle: CycleRow
    run: DeterminationRow
    runs: Mapping[str, DeterminationRow]
    real: Rating | None
    asked: Asked | None = None
    tried: Tried = NOTHING_TRIED

    @property
    def moves(self) -> Moves | None:
        """Who moves; None without a result."""
        after = self.tried.rating
        return None if self.real is None or after is None else moves_of(self.real, after)

    @property
    def after(self) -> Scheme | None:
        """The scheme on trial; None without a result."""
        return None if self.tried.rating is None else self.tried.rating.scheme


@bp.get("/cycles/<key:cycle_id>/<any(village, community):kind>/")
def trial(cycle_id: int, kind: str) -> ResponseReturnValue:
    """The form of what may be changed; with something asked, who moves."""
    made = _made(cycle_id, kind)
    return (_page(made, kind), 422) if made.tried.wrong or made.tried.unrated else _page(made, kind)


@bp.get("/cycles/<key:cycle_id>/<any(village, community):kind>/moves.csv")
def moves(cycle_id: int, kind: str) -> ResponseReturnValue:
    """Everybody who moves as a file; where something is wrong with what was asked, the page that says so."""
    made = _made(cycle_id, kind)
    found = made.moves
    if found is None or made.real is None:
        return _page(made, kind), 422
    with in_chinese():
        lines = lines_of(made.cycle, found, made.real.scheme, made.after, units_named([made.run.id]))
        content = as_csv([gettext(name) for name in HEAD], map(cells, lines))
    headers = {"Content-Disposition": f"attachment; filename={made.cycle.year}-{kind}-what-if.csv"}
    return Response(content, mimetype="text/csv", headers=headers)


def _made(cycle_id: int, kind: str) -> Trial:
    """The trial that the address asks for."""
    row, runs = run_seen(cycle_id, kind)
    kept, real = schemes_of(cycle_id).get(kind) or abort(404), rating_of(runs[kind])
    if real is None:
        return Trial(row, runs[kind], runs, None)
    asked = asked_of(kept.text, real.scheme, request.args)
    tried = suppose(kept.text, real, asked.values, asked.off) if asked.asked else NOTHING_TRIED
    return Trial(row, runs[kind], runs, real, asked, tried)


def _page(made: Trial, kind: str) -> str:
    shown = {"cycle": made.cycle, "run": made.run, "runs": made.runs, "kind": kind, "asked": made.asked}
    if made.real is None or made.asked is None:
        return render_template("whatif/trial.html", **shown, changed=True)
    named, found, scheme = units_named([made.run.id]), made.moves, made.real.scheme
    lines = [] if found is None else lines_of(made.cycle, found, scheme, made.after, named)
    return render_template(
        "whatif/trial.html", **shown, changed=False, found=found, parts=parts_of(made.asked, scheme, made.tried.wrong),
        faults=list(said(made.tried, scheme, {code: unit.name for code, unit in named.items()})),
        lines=lines[:MOST], more=max(len(lines) - MOST, 0), query=request.args.to_dict(flat=False),
        counts=counts_of(found, scheme) if found else [], towns=towns_of(found, named) if found else [],
        apart=isinstance(scheme.allocation, Quotas) and bool(scheme.allocation.by_pool),
    )  # fmt: skip
