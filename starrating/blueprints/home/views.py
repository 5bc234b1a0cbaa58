"""The first page: of a whole city how far each district is, of a district, township or unit this year's work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from starrating.blueprints.dashboards.figures import Figures, Subject, figures_of
from starrating.blueprints.dashboards.pictures import framed
from starrating.blueprints.dashboards.words import KIND, NEXT, STATES
from starrating.blueprints.deadlines import until
from starrating.blueprints.home.assessed import of_assessments
from starrating.blueprints.home.cases_due import of_cases
from starrating.blueprints.home.checks import checks_due
from starrating.blueprints.home.checks_again import of_checks
from starrating.blueprints.home.due import SOON, Due, nearest_first, of_district, of_enterer, of_extensions, to_open
from starrating.blueprints.home.people_due import of_people
from starrating.blueprints.home.stages_due import of_objections, of_stages
from starrating.blueprints.home.townships import Township, township_of
from starrating.blueprints.home.upkeep import purge_warning
from starrating.blueprints.pages import number, person
from starrating.blueprints.rating.seen import LevelShown, levels_of, scheme_seen
from starrating.blueprints.schemes.views import steps_shown
from starrating.charts.levels import added
from starrating.domain.access import Act, Place, Role, may, places
from starrating.domain.windows import Calendar
from starrating.domain.workflow import CycleState
from starrating.queries.cycles import CycleRow, cycles
from starrating.queries.divisions import DivisionRow, UnitRow, division, divisions_in, unit
from starrating.queries.objections import Waiting as Objected
from starrating.queries.objections import waiting_by_year
from starrating.queries.proposals import Waiting, waiting_for
from starrating.queries.ratings import YearOfUnit, years_of
from starrating.queries.standing import years_standing
from starrating.queries.windows import calendar_of
from starrating.services.clock import now
from starrating.services.scoring.progress import Counted, Part, counted, expected, left_by_township, parts
from starrating.services.scoring.tasks import Work, work_of
from starrating.services.working_days import today

WIDE = ("everywhere", "municipality")
UNDER_WAY = (CycleState.SCORING, CycleState.VERIFICATION)
AFTER_NOTICE = (CycleState.VERIFICATION, CycleState.DETERMINED, CycleState.NOTICE)
"""The states in which an objection to a result that was on notice can still be open."""


@dataclass
class Seen:
    """What the first page of a district's people shows; empty parts are left out."""

    due: list[Due] = field(default_factory=list)
    parts: tuple[Part, ...] = ()
    expected: int | None = None
    township: Township | None = None
    unit: UnitRow | None = None
    years: tuple[YearOfUnit, ...] = ()
    levels: dict[str, LevelShown] = field(default_factory=dict)


def home() -> ResponseReturnValue:
    """What is due for whoever is signed in, and where their place stands."""
    held = places(person().grants, Act.VIEW_CYCLE)
    if any(place.level in WIDE for place in held):
        return _city(held)
    keys = list(dict.fromkeys(place.district for place in held if place.district is not None))
    if not keys:
        return render_template("home/nothing.html")
    asked = number("district")
    return _district(held, asked if asked in keys else keys[0], keys)


def _city(held: Sequence[Place]) -> ResponseReturnValue:
    """How far the districts are, and the stars of the last year that stands."""
    rows = cycles(held)
    newest = {row.district_id: row for row in reversed(rows)}
    states = [row for row in rows if newest[row.district_id] is row]
    cities = divisions_in(held, "municipality")
    late = [row for row in states if row.state is CycleState.SCORING and row.scoring_closes
            and row.scoring_closes < now()]  # fmt: skip
    return render_template(
        "home/city.html", cities=cities, states=states, late=late, next=NEXT, names=STATES, tags=KIND, today=today(),
        objected=_objected(rows), purge=purge_warning([Place(one.id) for one in cities]),
        counts={state: sum(row.state is state for row in states) for state in CycleState},
        checks=checks_due(Place(one.id) for one in cities),
        **_standing(cities[0], Place(cities[0].id)) if len(cities) == 1 else {"figures": None},
    )  # fmt: skip


def _objected(rows: Sequence[CycleRow]) -> list[tuple[CycleRow, Objected]]:
    """The years in which objections wait for their decision, what is due first in front."""
    waiting = waiting_by_year(row.id for row in rows if row.state in AFTER_NOTICE)
    found = [(row, waiting[row.id]) for row in rows if row.id in waiting]
    return sorted(found, key=lambda one: (one[1].due_on or today(), one[0].id))


