"""How long the step that a year is in still lasts, as the first page and the dashboards say it."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext

from starrating.domain.workflow import CycleState
from starrating.queries.cycles import CycleRow
from starrating.services.working_days import BEIJING, today
from starrating.vocabulary.calendar import state_name


def day_of(row: CycleRow) -> date | None:
    """The last day of the step that a year is in."""
    closes = {CycleState.SCORING: row.scoring_closes, CycleState.VERIFICATION: row.verification_closes}.get(row.state)
    return closes.astimezone(BEIJING).date() if closes else None


def until(row: CycleRow) -> str:
    """How long the step that a year is in still lasts, in words; blank where no day is set."""
    day = day_of(row)
    if day is None:
        return ""
    left = (day - today()).days
    said = {"step": state_name(row.state), "month": day.month, "day": day.day, "days": abs(left)}
    if left < 0:
        return str(gettext("%(step)s已在%(month)s月%(day)s日截止，过了%(days)s天。", **said))
    return str(gettext("%(step)s到%(month)s月%(day)s日24时截止，还有%(days)s天。", **said))


def is_late(row: CycleRow) -> bool:
    """True where the day of the step that a year is in has passed."""
    day = day_of(row)
    return day is not None and day < today()
