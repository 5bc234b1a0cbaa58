"""The units behind a number of a chart, in an address that can be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.dashboards import bp
from starrating.blueprints.dashboards.links import drill_asked
from starrating.blueprints.dashboards.paths import path_seen
from starrating.blueprints.dashboards.reasons import said
from starrating.blueprints.pages import KINDS, kind_name, number
from starrating.blueprints.rating.seen import MOVEMENTS
from starrating.domain.access import Place
from starrating.domain.figures import plain
from starrating.domain.scheme import Indicator
from starrating.queries.divisions import path_of
from starrating.queries.drill import VOID, Drill, Star, drilled
from starrating.queries.standing import years_standing
from starrating.services.rating.cards import cards_in


@bp.get("/divisions/<key:division_id>/units")
def units(division_id: int) -> ResponseReturnValue:
    """Exactly the units that a number of a dashboard counts."""
    path = path_of(division_id)
    place = Place(*(row.id for row in path))
    years, year, kind = years_standing([place]), number("year"), request.args.get("kind", "")
    if not years:
        abort(404)
    asked = drill_asked(year if year in years else years[0], kind if kind in KINDS else "")
    clear = url_for("dashboards.units", division_id=division_id, year=asked.year)
    points = _points_asked(place, asked)
    order = {unit: (had is None, had or Fraction(0)) for unit, had in points.had.items()} if points else None
    return render_template(
        "dashboards/units.html", here=path[-1], path=path_seen(path), asked=asked, clear=clear, points=points,
        found=drilled(place, asked, number("page") or 1, order), chosen=_chosen(asked, points),
        address=_without("page"), said=said,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PointsOf:
    """An indicator with the points that every rated unit has of it, None where it is not applicable."""

    node: Indicator
    had: Mapping[int, Fraction | None]


def _points_asked(place: Place, asked: Drill) -> PointsOf | None:
    """The indicator that the address names, of one kind; None where it names none."""
    code = request.args.get("indicator", "")
    cards = cards_in([place], asked.year, asked.kind) if code and asked.kind else ()
    lost = next((one.lost for one in cards), None)
    leaf = next((one for one in lost.leaves if one.node.code == code), None) if lost else None
    if lost is None or leaf is None:
        return None
    return PointsOf(leaf.node, {unit: leaf.points.value(row) for row, unit in enumerate(lost.units)})


def _chosen(asked: Drill, points: PointsOf | None) -> list[tuple[str, str, str]]:
    """The conditions as chips: what, which, and the address without it."""
    found = []
    if points:
        found.append((gettext("指标"), f"{points.node.code} {points.node.name}", _without("indicator")))
    if asked.least is not None:
        word = gettext("%(count)s星以上", count=asked.least) if asked.least else gettext("已评的")
        found.append((gettext("星级"), word, _without("least")))
    if asked.low is not None:
        found.append((gettext("总分从"), plain(asked.low), _without("low")))
    if asked.high is not None:
        found.append((gettext("总分不满"), plain(asked.high), _without("high")))
    if asked.kind:
        found.append((gettext("类别"), kind_name(asked.kind), _without("kind")))
    if asked.since is not None and asked.was:
        found.append((gettext("%(year)s年度", year=asked.since), _level(asked.was), _without("was")))
    if asked.star:
        found.append((gettext("%(year)s年度", year=asked.year), _level(asked.star), _without("star")))
    if asked.moved:
        found.append((gettext("变动"), str(gettext(MOVEMENTS[asked.moved])), _without("moved")))
    return found


def _level(star: Star) -> str:
    return str(gettext("未评")) if star.name == VOID else star.name


def _without(name: str) -> str:
    """This address without one of its conditions, and from the first page on."""
    kept = {key: value for key, value in request.args.items() if key not in (name, "page") and value}
    return url_for("dashboards.units", **{**(request.view_args or {}), **kept})
