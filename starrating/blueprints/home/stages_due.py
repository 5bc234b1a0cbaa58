"""What is due in the stages besides scoring: self-assessment, its review, answers to spot checks, counting them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from flask import url_for
from flask_babel import gettext

from starrating.blueprints.home.due import Due
from starrating.blueprints.pages import person
from starrating.domain.access import Act, Place, may, places
from starrating.domain.assessment import AssessmentState
from starrating.domain.spot_checks import Effect, SpotCheckState, may_count
from starrating.domain.windows import Calendar, Stage
from starrating.queries.assessments import assessments_of, state_counts
from starrating.queries.cycles import CycleRow
from starrating.queries.objections import waiting_in as waiting_objections
from starrating.queries.scores import units_of
from starrating.queries.spot_checks import Waiting, waiting_in
from starrating.services.assessment.assessments import is_writable
from starrating.services.clock import now
from starrating.services.scoring.tasks import Work, tasks_of
from starrating.services.working_days import BEIJING


def of_stages(row: CycleRow, calendar: Calendar, work: Work) -> Iterator[Due]:
    """Whatever of it is somebody's, by what they may do; at most seven statements."""
    held = person().grants
    for place in places(held, Act.ASSESS_SELF):
        if place.unit and place.district == row.district_id:
            yield from _of_unit(row, calendar, place)
    towns = [one for one in places(held, Act.REVIEW_ASSESSMENTS) if one.district == row.district_id and one.township]
    if towns:
        yield from _to_review(row, calendar, towns)
    checked = [one for one in places(held, Act.VIEW_SPOT_CHECKS) if one.covers(row.place) or row.place.covers(one)]
    if checked and calendar.is_open_somewhere(Stage.EVENTS, row.place, now()):
        waiting = waiting_in(row.id, checked)
        yield from _to_answer(row, waiting)
        yield from _to_count(row, work, waiting)


def of_objections(row: CycleRow) -> Iterator[Due]:
    """The objections of a year that wait for their decision, whoever of the office takes them up."""
    waiting = waiting_objections(row.id)
    if waiting.count:
        yield Due(gettext("有%(count)s件异议没有办结", count=waiting.count),
                  gettext("由没有参与评定的人办，办完才能发布"), url_for("objections.index"), gettext("去办"),
                  waiting.due_on)  # fmt: skip


def day_in_beijing(at: datetime | None) -> date | None:
    """The day of an instant."""
    return at.astimezone(BEIJING).date() if at else None


def _of_unit(row: CycleRow, calendar: Calendar, place: Place) -> Iterator[Due]:
    """The unit's own assessment: what was returned, and what is not submitted yet."""
    if place.unit is None or not calendar.is_open(Stage.SELF_ASSESSMENT, place, "", now()):
        return
    unit = next(iter(units_of(row, {place.unit})), None)
    if unit is None:
        return
    stand = assessments_of(row.id, [unit.id])
    own = [stand.get((unit.id, task.node.code)) for task in tasks_of(row.id) if task.kind == unit.kind]
    left = [one for one in own if is_writable(one)]
    returned = [one for one in left if one is not None and one.state is AssessmentState.RETURNED]
    address = url_for("assessments.show", cycle_id=row.id, unit_id=unit.id)
    day = day_in_beijing(calendar.closes(Stage.SELF_ASSESSMENT, place))
    if returned:
        yield Due(gettext("自评有%(count)s项被退回", count=len(returned)), gettext("看退回的理由，改了再交"), address,
                  gettext("去改"), day)  # fmt: skip
    if len(left) > len(returned):
        yield Due(gettext("自评还有%(count)s项没有交", count=len(left) - len(returned)),
                  gettext("交了以后由乡镇街道初评"), address, gettext("去自评"), day)  # fmt: skip


def _to_review(row: CycleRow, calendar: Calendar, towns: Sequence[Place]) -> Iterator[Due]:
    """What the units of a township submitted and nobody has looked at."""
    open_now = [one for one in towns if calendar.is_open_somewhere(Stage.REVIEW, one, now(), "")]
    counts = state_counts(row, [one.township for one in open_now if one.township]) if open_now else {}
    waiting = [one[AssessmentState.SUBMITTED] for one in counts.values() if one.get(AssessmentState.SUBMITTED)]
    if waiting:
        ends = [end for one in open_now if (end := calendar.closes(Stage.REVIEW, one)) is not None]
        yield Due(
            gettext("%(units)s个单位的自评等你初评，共%(count)s项", units=len(waiting), count=sum(waiting)),
            gettext("认可、改动或者退回，改动和退回要写理由"),
            url_for("assessments.index", cycle=row.id, show="submitted"), gettext("去初评"),
            day_in_beijing(min(ends, default=None)),
        )  # fmt: skip


def _to_answer(row: CycleRow, waiting: Sequence[Waiting]) -> Iterator[Due]:
    """What the unit is asked to explain; a late answer is still one."""
    held = [one for one in places(person().grants, Act.ANSWER_SPOT_CHECKS) if one.unit]
    own = [one for one in waiting if one.state is SpotCheckState.ANSWER_DUE and one.unit_id in {at.unit for at in held}]
    if own:
        first = min((one.answer_due for one in own if one.answer_due), default=None)
        yield Due(gettext("%(count)s件暗访等你说明", count=len(own)), gettext("过了期限没有说明，也会算数"),
                  url_for("spot_checks.index", year=row.year, state=SpotCheckState.ANSWER_DUE.value),
                  gettext("去说明"), day_in_beijing(first))  # fmt: skip


def _to_count(row: CycleRow, work: Work, waiting: Sequence[Waiting]) -> Iterator[Due]:
    """What can count now and is this person's to settle: their own cells, for the district all the rest."""
    ready = [one for one in waiting if may_count(one.state, one.answer_due, now()) and _settles(row, work, one)]
    if ready:
        yield Due(gettext("%(count)s件暗访等你定算不算", count=len(ready)),
                  gettext("单位说明了、不用说明，或者过了期限"), url_for("spot_checks.index", year=row.year),
                  gettext("去定"))  # fmt: skip


def _settles(row: CycleRow, work: Work, one: Waiting) -> bool:
    held, place = person().grants, Place(row.municipality_id, row.district_id, one.township_id, one.unit_id)
    if one.effect is not Effect.DEDUCTION:
        return may(held, Act.RECORD_EVENTS if one.effect is Effect.VETO else Act.RECORD_SPOT_CHECKS, place)
    return any(task.kind == one.kind and one.header in [column.header for column in task.columns]
               and task.entered_by(held, place) for task in work.tasks)  # fmt: skip
