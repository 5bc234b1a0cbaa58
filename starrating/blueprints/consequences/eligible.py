"""The eligibility list: every condition with what it was asked of, met or missing by how much; and a year on."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.consequences import bp
from starrating.blueprints.consequences.handing_out import handed_out
from starrating.blueprints.consequences.lines import Office, office_on
from starrating.blueprints.consequences.telling import walked_lines
from starrating.blueprints.consequences.views import schemes_of_year
from starrating.blueprints.pages import number
from starrating.documents.eligible_workbook import Row
from starrating.documents.eligible_workbook import eligible_workbook as written
from starrating.domain.access import Place
from starrating.domain.masking import masked_name
from starrating.domain.scheme import Bearer, Outcome
from starrating.queries.consequences import posts_on
from starrating.queries.cycles import cycles
from starrating.queries.divisions import path_of
from starrating.queries.pages import SIZE, Page
from starrating.queries.prospects import units_by_code
from starrating.queries.standing import years_standing
from starrating.services.consequences.prospects import Considered, considered
from starrating.services.working_days import today

WHO = ("met", "near")
MOST_MISSING = 2
"""Whoever misses more conditions than this is not near."""


@bp.get("/divisions/<key:division_id>/eligible")
def eligible(division_id: int) -> ResponseReturnValue:
    """Who is eligible and who is near, in a district or a township."""
    path = path_of(division_id)
    here, place = path[-1], Place(*(row.id for row in path))
    years = years_standing([place])
    year = number("year") if number("year") in years else next(iter(years), None)
    if year is None or place.district is None:
        return render_template("consequences/eligible.html", here=here, year=None)
    return render_template("consequences/eligible.html", here=here, year=year, years=years, **_found(place, year))


@bp.post("/divisions/<key:division_id>/eligible.xlsx")
def eligible_workbook(division_id: int) -> ResponseReturnValue:
    """The list as it is narrowed, as a workbook; names are masked."""
    place = Place(*(row.id for row in path_of(division_id)))
    years = years_standing([place])
    year = number("year") if number("year") in years else next(iter(years), None)
    if year is None or place.district is None:
        abort(404)
    found = _found(place, year)
    kept, units = found["kept"], found["units"]
    day = date(year, 12, 31)
    office = office_on(posts_on([place], day, {units[one.unit][0] for one in kept}), day)
    rows = [_row(one, units[one.unit], office) for one in kept]
    name = str(gettext("%(year)s年度资格名单", year=year))
    return handed_out(written(rows, today()), name, division_id, "eligible", len(rows))


def _row(one: Considered, where: tuple[int, str, str], office: Office) -> Row:
    """A line of the list in the order of the workbook's columns."""
    unit_id, unit, township = where
    leader = next(iter(office.of(Bearer.SECRETARY, unit_id)), None)
    parts = [
        gettext("，").join(said for said in (
            part.text, gettext("符合") if part.met else gettext("不符合"), part.value, part.gap) if said)
        for part in walked_lines(one.walked, one.scheme)
    ]  # fmt: skip
    return (
        township, unit, one.unit, masked_name(office.names[leader]) if leader else gettext("空缺"), one.rule.name,
        gettext("不符合") if one.misses else gettext("符合"), one.misses, gettext("；").join(parts),
    )  # fmt: skip


def _found(place: Place, year: int) -> dict[str, Any]:
    """The page that the address asks for, and by what it was narrowed."""
    schemes, levels = schemes_of_year(Place(place.municipality, place.district), year)
    rules = {one.code: one.name for scheme in schemes.values() for one in scheme.consequences
             if one.effect.outcome is Outcome.ELIGIBLE}  # fmt: skip
    rule, suppose, who = (request.args.get(name, "") for name in ("rule", "suppose", "who"))
    row = next(one for one in cycles([place]) if one.year == year and one.district_id == place.district)
    found, here = considered(row.id, rule if rule in rules else "", suppose), units_by_code(place)
    kept = [one for one in found or () if one.unit in here and _wanted(one, who)]
    chosen = {"year": year, "rule": rule if rule in rules else None, "who": who if who in WHO else None,
              "suppose": suppose if suppose in levels else None}  # fmt: skip
    return {
        "rules": rules, "levels": levels, "found": found, "page": _page(kept), "chosen": chosen, "units": here,
        "told": walked_lines, "kept": kept,
    }  # fmt: skip


def _wanted(one: Considered, who: str) -> bool:
    misses = one.misses
    if who == "met":
        return misses == 0
    return 0 < misses <= MOST_MISSING if who == "near" else misses <= MOST_MISSING


def _page(kept: list[Considered]) -> Page[Considered]:
    at = min(max(number("page") or 1, 1), max(1, -(-len(kept) // SIZE)))
    return Page(tuple(kept[(at - 1) * SIZE : at * SIZE]), at, len(kept))
