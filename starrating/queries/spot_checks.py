"""Reading spot checks: one finding, and lists of them, scope first, narrowed by year, state, effect, place, words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import aliased

from starrating.domain.access import Place
from starrating.domain.spot_checks import OPEN, WEIGHING, Effect, SpotCheckState
from starrating.extensions import db
from starrating.models.accounts import Account
from starrating.models.cycles import Cycle
from starrating.models.divisions import Division, Unit
from starrating.models.evidence import EvidenceFile
from starrating.models.spot_checks import SpotCheck
from starrating.queries.pages import SIZE, Page, offset_of
from starrating.queries.places import place_of_unit, units_within

UNDER_WAY = ("scoring", "verification")
"""The states of a year in which a finding can still be answered and counted."""


@dataclass(frozen=True, slots=True)
class SpotCheckRow:
    """A finding with the names of its unit and of everybody who had a part in it; `files` counts those that stand."""

    id: int
    cycle_id: int
    year: int
    unit_id: int
    unit: str
    township: str
    district: str
    version: int
    state: SpotCheckState
    place: str
    seen_at: datetime
    found_by: str
    found: str
    effect: Effect
    header: str
    value: str
    flag: str
    count: int
    answer_due: datetime | None
    answer: str
    answered_at: datetime | None
    answered_by: str
    recorded_by: str
    recorded_at: datetime
    settled_at: datetime | None
    settled_by: str
    settled_reason: str
    files: int

    def overdue(self, at: datetime) -> bool:
        """True where an answer is asked for, the instant has passed and none came."""
        return self.state is SpotCheckState.ANSWER_DUE and self.answer_due is not None and at > self.answer_due


@dataclass(frozen=True, slots=True)
class Waiting:
    """A finding that is not settled, as far as it matters for whose turn it is."""

    unit_id: int
    township_id: int
    kind: str
    effect: Effect
    header: str
    state: SpotCheckState
    answer_due: datetime | None


@dataclass(frozen=True, slots=True)
class SpotCheckFilter:
    """What the list is narrowed to; an empty part narrows nothing."""

    year: int | None = None
    state: str = ""
    effect: str = ""
    township_id: int | None = None
    words: str = ""
    unit_id: int | None = None


def spot_check(check_id: int) -> SpotCheckRow | None:
    """One finding."""
    row = db.session.execute(_columns().where(SpotCheck.id == check_id)).one_or_none()
    return _made(row) if row else None


def place_of_spot_check(check_id: int) -> Place | None:
    """The place of a finding: its unit's."""
    unit_id = db.session.scalar(select(SpotCheck.unit_id).where(SpotCheck.id == check_id))
    return place_of_unit(unit_id) if unit_id else None


