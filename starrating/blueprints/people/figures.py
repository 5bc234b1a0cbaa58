"""The statistics of the field: dual role by division, empty posts, age and schooling before and after an election."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.calendar.dates import parsed_day
from starrating.blueprints.pages import person
from starrating.blueprints.people import bp
from starrating.domain.access import Act, Place, may
from starrating.domain.faults import RuleError
from starrating.domain.field_figures import FEWEST, Vacancy, change_of, dual_units, percent, tenths, vacancies
from starrating.domain.posts import Post, PostKind
from starrating.domain.terms import LONG_VACANT
from starrating.errors import sentence, status_of
from starrating.queries import field_figures as question
from starrating.queries.divisions import path_of
from starrating.queries.field_figures import CountedUnit
from starrating.services.people import elections as service
from starrating.services.working_days import today

MOST_VACANT = 200
MOST_ELECTIONS = 5


@dataclass
class Line:
    """A division's counts: units, those with dual role, with two people, with an empty post, empty for long."""

    id: int
    name: str
    units: int = 0
    dual: int = 0
    vacant: int = 0
    long: int = 0

    @property
    def share(self) -> str:
        """The share of units with dual role, in percent."""
        return percent(self.dual, self.units)

    @property
    def apart(self) -> int:
        """Units with both posts held by two people."""
        return self.units - self.dual - self.vacant


@bp.get("/divisions/<key:division_id>/figures")
def figures(division_id: int) -> ResponseReturnValue:
    """The statistics of a city, district or township, as of today."""
    return _page(division_id)


@bp.post("/divisions/<key:division_id>/elections")
def enter_election(division_id: int) -> ResponseReturnValue:
    """Enter an election of the division."""
    form = request.form
    name, day = form.get("name", ""), parsed_day(form.get("held_on", ""))
    try:
        service.enter_election(division_id, None, name, day, person(), _until(form.get("propose_until", ""), day))
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        return _page(division_id, sentence(refusal)), status_of(refusal)
    flash(gettext("换届记下了。"), "ok")
    return redirect(url_for("people.figures", division_id=division_id), 303)


def _until(text: str, held_on: date | None) -> date | None:
    """The last day for townships; None where the form leaves it open."""
    day = parsed_day(text)
    if text.strip() and day is None:
        raise RuleError("election.propose_until", held=held_on or "")
    return day


@bp.post("/divisions/<key:division_id>/elections/<key:election_id>/take-back")
def take_back_election(division_id: int, election_id: int) -> ResponseReturnValue:
    """Take back an election that was entered wrongly."""
    service.take_back_election(election_id, person())
    flash(gettext("换届撤回了。"), "ok")
    return redirect(url_for("people.figures", division_id=division_id), 303)


def _page(division_id: int, error: str = "") -> str:
    path, day = path_of(division_id), today()
    here, place = path[-1], Place(*(row.id for row in path))
    units, (posts, known) = question.counted_units([place], day), question.all_posts([place])
    empty = vacancies(posts, {one.id: one.founded for one in units}, day)
    lines = _lines(here.level, units, posts, empty)
    long, found = [one for one in empty if one.long], question.elections_of(place)
    held = [one for one in found if one.unit_id is None and one.held_on <= day][:MOST_ELECTIONS]
    changes = [(one, [change_of(posts, kind, one.held_on, day, known) for kind in PostKind]) for one in held]
    return render_template(
        "people/figures.html", here=here, day=day, lines=lines, total=_total(here.id, here.name, lines),
        changes=changes,
        long=long[:MOST_VACANT], long_count=len(long), units={one.id: one for one in units}, elections=found,
        manages=may(person().grants, Act.MANAGE_PEOPLE, place), months=LONG_VACANT, fewest=FEWEST, tenths=tenths,
        error=error, typed=request.form,
    )  # fmt: skip


def _lines(level: str, units: Sequence[CountedUnit], posts: Sequence[Post], empty: Sequence[Vacancy]) -> list[Line]:
    """A line for each district of a city, otherwise for each township."""
    dual, vacant = dual_units(posts, today()), {one.unit for one in empty}
    long = {one.unit for one in empty if one.long}
    found: dict[int, Line] = {}
    for one in units:
        key, name = (one.district_id, one.district) if level == "municipality" else (one.township_id, one.township)
        line = found.setdefault(key, Line(key, name))
        line.units += 1
        line.dual += one.id in dual
        line.vacant += one.id in vacant
        line.long += one.id in long
    return list(found.values())


def _total(key: int, name: str, lines: Sequence[Line]) -> Line:
    return Line(key, name, *(sum(getattr(one, part) for one in lines) for part in ("units", "dual", "vacant", "long")))
