"""What a run worked out on the way to the totals: kept with it, so that dashboards need not rate a year again."""

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
