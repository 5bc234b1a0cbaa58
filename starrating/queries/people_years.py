"""Reading the results of the units somebody led: the ratings that stand, by year, and the levels decisions changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from starrating.domain.access import EVERYWHERE
from starrating.domain.decisions import DecisionState
from starrating.extensions import db
from starrating.models.cycles import Cycle, CycleScheme
from starrating.models.decisions import Decision, DecisionUnit
from starrating.models.ratings import Rating
from starrating.queries.consequences import FollowingCodes
from starrating.queries.standing import standing


@dataclass(frozen=True, slots=True)
class UnitYear:
    """A unit's result of a year, with the level it has now: of the rating, or of the last decision on it."""

    year: int
    unit_id: int
    codes: FollowingCodes
    level: str
    level_name: str
    total: str
    rank: int | None
    movement: str
    change: int | None


def years_of_units(unit_ids: Collection[int]) -> tuple[UnitYear, ...]:
    """The results that stand of some units, the newest year first; whose units they may see, the caller knows."""
    found = standing([EVERYWHERE])
    rows = db.session.execute(
        select(
            found.c.year, Rating.unit_id, Rating.id, found.c.cycle_id, found.c.kind, Rating.consequences,
            Rating.level, Rating.level_name, Rating.total, Rating.rank, Rating.movement, Rating.change,
        )
        .join(found, found.c.id == Rating.determination_id)
        .where(Rating.unit_id.in_(unit_ids))
        .order_by(found.c.year.desc(), Rating.unit_id)
    ).all()  # fmt: skip
    decided = levels_decided(unit_ids)
    return tuple(_year(row, decided.get((row.cycle_id, row.unit_id))) for row in rows)


def _year(row: Any, decided: str | None) -> UnitYear:
    parts: tuple[Any, ...] = tuple(row)
    return UnitYear(parts[0], parts[1], FollowingCodes(*parts[2:6]), decided or parts[6], *parts[7:])


def scheme_texts(keys: Collection[tuple[int, str]]) -> dict[tuple[int, str], str]:
    """(cycle, kind) → the canonical text of its scheme."""
    rows = db.session.execute(
        select(CycleScheme.cycle_id, CycleScheme.kind, CycleScheme.text).where(
            CycleScheme.cycle_id.in_({cycle for cycle, _ in keys})
        )
    )
    return {(row[0], row[1]): row[2] for row in rows if (row[0], row[1]) in keys}


def levels_decided(unit_ids: Collection[int]) -> dict[tuple[int, int], str]:
    """(cycle, unit) → the level that the last decision on it gave."""
    rows = db.session.execute(
        select(Decision.cycle_id, DecisionUnit.unit_id, DecisionUnit.level_after)
        .join(Decision, Decision.id == DecisionUnit.decision_id)
        .join(Cycle, Cycle.id == Decision.cycle_id)
        .where(DecisionUnit.unit_id.in_(unit_ids), Decision.state == DecisionState.DECIDED)
        .order_by(Decision.edition)
    )
    return {(row[0], row[1]): row[2] for row in rows}
