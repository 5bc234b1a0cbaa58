"""Honours and plaques given and taken back, year by year; and a pool of reward money split by the scheme's shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.consequences import bp
from starrating.blueprints.consequences.handing_out import handed_out
from starrating.blueprints.consequences.lines import Schemes
from starrating.blueprints.consequences.listing import CaseLine, case_line, rule_of
from starrating.blueprints.consequences.pay import money, place_of
from starrating.blueprints.consequences.views import schemes_of_year
from starrating.blueprints.pages import number
from starrating.documents.honours_workbook import funds_workbook as funds_document
from starrating.documents.honours_workbook import honours_workbook as honours_document
from starrating.domain.access import Place
from starrating.domain.cases import UNDONE
from starrating.domain.faults import RuleError
from starrating.domain.figures import plain
from starrating.domain.fund import split
from starrating.domain.scheme import Outcome
from starrating.errors import sentence
from starrating.queries.cases import CaseFilter, CaseRow, cases_of, years_with_cases
from starrating.queries.divisions import path_of
from starrating.services.pay import fen_of
from starrating.services.pay_coefficients import SETTLED
from starrating.services.working_days import today

WITHDRAWN = "plaque_withdrawn"


@dataclass(frozen=True, slots=True)
class Honour:
    """An honour given to a unit, or a plaque taken back, with the case in words."""

    line: CaseLine
    given: bool


@dataclass(frozen=True, slots=True)
class FundLine:
    """What a unit's team gets of a pool: its share, the part in 分, or that nobody has approved it."""

    row: CaseRow
    rule: str
    share: Fraction
    part: int
    approved: bool


@bp.get("/divisions/<key:division_id>/honours")
def honours(division_id: int) -> ResponseReturnValue:
    """Every honour and plaque given or taken back in a place in a year."""
    place, here = place_of(division_id), path_of(division_id)[-1]
    years, year = _years(place)
    return render_template("consequences/honours.html", here=here, year=year, years=years,
                           lines=_honours(place, year) if year else ())  # fmt: skip


@bp.post("/divisions/<key:division_id>/honours.xlsx")
def honours_workbook(division_id: int) -> ResponseReturnValue:
    """The same as a workbook."""
    place = place_of(division_id)
    year = _years(place)[1] or abort(404)
    rows = [
        [str(year), one.line.row.district, one.line.row.township, one.line.row.unit, one.line.previous.name,
         one.line.level.name, given_word(one), one.line.effect, one.line.state[0]] for one in _honours(place, year)
    ]  # fmt: skip
    name = str(gettext("%(year)s年度授牌摘牌名单", year=year))
    return handed_out(honours_document(rows, today()), name, division_id, "honours", len(rows))


@bp.get("/divisions/<key:division_id>/funds")
def funds(division_id: int) -> ResponseReturnValue:
    """A district's pool, which the address gives, split by the shares of the scheme."""
    place, here = place_of(division_id), path_of(division_id)[-1]
    years, year = _years(place)
    if place.district is None:
        abort(404)
    pool, error = _pool()
    lines = _funds(place, year, pool) if year else []
    towns = [
        (name, len(found), money(sum(one.part for one in found)))
        for name, found in ((name, list(group)) for name, group in groupby(lines, lambda one: one.row.township))
    ]
    return render_template(
        "consequences/funds.html", here=here, year=year, years=years, lines=lines, towns=towns, money=money,
        plain=plain, pool=request.args.get("pool", "")[:20], error=error, told=pool is not None,
        total=sum(one.part for one in lines),
    )  # fmt: skip


@bp.post("/divisions/<key:division_id>/funds.xlsx")
def funds_workbook(division_id: int) -> ResponseReturnValue:
    """The same as a workbook, whose last row is the sum."""
    place = place_of(division_id)
    year, pool = _years(place)[1], _pool()[0]
    if year is None or pool is None or place.district is None:
        abort(404)
    lines = _funds(place, year, pool)
    rows = [[one.row.township, one.row.unit, one.rule, plain(one.share), money(one.part).replace(",", ""),
             "" if one.approved else gettext("还没有批准，没有分")] for one in lines]  # fmt: skip
    total = money(sum(one.part for one in lines)).replace(",", "")
    rows.append([gettext("合计"), "", "", "", total, ""])
    name = str(gettext("%(year)s年度奖励资金分配表", year=year))
    return handed_out(funds_document(rows, today()), name, division_id, "funds", len(lines))


def given_word(one: Honour) -> str:
    """Whether it is given or taken back."""
    return str(gettext("授") if one.given else gettext("摘"))


def _years(place: Place) -> tuple[Sequence[int], int | None]:
    years = years_with_cases([place])
    return years, number("year") if number("year") in years else next(iter(years), None)


def _pool() -> tuple[int | None, str]:
    """The pool of the address in 分, None without one, and what is wrong with it."""
    text = request.args.get("pool", "").strip()
    if not text:
        return None, ""
    try:
        return fen_of(text), ""
    except RuleError as refusal:
        return None, sentence(refusal)


def _honours(place: Place, year: int) -> list[Honour]:
    schemes, _ = schemes_of_year(place, year)
    given = [Honour(case_line(row, schemes), given=True)
             for row in cases_of([place], CaseFilter(year, outcome=Outcome.HONOUR))]  # fmt: skip
    taken = [Honour(case_line(row, schemes), given=False)
             for row in cases_of([place], CaseFilter(year, outcome=Outcome.MEASURE))
             if rule_of(row, schemes).effect.what == WITHDRAWN]  # fmt: skip
    return given + taken


def _funds(place: Place, year: int, pool: int | None) -> list[FundLine]:
    """Every share of the district, of which a township sees its own; the pool is split over the whole district."""
    whole = Place(place.municipality, place.district)
    schemes, _ = schemes_of_year(whole, year)
    rows = [row for row in cases_of([whole], CaseFilter(year, outcome=Outcome.FUND_SHARE)) if row.state not in UNDONE]
    shares = {row.id: share for row in rows if (share := _share(row, schemes)) is not None}
    good = {row.id for row in rows if row.state in SETTLED and row.review_id is None and row.id in shares}
    parts = split(pool or 0, {key: shares[key] for key in sorted(good)})
    here = cases_of([place], CaseFilter(year, outcome=Outcome.FUND_SHARE)) if place.township else rows
    seen = {row.id for row in here}
    found = [FundLine(row, rule_of(row, schemes).name, shares[row.id], parts.get(row.id, 0), row.id in good)
             for row in rows if row.id in shares and row.id in seen]  # fmt: skip
    return sorted(found, key=lambda one: (one.row.township, one.row.unit, one.row.id))


def _share(row: CaseRow, schemes: Schemes) -> Fraction | None:
    """The share of a case; None where the scheme says it in words."""
    what = rule_of(row, schemes).effect.what
    return what if isinstance(what, Fraction) else None
