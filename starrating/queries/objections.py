"""Reading objections: one with its names, lists in scope, what is open, by receipt, and who had a part in a result."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, true, union_all
from sqlalchemy.orm import aliased

from starrating.domain.access import Place
from starrating.domain.objections import OPEN, Channel, ObjectionState, Part
from starrating.extensions import db
from starrating.models.accounts import Account
from starrating.models.assessments import Assessment, AssessmentCell, AssessmentValue
from starrating.models.cycles import Cycle
from starrating.models.divisions import Division, Unit
from starrating.models.events import EventRecord
from starrating.models.evidence import EvidenceFile
from starrating.models.objections import Objection
from starrating.models.ratings import Determination
from starrating.models.scores import CellReview, ScoreCell, ScoreValue
from starrating.models.spot_checks import SpotCheck
from starrating.queries.pages import SIZE, Page, offset_of
from starrating.queries.places import place_of_unit, units_within


@dataclass(frozen=True, slots=True)
class ObjectionRow:
    """An objection with the names of its unit and of everybody who had a part in it; `files` counts those that stand.

    `changes` and `moved` are what an upheld one changed and whom that moved, as they were shown before it was accepted.
    """

    id: int
    cycle_id: int
    year: int
    unit_id: int
    unit: str
    unit_kind: str
    township: str
    district: str
    number: str
    code: str
    version: int
    state: ObjectionState
    channel: Channel
    raised_by: str
    indicators: tuple[str, ...]
    grounds: str
    lodged_by: int | None
    lodger: str
    lodged_at: datetime
    received_on: date
    due_on: date
    taken_by: int | None
    taker: str
    taken_at: datetime | None
    settled_by: int | None
    settler: str
    settled_at: datetime | None
    reasons: str
    changes: tuple[dict[str, Any], ...]
    moved: tuple[dict[str, Any], ...]
    trial_digest: str
    files: int

    @property
    def open(self) -> bool:
        """True while it is neither decided nor withdrawn."""
        return self.state in OPEN

    def overdue(self, today: date) -> bool:
        """True where its last day has passed without a decision."""
        return self.open and today > self.due_on


@dataclass(frozen=True, slots=True)
class ObjectionFilter:
    """What the list is narrowed to; an empty part narrows nothing. `own_only` leaves out what others wrote or said."""

    year: int | None = None
    state: str = ""
    words: str = ""
    own_only: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many objections of a year wait for their decision, and the last day of the first of them."""

    count: int
    due_on: date | None


def objection(objection_id: int) -> ObjectionRow | None:
    """One objection."""
    row = db.session.execute(_columns().where(Objection.id == objection_id)).one_or_none()
    return _made(row) if row else None


def objection_by_number(number: str) -> ObjectionRow | None:
    """One objection by the number on its receipt."""
    row = db.session.execute(_columns().where(Objection.number == number)).one_or_none()
    return _made(row) if row else None


def place_of_objection(objection_id: int) -> Place | None:
    """The place of an objection: its unit's."""
    unit_id = db.session.scalar(select(Objection.unit_id).where(Objection.id == objection_id))
    return place_of_unit(unit_id) if unit_id else None


