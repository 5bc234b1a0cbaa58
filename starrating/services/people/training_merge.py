"""What two records of one person hold of training becomes one: of two records of a course what counts for more counts.

The other one is not deleted: it stays with the record that was merged, where it counts for nothing and is still told.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from starrating.domain.faults import RuleError
from starrating.domain.reserve import ReserveState
from starrating.domain.training import better
from starrating.models.growth import GrowthStep
from starrating.models.reserve import PartyWorker, ReserveEntry
from starrating.models.training import TrainingAttendance, TrainingCourse
from starrating.queries.reserve import entries_of_person
from starrating.queries.workers import work_of_person

SAID = ("unit_id", "presence", "reason", "made_up_on", "recorded_by", "recorded_at")
"""What a record of a course says, beside whose it is."""


@dataclass(frozen=True, slots=True)
class TwiceRecorded:
    """A course of which both had a record: what counts, and what the one that no longer counts says.

    Why somebody was away is not told here: it is forgotten in time, and the trail never is.
    """

    course: int
    title: str
    counts: str
    left: str
    left_unit: int
    left_made_up_on: str | None


def move_training(session: Session, kept_id: int, gone_id: int) -> list[dict[str, Any]]:
    """Within a transaction: let all that is the one's of training be the other's; what both had, for the trail.

    Attended counts for more than made up, that for more than absent; of two that say the same the kept one's counts.
    """
    both = select(TrainingAttendance).where(TrainingAttendance.person_id.in_((kept_id, gone_id)))
    found: dict[int, dict[int, TrainingAttendance]] = {}
    for row in session.scalars(both.order_by(TrainingAttendance.course_id, TrainingAttendance.id)):
        found.setdefault(row.course_id, {})[row.person_id] = row
    twice = []
    for course, rows in found.items():
        if len(rows) == 2:
            kept, gone = rows[kept_id], rows[gone_id]
            if better(kept.presence, gone.presence) != kept.presence:
                _exchange(kept, gone)
            day = gone.made_up_on.isoformat() if gone.made_up_on else None
            title = session.get_one(TrainingCourse, course).title
            twice.append(TwiceRecorded(course, title, kept.presence, gone.presence, gone.unit_id, day))
    session.flush()
    for table in (ReserveEntry, PartyWorker):
        theirs = update(table).where(table.person_id == gone_id)
        session.execute(theirs.values(person_id=kept_id, version=table.version + 1))
    session.execute(update(GrowthStep).where(GrowthStep.person_id == gone_id).values(person_id=kept_id))
    stays = [one.course for one in twice]
    moved = update(TrainingAttendance).where(
        TrainingAttendance.person_id == gone_id, TrainingAttendance.course_id.not_in(stays)
    )
    session.execute(moved.values(person_id=kept_id, version=TrainingAttendance.version + 1))
    return [asdict(one) for one in twice]


def _exchange(one: TrainingAttendance, other: TrainingAttendance) -> None:
    """Let each of two records say what the other said: only one of a course can be a person's."""
    for name in SAID:
        mine, theirs = getattr(one, name), getattr(other, name)
        setattr(one, name, theirs)
        setattr(other, name, mine)
    one.version, other.version = one.version + 1, other.version + 1


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
