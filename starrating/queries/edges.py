"""The units that a page of edges or of steadiness names: one statement for all of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from starrating.extensions import db
from starrating.models.divisions import Division, Unit
from starrating.models.ratings import Rating


@dataclass(frozen=True, slots=True)
class UnitNamed:
    """A unit of a determination by its code, as a page names it."""

    id: int
    name: str
    township: str


def units_named(determinations: Collection[int], codes: Collection[str] | None = None) -> dict[str, UnitNamed]:
    """Code → the unit, of those that determinations of different units rated; `codes` None: all of them."""
    wanted = (
        select(Unit.code, Unit.id, Unit.name, Division.name)
        .join(Rating, Rating.unit_id == Unit.id)
        .join(Division, Division.id == Unit.township_id)
        .where(Rating.determination_id.in_(tuple(determinations)))
    )
    if codes is not None:
        wanted = wanted.where(Unit.code.in_(codes))
    return {row[0]: UnitNamed(row[1], row[2], row[3]) for row in db.session.execute(wanted)}
