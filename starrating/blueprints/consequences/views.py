"""The protected list of what follows; year, township, kind of consequence and star stand in the address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from starrating.blueprints.consequences import bp
from starrating.blueprints.consequences.districts import without_cases
from starrating.blueprints.consequences.lines import OUTCOMES, Item, Line, Schemes, items, line, office_on
from starrating.blueprints.consequences.listing import listed
from starrating.blueprints.pages import number, person
from starrating.blueprints.places import own_divisions
from starrating.domain.access import Act, Place, may
from starrating.domain.workflow import CycleState
from starrating.queries.cases import years_with_cases
from starrating.queries.consequences import following, posts_on, units_of
from starrating.queries.cycles import cycles
from starrating.queries.decisions import restated_under
from starrating.queries.divisions import children_of, path_of
from starrating.queries.pages import SIZE, Page
from starrating.queries.standing import schemes_standing, years_standing
from starrating.services.years.scheme_texts import read_kept


@bp.get("/")
def index() -> ResponseReturnValue:
    """The list of whoever has one; of those with several a list of them."""
    found = own_divisions(Act.VIEW_CONSEQUENCES, "municipality", "district")
    if len(found) == 1:
        return redirect(url_for("consequences.show", division_id=found[0].id))
    return render_template("consequences/index.html", found=found)


@bp.get("/divisions/<key:division_id>")
def show(division_id: int) -> ResponseReturnValue:
    """What follows in a city, district or township, rule by rule, names masked."""
    path = path_of(division_id)
    here, place = path[-1], Place(*(row.id for row in path))
    years = years_standing([place])
    if not years:
        return render_template("consequences/show.html", here=here, year=None)
    asked = number("year")
    year = asked if asked in years else years[0]
    schemes, levels = schemes_of_year(place, year)
    towns = children_of(division_id, "township") if here.level == "district" else ()
    if year in years_with_cases([place]):
        left = without_cases(division_id, place, year) if here.level == "municipality" else []
        return render_template("consequences/cases.html", here=here, year=year, years=years, townships=towns,
                               without=left, decides=may(person().grants, Act.DECIDE_CONSEQUENCES, place),
                               **listed(place, year, schemes, levels))  # fmt: skip
    return render_template(
        "consequences/show.html", here=here, year=year, years=years, outcomes=OUTCOMES, townships=towns,
        **_found(place, year, schemes, levels), missing=_missing(place, year),
    )  # fmt: skip


def schemes_of_year(place: Place, year: int) -> tuple[Schemes, dict[str, str]]:
    """The schemes of a year's results that stand in a place, and the names of their levels."""
    schemes = {key: read_kept(text).scheme for key, text in schemes_standing([place], year).items()}
    return schemes, {one.code: one.name for scheme in schemes.values() for one in reversed(scheme.levels)}


def _missing(place: Place, year: int) -> int | None:
    """The published year of a district whose cases were never opened, for whoever may open them."""
    if place.district is None or not may(person().grants, Act.DECIDE_CONSEQUENCES, place):
        return None
    row = next((one for one in cycles([place]) if one.year == year), None)
    return row.id if row and row.state is CycleState.PUBLISHED else None


def _found(place: Place, year: int, schemes: Schemes, levels: Mapping[str, str]) -> dict[str, Any]:
    """The page of what follows that the address asks for, and by what it was narrowed."""
    outcome, level = request.args.get("outcome", ""), request.args.get("star", "")
    outcome, level = outcome if outcome in OUTCOMES else "", level if level in levels else ""
    township = number("township")
    found = items(following([place], year, township, level), schemes, outcome)
    page = _page(found, number("page") or 1)
    restated = restated_under([place], year)
    return {
        "page": page, "lines": _lines(page.rows, schemes, place, date(year, 12, 31), restated), "levels": levels,
        "chosen": {"year": year, "township": township, "outcome": outcome or None, "star": level or None},
        "units": len({one.row.rating_id for one in found}), "restated": len(restated),
    }  # fmt: skip


def _lines(
    found: tuple[Item, ...], schemes: Schemes, place: Place, day: date, restated: Mapping[int, int]
) -> list[Line]:
    """One page of consequences in words: units and posts are asked for these only."""
    units = units_of([place], {one.row.rating_id for one in found})
    office = office_on(posts_on([place], day, {row.unit_id for row in units.values()}), day)
    return [
        line(one, row, schemes[one.row.cycle_id, one.row.kind], office, restated.get(row.unit_id))
        for one, row in ((one, units[one.row.rating_id]) for one in found)
    ]


def _page(found: list[Item], wanted: int) -> Page[Item]:
    at = min(max(wanted, 1), max(1, -(-len(found) // SIZE)))
    return Page(tuple(found[(at - 1) * SIZE : at * SIZE]), at, len(found))
