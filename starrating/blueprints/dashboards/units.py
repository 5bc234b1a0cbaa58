"""A unit's dashboard: what is due, where it stands among its peers, why, and how near the next line is."""

from __future__ import annotations

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.dashboards import bp
from starrating.blueprints.dashboards.answers import Asked, answered, width_asked
from starrating.blueprints.dashboards.further import draw_unit
from starrating.blueprints.dashboards.links import targets
from starrating.blueprints.dashboards.pictures import frame, seal
from starrating.blueprints.dashboards.reasons import KindShown, kind_of_unit, sees_district
from starrating.blueprints.dashboards.words import STATES
from starrating.blueprints.deadlines import lasting
from starrating.blueprints.pages import kind_name, number, shell
from starrating.blueprints.rating.seen import levels_of, scheme_seen
from starrating.charts.chart import Chart, Heading
from starrating.charts.style import Width
from starrating.domain.access import Place
from starrating.domain.workflow import CycleState
from starrating.queries import ratings as question
from starrating.queries.cards import UnitAt
from starrating.queries.cycles import CycleRow, cycles
from starrating.queries.divisions import UnitRow
from starrating.queries.divisions import unit as unit_row
from starrating.queries.flows import pool_totals
from starrating.queries.places import place_of_unit
from starrating.queries.windows import calendar_of


@bp.get("/units/<key:unit_id>")
def unit(unit_id: int) -> ResponseReturnValue:
    """The dashboard of a village or community; the year stands in the address."""
    here, place = unit_row(unit_id), place_of_unit(unit_id)
    if here is None or place is None:
        abort(404)
    years = question.years_of(unit_id)
    given = next((one for one in years if one.year == number("year")), years[-1] if years else None)
    levels = levels_of(scheme_seen(given.rating.determination_id)) if given else {}
    state = next(iter(cycles([Place(place.municipality, place.district)])), None)
    return render_template(
        "dashboards/unit.html", unit=here, state=state, steps=_steps(state),
        lasting=lasting(state, calendar_of(state), place) if state else None,
        given=given.rating if given else None, year=given.year if given else 0, levels=levels,
        level=levels.get(given.rating.level) if given else None,
        year_options=[(one.year, str(one.year)) for one in reversed(years)],
        strip=[_year(one, levels.get(one.rating.level)) for one in years], shown=_shown(here, place, given),
        history=_framed(here, place, years) if given else None,
    )  # fmt: skip


@bp.get("/units/<key:unit_id>/history.<ending>")
def unit_chart(unit_id: int, ending: str) -> ResponseReturnValue:
    """A unit's history as a picture or as numbers."""
    here, place = unit_row(unit_id), place_of_unit(unit_id)
    if here is None or place is None:
        abort(404)

    def made() -> Chart:
        return _history(here, place, question.years_of(unit_id), width_asked())

    return answered(Asked(_key(here), "history", made, lambda chart: _at(here, chart, width_asked())), ending)


def _key(here: UnitRow) -> str:
    """Whose picture it is, for its seal."""
    return f"unit-{here.id}"


def _at(here: UnitRow, chart: Chart, width: Width) -> str:
    return url_for(
        "dashboards.unit_chart", unit_id=here.id, ending="svg", width=width if width is Width.PHONE else None,
        digest=chart.digest, seal=seal(_key(here), "history", chart.digest),
    )  # fmt: skip


def _history(here: UnitRow, place: Place, years: tuple[question.YearOfUnit, ...], width: Width) -> Chart:
    if not years:
        abort(404)
    totals = pool_totals(place, here.kind, here.id)
    whose, source = (
        gettext("%(name)s历年总分", name=here.name),
        gettext("数据：%(place)s各年度审定结果", place=here.district),
    )
    heading = Heading(whose, kind_name(here.kind), source, bool(shell().get("sample")))
    scheme = scheme_seen(years[-1].rating.determination_id)
    return draw_unit(years, totals, scheme, heading, width=width, wide=sees_district(place))


def _framed(here: UnitRow, place: Place, years: tuple[question.YearOfUnit, ...]) -> dict[str, object]:
    files = {one: url_for("dashboards.unit_chart", unit_id=here.id, ending=one) for one in ("csv", "png")}
    shown = frame("history", lambda width: _history(here, place, years, width),
                  lambda chart, width: _at(here, chart, width))  # fmt: skip
    at = {
        (row, 2): url_for("dashboards.unit", unit_id=here.id, year=one.year)
        for row, one in enumerate(years)
        if one.rating.total
    }
    over = {"targets": targets(shown["chart"], at), "phone_targets": targets(shown["phone"], at)}
    return {**shown, **files, "at": at, **over}


def _shown(here: UnitRow, place: Place, given: question.YearOfUnit | None) -> KindShown | None:
    if given is None:
        return None
    at = UnitAt(here.id, here.name, here.kind, here.township_id, here.township, here.district_id)
    return kind_of_unit(place, given.year, here.kind, at)


def _year(one: question.YearOfUnit, level: object) -> dict[str, object]:
    """A year of the strip of stars."""
    given = one.rating
    return {
        "year": one.year, "name": getattr(level, "name", given.level_name), "place": getattr(level, "place", None),
        "total": given.total, "rank": given.rank, "movement": given.movement, "change": given.change,
    }  # fmt: skip


def _steps(row: CycleRow | None) -> list[dict[str, str]]:
    """Where the district's newest year is."""
    if row is None:
        return []
    order = list(CycleState)
    now = order.index(row.state)
    over = row.state is CycleState.PUBLISHED
    words = ["done" if at < now or over else "now" if at == now else "next" for at in range(len(order))]
    return [{"name": STATES[one], "date": "", "state": word} for one, word in zip(order, words, strict=True)]
