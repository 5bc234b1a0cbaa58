"""Years whose ratings stand in the small city: ratings written as determinations store them, people with posts."""

import json
from datetime import UTC, date, datetime
from typing import Any

from starrating.domain.posts import PostKind
from starrating.services.years.scheme_texts import read_demo
from tests.web.city import key_of

COMMUNITY, VILLAGE = "tianjin-community-2024.yaml", "tianjin-village-2024.yaml"
AT = datetime(2024, 2, 1, tzinfo=UTC)
NAMES = {"": ("", None), "none": ("无星", 0), "three": ("三星", 3), "four": ("四星", 4), "five": ("五星", 5)}
STEPS = ("none", "three", "four", "five")

RATINGS = {
    # unit: level, last year's level, total, what follows
    "东甲村": ("five", "four", "91.25", ["pay_five", "plaque"]),
    "东乙村": ("none", "three", "55.5", ["pay_none", "admonish"]),
    "东丙社区": ("four", "four", "83.75", ["pay_four", "civil"]),
    "东丁社区": ("", "", "", []),
    "西甲村": ("three", "four", "77.77", ["talk"]),
    "西丙社区": ("four", "", "88.88", []),
    "西丁社区": ("five", "five", "97.97", ["plaque"]),
}
WESTERN = ("西区", "西甲村", "西一镇", "西丁社区", "西二街道", "77.77", "88.88", "97.97", "尉迟西")


def stand(people: dict[str, int], year: int = 2024, state: str = "published") -> None:
    """Give both districts a year with ratings that stand."""
    from starrating.extensions import db
    from starrating.models.cycles import Cycle, CycleScheme
    from starrating.services.transaction import transaction

    read = {"village": read_demo(VILLAGE, year), "community": read_demo(COMMUNITY, year)}
    districts = [key_of(name) for name in ("东区", "西区")]
    with transaction() as session:
        for district in districts:
            cycle = Cycle(district_id=district, year=year, state=state, version=1, created_at=AT)
            session.add(cycle)
            session.flush()
            session.add_all(
                CycleScheme(cycle_id=cycle.id, kind=kind, title=kept.scheme.title, digest=kept.digest, text=kept.text)
                for kind, kept in read.items()
            )
            for kind in read:
                _confirm(session, people, cycle, kind, 1, RATINGS)
    db.session.remove()


def stand_again(people: dict[str, int], district: int, ratings: dict[str, tuple[Any, ...]]) -> None:
    """Confirm another round of a district's villages with other ratings."""
    from sqlalchemy import select

    from starrating.extensions import db
    from starrating.models.cycles import Cycle
    from starrating.services.transaction import transaction

    with transaction() as session:
        cycle = session.scalars(select(Cycle).where(Cycle.district_id == district)).one()
        _confirm(session, people, cycle, "village", 2, ratings)
    db.session.remove()


def _confirm(
    session: Any, people: dict[str, int], cycle: Any, kind: str, turn: int, ratings: dict[str, tuple[Any, ...]]
) -> None:
    """A trial with its ratings, then confirmed by a second person."""
    from sqlalchemy import select

    from starrating.models.divisions import Unit
    from starrating.models.ratings import Determination, Rating

    run = Determination(
        cycle_id=cycle.id, kind=kind, round=turn, state="trial", scheme_digest="0" * 64, input_digest="0" * 64,
        engine_version="1", determined_by=people["east"], determined_at=AT,
    )  # fmt: skip
    session.add(run)
    session.flush()
    units = session.scalars(select(Unit).where(Unit.district_id == cycle.district_id, Unit.kind == kind))
    session.add_all(_rating(Rating, run.id, unit, ratings[unit.name]) for unit in units if unit.name in ratings)
    session.flush()
    run.state, run.confirmed_by, run.confirmed_at = "confirmed", people["city"], AT
    session.flush()


def _rating(table: Any, run: int, unit: Any, given: tuple[Any, ...]) -> Any:
    level, previous, total, follows = given
    change = STEPS.index(level) - STEPS.index(previous) if level and previous else None
    return table(
        determination_id=run, unit_id=unit.id, status="rated" if level else "void", total=total, rank=None,
        pool="", level=level, level_name=NAMES[level][0], stars=NAMES[level][1], previous=previous, change=change,
        movement="", reasons="[]", consequences=json.dumps(follows),
    )  # fmt: skip


POSTS = (
    # person, unit, post, from, to
    ("欧阳东明", "东甲村", PostKind.SECRETARY, date(2020, 1, 1), None),
    ("欧阳东明", "东甲村", PostKind.DIRECTOR, date(2021, 4, 1), None),
    ("韩立强", "东乙村", PostKind.SECRETARY, date(2020, 1, 1), date(2024, 12, 30)),
    ("张维", "东乙村", PostKind.SECRETARY, date(2024, 12, 31), None),
    ("李红梅", "东乙村", PostKind.DIRECTOR, date(2020, 1, 1), None),
    ("王军", "东丙社区", PostKind.SECRETARY, date(2020, 1, 1), None),
    ("尉迟西山", "西甲村", PostKind.SECRETARY, date(2020, 1, 1), None),
)


def give_posts() -> None:
    """Let people hold posts; one holds both, one left the day before the year ended."""
    from starrating.extensions import db
    from starrating.models.people import Person, Post
    from starrating.services.transaction import transaction

    units = {name: key_of(name) for _, name, *_ in POSTS}
    with transaction() as session:
        known: dict[str, Any] = {}
        for name, unit, kind, begins, ends in POSTS:
            if name not in known:
                known[name] = Person(name=name)
                session.add(known[name])
                session.flush()
            session.add(Post(person_id=known[name].id, unit_id=units[unit], kind=kind, begins_on=begins, ends_on=ends))
    db.session.remove()
