"""Reading cases of consequences: those of a year by state and kind, one with its moves, what is due; scope first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import aliased

from starrating.domain.access import Place
from starrating.domain.cases import OPEN, About, CaseMove, CaseState
from starrating.domain.decisions import DecisionState
from starrating.domain.posts import Post as HeldPost
from starrating.domain.posts import PostKind
from starrating.domain.scheme import Outcome
from starrating.extensions import db
from starrating.models.accounts import Account
from starrating.models.cases import CaseEvent, ConsequenceCase
from starrating.models.cycles import Cycle
from starrating.models.decisions import Decision, DecisionUnit
from starrating.models.divisions import Division, Unit
from starrating.models.people import Person, Post
from starrating.models.publications import Publication
from starrating.models.ratings import Rating
from starrating.queries.pages import SIZE, Page, offset_of
from starrating.queries.places import place_of_unit, units_within

DUE_ON = case((ConsequenceCase.state == CaseState.DEFERRED, ConsequenceCase.deferred_until),
              else_=ConsequenceCase.due_on)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as lists show it; `person` is the name in clear, which pages mask; `level`, `previous` are codes."""

    id: int
    cycle_id: int
    year: int
    kind: str
    unit_id: int
    unit: str
    township: str
    district: str
    rule: str
    written: str
    about: About
    outcome: Outcome
    person: str
    state: CaseState
    version: int
    due_on: date | None
    review_id: int | None
    opened_at: datetime
    level: str
    previous: str
    facts: str
    digest: str

    @property
    def number(self) -> str:
        """What people call it: the year and its number."""
        return f"{self.year}-{self.id:05d}"


@dataclass(frozen=True, slots=True)
class CaseEventRow:
    """A move of a case with who made it."""

    version: int
    move: CaseMove
    state: CaseState
    reason: str
    document: str
    day: date | None
    record: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What narrows a list of cases; an empty part narrows nothing. `due` is a last day: those due by then."""

    year: int | None = None
    states: tuple[CaseState, ...] = ()
    outcome: str = ""
    about: str = ""
    township: int | None = None
    level: str = ""
    words: str = ""
    due: date | None = None
    in_review: bool = False


def cases_page(places: Iterable[Place], narrowed: CaseFilter, page: int = 1) -> Page[CaseRow]:
    """A page of cases, the nearest last day first, those without one after them."""
    wanted = _wanted(places, narrowed)
    total = db.session.scalar(select(func.count()).select_from(_joined(ConsequenceCase.id, wanted).subquery())) or 0
    at = min(max(page, 1), max(1, -(-total // SIZE)))
    rows = db.session.execute(_listed(wanted).offset(offset_of(at)).limit(SIZE))
    return Page(tuple(_row(row) for row in rows), at, total)


def cases_of(places: Iterable[Place], narrowed: CaseFilter) -> tuple[CaseRow, ...]:
    """The same cases, all of them: what is written into a file."""
    return tuple(_row(row) for row in db.session.execute(_listed(_wanted(places, narrowed))))


def counts_by_state(places: Iterable[Place], narrowed: CaseFilter) -> dict[tuple[CaseState, Outcome, bool], int]:
    """(State, outcome, whether it waits for a review) → how many cases, by what else the list is narrowed by."""
    parts = (ConsequenceCase.state, ConsequenceCase.outcome, ConsequenceCase.review_id.is_not(None))
    found = _joined(ConsequenceCase.id, _wanted(places, narrowed)).with_only_columns(*parts, func.count())
    rows = db.session.execute(found.group_by(*parts))
    return {(CaseState(row[0]), Outcome(row[1]), bool(row[2])): int(row[3]) for row in rows}


def case_of(case_id: int) -> CaseRow | None:
    """One case."""
    row = db.session.execute(_listed([ConsequenceCase.id == case_id])).one_or_none()
    return _row(row) if row else None


def cases_beside(row: CaseRow) -> tuple[CaseRow, ...]:
    """The other cases of the same unit and year."""
    wanted = [ConsequenceCase.cycle_id == row.cycle_id, ConsequenceCase.unit_id == row.unit_id,
              ConsequenceCase.id != row.id]  # fmt: skip
    return tuple(_row(one) for one in db.session.execute(_listed(wanted)))


def events_of(case_id: int) -> tuple[CaseEventRow, ...]:
    """The moves of a case, in their order."""
    rows = db.session.execute(
        select(CaseEvent.version, CaseEvent.move, CaseEvent.state, CaseEvent.reason, CaseEvent.document, CaseEvent.day,
               CaseEvent.record, Account.display_name, CaseEvent.at)
        .join(Account, Account.id == CaseEvent.by)
        .where(CaseEvent.case_id == case_id)
        .order_by(CaseEvent.version)
    )  # fmt: skip
    return tuple(CaseEventRow(row[0], CaseMove(row[1]), CaseState(row[2]), *row[3:]) for row in rows)


def place_of_case(case_id: int) -> Place | None:
    """The place of a case: that of its unit."""
    unit_id = db.session.scalar(select(ConsequenceCase.unit_id).where(ConsequenceCase.id == case_id))
    return None if unit_id is None else place_of_unit(unit_id)


def years_with_cases(places: Iterable[Place]) -> tuple[int, ...]:
    """The years of which there are cases, the newest first."""
    found = _joined(Cycle.year, [units_within(places)]).distinct().order_by(Cycle.year.desc())
    return tuple(db.session.scalars(found))


def known_keys(cycle_id: int) -> frozenset[tuple[int, str, str]]:
    """(unit, rule, about) of the cases that a year has."""
    rows = db.session.execute(
        select(ConsequenceCase.unit_id, ConsequenceCase.rule, ConsequenceCase.about).where(
            ConsequenceCase.cycle_id == cycle_id
        )
    )
    return frozenset((row[0], row[1], row[2]) for row in rows)


def posts_begun(district_id: int, day: date) -> tuple[HeldPost, ...]:
    """Every post of a district's units that had begun by a day."""
    rows = db.session.execute(
        select(Post.person_id, Post.unit_id, Post.kind, Post.begins_on, Post.ends_on)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Unit.district_id == district_id, Post.begins_on <= day)
        .order_by(Post.unit_id, Post.begins_on, Post.id)
    )
    return tuple(HeldPost(row[0], row[1], PostKind(row[2]), row[3], row[4]) for row in rows)


