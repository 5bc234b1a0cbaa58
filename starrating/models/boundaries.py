"""The one file of boundaries that the office has supplied, as it is drawn; without it there is the tile map alone."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from starrating.extensions import Base
from starrating.models.types import Digest, Instant, Key

LONGEST_APPROVAL = 60


class BoundaryFile(Base):
    """The outlines of districts with the number under which the map was approved; at most one row."""

    __tablename__ = "boundary_file"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[Key]
    digest: Mapped[Digest]
    """SHA-256 of the file as it was supplied."""
    approval: Mapped[str] = mapped_column(String(LONGEST_APPROVAL))
    imported_at: Mapped[Instant]
    outlines: Mapped[bytes] = mapped_column(LargeBinary())
    """Codes and points, packed; as large as the file at most."""