def objections(places: Iterable[Place], narrowed: ObjectionFilter, page: int = 1) -> Page[ObjectionRow]:
    """A page of the objections within the places, what is open first, the nearest last day on top."""
    wanted = [units_within(places), *_conditions(narrowed)]
    counting = select(func.count()).select_from(Objection).join(Unit, Unit.id == Objection.unit_id)
    total = db.session.scalar(counting.join(Cycle, Cycle.id == Objection.cycle_id).where(*wanted)) or 0
    number = min(max(page, 1), max(1, -(-total // SIZE)))
    rows = db.session.execute(
        _columns()
        .where(*wanted)
        .order_by(Objection.state.not_in(OPEN), Objection.due_on, Objection.id)
        .limit(SIZE)
        .offset(offset_of(number))
    )
    return Page(tuple(_made(row) for row in rows), number, total)


def state_counts(places: Iterable[Place], narrowed: ObjectionFilter) -> dict[str, int]:
    """State → how many objections within the places stand in it."""
    rows = db.session.execute(
        select(Objection.state, func.count())
        .join(Unit, Unit.id == Objection.unit_id)
        .where(units_within(places), _visible(narrowed))
        .group_by(Objection.state)
    )
    return {row[0]: int(row[1]) for row in rows}


def waiting_in(cycle_id: int) -> Waiting:
    """What of a year is open."""
    row = db.session.execute(
        select(func.count(), func.min(Objection.due_on)).where(
            Objection.cycle_id == cycle_id, Objection.state.in_(OPEN)
        )
    ).one()
    return Waiting(int(row[0]), row[1])


def waiting_by_year(cycle_ids: Iterable[int]) -> dict[int, Waiting]:
    """Year → what of it is open, of those where anything is."""
    rows = db.session.execute(
        select(Objection.cycle_id, func.count(), func.min(Objection.due_on))
        .where(Objection.cycle_id.in_(tuple(cycle_ids)), Objection.state.in_(OPEN))
        .group_by(Objection.cycle_id)
    )
    return {row[0]: Waiting(int(row[1]), row[2]) for row in rows}


def disputed_units(cycle_ids: Iterable[int]) -> frozenset[int]:
    """The units whose result of these years is under objection: nothing else of it is told."""
    disputed = select(Objection.unit_id).where(Objection.cycle_id.in_(tuple(cycle_ids)), Objection.state.in_(OPEN))
    return frozenset(db.session.scalars(disputed))


def disputed_codes(cycle_id: int) -> frozenset[str]:
    """The codes of a year's units under objection: what a public notice marks."""
    rows = db.session.scalars(
        select(Unit.code)
        .join(Objection, Objection.unit_id == Unit.id)
        .where(Objection.cycle_id == cycle_id, Objection.state.in_(OPEN))
    )
    return frozenset(rows)


def parts_of(account_id: int, cycle_id: int, unit_id: int, kind: str) -> tuple[Part, ...]:
    """What somebody did to a unit's result in a year, by the histories and whatever his roles, in one statement."""
    scored = and_(ScoreCell.cycle_id == cycle_id, ScoreCell.unit_id == unit_id)
    assessed = and_(AssessmentCell.cycle_id == cycle_id, AssessmentCell.unit_id == unit_id)
    happened = and_(EventRecord.cycle_id == cycle_id, EventRecord.unit_id == unit_id)
    looked = and_(SpotCheck.cycle_id == cycle_id, SpotCheck.unit_id == unit_id)
    settled = and_(Determination.cycle_id == cycle_id, Determination.kind == kind, Determination.state == "confirmed")
    me = account_id
    found = union_all(
        select(literal(Part.ASSESSED.value)).select_from(AssessmentValue)
        .join(AssessmentCell, AssessmentCell.id == AssessmentValue.cell_id)
        .where(assessed, AssessmentValue.by == me),
        select(literal(Part.ASSESSED.value)).select_from(Assessment)
        .where(Assessment.cycle_id == cycle_id, Assessment.unit_id == unit_id, Assessment.by == me),
        select(literal(Part.SCORED.value)).select_from(ScoreValue)
        .join(ScoreCell, ScoreCell.id == ScoreValue.cell_id).where(scored, ScoreValue.by == me),
        select(literal(Part.VERIFIED.value)).select_from(CellReview)
        .join(ScoreCell, ScoreCell.id == CellReview.cell_id).where(scored, CellReview.by == me),
        select(literal(Part.EVENTS.value)).select_from(EventRecord)
        .where(happened, or_(EventRecord.by == me, EventRecord.withdrawn_by == me)),
        select(literal(Part.SPOT_CHECKED.value)).select_from(SpotCheck)
        .where(looked, or_(SpotCheck.recorded_by == me, SpotCheck.answered_by == me, SpotCheck.settled_by == me)),
        select(literal(Part.DETERMINED.value)).select_from(Determination)
        .where(settled, Determination.determined_by == me),
        select(literal(Part.CONFIRMED.value)).select_from(Determination)
        .where(settled, Determination.confirmed_by == me),
    )  # fmt: skip
    said = set(db.session.scalars(found))
    return tuple(part for part in Part if part.value in said)


def has_upheld(account_id: int, cycle_id: int) -> bool:
    """True where somebody let an objection of a year change its result."""
    found = select(Objection.id).where(
        Objection.cycle_id == cycle_id, Objection.settled_by == account_id, Objection.trial_digest != ""
    )
    return db.session.scalar(found.limit(1)) is not None


def _visible(narrowed: ObjectionFilter) -> ColumnElement[bool]:
    return Objection.channel == Channel.ONLINE if narrowed.own_only else true()


def _conditions(narrowed: ObjectionFilter) -> list[ColumnElement[bool]]:
    found = [_visible(narrowed)]
    if narrowed.year is not None:
        found.append(Cycle.year == narrowed.year)
    if narrowed.state:
        found.append(Objection.state == narrowed.state)
    if narrowed.words:
        parts = (Unit.name, Objection.number, Objection.grounds)
        found.append(or_(*(part.contains(narrowed.words, autoescape=True) for part in parts)))
    return found


def _columns() -> Any:
    township, district = aliased(Division), aliased(Division)
    lodger, taker, settler = aliased(Account), aliased(Account), aliased(Account)
    files = (
        select(func.count())
        .where(EvidenceFile.objection_id == Objection.id, EvidenceFile.removed_at.is_(None))
        .scalar_subquery()
    )
    return (
        select(
            Objection.id, Objection.cycle_id, Cycle.year, Objection.unit_id, Unit.name, Unit.kind, township.name,
            district.name, Objection.number, Objection.code, Objection.version, Objection.state, Objection.channel,
            Objection.raised_by, Objection.indicators, Objection.grounds, Objection.lodged_by,
            func.coalesce(lodger.display_name, ""),
            Objection.lodged_at, Objection.received_on, Objection.due_on, Objection.taken_by,
            func.coalesce(taker.display_name, ""), Objection.taken_at, Objection.settled_by,
            func.coalesce(settler.display_name, ""), Objection.settled_at, Objection.reasons, Objection.changes,
            Objection.moved, Objection.trial_digest, files,
        )
        .join(Cycle, Cycle.id == Objection.cycle_id)
        .join(Unit, Unit.id == Objection.unit_id)
        .join(township, township.id == Unit.township_id)
        .join(district, district.id == Unit.district_id)
        .outerjoin(lodger, lodger.id == Objection.lodged_by)
        .outerjoin(taker, taker.id == Objection.taken_by)
        .outerjoin(settler, settler.id == Objection.settled_by)
    )  # fmt: skip


def _made(row: Any) -> ObjectionRow:
    values = list(row)
    values[11], values[12] = ObjectionState(values[11]), Channel(values[12])
    for at in (14, 28, 29):
        values[at] = tuple(json.loads(values[at]))
    return ObjectionRow(*values)