def followed_of(determination_id: int) -> tuple[tuple[int, str, str], ...]:
    """(unit, its code, the codes of what follows as they are stored) of every unit from whose result anything does."""
    rows = db.session.execute(
        select(Rating.unit_id, Unit.code, Rating.consequences)
        .join(Unit, Unit.id == Rating.unit_id)
        .where(Rating.determination_id == determination_id, Rating.consequences.not_in(("", "[]")))
        .order_by(Unit.code, Unit.id)
    )
    return tuple((row[0], row[1], row[2]) for row in rows)


def restating(cycle_id: int, kind: str, year: int, since: datetime) -> Mapping[int, int]:
    """Unit → the last decision of the district, taken since an instant, on its star of that year or one before."""
    district = select(Cycle.district_id).where(Cycle.id == cycle_id).scalar_subquery()
    rows = db.session.execute(
        select(DecisionUnit.unit_id, func.max(Decision.id))
        .join(Decision, Decision.id == DecisionUnit.decision_id)
        .join(Cycle, Cycle.id == Decision.cycle_id)
        .where(Cycle.district_id == district, Decision.kind == kind, Cycle.year <= year,
               Decision.state == DecisionState.DECIDED, Decision.settled_at > since)
        .group_by(DecisionUnit.unit_id)
    )  # fmt: skip
    return {row[0]: int(row[1]) for row in rows}


def published_first(cycle_id: int, kind: str) -> tuple[datetime, str, int] | None:
    """When the first edition of a year's list came out, its digest, and the determination that it published."""
    row = db.session.execute(
        select(Publication.published_at, Publication.digest, Publication.determination_id).where(
            Publication.cycle_id == cycle_id, Publication.kind == kind, Publication.edition == 1
        )
    ).one_or_none()
    return (row[0], row[1], row[2]) if row else None


def due_count(places: Iterable[Place], states: Collection[CaseState], by: date) -> tuple[int, date | None]:
    """How many cases in some states have their last day by a day, and the nearest of those days."""
    wanted = [units_within(places), ConsequenceCase.state.in_(states), by >= DUE_ON]
    near = _joined(DUE_ON.label("due"), wanted).subquery()
    row = db.session.execute(select(func.count(), func.min(near.c.due)).select_from(near)).one()
    return int(row[0]), row[1]


