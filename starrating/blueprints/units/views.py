"""The pages of divisions and units; a filter is in the address, so that it can be sent to a colleague."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from starrating.blueprints.pages import KINDS, kind_names, number, person, words
from starrating.blueprints.units import bp
from starrating.domain.access import Act, places
from starrating.queries import divisions as question


def _filter() -> question.UnitFilter:
    kind = request.args.get("kind", "")
    return question.UnitFilter(words("q"), kind if kind in KINDS else "", number("district"), number("township"))


@bp.get("/")
def index() -> ResponseReturnValue:
    """The districts in scope (or the townships, for whoever has no district), and what a search found."""
    held = places(person().grants, Act.VIEW_UNITS)
    narrowed = _filter()
    searched = narrowed != question.UnitFilter()
    districts = question.divisions_in(held, "district")
    townships = () if districts else question.divisions_in(held, "township")
    alone = not districts and not townships
    found = question.units(held, narrowed, number("page") or 1) if searched or alone else None
    return render_template(
        "units/index.html", districts=districts, townships=townships, found=found, narrowed=narrowed, kinds=kind_names()
    )


@bp.get("/divisions/<key:division_id>")
def division(division_id: int) -> ResponseReturnValue:
    """A district with its townships, or a township with its units."""
    path = question.path_of(division_id)
    here = path[-1]
    held = places(person().grants, Act.VIEW_UNITS)
    if here.level == "township":
        narrowed = question.UnitFilter(words("q"), _filter().kind, None, division_id)
        found = question.units(held, narrowed, number("page") or 1)
        return render_template(
            "units/township.html", here=here, path=path, found=found, narrowed=narrowed, kinds=kind_names()
        )
    below = question.children_of(division_id, "township" if here.level == "district" else "district")
    return render_template("units/division.html", here=here, path=path, below=below)


@bp.get("/<key:unit_id>")
def show(unit_id: int) -> ResponseReturnValue:
    """A unit: its code, kind, place and the days from which and to which it is one."""
    unit = question.unit(unit_id)
    if unit is None:
        abort(404)
    return render_template("units/unit.html", unit=unit, path=question.path_of(unit.township_id))