def spot_checks(places: Iterable[Place], narrowed: SpotCheckFilter, page: int = 1) -> Page[SpotCheckRow]:
    """A page of the findings within the places, the latest seen first."""
    wanted = [units_within(places), *_conditions(narrowed)]
    total = db.session.scalar(
        select(func.count())
        .select_from(SpotCheck)
        .join(Unit, Unit.id == SpotCheck.unit_id)
        .join(Cycle, Cycle.id == SpotCheck.cycle_id)
        .where(*wanted)
    ) or 0  # fmt: skip
    number = min(max(page, 1), max(1, -(-total // SIZE)))
    rows = db.session.execute(
        _columns()
        .where(*wanted)
        .order_by(SpotCheck.seen_at.desc(), SpotCheck.id.desc())
        .limit(SIZE)
        .offset(offset_of(number))
    )
    return Page(tuple(_made(row) for row in rows), number, total)


def states_of(places: Iterable[Place]) -> dict[str, int]:
    """State → how many findings within the places stand in it."""
    rows = db.session.execute(
        select(SpotCheck.state, func.count())
        .join(Unit, Unit.id == SpotCheck.unit_id)
        .where(units_within(places))
        .group_by(SpotCheck.state)
    )
    return {row[0]: int(row[1]) for row in rows}


def waiting_in(cycle_id: int, places: Iterable[Place]) -> tuple[Waiting, ...]:
    """The findings of a year within the places that are not settled, the oldest first."""
    rows = db.session.execute(
        select(SpotCheck.unit_id, Unit.township_id, Unit.kind, SpotCheck.effect, SpotCheck.header, SpotCheck.state,
               SpotCheck.answer_due)
        .join(Unit, Unit.id == SpotCheck.unit_id)
        .where(SpotCheck.cycle_id == cycle_id, SpotCheck.state.in_(OPEN), units_within(places))
        .order_by(SpotCheck.id)
    )  # fmt: skip
    return tuple(Waiting(row[0], row[1], row[2], Effect(row[3]), row[4], SpotCheckState(row[5]), row[6])
                 for row in rows)  # fmt: skip


def due_checks(places: Iterable[Place], most: int) -> tuple[tuple[SpotCheckRow, ...], int]:
    """The first findings within the places that are not settled while their year is under way, and how many there are.

    Where an answer is waited for its day counts, else the day of the finding: what waits longest comes first.
    """
    return _first([units_within(places), SpotCheck.state.in_(OPEN), Cycle.state.in_(UNDER_WAY)], most)


def undecided(cycle_id: int, most: int) -> tuple[tuple[SpotCheckRow, ...], int]:
    """The first findings of a year that would change its rating and are not settled, and how many there are."""
    weighs = SpotCheck.effect.in_(WEIGHING)
    return _first([SpotCheck.cycle_id == cycle_id, SpotCheck.state.in_(OPEN), weighs], most)


def _first(wanted: Sequence[ColumnElement[bool]], most: int) -> tuple[tuple[SpotCheckRow, ...], int]:
    """Findings in the order in which they wait: the first of them, and how many there are."""
    day = case((SpotCheck.state == SpotCheckState.ANSWER_DUE, SpotCheck.answer_due), else_=SpotCheck.seen_at)
    rows = db.session.execute(_columns().where(*wanted).order_by(day, SpotCheck.id).limit(most)).all()
    if len(rows) < most:
        return tuple(_made(row) for row in rows), len(rows)
    total = db.session.scalar(
        select(func.count())
        .select_from(SpotCheck)
        .join(Unit, Unit.id == SpotCheck.unit_id)
        .join(Cycle, Cycle.id == SpotCheck.cycle_id)
        .where(*wanted)
    )
    return tuple(_made(row) for row in rows), int(total or 0)


def _conditions(narrowed: SpotCheckFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if narrowed.year is not None:
        found.append(Cycle.year == narrowed.year)
    if narrowed.state:
        found.append(SpotCheck.state == narrowed.state)
    if narrowed.effect:
        found.append(SpotCheck.effect == narrowed.effect)
    if narrowed.township_id is not None:
        found.append(Unit.township_id == narrowed.township_id)
    if narrowed.unit_id is not None:
        found.append(SpotCheck.unit_id == narrowed.unit_id)
    if narrowed.words:
        parts = (Unit.name, SpotCheck.place, SpotCheck.found)
        found.append(or_(*(part.contains(narrowed.words, autoescape=True) for part in parts)))
    return found


def _columns() -> Any:
    township, district = aliased(Division), aliased(Division)
    recorder, answerer, settler = aliased(Account), aliased(Account), aliased(Account)
    files = (
        select(func.count())
        .where(EvidenceFile.spot_check_id == SpotCheck.id, EvidenceFile.removed_at.is_(None))
        .scalar_subquery()
    )
    return (
        select(
            SpotCheck.id, SpotCheck.cycle_id, Cycle.year, SpotCheck.unit_id, Unit.name, township.name, district.name,
            SpotCheck.version, SpotCheck.state, SpotCheck.place, SpotCheck.seen_at, SpotCheck.found_by,
            SpotCheck.found, SpotCheck.effect, SpotCheck.header, SpotCheck.value, SpotCheck.flag, SpotCheck.count,
            SpotCheck.answer_due, SpotCheck.answer, SpotCheck.answered_at, func.coalesce(answerer.display_name, ""),
            recorder.display_name, SpotCheck.recorded_at, SpotCheck.settled_at,
            func.coalesce(settler.display_name, ""), SpotCheck.settled_reason, files,
        )
        .join(Cycle, Cycle.id == SpotCheck.cycle_id)
        .join(Unit, Unit.id == SpotCheck.unit_id)
        .join(township, township.id == Unit.township_id)
        .join(district, district.id == Unit.district_id)
        .join(recorder, recorder.id == SpotCheck.recorded_by)
        .outerjoin(answerer, answerer.id == SpotCheck.answered_by)
        .outerjoin(settler, settler.id == SpotCheck.settled_by)
    )  # fmt: skip


def _made(row: Any) -> SpotCheckRow:
    values = list(row)
    values[8], values[13] = SpotCheckState(values[8]), Effect(values[13])
    return SpotCheckRow(*values)