def in_review(places: Iterable[Place], year: int | None = None) -> tuple[int, int]:
    """How many cases wait for the answer to a review, and of how many units they are."""
    wanted = [units_within(places), ConsequenceCase.review_id.is_not(None)]
    found = _joined(ConsequenceCase.unit_id, wanted if year is None else [*wanted, Cycle.year == year]).subquery()
    row = db.session.execute(select(func.count(), func.count(found.c.unit_id.distinct())).select_from(found)).one()
    return int(row[0]), int(row[1])


def all_facts() -> Iterable[tuple[int, str, str, str, int]]:
    """(case, its facts, their digest, kind of unit, cycle) of every case, in their order: what a check reads."""
    rows = db.session.execute(
        select(ConsequenceCase.id, ConsequenceCase.facts, ConsequenceCase.digest, Unit.kind, ConsequenceCase.cycle_id)
        .join(Unit, Unit.id == ConsequenceCase.unit_id)
        .order_by(ConsequenceCase.id)
        .execution_options(yield_per=500)
    )
    for row in rows:
        yield row[0], row[1], row[2], row[3], row[4]


def _joined(column: Any, wanted: Collection[ColumnElement[bool]]) -> Select[Any]:
    return (
        select(column)
        .select_from(ConsequenceCase)
        .join(Cycle, Cycle.id == ConsequenceCase.cycle_id)
        .join(Unit, Unit.id == ConsequenceCase.unit_id)
        .join(Rating, (Rating.determination_id == ConsequenceCase.determination_id) & (Rating.unit_id == Unit.id))
        .where(*wanted)
    )


def _listed(wanted: Collection[ColumnElement[bool]]) -> Any:
    township, district = aliased(Division), aliased(Division)
    return (
        select(
            ConsequenceCase.id, ConsequenceCase.cycle_id, Cycle.year, Unit.kind, Unit.id, Unit.name, township.name,
            district.name, ConsequenceCase.rule, ConsequenceCase.written, ConsequenceCase.about,
            ConsequenceCase.outcome, func.coalesce(Person.name, ""), ConsequenceCase.state, ConsequenceCase.version,
            DUE_ON, ConsequenceCase.review_id, ConsequenceCase.opened_at, Rating.level, Rating.previous,
            ConsequenceCase.facts, ConsequenceCase.digest,
        )
        .select_from(ConsequenceCase)
        .join(Cycle, Cycle.id == ConsequenceCase.cycle_id)
        .join(Unit, Unit.id == ConsequenceCase.unit_id)
        .join(Rating, (Rating.determination_id == ConsequenceCase.determination_id) & (Rating.unit_id == Unit.id))
        .join(township, township.id == Unit.township_id)
        .join(district, district.id == Unit.district_id)
        .outerjoin(Person, Person.id == ConsequenceCase.person_id)
        .where(*wanted)
        .order_by(DUE_ON.is_(None), DUE_ON, Unit.code, ConsequenceCase.id)
    )  # fmt: skip


def _row(row: Any) -> CaseRow:
    said = list(row)
    said[10], said[11], said[13] = About(row[10]), Outcome(row[11]), CaseState(row[13])
    return CaseRow(*said)


def _wanted(places: Iterable[Place], narrowed: CaseFilter) -> list[ColumnElement[bool]]:
    wanted = [units_within(places)]
    if narrowed.year is not None:
        wanted.append(Cycle.year == narrowed.year)
    if narrowed.states:
        wanted.append(ConsequenceCase.state.in_(narrowed.states))
    if narrowed.outcome:
        wanted.append(ConsequenceCase.outcome == narrowed.outcome)
    if narrowed.about:
        wanted.append(ConsequenceCase.about == narrowed.about)
    if narrowed.township is not None:
        wanted.append(Unit.township_id == narrowed.township)
    if narrowed.level:
        wanted.append(Rating.level == narrowed.level)
    if narrowed.words:
        wanted.append(Unit.name.contains(narrowed.words, autoescape=True))
    if narrowed.due is not None:
        wanted += [ConsequenceCase.state.in_(OPEN), narrowed.due >= DUE_ON]
    if narrowed.in_review:
        wanted.append(ConsequenceCase.review_id.is_not(None))
    return wanted
