"""What an act on many cases needs to know of all of them at once: their places, and what somebody approved before."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import aliased

from starrating.domain.access import Place
from starrating.domain.cases import CaseMove
from starrating.extensions import db
from starrating.models.cases import CaseEvent
from starrating.models.divisions import Division, Unit


def places_of_units(unit_ids: Collection[int]) -> Mapping[int, Place]:
    """Unit → its place."""
    district = aliased(Division)
    rows = db.session.execute(
        select(Unit.id, Unit.township_id, Unit.district_id, district.parent_id)
        .join(district, district.id == Unit.district_id)
        .where(Unit.id.in_(unit_ids))
    )
    return {row[0]: Place(row[3], row[2], row[1], row[0]) for row in rows}


def approved_by(case_ids: Collection[int], by: int) -> frozenset[tuple[int, int]]:
    """(case, version that it had before) of what an account approved."""
    rows = db.session.execute(
        select(CaseEvent.case_id, CaseEvent.version).where(
            CaseEvent.case_id.in_(case_ids), CaseEvent.move == CaseMove.APPROVE, CaseEvent.by == by
        )
    )
    return frozenset((row[0], row[1] - 1) for row in rows)
