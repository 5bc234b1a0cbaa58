"""What is due around assessments: a unit's own, a township's review, what was returned, what is to be confirmed."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext

from starrating.blueprints.home.due import Due, day_of
from starrating.blueprints.pages import person
from starrating.blueprints.scoring.back import returned_to
from starrating.domain.access import Act, Role, may, may_somewhere
from starrating.domain.assessment import AssessmentState
from starrating.domain.verification import Review
from starrating.domain.windows import Stage
from starrating.domain.workflow import CycleState
from starrating.queries.assessments import state_counts
from starrating.queries.cycles import CycleRow
from starrating.queries.verification import review_total
from starrating.services.windows import time_at, time_within


def of_assessments(row: CycleRow) -> Iterator[Due]:
    """What is due in a year for whoever is signed in."""
    who = person()
    if row.state not in (CycleState.SCORING, CycleState.VERIFICATION):
        return
    if may_somewhere(who.grants, Act.FILL_SCORES):
        yield from _returned(row)
    for one in who.grants:
        here = one.place.district == row.district_id
        if here and one.role is Role.TOWNSHIP_OFFICER and time_within(row, Stage.REVIEW, one.place).open:
            yield from _to_review(row, one.place.township or 0)
        if here and one.role is Role.UNIT and time_at(row, Stage.SELF_ASSESSMENT, one.place).open:
            yield from _own(row, one.place.township or 0, one.place.unit or 0)
    if row.state is CycleState.VERIFICATION and may(who.grants, Act.VERIFY_SCORES, row.place):
        yield from _to_confirm(row)


def _returned(row: CycleRow) -> Iterator[Due]:
    count = sum(one.open and one.cycle.id == row.id for one in returned_to(person()))
    if count:
        yield Due(gettext("区里退回了%(count)s格", count=count), gettext("看过理由，改好再存"),
                  url_for("scoring.returned_to_me"), gettext("去改"), day_of(row))  # fmt: skip


def _to_review(row: CycleRow, township: int) -> Iterator[Due]:
    waiting = [
        n for counts in state_counts(row, [township]).values() if (n := counts.get(AssessmentState.SUBMITTED, 0))
    ]
    if waiting:
        yield Due(
            gettext("%(units)s个村社区交了自评，待初评%(count)s项", units=len(waiting), count=sum(waiting)),
            gettext("采用、改动或退回"),
            url_for("assessments.index", cycle=row.id, township=township, show="submitted"), gettext("去初评"),
            day_of(row),
        )  # fmt: skip


def _own(row: CycleRow, township: int, unit: int) -> Iterator[Due]:
    counts = state_counts(row, [township]).get(unit, {})
    address = url_for("assessments.show", cycle_id=row.id, unit_id=unit)
    back = counts.get(AssessmentState.RETURNED, 0)
    if back:
        yield Due(
            gettext("自评退回了%(count)s项", count=back), gettext("改了再交"), address, gettext("去改"), day_of(row)
        )
    elif not counts.get(AssessmentState.SUBMITTED) and not counts.get(AssessmentState.REVIEWED):
        yield Due(gettext("填自评"), gettext("一项一页，填好再交"), address, gettext("去填"), day_of(row))
    elif counts.get(AssessmentState.DRAFT):
        yield Due(gettext("自评还有%(count)s项没交", count=counts[AssessmentState.DRAFT]), gettext("填好再交"), address,
                  gettext("去交"), day_of(row))  # fmt: skip


def _to_confirm(row: CycleRow) -> Iterator[Due]:
    found = review_total(row)
    if found[Review.OPEN] or found[Review.RETURNED]:
        yield Due(
            gettext("还有%(count)s格没有确认", count=f"{found[Review.OPEN] + found[Review.RETURNED]:,}"),
            gettext("其中退回了%(count)s格，改好或确认以后才能审定", count=f"{found[Review.RETURNED]:,}")
            if found[Review.RETURNED] else gettext("先看不一样的"),
            url_for("verification.show", cycle_id=row.id), gettext("去复核"), day_of(row),
        )  # fmt: skip
