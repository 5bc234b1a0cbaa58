"""Rosters that wait for their confirmation; what they hold of people is kept no longer than that."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from starrating.extensions import Base
from starrating.models.waiting import WaitingFile, waiting_rules


class RosterImport(WaitingFile, Base):
    """An uploaded roster of a division."""

    __tablename__ = "roster_import"
    __table_args__ = (*waiting_rules(), Index(None, "division_id", "account_id"))

    division_id: Mapped[int] = mapped_column(ForeignKey("division.id", ondelete="RESTRICT"))
