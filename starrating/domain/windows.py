"""When a stage of a year is open: by the year's state, the stage's window, and the extensions that reach a place.

The rule of days, for every deadline: days are Beijing's, eight hours ahead of UTC wherever the server stands. A stage
opens with the first instant of its first day and closes with the last of its last day: "12月31日前" counts up to 24:00
of that day. Both instants lie inside, so 23:59:59.999999 is in time and 00:00:00.000000 of the next day is late.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from fractions import Fraction

from starrating.domain.access import Place
from starrating.domain.workflow import CycleState

BEIJING = timezone(timedelta(hours=8))
TICK = timedelta(microseconds=1)


class Stage(StrEnum):
    """What people do in a year that has a window of its own."""

    SELF_ASSESSMENT = "self_assessment"
    REVIEW = "review"
    SCORING = "scoring"
    EVENTS = "events"
    VERIFICATION = "verification"
    OBJECTION = "objection"


class Standing(StrEnum):
    """How a stage stands for somebody at an instant."""

    OPEN = "open"
    NOT_YET = "not_yet"
    OVER = "over"
    NOT_NOW = "not_now"


_ENTRY = frozenset({CycleState.SCORING})
_DISTRICT = frozenset({CycleState.SCORING, CycleState.VERIFICATION})

STATES: Mapping[Stage, frozenset[CycleState]] = {
    Stage.SELF_ASSESSMENT: _ENTRY,
    Stage.REVIEW: _ENTRY,
    Stage.SCORING: _ENTRY,
    Stage.EVENTS: _DISTRICT,
    Stage.VERIFICATION: frozenset({CycleState.VERIFICATION}),
    Stage.OBJECTION: frozenset({CycleState.NOTICE}),
}
"""In which states of a year a stage can be open at all."""

EXTENDED_STATES: Mapping[Stage, frozenset[CycleState]] = {
    Stage.SELF_ASSESSMENT: _DISTRICT,
    Stage.REVIEW: _DISTRICT,
    Stage.SCORING: _DISTRICT,
    Stage.EVENTS: _DISTRICT,
    Stage.VERIFICATION: frozenset({CycleState.VERIFICATION}),
}
"""In which an extension still counts: the year may have moved on to verification. An objection is never extended."""

DATED: tuple[Stage, ...] = tuple(EXTENDED_STATES)
"""The stages whose windows the district sets; the days of a notice are the window of objections."""

ENDS_BEFORE: tuple[tuple[Stage, Stage], ...] = (
    (Stage.SELF_ASSESSMENT, Stage.REVIEW),
    (Stage.REVIEW, Stage.VERIFICATION),
    (Stage.SCORING, Stage.VERIFICATION),
)
"""Pairs of which the first has to close before the second does."""


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when, both instants inside; None is no limit on that side."""

    opens: datetime | None = None
    closes: datetime | None = None

    @property
    def is_possible(self) -> bool:
        """False where it would close before it opens, or with it."""
        return self.opens is None or self.closes is None or self.opens < self.closes

    def elapsed(self, at: datetime) -> Fraction | None:
        """The share of the window that has passed, from 0 to 1; None where a side is not set."""
        if self.opens is None or self.closes is None:
            return None
        passed = Fraction((at - self.opens) // TICK, (self.closes - self.opens) // TICK)
        return min(max(passed, Fraction(0)), Fraction(1))


ALWAYS = Window()


@dataclass(frozen=True, slots=True)
class Extended:
    """A longer end of a stage for whoever works within a place, for a department where one is named."""

    stage: Stage
    ends: datetime
    place: Place
    department: str = ""

    def reaches(self, stage: Stage, place: Place, department: str) -> bool:
        """True where it is about that stage, place and department."""
        return self.stage is stage and self.place.covers(place) and self.department in ("", department)


@dataclass(frozen=True, slots=True)
class Calendar:
    """A year's state, its windows and its extensions: all that says whether a stage is open."""

    state: CycleState
    windows: Mapping[Stage, Window]
    extended: tuple[Extended, ...] = ()

    def window(self, stage: Stage) -> Window:
        """The window of a stage; one without dates goes by the state alone."""
        return self.windows.get(stage, ALWAYS)

    def extension(self, stage: Stage, place: Place, department: str = "") -> datetime | None:
        """The last end that an extension gives there."""
        return max((one.ends for one in self.extended if one.reaches(stage, place, department)), default=None)

    def closes(self, stage: Stage, place: Place, department: str = "") -> datetime | None:
        """The last instant that is in time there; None where no end is set."""
        end, longer = self.window(stage).closes, self.extension(stage, place, department)
        return end if end is None or longer is None else max(end, longer)

    def last_closes(self, stage: Stage, within: Place, department: str = "") -> datetime | None:
        """The last instant in which some part of a place is in time: later than `closes` where a part has longer."""
        end = self.closes(stage, within, department)
        longer = [one.ends for one in self.extended if one.stage is stage and within.covers(one.place)
                  and one.department in ("", department)]  # fmt: skip
        return end if end is None else max([end, *longer])

    def standing(self, stage: Stage, place: Place, department: str, at: datetime) -> Standing:
        """How a stage stands at an instant for whoever works at the place, for a department where it is one's."""
        window, longer = self.window(stage), self.extension(stage, place, department)
        reached = longer is not None and at <= longer and self.state in EXTENDED_STATES.get(stage, ())
        if self.state not in STATES[stage] and not reached:
            return Standing.NOT_NOW
        if window.opens is not None and at < window.opens:
            return Standing.NOT_YET
        return Standing.OPEN if reached or window.closes is None or at <= window.closes else Standing.OVER

    def is_open(self, stage: Stage, place: Place, department: str, at: datetime) -> bool:
        """True where one can work on a stage at an instant."""
        return self.standing(stage, place, department, at) is Standing.OPEN

    def is_open_somewhere(self, stage: Stage, within: Place, at: datetime, department: str | None = None) -> bool:
        """True where a stage is open in some part of a place, for a department or (None) for anybody.

        An extension may open it for a part only: the acts ask for the very place with `standing`.
        """
        scopes = [(one.place if within.covers(one.place) else within, one.department or department or "")
                  for one in self.extended
                  if (within.covers(one.place) or one.place.covers(within))
                  and (department is None or one.department in ("", department))]  # fmt: skip
        return any(self.is_open(stage, *scope, at) for scope in [(within, department or ""), *scopes])


def first_instant(day: date) -> datetime:
    """The instant with which a day begins in Beijing, in UTC."""
    return datetime.combine(day, time(), BEIJING).astimezone(UTC)


def last_instant(day: date) -> datetime:
    """The last instant of a day in Beijing, in UTC: one microsecond before 24:00."""
    return datetime.combine(day, time.max, BEIJING).astimezone(UTC)


def out_of_order(windows: Mapping[Stage, Window]) -> Iterable[Stage]:
    """The stages whose window cannot be, or closes no later than one that has to close before it."""
    for stage, window in windows.items():
        if not window.is_possible:
            yield stage
    for first, second in ENDS_BEFORE:
        before, after = windows.get(first, ALWAYS).closes, windows.get(second, ALWAYS).closes
        if before is not None and after is not None and after <= before:
            yield second
