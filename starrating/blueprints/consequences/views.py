"""The protected list of what follows; year, township, kind of consequence and star stand in the address."""

from __future__ import annotations

from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from starrating.blueprints.consequences import bp
from starrating.blueprints.consequences.lines import OUTCOMES, Line, lines, office_on
from starrating.blueprints.pages import number, person
from starrating.domain.access import Act, Place, places
from starrating.queries.consequences import following, posts_on
from starrating.queries.divisions import children_of, divisions_in, path_of
from starrating.queries.pages import SIZE, Page
from starrating.queries.standing import schemes_standing, years_standing
from starrating.services.scheme_texts import read_kept


@bp.get("/")
def index() -> ResponseReturnValue:
    """The list of whoever has one; of those with several a list of them."""
    held = places(person().grants, Act.VIEW_CONSEQUENCES)
    for level in ("municipality", "district"):
        found = divisions_in([place for place in held if place.level in ("everywhere", level)], level)
        if len(found) == 1:
            return redirect(url_for("consequences.show", division_id=found[0].id))
        if found:
            return render_template("consequences/index.html", found=found)
    return render_template("consequences/index.html", found=())


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
    texts = schemes_standing([place], year)
    outcome, level = request.args.get("outcome", ""), request.args.get("star", "")
    levels = {one.code: one.name for text in texts.values() for one in reversed(read_kept(text).scheme.levels)}
    outcome, level = outcome if outcome in OUTCOMES else "", level if level in levels else ""
    township = number("township")
    office = office_on(posts_on([place], date(year, 12, 31)), date(year, 12, 31))
    found = list(lines(following([place], year, township, level), texts, office, outcome))
    chosen = {"year": year, "township": township, "outcome": outcome or None, "star": level or None}
    return render_template(
        "consequences/show.html", here=here, year=year, years=years, page=_page(found, number("page") or 1),
        townships=children_of(division_id, "township") if here.level == "district" else (), outcomes=OUTCOMES,
        levels=levels, chosen=chosen, units=len({line.row.unit_id for line in found}),
    )  # fmt: skip


def _page(found: list[Line], wanted: int) -> Page[Line]:
    at = min(max(wanted, 1), max(1, -(-len(found) // SIZE)))
    return Page(tuple(found[(at - 1) * SIZE : at * SIZE]), at, len(found))
