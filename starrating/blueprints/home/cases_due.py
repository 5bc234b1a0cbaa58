"""What follows from published stars and is near its last day or late: for the office, and for the township it is in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta

from flask import url_for
from flask_babel import gettext

from starrating.blueprints.home.due import SOON, Due
from starrating.blueprints.pages import person
from starrating.domain.access import Act, Place, may
from starrating.domain.case_records import watched
from starrating.domain.cases import CaseState
from starrating.queries.case_records import records_open
from starrating.queries.cases import due_count
from starrating.queries.proposals import Waiting
from starrating.services.working_days import today


def of_cases(place: Place, waiting: Waiting | None) -> Iterator[Due]:
    """The cases of a district that its office has to see to; of a township those that were approved."""
    who = person().grants
    if waiting is not None and may(who, Act.DECIDE_CONSEQUENCES, place):
        yield from _near(waiting.cases, waiting.first, url_for("consequences.show", division_id=place.district))
        yield from _after(place, url_for("consequences.due", division_id=place.district))
        if waiting.reviews:
            what = gettext("有%(count)s件事项依据的星级更正了，要复核", count=waiting.reviews)
            address = url_for("consequences.show", division_id=place.district, review=1)
            yield Due(what, gettext("维持或者撤销，写明理由"), address, gettext("去复核"))
    elif place.township and may(who, Act.VIEW_DUE_CONSEQUENCES, place):
        address = url_for("consequences.due", division_id=place.township)
        yield from _near(*due_count([place], (CaseState.APPROVED,), today() + timedelta(days=SOON)), address)
        yield from _after(place, address)


def _after(place: Place, address: str) -> Iterator[Due]:
    """The days after a measure (the end of an admonition, a second look, an answer) that are near or have passed."""
    found = [watched(json.loads(text)) for text in records_open([place]).values()]
    near = [one for one in found if one is not None and one[1] <= today() + timedelta(days=SOON)]
    if near:
        count = sum(name == "ends_on" for name, _ in near)
        waits = gettext("其中%(count)s件等再次测评，内部掌握，不公开", count=count)
        note = waits if count else gettext("内部掌握，不公开")
        yield Due(gettext("有%(count)s件诫勉期满、回访或答复的日子快到或者过了", count=len(near)), note, address,
                  gettext("去看"), min(day for _, day in near))  # fmt: skip


def _near(count: int, day: date | None, address: str) -> Iterator[Due]:
    if count:
        yield Due(gettext("有%(count)s件约谈、诫勉一类的事项快到期或者逾期", count=count), gettext("内部掌握，不公开"),
                  address, gettext("去看"), day)  # fmt: skip
