"""Reading for the quarterly brief: values of a quarter, what happened in it, what waits; counts, never a person."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from starrating.domain.access import Place
from starrating.domain.spot_checks import OPEN
from starrating.extensions import db
from starrating.models.divisions import Unit
from starrating.models.events import EventRecord
from starrating.models.scores import ScoreCell, ValueState
from starrating.models.spot_checks import SpotCheck
from starrating.queries.places import units_within


@dataclass(frozen=True, slots=True)
class ValueCount:
    """How many cells of a header have a value (as text); `value` is blank where an indicator does not apply."""

    kind: str
    header: str
    value: str
    cells: int


@dataclass(frozen=True, slots=True)
class Happened:
    """How often an event of a flag was recorded, to how many units."""

    kind: str
    flag: str
    times: int
    units: int


def values_of(cycles: Collection[int], periods: Collection[str]) -> tuple[ValueCount, ...]:
    """The values that were entered for some periods, counted."""
    if not cycles:
        return ()
    ends = or_(*(ScoreCell.header.endswith(f"@{period}", autoescape=True) for period in periods))
    rows = db.session.execute(
        select(Unit.kind, ScoreCell.header, ScoreCell.value, func.count())
        .join(Unit, Unit.id == ScoreCell.unit_id)
        .where(ScoreCell.cycle_id.in_(tuple(cycles)), ScoreCell.state != ValueState.BLANK, ends)
        .group_by(Unit.kind, ScoreCell.header, ScoreCell.value)
        .order_by(Unit.kind.desc(), ScoreCell.header, ScoreCell.value)
    )
    return tuple(ValueCount(row[0], row[1], row[2] or "", int(row[3])) for row in rows)


def events_between(cycles: Collection[int], first: datetime, last: datetime) -> tuple[Happened, ...]:
    """The events that were recorded between two instants and stand, by flag."""
    if not cycles:
        return ()
    rows = db.session.execute(
        select(Unit.kind, EventRecord.flag, func.sum(EventRecord.count), func.count(EventRecord.unit_id.distinct()))
        .join(Unit, Unit.id == EventRecord.unit_id)
        .where(EventRecord.cycle_id.in_(tuple(cycles)), EventRecord.withdrawn_at.is_(None), EventRecord.at >= first,
               EventRecord.at <= last)
        .group_by(Unit.kind, EventRecord.flag)
        .order_by(Unit.kind.desc(), EventRecord.flag)
    )  # fmt: skip
    return tuple(Happened(row[0], row[1], int(row[2]), int(row[3])) for row in rows)


def checks_of(
    places: Iterable[Place], first: datetime, last: datetime, at: datetime
) -> tuple[dict[str, int], tuple[int, int]]:
    """State → the findings of spot checks seen between two instants; how many of all wait, of how many too long."""
    late = (SpotCheck.answer_due < at) & SpotCheck.answered_at.is_(None)
    rows = db.session.execute(
        select(SpotCheck.state, func.count().filter((SpotCheck.seen_at >= first) & (SpotCheck.seen_at <= last)),
               func.count(), func.count().filter(late))
        .join(Unit, Unit.id == SpotCheck.unit_id)
        .where(units_within(places))
        .group_by(SpotCheck.state)
    ).all()  # fmt: skip
    waiting = [row for row in rows if row[0] in OPEN]
    seen = {row[0]: int(row[1]) for row in rows if row[1]}
    return seen, (sum(int(row[2]) for row in waiting), sum(int(row[3]) for row in waiting))
