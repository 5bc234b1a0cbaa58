"""The words of a year's calendar: its stages, its states, and instants as people write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

from flask_babel import gettext

from starrating.domain.windows import BEIJING, Stage
from starrating.wording.language import mark as _l

STAGES: Mapping[Stage, str] = {
    Stage.SELF_ASSESSMENT: _l("自评"),
    Stage.REVIEW: _l("初评"),
    Stage.SCORING: _l("评分录入"),
    Stage.EVENTS: _l("事项登记"),
    Stage.VERIFICATION: _l("复核"),
    Stage.OBJECTION: _l("提异议"),
}
"""What each stage of a year is called."""

STATES: Mapping[str, str] = {
    "draft": _l("起草"),
    "scoring": _l("评分"),
    "verification": _l("复核"),
    "determined": _l("审定"),
    "notice": _l("公示"),
    "published": _l("发布"),
}
"""What each state of a year is called."""


def stage_name(stage: str) -> str:
    """A stage's name for people."""
    return str(gettext(STAGES[Stage(stage)]))


def state_name(state: str) -> str:
    """The name of a year's state for people."""
    return str(gettext(STATES[state]))


def deadline(instant: datetime | None) -> str:
    """An instant in Beijing to the minute; the last of a day is 24:00, as the rule says it."""
    if instant is None:
        return ""
    here = instant.astimezone(BEIJING)
    if here.time() == time.max:
        return f"{here:%Y-%m-%d} 24:00"
    return here.strftime("%Y-%m-%d %H:%M" if here.second == here.microsecond == 0 else "%Y-%m-%d %H:%M:%S")
