"""Eligibility checks that are due: for the district to repeat while people are in post, for departments to answer."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext

from starrating.blueprints.checks.answering import asked_of
from starrating.blueprints.home.due import Due
from starrating.blueprints.pages import person
from starrating.domain.access import Act, Place, Role, may
from starrating.domain.eligibility import RENEWED
from starrating.queries.checks_due import in_post
from starrating.queries.eligibility import waiting_count
from starrating.services.working_days import today


def of_checks(place: Place) -> Iterator[Due]:
    """What is due in a district; nothing where it has no items to check."""
    held = person().grants
    if may(held, Act.MANAGE_PEOPLE, place):
        yield from _to_repeat(place)
    own = [grant for grant in held if grant.role is Role.DISTRICT_ASSESSOR and grant.place.covers(place)]
    count = waiting_count(asked_of(tuple(own))) if own else 0
    if count:
        yield Due(gettext("有%(count)s人次的任职资格联审等你的部门答复", count=count), gettext("一次答复几个人都行"),
                  url_for("checks.answering"), gettext("去答复"))  # fmt: skip


def _to_repeat(place: Place) -> Iterator[Due]:
    found = in_post([place], today())
    address = url_for("checks.division", division_id=place.district)
    if found.expired or found.soon:
        what = gettext("在任的有%(count)s人次联审要复查", count=len(found.expired) + len(found.soon))
        note = gettext("其中%(gone)s人次已经过期，%(soon)s人次%(days)s天以内到期", gone=len(found.expired),
                       soon=len(found.soon), days=RENEWED.days)  # fmt: skip
        yield Due(what, note, address, gettext("去发起"), found.first)
    if found.never:
        what = gettext("在任的有%(count)s人次还没有联审过", count=len(found.never))
        yield Due(what, gettext("在任期间也要查，答复到期再查"), address, gettext("去发起"))
