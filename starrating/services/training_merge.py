"""What two records of one person hold of training becomes one: of two records of a course the better one stays."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from starrating.domain.training import better
from starrating.models.training import TrainingAttendance


def move_training(session: Session, kept_id: int, gone_id: int) -> None:
    """Within a transaction: let everything about training that is the one's be the other's."""
    both = select(TrainingAttendance).where(TrainingAttendance.person_id.in_((kept_id, gone_id)))
    found: dict[int, dict[int, TrainingAttendance]] = {}
    for row in session.scalars(both.order_by(TrainingAttendance.id)):
        found.setdefault(row.course_id, {})[row.person_id] = row
    worse = []
    for rows in found.values():
        if len(rows) == 2:
            kept, gone = rows[kept_id], rows[gone_id]
            worse.append(gone.id if better(kept.presence, gone.presence) == kept.presence else kept.id)
    session.execute(delete(TrainingAttendance).where(TrainingAttendance.id.in_(worse)))
    moved = update(TrainingAttendance).where(TrainingAttendance.person_id == gone_id)
    session.execute(moved.values(person_id=kept_id, version=TrainingAttendance.version + 1))
