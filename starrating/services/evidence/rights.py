"""Who may see, add and remove the evidence of a unit, for which indicators, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from starrating.domain.access import Act, Granted, Place, may
from starrating.domain.evidence import Purpose
from starrating.domain.faults import RuleError
from starrating.domain.objections import Channel, may_see
from starrating.domain.spot_checks import OPEN, may_be_answered
from starrating.domain.windows import Calendar, Stage
from starrating.queries.cycles import CycleRow, cycle
from starrating.queries.objections import objection
from starrating.queries.scores import SheetUnit, units_of
from starrating.queries.spot_checks import spot_check
from starrating.queries.windows import calendar_of
from starrating.services.scoring.tasks import Task, tasks_of
from starrating.services.years.windows import refusal_of

STAGES: Mapping[Purpose, Stage] = {
    Purpose.SELF_ASSESSMENT: Stage.SELF_ASSESSMENT,
    Purpose.SCORE: Stage.SCORING,
}
"""The stage whose window binds evidence that is sent here; what belongs to a spot check or objection is sent there."""


@dataclass(frozen=True, slots=True)
class Slot:
    """What a file is for: an indicator (`''` for the unit in general) of a unit in a year, and why it is sent."""

    cycle_id: int
    unit_id: int
    indicator: str
    purpose: Purpose
    spot_check_id: int | None = None
    objection_id: int | None = None


@dataclass(frozen=True, slots=True)
class Here:
    """The year and the unit that evidence is about, and where that is."""

    cycle: CycleRow
    unit: SheetUnit

    @property
    def place(self) -> Place:
        """The unit's place."""
        return place_of(self.cycle, self.unit)


def here(cycle_id: int, unit_id: int) -> Here:
    """The year and its rated unit; `evidence.none` where there is no such pair."""
    row = cycle(cycle_id)
    unit = next(iter(units_of(row, {unit_id})), None) if row else None
    if row is None or unit is None:
        raise RuleError("evidence.none")
    return Here(row, unit)


def place_of(row: CycleRow, unit: SheetUnit) -> Place:
    """Where a unit of a year is."""
    return Place(row.municipality_id, row.district_id, unit.township_id, unit.id)


def seen_purposes(grants: Iterable[Granted], place: Place) -> frozenset[Purpose]:
    """What somebody sees of a unit's evidence: all of it with the scores, the unit what is its own or concerns it."""
    held = tuple(grants)
    if may(held, Act.VIEW_SCORES, place):
        return frozenset(Purpose) - {Purpose.OBJECTION}
    if may(held, Act.VIEW_EVIDENCE, place):
        return frozenset({Purpose.SELF_ASSESSMENT, Purpose.SPOT_CHECK})
    return frozenset()


def sees_file(grants: Iterable[Granted], place: Place, purpose: Purpose, objection_id: int | None) -> bool:
    """True where somebody may see a file: what belongs to an objection is for who may read that objection alone."""
    if purpose is not Purpose.OBJECTION:
        return purpose in seen_purposes(grants, place)
    found = objection(objection_id or 0)
    return found is not None and may_see(grants, found.channel, place)


def indicators_of(
    about: Here, purpose: Purpose, grants: Iterable[Granted], at: datetime, tasks: Iterable[Task] | None = None
) -> tuple[str, ...]:
    """The indicators that somebody may now add evidence for, `''` first: what he enters, or all for the unit itself."""
    calendar = calendar_of(about.cycle)
    own = [
        task for task in _rightful(about, purpose, grants, tasks) if not _refusal(calendar, about, purpose, task, at)
    ]
    return ("", *dict.fromkeys(task.node.code for task in own)) if own else ()


def may_add(about: Here, slot: Slot, grants: Iterable[Granted], at: datetime) -> bool:
    """True where somebody may add to a slot now."""
    try:
        check_may_add(about, slot, grants, at)
    except RuleError:
        return False
    return True


def check_may_add(about: Here, slot: Slot, grants: Iterable[Granted], at: datetime) -> None:
    """Raise `evidence.none` where the slot is not somebody's to fill, `window.…` out of its time."""
    if slot.objection_id is not None or slot.purpose is Purpose.OBJECTION:
        _check_objection(about, slot, tuple(grants))
        return
    if slot.spot_check_id is not None or slot.purpose is Purpose.SPOT_CHECK:
        _check_finding(about, slot, tuple(grants), at)
        return
    rightful = _rightful(about, slot.purpose, grants, None)
    own = [task for task in rightful if slot.indicator in ("", task.node.code)]
    if not own:
        raise RuleError("evidence.none")
    calendar = calendar_of(about.cycle)
    refusals = [_refusal(calendar, about, slot.purpose, task, at) for task in own]
    if refusals[0] is not None and all(refusals):
        raise refusals[0]


def _rightful(about: Here, purpose: Purpose, grants: Iterable[Granted], tasks: Iterable[Task] | None) -> list[Task]:
    """The indicators of the unit that are somebody's to show evidence for, whatever the time."""
    held = tuple(grants)
    if purpose not in STAGES:
        return []
    known = tasks_of(about.cycle.id) if tasks is None else tasks
    own = [task for task in known if task.kind == about.unit.kind]
    if purpose is Purpose.SCORE:
        return [task for task in own if task.entered_by(held, about.place)]
    return own if may(held, Act.ASSESS_SELF, about.place) else []


def _refusal(calendar: Calendar, about: Here, purpose: Purpose, task: Task, at: datetime) -> RuleError | None:
    """Why evidence for an indicator comes at the wrong time, None where it does not."""
    department = task.assigned.department if purpose is Purpose.SCORE else ""
    return refusal_of(calendar, STAGES[purpose], about.place, department, at)


def _check_finding(about: Here, slot: Slot, held: tuple[Granted, ...], at: datetime) -> None:
    """Files of a finding come from whoever records findings until it is settled, from the unit while it may answer."""
    found = spot_check(slot.spot_check_id or 0)
    if found is None or slot.purpose is not Purpose.SPOT_CHECK or slot.indicator:
        raise RuleError("evidence.none")
    recorder = may(held, Act.RECORD_SPOT_CHECKS, about.place)
    answerer = may(held, Act.ANSWER_SPOT_CHECKS, about.place)
    if (found.cycle_id, found.unit_id) != (about.cycle.id, about.unit.id) or not (recorder or answerer):
        raise RuleError("evidence.none")
    in_time = found.state in OPEN if recorder else may_be_answered(found.state)
    if not in_time:
        raise RuleError("evidence.settled")
    late = refusal_of(calendar_of(about.cycle), Stage.EVENTS, about.place, "", at)
    if late is not None:
        raise late


def _check_objection(about: Here, slot: Slot, held: tuple[Granted, ...]) -> None:
    """Files of an objection come from whoever brought it or decides it, as long as it is open."""
    found = objection(slot.objection_id or 0)
    if found is None or slot.purpose is not Purpose.OBJECTION or slot.indicator or slot.spot_check_id is not None:
        raise RuleError("evidence.none")
    own = Act.LODGE_OBJECTIONS if found.channel is Channel.ONLINE else Act.RECORD_OBJECTIONS
    rightful = any(may(held, act, about.place) for act in (own, Act.DECIDE_OBJECTIONS))
    if (found.cycle_id, found.unit_id) != (about.cycle.id, about.unit.id) or not rightful:
        raise RuleError("evidence.none")
    if not found.open:
        raise RuleError("evidence.settled")
