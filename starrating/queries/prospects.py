"""The units of a place by their codes: what a list of names beside a rating's codes needs."""

from __future__ import annotations

from sqlalchemy import select

from starrating.domain.access import Place
from starrating.extensions import db
from starrating.models.divisions import Division, Unit
from starrating.queries.places import units_within


def units_by_code(place: Place) -> dict[str, tuple[int, str, str]]:
    """Code → key, name and township of the units of a place."""
    rows = db.session.execute(
        select(Unit.code, Unit.id, Unit.name, Division.name)
        .join(Division, Division.id == Unit.township_id)
        .where(units_within([place]))
        .order_by(Unit.code)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}
