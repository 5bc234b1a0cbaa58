"""The demonstration's training: a round in two courses in the district to be tried, most were there, a few were not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from starrating.domain.training import Presence
from starrating.queries.identities import Identity
from starrating.queries.training import CourseRow, course_row
from starrating.services import attendance, training
from starrating.services.attendance import Seated, TypedPresence
from starrating.services.training import TypedCourse, TypedRound

EVERY = 9
"""Of so many people one was away, one made it up later and one is not recorded yet."""
REASONS = ("病假", "事假", "防汛值班")


def tell_training(district: int, year: int, who: Identity) -> None:
    """A round of the secretaries in two courses, and a course of the directors that nobody has recorded yet."""
    of = training.open_round(
        district,
        TypedRound(f"{year}年村社区书记轮训", "secretary", "", "", date(year, 4, 1), date(year, 12, 31)), who,
    )  # fmt: skip
    days = (date(year, 5, 20), date(year, 9, 9))
    held = [
        training.hold_course(district, TypedCourse(f"村社区书记轮训第{name}期", "", "", "16", "区委党校", day,
                                                   day + timedelta(days=1), of), who)
        for name, day in zip("一二", days, strict=True)
    ]  # fmt: skip
    for half, course_id in enumerate(held):
        course = course_row(course_id)
        assert course is not None
        seated = attendance.seated_at(course, course.place)[half::2]
        attendance.record_presence(course_id, district, _told(course, seated), who)
    day = date(year, 10, 15)
    training.hold_course(
        district, TypedCourse("村（居）民委员会主任专题培训", "director", "", "7.5", "区委党校", day, day), who
    )


def _told(course: CourseRow, seated: Sequence[Seated]) -> list[TypedPresence]:
    """Everybody was there but for a few."""
    found = []
    for number, one in enumerate(seated):
        match number % EVERY:
            case 3:
                reason = REASONS[number // EVERY % len(REASONS)]
                found.append(TypedPresence(one.person_id, Presence.ABSENT, reason, None, 0))
            case 5:
                later = course.ends_on + timedelta(days=30)
                found.append(TypedPresence(one.person_id, Presence.MADE_UP, "", later, 0))
            case 7:
                continue
            case _:
                found.append(TypedPresence(one.person_id, Presence.ATTENDED, "", None, 0))
    return found
