"""The demonstration: a training round, a reserve list, Party affairs workers, a path, in the district to be tried."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from starrating.domain.access import Place
from starrating.domain.training import Presence
from starrating.queries.field_figures import counted_units
from starrating.queries.identities import Identity
from starrating.queries.places import place_of_division
from starrating.queries.training import CourseRow, course_row
from starrating.services.people import attendance, growth, reserve, training, workers
from starrating.services.people.attendance import Seated, TypedPresence
from starrating.services.people.people import NewPerson
from starrating.services.people.training import TypedCourse, TypedRound

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


LISTED = 12
"""Units of the district to be tried that have somebody on the reserve list; some are still on their way."""
WORKERS = 6


def tell_reserve(district: int, first: Identity, second: Identity, day: date) -> None:
    """The rule, people of the list in every state, and Party affairs workers of the first townships with places."""
    reserve.set_rule(district, 0, 1, 45, first)
    place = place_of_division(district) or Place()
    units = counted_units([place], day)
    for number, one in enumerate(units[:LISTED]):
        who = NewPerson(f"示例后备{'甲乙丙丁戊己庚辛壬癸子丑'[number]}", day.year - 28 - number, "bachelor")
        entry = reserve.nominate(one.id, "secretary", who, f"{one.name}党组织", day - timedelta(days=40), first)
        if number % 4 != 3:
            reserve.review(entry, 1, first)
        if number % 4 < 2:
            reserve.confirm(entry, 2, second)
    for number, township in enumerate(dict.fromkeys(one.township_id for one in units)):
        if number == WORKERS // 2:
            break
        workers.set_places(township, 0, 3, first)
        for each in "甲乙":
            typed = workers.TypedWorker(None, date(day.year - 1, 7, 1), "exam", "graduate", "三年合同")
            workers.enter_worker(township, NewPerson(f"示例专职{'一二三'[number]}{each}", day.year - 26), typed, first)


def tell_path(district: int, people: Sequence[int], who: Identity, day: date) -> None:
    """The usual path, and some of the secretaries on it; every third has an institutional post by now."""
    growth.set_path(district, 0, growth.usual_path(), who)
    for number, person_id in enumerate(people):
        taken = [("committee", date(day.year - 6, 9, 1)), ("secretary", date(day.year - 3, 4, 1))]
        taken += [("institutional", date(day.year, 3, 1))] if number % 3 == 0 else []
        for stage, on in taken:
            step = growth.TypedStep(stage, on, "区委组织部", f"示例〔{on.year}〕{number + 1}号")
            growth.take_step(person_id, step, who)
