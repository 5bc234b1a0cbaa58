"""Reading how far the districts of a city are in a year: cells filled in, units, who enters what; none a district."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select

from starrating.extensions import db
from starrating.models.cycles import Assignment, CycleScheme
from starrating.models.divisions import Unit
from starrating.models.scores import ScoreCell, ValueState
from starrating.queries.cycles import CycleRow, rated_on


def filled_in(year: Collection[CycleRow]) -> dict[tuple[int, str, str], int]:
    """(cycle, kind, header) → how many cells of rated units are filled in, of several districts in one year."""
    if not year:
        return {}
    rows = db.session.execute(
        select(ScoreCell.cycle_id, Unit.kind, ScoreCell.header, func.count())
        .join(Unit, Unit.id == ScoreCell.unit_id)
        .where(ScoreCell.cycle_id.in_([row.id for row in year]), ScoreCell.state != ValueState.BLANK,
               rated_on(_cut_off(year)))
        .group_by(ScoreCell.cycle_id, Unit.kind, ScoreCell.header)
    )  # fmt: skip
    return {(row[0], row[1], row[2]): int(row[3]) for row in rows}


def units_in(year: Collection[CycleRow]) -> dict[tuple[int, str], int]:
    """(district, kind) → how many units are rated, of several districts in one year."""
    if not year:
        return {}
    rows = db.session.execute(
        select(Unit.district_id, Unit.kind, func.count())
        .where(Unit.district_id.in_([row.district_id for row in year]), rated_on(_cut_off(year)))
        .group_by(Unit.district_id, Unit.kind)
    )
    return {(row[0], row[1]): int(row[2]) for row in rows}


def texts_in(cycles: Collection[int]) -> dict[tuple[int, str], str]:
    """(cycle, kind) → the text of the scheme kept with it, villages first."""
    rows = db.session.execute(
        select(CycleScheme.cycle_id, CycleScheme.kind, CycleScheme.text)
        .where(CycleScheme.cycle_id.in_(cycles))
        .order_by(CycleScheme.cycle_id, CycleScheme.kind.desc())
    )
    return {(row[0], row[1]): row[2] for row in rows}


def assigned_in(cycles: Collection[int]) -> frozenset[tuple[int, str, str]]:
    """(cycle, kind, indicator) of everything that somebody enters."""
    rows = db.session.execute(
        select(Assignment.cycle_id, Assignment.kind, Assignment.indicator).where(Assignment.cycle_id.in_(cycles))
    )
    return frozenset((row[0], row[1], row[2]) for row in rows)


def _cut_off(year: Collection[CycleRow]) -> date:
    """The day whose units count: the same for every district, since all are of one year."""
    return next(iter(year)).cut_off
