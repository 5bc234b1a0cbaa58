"""Reading what the office has supplied of boundaries: whether there is a file, its outlines, the codes of a city."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from starrating.extensions import db
from starrating.models.boundaries import BoundaryFile
from starrating.models.divisions import Division


@dataclass(frozen=True, slots=True)
class Supplied:
    """A file of boundaries: its digest, its map approval number, and when it was brought in."""

    digest: str
    approval: str
    imported_at: datetime


def supplied() -> Supplied | None:
    """The file that is there, None without one."""
    row = db.session.execute(select(BoundaryFile.digest, BoundaryFile.approval, BoundaryFile.imported_at)).one_or_none()
    return Supplied(*row) if row else None


def packed_outlines(known: Supplied) -> bytes | None:
    """The outlines of a file, None where it is another by now."""
    return db.session.scalar(
        select(BoundaryFile.outlines).where(
            BoundaryFile.digest == known.digest, BoundaryFile.imported_at == known.imported_at
        )
    )


def district_codes(city_id: int | None = None) -> dict[str, str]:
    """The districts of a city, or all there are: name → code, in the order of codes."""
    wanted = select(Division.name, Division.code).where(Division.level == "district").order_by(Division.code)
    if city_id is not None:
        wanted = wanted.where(Division.parent_id == city_id)
    return {row.name: row.code for row in db.session.execute(wanted)}
