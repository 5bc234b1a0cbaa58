"""Reading the extensions of a year: what was asked for, by whom, what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from starrating.domain.windows import Stage
from starrating.extensions import db
from starrating.models.accounts import Account
from starrating.models.cycles import Assignment
from starrating.models.divisions import Division, Unit
from starrating.models.windows import ExtensionState, StageExtension


@dataclass(frozen=True, slots=True)
class ExtensionRow:
    """An extension with the names of its scope and of everybody who had to do with it."""

    id: int
    stage: Stage
    township: str
    unit: str
    department: str
    ends: datetime
    reason: str
    state: ExtensionState
    asked_by: int
    asker: str
    asked_at: datetime
    decider: str
    decided_at: datetime | None
    decision: str
    withdrawer: str
    withdrawn_at: datetime | None
    withdrawn_reason: str

    @property
    def scope(self) -> tuple[str, ...]:
        """Whom it is for, part by part."""
        return tuple(part for part in (self.township, self.unit, self.department) if part)


def extensions_of(cycle_id: int, asked_by: int | None = None) -> tuple[ExtensionRow, ...]:
    """The extensions of a year, those that wait first, then the latest; only somebody's own where one is named."""
    asker, decider, withdrawer = aliased(Account), aliased(Account), aliased(Account)
    wanted = [StageExtension.cycle_id == cycle_id]
    if asked_by is not None:
        wanted.append(StageExtension.asked_by == asked_by)
    one = StageExtension
    rows = db.session.execute(
        select(
            one.id, one.stage, func.coalesce(Division.name, ""), func.coalesce(Unit.name, ""), one.department, one.ends,
            one.reason, one.state, one.asked_by, asker.display_name, one.asked_at,
            func.coalesce(decider.display_name, ""), one.decided_at, one.decision,
            func.coalesce(withdrawer.display_name, ""), one.withdrawn_at, one.withdrawn_reason,
        )
        .outerjoin(Division, Division.id == one.township_id)
        .outerjoin(Unit, Unit.id == one.unit_id)
        .join(asker, asker.id == one.asked_by)
        .outerjoin(decider, decider.id == one.decided_by)
        .outerjoin(withdrawer, withdrawer.id == one.withdrawn_by)
        .where(*wanted)
        .order_by((one.state == ExtensionState.ASKED).desc(), one.asked_at.desc(), one.id.desc())
    )  # fmt: skip
    return tuple(_made(*row) for row in rows)


def _made(*values: Any) -> ExtensionRow:
    found = list(values)
    found[1], found[7] = Stage(found[1]), ExtensionState(found[7])
    return ExtensionRow(*found)


def departments_of(cycle_id: int) -> tuple[str, ...]:
    """The departments that enter something in a year."""
    found = select(Assignment.department).where(Assignment.cycle_id == cycle_id, Assignment.department != "")
    return tuple(db.session.scalars(found.distinct().order_by(Assignment.department)))
