"""People who are put forward: for the district to decide on, for a township the elections it can still propose for."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext

from starrating.blueprints.home.due import Due
from starrating.blueprints.pages import person
from starrating.domain.access import Act, Place, may
from starrating.domain.reserve import ReserveState
from starrating.queries.candidates import open_to_propose
from starrating.queries.proposals import Waiting
from starrating.services.working_days import today


def of_people(place: Place, waiting: Waiting | None) -> Iterator[Due]:
    """What a district has to decide; what a township can still put forward."""
    who = person().grants
    if waiting is not None and may(who, Act.MANAGE_PEOPLE, place):
        yield from _to_decide(place, waiting)
    elif place.township and may(who, Act.PROPOSE_PEOPLE, place):
        for one in open_to_propose(place, today()):
            address = url_for("people.election", division_id=place.township, election_id=one.id)
            yield Due(gettext("%(election)s可以提人选", election=one.name), gettext("由区里决定，决定以前可以撤下"),
                      address, gettext("去提"), one.until)  # fmt: skip


def _to_decide(place: Place, waiting: Waiting) -> Iterator[Due]:
    for one in waiting.proposed:
        address = url_for("people.proposals", division_id=place.district, election_id=one.id)
        what = gettext("%(election)s有%(count)s人次的人选等决定", election=one.name, count=one.count)
        yield Due(what, gettext("乡镇街道提的，同意了再联审"), address, gettext("去决定"), one.held_on)
    if waiting.to_confirm:
        address = url_for("training.reserve", division_id=place.district, state=ReserveState.REVIEWED.value)
        what = gettext("有%(count)s名后备等你确认", count=waiting.to_confirm)
        yield Due(what, gettext("推荐和审核的人不能自己确认"), address, gettext("去确认"))
