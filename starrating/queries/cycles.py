"""Reading the years of districts: their states, schemes, assignments and units; scope first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, false, func, or_, select, true
from sqlalchemy.orm import aliased

from starrating.domain.access import Place
from starrating.domain.windows import Stage
from starrating.domain.workflow import CycleState
from starrating.extensions import db
from starrating.models.cycles import Assignment, Cycle, CycleScheme, EarlierScheme
from starrating.models.divisions import Division, Unit
from starrating.models.windows import StageWindow
from starrating.queries.asking import Question, ask

STANDING = (CycleState.DETERMINED, CycleState.NOTICE, CycleState.PUBLISHED)
"""The states in which a confirmed determination stands."""
SAMPLE = "示例"
"""The word in the titles of demonstration schemes."""


@dataclass(frozen=True, slots=True)
class CycleRow:
    """A district's year; its dates are those of lists, whether a stage is open says `queries.windows`."""

    id: int
    district_id: int
    district: str
    municipality_id: int
    year: int
    state: CycleState
    version: int
    scoring_opens: datetime | None
    scoring_closes: datetime | None
    verification_closes: datetime | None
    created_at: datetime

    @property
    def place(self) -> Place:
        """Where the year is rated: its district."""
        return Place(self.municipality_id, self.district_id)

    @property
    def cut_off(self) -> date:
        """The day whose units and posts count: the last of the year."""
        return date(self.year, 12, 31)


@dataclass(frozen=True, slots=True)
class KeptScheme:
    """The scheme of a kind as it stands in a cycle."""

    kind: str
    title: str
    digest: str
    text: str


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """Who enters an indicator: a department, or (`by_township`) each township for its own units."""

    kind: str
    indicator: str
    department: str
    by_township: bool


def cycle(cycle_id: int) -> CycleRow | None:
    """One cycle."""
    return _row(ask(_ONE, cycle=cycle_id))


def held_cycle(cycle_id: int) -> CycleRow | None:
    """One cycle, whose row stays as it is until the transaction ends: what is decided on it still holds when stored."""
    return _row(ask(_HELD, cycle=cycle_id))


def cycle_in(places: Iterable[Place], cycle_id: int) -> CycleRow | None:
    """One cycle, None where its district neither lies in one of the places nor holds one of them."""
    found = cycle(cycle_id)
    return found if found and is_in(places, found) else None


def is_in(places: Iterable[Place], row: CycleRow) -> bool:
    """True where the district of a year lies in one of the places or holds one of them."""
    return any(_touches(place, row) for place in places)


def cycles(places: Iterable[Place]) -> tuple[CycleRow, ...]:
    """The cycles of the districts that the places lie in or hold, the newest first."""
    found = db.session.execute(_columns().where(_touching(places)).order_by(Cycle.year.desc(), Division.code, Cycle.id))
    return tuple(_made(row) for row in found)


def place_of_cycle(cycle_id: int) -> Place | None:
    """The place of a cycle: its district."""
    found = cycle(cycle_id)
    return found.place if found else None


def sample_shown() -> bool:
    """True where a year is rated by a demonstration scheme: pages then say that what they show is an example."""
    found = select(CycleScheme.id).where(CycleScheme.title.contains(SAMPLE)).limit(1)
    return db.session.scalar(found) is not None


def schemes_of(cycle_id: int) -> dict[str, KeptScheme]:
    """Kind → the scheme kept with a cycle, villages first."""
    return {row[0]: KeptScheme(*row) for row in ask(_SCHEMES, cycle=cycle_id)}


def earlier_schemes(cycle_id: int, kind: str) -> tuple[KeptScheme, ...]:
    """The schemes of a kind by which runs of a cycle were made before another one was put in place."""
    rows = db.session.execute(
        select(EarlierScheme.kind, EarlierScheme.title, EarlierScheme.digest, EarlierScheme.text)
        .where(EarlierScheme.cycle_id == cycle_id, EarlierScheme.kind == kind)
        .order_by(EarlierScheme.id)
    )
    return tuple(KeptScheme(*row) for row in rows)


def scheme_by(cycle_id: int, kind: str, digest: str) -> KeptScheme | None:
    """The scheme of that digest: the one that stands, or one that runs were made by before; None where it is gone."""
    stands = schemes_of(cycle_id).get(kind)
    if stands is not None and stands.digest == digest:
        return stands
    return next((one for one in earlier_schemes(cycle_id, kind) if one.digest == digest), None)


def assignments_of(cycle_id: int) -> dict[tuple[str, str], AssignmentRow]:
    """(kind, indicator) → who enters it."""
    return {(row[0], row[1]): AssignmentRow(*row) for row in ask(_ASSIGNMENTS, cycle=cycle_id)}


def unit_counts(district_id: int, day: date) -> dict[str, int]:
    """Kind → how many units of a district are rated on a day."""
    rows = db.session.execute(
        select(Unit.kind, func.count()).where(Unit.district_id == district_id, rated_on(day)).group_by(Unit.kind)
    )
    found = {row[0]: int(row[1]) for row in rows}
    return {kind: found[kind] for kind in ("village", "community") if kind in found}


def rated_on(day: date | BindParameter[date]) -> ColumnElement[bool]:
    """The condition that a unit exists and is rated on a day."""
    return and_(Unit.rated.is_(True), Unit.valid_from <= day, or_(Unit.valid_to.is_(None), Unit.valid_to > day))


def _touching(places: Iterable[Place]) -> ColumnElement[bool]:
    return or_(false(), *(_at(place) for place in places))


def _at(place: Place) -> ColumnElement[bool]:
    if place.district is not None:
        return Cycle.district_id == place.district
    return true() if place.municipality is None else Division.parent_id == place.municipality


def _touches(place: Place, row: CycleRow) -> bool:
    """What `_touching` says of a year that was read."""
    if place.district is not None:
        return place.district == row.district_id
    return place.municipality in (None, row.municipality_id)


def _columns() -> Any:
    scoring, verification = aliased(StageWindow), aliased(StageWindow)
    return select(
        Cycle.id, Cycle.district_id, Division.name, Division.parent_id, Cycle.year, Cycle.state, Cycle.version,
        scoring.opens, scoring.closes, verification.closes, Cycle.created_at,
    ).join(Division, Division.id == Cycle.district_id).outerjoin(
        scoring, and_(scoring.cycle_id == Cycle.id, scoring.stage == Stage.SCORING)
    ).outerjoin(
        verification, and_(verification.cycle_id == Cycle.id, verification.stage == Stage.VERIFICATION)
    )  # fmt: skip


_BY_KEY = _columns().where(Cycle.id == bindparam("cycle"))
_ONE, _HELD = Question(_BY_KEY), Question(_BY_KEY.with_for_update(read=True, of=Cycle))
_SCHEMES = Question(
    select(CycleScheme.kind, CycleScheme.title, CycleScheme.digest, CycleScheme.text)
    .where(CycleScheme.cycle_id == bindparam("cycle"))
    .order_by(CycleScheme.kind.desc())
)
_ASSIGNMENTS = Question(
    select(Assignment.kind, Assignment.indicator, Assignment.department, Assignment.by_township)
    .where(Assignment.cycle_id == bindparam("cycle"))
    .order_by(Assignment.kind.desc(), Assignment.indicator)
)


def _row(found: Sequence[Any]) -> CycleRow | None:
    return _made(found[0]) if found else None


def _made(row: Any) -> CycleRow:
    values = list(row)
    values[5] = CycleState(values[5])
    return CycleRow(*values)
