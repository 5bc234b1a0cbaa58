"""Honours and plaques given and taken back, year by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.consequences import bp
from starrating.blueprints.consequences.handing_out import handed_out
from starrating.blueprints.consequences.listing import CaseLine, case_line, rule_of
from starrating.blueprints.consequences.pay import place_of
from starrating.blueprints.consequences.views import schemes_of_year
from starrating.blueprints.pages import number
from starrating.documents.honours_workbook import honours_workbook as honours_document
from starrating.domain.access import Place
from starrating.domain.scheme import Outcome
from starrating.queries.cases import CaseFilter, cases_of, years_with_cases
from starrating.queries.divisions import path_of
from starrating.services.working_days import today

WITHDRAWN = "plaque_withdrawn"


@dataclass(frozen=True, slots=True)
class Honour:
    """An honour given to a unit, or a plaque taken back, with the case in words."""

    line: CaseLine
    given: bool


@bp.get("/divisions/<key:division_id>/honours")
def honours(division_id: int) -> ResponseReturnValue:
    """Every honour and plaque given or taken back in a place in a year."""
    place, here = place_of(division_id), path_of(division_id)[-1]
    years, year = years_asked(place)
    return render_template("consequences/honours.html", here=here, year=year, years=years,
                           lines=_honours(place, year) if year else ())  # fmt: skip


@bp.post("/divisions/<key:division_id>/honours.xlsx")
def honours_workbook(division_id: int) -> ResponseReturnValue:
    """The same as a workbook."""
    place = place_of(division_id)
    year = years_asked(place)[1] or abort(404)
    rows = [
        [str(year), one.line.row.district, one.line.row.township, one.line.row.unit, one.line.previous.name,
         one.line.level.name, given_word(one), one.line.effect, one.line.state[0]] for one in _honours(place, year)
    ]  # fmt: skip
    name = str(gettext("%(year)s年度授牌摘牌名单", year=year))
    return handed_out(honours_document(rows, today()), name, division_id, "honours", len(rows))


def given_word(one: Honour) -> str:
    """Whether it is given or taken back."""
    return str(gettext("授") if one.given else gettext("摘"))


def years_asked(place: Place) -> tuple[Sequence[int], int | None]:
    """The years with cases, and which of them the address asks for."""
    years = years_with_cases([place])
    return years, number("year") if number("year") in years else next(iter(years), None)


def _honours(place: Place, year: int) -> list[Honour]:
    schemes, _ = schemes_of_year(place, year)
    given = [Honour(case_line(row, schemes), given=True)
             for row in cases_of([place], CaseFilter(year, outcome=Outcome.HONOUR))]  # fmt: skip
    taken = [Honour(case_line(row, schemes), given=False)
             for row in cases_of([place], CaseFilter(year, outcome=Outcome.MEASURE))
             if rule_of(row, schemes).effect.what == WITHDRAWN]  # fmt: skip
    return given + taken
