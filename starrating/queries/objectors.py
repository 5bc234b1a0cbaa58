"""Who an individual's objection came from, as whoever may read it sees: masked."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from starrating.extensions import db
from starrating.models.objections import Objector


@dataclass(frozen=True, slots=True)
class ObjectorRow:
    """The masks of a name and a contact; both empty once they were forgotten."""

    name: str
    contact: str


def objector_of(objection_id: int) -> ObjectorRow | None:
    """Who brought an objection on-line without an account; None of every other one."""
    found = select(Objector.mask_name, Objector.mask_contact).where(Objector.objection_id == objection_id)
    row = db.session.execute(found).one_or_none()
    return ObjectorRow(row[0], row[1]) if row else None
