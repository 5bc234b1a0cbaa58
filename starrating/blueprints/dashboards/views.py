"""The pages of dashboards and the pictures and tables of their charts; year and kind stand in the address."""

from __future__ import annotations

from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from starrating.blueprints.dashboards import bp
from starrating.blueprints.dashboards.answers import Asked, answered, width_asked
from starrating.blueprints.dashboards.boundaries import with_boundaries
from starrating.blueprints.dashboards.figures import Subject, figures_of
from starrating.blueprints.dashboards.further import further_of
from starrating.blueprints.dashboards.paths import path_seen
from starrating.blueprints.dashboards.pictures import NAMES, address, draw_named, names_of
from starrating.blueprints.dashboards.standing import standing_shown
from starrating.blueprints.dashboards.words import KIND, NEXT, STATES
from starrating.blueprints.deadlines import is_late, lasting
from starrating.blueprints.pages import KINDS, kind_names, number, person
from starrating.blueprints.places import own_divisions
from starrating.charts.chart import Chart
from starrating.domain.access import Act, Place, places
from starrating.domain.workflow import CycleState
from starrating.queries.cycles import CycleRow, cycles
from starrating.queries.divisions import DivisionRow, division, path_of
from starrating.queries.places import place_of_division
from starrating.queries.standing import years_standing
from starrating.queries.windows import calendar_of
from starrating.services.yearbook.reading import years_for

CYCLE_PAGE = "schemes.show"


@bp.get("/")
def index() -> ResponseReturnValue:
    """The dashboard of whoever has one; of those with several a list of them."""
    found = own_divisions(Act.VIEW_RATINGS)
    if len(found) == 1:
        return redirect(url_for("dashboards.show", division_id=found[0].id))
    units = [place.unit for place in places(person().grants, Act.VIEW_RATINGS) if place.unit is not None]
    if units and not found:
        return redirect(url_for("dashboards.unit", unit_id=units[0]))
    return render_template("dashboards/index.html", found=found)


@bp.get("/divisions/<key:division_id>")
def show(division_id: int) -> ResponseReturnValue:
    """The dashboard of a city, district or township."""
    path = path_of(division_id)
    here, place = path[-1], Place(*(row.id for row in path))
    years = years_standing([place])
    subject = _subject(here, place, years)
    states, own = _states(here, place), here.level != "municipality"
    shown = {"path": path_seen(path), "here": here, "year_options": [(year, str(year)) for year in years],
             "kinds": kind_names(), "states": states, "next": NEXT, "names": STATES, "links": _links(states),
             "tags": KIND, "order": tuple(CycleState), "books": years_for(division_id),
             "lasting": lasting(states[0], calendar_of(states[0]), place) if own and states else None,
             "late": [] if own else [row for row in states if is_late(row)]}  # fmt: skip
    if subject is None:
        return render_template("dashboards/show.html", subject=None, **shown)
    return render_template("dashboards/show.html", subject=subject, **shown, **standing_shown(subject, years))


@bp.get("/divisions/<key:division_id>/charts/<name>.<ending>")
def chart(division_id: int, name: str, ending: str) -> ResponseReturnValue:
    """A chart of a division: its picture by its digest, or the picture and the numbers of now, to download."""
    if name not in NAMES:
        abort(404)
    subjects: list[Subject] = []

    def made() -> Chart:
        found, subject = _chart(division_id, name)
        subjects.append(subject)
        return found

    return answered(Asked(division_id, name, made, lambda chart: address(subjects[-1], name, chart, width_asked())),
                    ending)  # fmt: skip


def _chart(division_id: int, name: str) -> tuple[Chart, Subject]:
    here, place = division(division_id), _place(division_id)
    years = years_standing([place])
    subject = _subject(here, place, years) if here else None
    if subject is None:
        abort(404)
    figures = with_boundaries(figures_of(subject))
    further = further_of(figures, years)
    if name not in (*names_of(figures), *further.names):
        abort(404)
    return draw_named(figures, further, name, width_asked()), subject


def _subject(here: DivisionRow, place: Place, years: tuple[int, ...]) -> Subject | None:
    """What the address asks for; the newest year where it names none that has ratings. None without any year."""
    if not years:
        return None
    asked, kind = number("year"), request.args.get("kind", "")
    year = asked if asked in years else years[0]
    return Subject(here.id, here.name, here.level, place, year, kind if kind in KINDS else "")


def _states(here: DivisionRow, place: Place) -> list[CycleRow]:
    """Where the years stand: of a city the newest year of each district, of a district all its years."""
    rows = cycles([place])
    if here.level != "municipality":
        return list(rows)
    newest = {row.district_id: row for row in reversed(rows)}
    return [row for row in rows if newest[row.district_id] is row]


def _links(rows: list[CycleRow]) -> dict[int, str]:
    """Cycle → its page, for whoever works on it; of a published year there is nothing to do."""
    if CYCLE_PAGE not in current_app.view_functions:
        return {}
    held = tuple(places(person().grants, Act.PREPARE_CYCLE))
    mine = [row for row in rows if row.state is not CycleState.PUBLISHED and any(own.covers(row.place) for own in held)]
    return {row.id: url_for(CYCLE_PAGE, cycle_id=row.id) for row in mine}


def _place(division_id: int) -> Place:
    place = place_of_division(division_id)
    if place is None:
        abort(404)
    return place
