"""How long the step that a year is in still lasts, as the first page and the dashboards say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext

from starrating.domain.access import Place
from starrating.domain.windows import Calendar, Stage
from starrating.domain.workflow import CycleState
from starrating.queries.cycles import CycleRow
from starrating.services.clock import now
from starrating.services.working_days import BEIJING, today
from starrating.vocabulary.calendar import stage_name, state_name

STEPS = {
    CycleState.SCORING: Stage.SCORING, CycleState.VERIFICATION: Stage.VERIFICATION, CycleState.NOTICE: Stage.OBJECTION,
}  # fmt: skip
"""The stage whose window a state of a year lasts for."""


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a step still lasts, in words, blank where no day is set; and whether it is over."""

    said: str = ""
    late: bool = False


def day_of(row: CycleRow) -> date | None:
    """The last day of the step that a year is in, for its district."""
    closes = {CycleState.SCORING: row.scoring_closes, CycleState.VERIFICATION: row.verification_closes}.get(row.state)
    return closes.astimezone(BEIJING).date() if closes else None


def until(row: CycleRow) -> str:
    """How long the step that a year is in still lasts for its district, in words; blank where no day is set."""
    return _told(state_name(row.state), day_of(row)).said


def is_late(row: CycleRow) -> bool:
    """True where the last day of a district's step has passed and the year has not moved on."""
    return _told(state_name(row.state), day_of(row)).late


def lasting(row: CycleRow, calendar: Calendar, place: Place) -> Lasting:
    """How long the step that a year is in still lasts for a place.

    Below the district what was extended for the place counts, and where the place has no more time of its own, what
    was extended for a department or a unit there. A unit's step is its self-assessment while that lasts.
    """
    stage, name = STEPS.get(row.state), state_name(row.state)
    if stage is None:
        return Lasting()
    own = calendar.closes(Stage.SELF_ASSESSMENT, place)
    if place.unit and own and calendar.is_open(Stage.SELF_ASSESSMENT, place, "", now()):
        return _told(stage_name(Stage.SELF_ASSESSMENT), _day(own))
    ends = calendar.closes(stage, place)
    if ends and ends < now() and place.township:
        departments = {"", *(one.department for one in calendar.extended)}
        ends = max(filter(None, (calendar.last_closes(stage, place, one) for one in departments)))
    return _told(name, _day(ends))


def _day(instant: datetime | None) -> date | None:
    return instant.astimezone(BEIJING).date() if instant else None


def _told(step: str, day: date | None) -> Lasting:
    if day is None:
        return Lasting()
    left = (day - today()).days
    said = {"step": step, "month": day.month, "day": day.day, "days": abs(left)}
    if left < 0:
        return Lasting(str(gettext("%(step)s已在%(month)s月%(day)s日截止，过了%(days)s天。", **said)), late=True)
    return Lasting(str(gettext("%(step)s到%(month)s月%(day)s日24时截止，还有%(days)s天。", **said)))