def _district(held: Sequence[Place], key: int, keys: Sequence[int]) -> ResponseReturnValue:
    here = division(key)
    assert here is not None
    place = Place(here.parent_id, key)
    own = [row for row in cycles([place]) if row.district_id == key]
    row = next((one for one in own if one.state is not CycleState.PUBLISHED), own[0] if own else None)
    wide = any(one.covers(place) for one in places(person().grants, Act.VIEW_TRIALS))
    shown = _seen(row, place)
    return render_template(
        "home/district.html", here=here, cycle=row, steps=steps_shown(row) if row else [], shown=shown, names=STATES,
        next=_next(row), today=today(), kind_of_state=KIND, reads=wide, checks=checks_due([place] if wide else []),
        others=[one for one in keys if one != key], districts={one: division(one) for one in keys if one != key},
        **_standing(here, place) if wide else {"figures": None},
    )  # fmt: skip


def _next(row: CycleRow | None) -> str:
    """How long the step still lasts, and for whoever moves the year on what comes next."""
    if row is None:
        return ""
    return until(row) + (str(NEXT[row.state]) if may(person().grants, Act.PREPARE_CYCLE, row.place) else "")


def _seen(row: CycleRow | None, place: Place) -> Seen:
    who, shown = person(), Seen()
    shown.unit = next((unit(one.place.unit) for one in who.grants if one.role is Role.UNIT and one.place.unit), None)
    shown.years = years_of(shown.unit.id) if shown.unit else ()
    shown.levels = levels_of(scheme_seen(shown.years[-1].rating.determination_id)) if shown.years else {}
    if may(who.grants, Act.PREPARE_CYCLE, place) and (row is None or _over(row)):
        shown.due.append(to_open(place.district or 0))
    key = _officer(place)
    own = Place(place.municipality, place.district, key)
    waiting = _waiting(own)
    shown.due += [*of_cases(own, waiting), *of_checks(place), *of_people(own, waiting)]
    if row is None:
        return shown
    work = work_of(row, who.grants)
    numbers = counted(row) if row.state in UNDER_WAY or key else Counted({}, ())
    if row.state in UNDER_WAY:
        shown.parts = parts(work.tasks, numbers, work.townships)
        shown.expected = expected(row, now()) if row.state is CycleState.SCORING else None
    calendar = calendar_of(row)
    shown.due = nearest_first([*shown.due, *_due(row, calendar, work, shown.parts, numbers)])
    shown.township = township_of(key, row, calendar, work) if key else None
    return shown


def _waiting(place: Place) -> Waiting | None:
    """What waits for the decisions of a district's office; None for everybody else."""
    who = person()
    if not any(may(who.grants, act, place) for act in (Act.DECIDE_CONSEQUENCES, Act.MANAGE_PEOPLE)):
        return None
    return waiting_for(place, who.account_id, today() + timedelta(days=SOON))


def _due(
    row: CycleRow, calendar: Calendar, work: Work, done: Sequence[Part], numbers: Counted
) -> Iterator[Due]:  # fmt: skip
    if may(person().grants, Act.PREPARE_CYCLE, row.place):
        yield from of_district(row, done, left_by_township(work.tasks, numbers))
        if row.state in UNDER_WAY:
            yield from of_extensions(row)
        if row.state in AFTER_NOTICE:
            yield from of_objections(row)
    elif not work.reads_all:
        yield from of_enterer(row, calendar, work, done)
    if row.state in UNDER_WAY:
        yield from of_assessments(row, calendar, work)
        yield from of_stages(row, calendar, work)


def _over(row: CycleRow) -> bool:
    """True where the newest year is published and a later one has begun."""
    return row.state is CycleState.PUBLISHED and row.year < today().year


def _officer(place: Place) -> int | None:
    """The township of this district in which somebody is an officer."""
    held = (one for one in person().grants if one.role is Role.TOWNSHIP_OFFICER)
    return next((one.place.township for one in held if one.place.district == place.district), None)


def _standing(here: DivisionRow, place: Place) -> dict[str, Any]:
    """The counts and the first chart of the last year that stands."""
    years = years_standing([place])
    if not years:
        return {"figures": None}
    figures: Figures = figures_of(Subject(here.id, here.name, here.level, place, years[0], ""))
    return {
        "figures": figures, "part": framed(figures, "stars"),
        "total": added(figures.stars, "") if figures.stars else None,
        "more": url_for("dashboards.show", division_id=here.id, year=years[0]),
    }  # fmt: skip
