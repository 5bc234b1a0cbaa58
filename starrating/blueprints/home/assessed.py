"""What is due around verification: what the district returned, and what it has still to confirm."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext

from starrating.blueprints.deadlines import day_of
from starrating.blueprints.home.due import Due, day_of_enterer
from starrating.blueprints.pages import person
from starrating.blueprints.scoring.back import returned_to
from starrating.domain.access import Act, may, may_somewhere
from starrating.domain.verification import Review
from starrating.domain.windows import Calendar
from starrating.domain.workflow import CycleState
from starrating.queries.cycles import CycleRow
from starrating.queries.verification import review_total
from starrating.services.scoring.tasks import Work


def of_assessments(row: CycleRow, calendar: Calendar, work: Work) -> Iterator[Due]:
    """What is due in a year for whoever is signed in."""
    who = person()
    if may_somewhere(who.grants, Act.FILL_SCORES):
        yield from _returned(row, calendar, work)
    if row.state is CycleState.VERIFICATION and may(who.grants, Act.VERIFY_SCORES, row.place):
        yield from _to_confirm(row)


def _returned(row: CycleRow, calendar: Calendar, work: Work) -> Iterator[Due]:
    count = sum(one.open and one.cycle.id == row.id for one in returned_to(person()))
    if count:
        yield Due(gettext("区里退回了%(count)s格", count=count), gettext("看过理由，改好再存"),
                  url_for("scoring.returned_to_me"), gettext("去改"),
                  day_of_enterer(row, calendar, work) if row.state is CycleState.SCORING else day_of(row))  # fmt: skip


def _to_confirm(row: CycleRow) -> Iterator[Due]:
    found = review_total(row)
    if found[Review.OPEN] or found[Review.RETURNED]:
        yield Due(
            gettext("还有%(count)s格没有确认", count=f"{found[Review.OPEN] + found[Review.RETURNED]:,}"),
            gettext("其中退回了%(count)s格，改好或确认以后才能审定", count=f"{found[Review.RETURNED]:,}")
            if found[Review.RETURNED] else gettext("先看不一样的"),
            url_for("verification.show", cycle_id=row.id), gettext("去复核"), day_of(row),
        )  # fmt: skip
