"""Reading the calendar of a year: the windows of its stages and the extensions that were granted."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, Integer, bindparam, cast, func, literal, null, select, union_all

from starrating.domain.access import Place
from starrating.domain.windows import Calendar, Extended, Stage, Window, first_instant, last_instant
from starrating.domain.workflow import CycleState
from starrating.extensions import db
from starrating.models.divisions import Unit
from starrating.models.publications import Notice
from starrating.models.ratings import Determination
from starrating.models.types import Moment
from starrating.models.windows import ExtensionState, StageExtension, StageWindow
from starrating.queries.asking import Question, ask
from starrating.queries.cycles import CycleRow


def windows_of(cycle_id: int) -> dict[Stage, Window]:
    """The windows that a year was given, in the order of the stages; a stage without dates is left out."""
    rows = db.session.execute(
        select(StageWindow.stage, StageWindow.opens, StageWindow.closes).where(StageWindow.cycle_id == cycle_id)
    )
    found = {row[0]: Window(row[1], row[2]) for row in rows}
    return {stage: found[stage] for stage in Stage if stage in found}


def calendar_of(cycle: CycleRow, state: CycleState | None = None) -> Calendar:
    """Everything that says whether a stage of a year is open, in one statement, in a notice in two.

    `state` is given where the row's own may be outdated.
    """
    stands = state or cycle.state
    windows, extended = dict[Stage, Window](), list[Extended]()
    for is_window, stage, opens, closes, township, unit, department in ask(_ENTRIES, cycle=cycle.id):
        if is_window:
            windows[Stage(stage)] = Window(opens, closes)
        else:
            place = Place(cycle.municipality_id, cycle.district_id, township, unit)
            extended.append(Extended(Stage(stage), closes, place, department))
    if stands is CycleState.NOTICE:
        windows[Stage.OBJECTION] = _days_of_notice(cycle.id)
    return Calendar(stands, windows, tuple(extended))


def _entries(cycle_id: BindParameter[int]) -> CompoundSelect[Any]:
    """The windows of a year and its granted extensions, told apart by `is_window`."""
    nowhere = cast(null(), Integer)
    windows = select(
        literal(value=True).label("is_window"), StageWindow.stage, StageWindow.opens, StageWindow.closes,
        nowhere.label("township"), nowhere.label("unit"), literal("").label("department"),
    ).where(StageWindow.cycle_id == cycle_id)  # fmt: skip
    granted = select(
        literal(value=False), StageExtension.stage, cast(null(), Moment()), StageExtension.ends,
        func.coalesce(StageExtension.township_id, Unit.township_id), StageExtension.unit_id,
        StageExtension.department,
    ).outerjoin(Unit, Unit.id == StageExtension.unit_id).where(
        StageExtension.cycle_id == cycle_id, StageExtension.state == ExtensionState.APPROVED
    )  # fmt: skip
    return union_all(windows, granted)


_ENTRIES = Question(_entries(bindparam("cycle", type_=Integer())))


def _days_of_notice(cycle_id: int) -> Window:
    """From the first to the last day of the notices of the year's latest round."""
    latest = select(func.max(Determination.round)).where(Determination.cycle_id == cycle_id).scalar_subquery()
    days = db.session.execute(
        select(func.min(Notice.opens_on), func.max(Notice.closes_on))
        .join(Determination, Determination.id == Notice.determination_id)
        .where(Determination.cycle_id == cycle_id, Determination.round == latest)
    ).one()
    opens: date | None = days[0]
    closes: date | None = days[1]
    return Window(None if opens is None else first_instant(opens), None if closes is None else last_instant(closes))
