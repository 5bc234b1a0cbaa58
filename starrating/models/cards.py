"""What is kept with a run: what it worked out on the way to the totals, what it knew that has no history of its own."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from starrating.extensions import Base
from starrating.models.types import LongText


class DeterminationCard(Base):
    """Every rated unit's points of every indicator and how near a line it is, as JSON; written with the run."""

    __tablename__ = "determination_card"

    determination_id: Mapped[int] = mapped_column(
        ForeignKey("determination.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )
    content: Mapped[LongText]


class DeterminationFacts(Base):
    """What the tables said of the units that no history can tell again, as JSON: of their leaders, of their fields.

    By header one word a unit, as it goes into the digest of the inputs; of a leader the months in post and whether one
    person holds both posts, never who. Written with the run, so that it can be rated again when posts have changed.
    """

    __tablename__ = "determination_facts"

    determination_id: Mapped[int] = mapped_column(
        ForeignKey("determination.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )
    content: Mapped[LongText]
