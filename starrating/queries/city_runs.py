"""The runs and schemes of a city's districts in a year, a few statements for all districts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from starrating.extensions import db
from starrating.models.cycles import CycleScheme
from starrating.models.ratings import Determination
from starrating.queries.corrections import firsts_like
from starrating.queries.cycles import STANDING, CycleRow, KeptScheme


@dataclass(frozen=True, slots=True)
class CityRun:
    """A run of a district: the one that stands, before there is one the last trial."""

    id: int
    cycle_id: int
    state: str
    round: int
    scheme_digest: str
    input_digest: str
    known_to: int | None = None
    """Earlier years count as they had been confirmed before the determination of that key."""


def city_runs(cycles: Sequence[CycleRow], kind: str) -> dict[int, CityRun]:
    """Cycle → its run of a kind; a cycle without one is left out."""
    rows = db.session.execute(
        select(Determination.id, Determination.cycle_id, Determination.state, Determination.round,
               Determination.scheme_digest, Determination.input_digest)
        .where(Determination.cycle_id.in_([one.id for one in cycles]), Determination.kind == kind)
        .order_by(Determination.id)
    )  # fmt: skip
    runs: dict[int, list[CityRun]] = {}
    for row in rows:
        runs.setdefault(row.cycle_id, []).append(CityRun(*row))
    found = {one.id: _run(runs.get(one.id, []), stands=one.state in STANDING) for one in cycles}
    known_to = firsts_like([run.id for run in found.values() if run is not None and run.state == "confirmed"])
    return {key: replace(run, known_to=known_to.get(run.id)) for key, run in found.items() if run is not None}


def _run(runs: Sequence[CityRun], *, stands: bool) -> CityRun | None:
    confirmed = [run for run in runs if run.state == "confirmed"]
    if not stands:
        open_round = max((run.round for run in confirmed), default=0) + 1
        trials = [run for run in runs if run.state == "trial" and run.round == open_round]
        return trials[-1] if trials else None
    return confirmed[-1] if confirmed else None


def city_schemes(cycles: Sequence[CycleRow], kind: str) -> dict[int, KeptScheme]:
    """Cycle → the scheme of a kind that is kept with it."""
    rows = db.session.execute(
        select(CycleScheme.cycle_id, CycleScheme.kind, CycleScheme.title, CycleScheme.digest, CycleScheme.text).where(
            CycleScheme.cycle_id.in_([one.id for one in cycles]), CycleScheme.kind == kind
        )
    )
    return {row[0]: KeptScheme(*row[1:]) for row in rows}
