"""What two records of one person hold of training becomes one: of two records of a course the better one stays."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from starrating.domain.faults import RuleError
from starrating.domain.reserve import ReserveState
from starrating.domain.training import better
from starrating.models.growth import GrowthStep
from starrating.models.reserve import PartyWorker, ReserveEntry
from starrating.models.training import TrainingAttendance
from starrating.queries.reserve import entries_of_person
from starrating.queries.workers import work_of_person


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
    for table in (ReserveEntry, PartyWorker):
        theirs = update(table).where(table.person_id == gone_id)
        session.execute(theirs.values(person_id=kept_id, version=table.version + 1))
    session.execute(update(GrowthStep).where(GrowthStep.person_id == gone_id).values(person_id=kept_id))
    moved = update(TrainingAttendance).where(TrainingAttendance.person_id == gone_id)
    session.execute(moved.values(person_id=kept_id, version=TrainingAttendance.version + 1))


def refuse_both_listed(kept_id: int, gone_id: int) -> None:
    """Nobody is twice on the reserve list of one unit, or twice a Party affairs worker on one day."""
    units = [
        {one.unit_id for one in entries_of_person(key) if one.state is not ReserveState.ENDED}
        for key in (kept_id, gone_id)
    ]  # fmt: skip
    if units[0] & units[1]:
        raise RuleError("person.both_listed")
    for one in work_of_person(gone_id):
        for other in work_of_person(kept_id):
            ends_after = one.ends_on is None or one.ends_on >= other.begins_on
            if ends_after and (other.ends_on is None or other.ends_on >= one.begins_on):
                raise RuleError("person.both_work")
