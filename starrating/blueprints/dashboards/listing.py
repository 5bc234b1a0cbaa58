"""The units behind a number of a chart, in an address that can be sent."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.dashboards import bp
from starrating.blueprints.dashboards.links import drill_asked
from starrating.blueprints.dashboards.paths import path_seen
from starrating.blueprints.pages import KINDS, kind_name, number
from starrating.blueprints.rating.seen import MOVEMENTS
from starrating.domain.access import Place
from starrating.queries.divisions import path_of
from starrating.queries.drill import VOID, Drill, Star, drilled
from starrating.queries.standing import years_standing


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
    return render_template(
        "dashboards/units.html", here=path[-1], path=path_seen(path), asked=asked, clear=clear,
        found=drilled(place, asked, number("page") or 1), chosen=_chosen(asked), address=_without("page"),
    )  # fmt: skip


def _chosen(asked: Drill) -> list[tuple[str, str, str]]:
    """The conditions as chips: what, which, and the address without it."""
    found = []
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
