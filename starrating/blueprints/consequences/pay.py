"""The pay sheet of a township or district, its rates and its workbook: masked names, every formula in words."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.consequences import bp
from starrating.blueprints.consequences.cases import XLSX
from starrating.blueprints.consequences.pay_words import (
    formula_of,
    missing_word,
    role_word,
    settled_word,
    vacancy_lines,
)
from starrating.blueprints.downloads import disposition
from starrating.blueprints.pages import number, person
from starrating.documents.pay_workbook import pay_workbook as written
from starrating.domain.access import Act, Place, may
from starrating.domain.faults import RuleError
from starrating.domain.figures import plain
from starrating.domain.masking import masked_name
from starrating.domain.pay import PayRole
from starrating.errors import sentence, status_of
from starrating.queries.cases import years_with_cases
from starrating.queries.divisions import path_of
from starrating.services import pay as service
from starrating.services.working_days import today


@dataclass(frozen=True, slots=True)
class PayLine:
    """A row of the sheet in words; the name is masked."""

    row: service.PayRow
    person: str
    role: str
    coefficient: str
    formula: str
    note: str
    amount: str


@dataclass(frozen=True, slots=True)
class TownshipTotal:
    """What a township's rows come to."""

    id: int
    name: str
    rows: int
    without: int
    amount: str


@bp.get("/divisions/<key:division_id>/pay")
def pay(division_id: int) -> ResponseReturnValue:
    """The sheet of a township; of a district the sums of its townships and its rates."""
    return _page(division_id)


@bp.post("/divisions/<key:division_id>/pay-rates")
def store_rates(division_id: int) -> ResponseReturnValue:
    """Store the rates of a district's year after the version that was shown."""
    version, year = _sent("version"), _sent("year")
    place, path = _place(division_id), path_of(division_id)
    if path[-1].level != "district" or version is None or year not in years_with_cases([place]):
        abort(404)
    typed = service.TypedRates(*(request.form.get(name, "") for name in FIELDS))
    try:
        service.store_rates(division_id, year, version, typed, person().account_id)
    except RuleError as refusal:
        return _page(division_id, sentence(refusal), year), status_of(refusal)
    flash(gettext("%(year)s年度的标准存好了，下面的数已经按它算。", year=year), "ok")
    return redirect(url_for("consequences.pay", division_id=division_id, year=year), 303)


@bp.get("/divisions/<key:division_id>/pay.xlsx")
def pay_workbook(division_id: int) -> ResponseReturnValue:
    """The sheet as a workbook; names are masked."""
    place = _place(division_id)
    year = _year(years_with_cases([place]), None)
    if year is None or place.district is None:
        abort(404)
    sheet = service.pay_sheet(place, year)
    answer = make_response(written(_lines(sheet), sheet.total, vacancy_lines(sheet.vacancies), today()))
    answer.headers["Content-Type"] = XLSX
    answer.headers["Content-Disposition"] = disposition(
        str(gettext("%(year)s年度待遇表.xlsx", year=year)), inline=False
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


FIELDS = ("base", "performance", "dual", "secretary", "director")


def _place(division_id: int) -> Place:
    return Place(*(row.id for row in path_of(division_id)))


def _sent(name: str) -> int | None:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _year(years: tuple[int, ...], wanted: int | None) -> int | None:
    asked = wanted or number("year")
    return asked if asked in years else next(iter(years), None)


def _page(division_id: int, error: str = "", wanted: int | None = None) -> str:
    place, here = _place(division_id), path_of(division_id)[-1]
    years = years_with_cases([place])
    year = _year(years, wanted)
    if year is None or place.district is None:
        return render_template("consequences/pay.html", here=here, year=None)
    sheet = service.pay_sheet(place, year)
    in_district = here.level == "district"
    return render_template(
        "consequences/pay.html", here=here, year=year, years=years, sheet=sheet, error=error, money=_money,
        lines=() if in_district else _lines(sheet), townships=_townships(sheet) if in_district else (),
        vacancies=() if in_district else vacancy_lines(sheet.vacancies), typed=_typed(sheet, error),
        without=sum(1 for row in sheet.rows if row.missing), district_id=place.district,
        may_store=in_district and may(person().grants, Act.DECIDE_CONSEQUENCES, place), role_word=role_word,
        roles=tuple(PayRole),
    )  # fmt: skip


def _money(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"


def _typed(sheet: service.Sheet, error: str) -> dict[str, str]:
    """What stands in the form: what was typed where it was refused, otherwise what holds."""
    if error:
        return {name: request.form.get(name, "") for name in FIELDS}
    if sheet.rates is None:
        return dict.fromkeys(FIELDS, "")
    rates = sheet.rates.rates
    money = {"base": service.yuan(rates.base), "performance": service.yuan(rates.performance)}
    return money | {role.value: str(rates.shares[role]) for role in PayRole}


def _lines(sheet: service.Sheet) -> list[PayLine]:
    return [
        PayLine(
            row, masked_name(row.person), role_word(row.role),
            plain(row.coefficient.number) if row.coefficient.number is not None else "", formula_of(row, sheet.rates),
            missing_word(row.missing) if row.missing else settled_word(row.coefficient),
            "" if row.amount is None else _money(row.amount),
        )
        for row in sheet.rows
    ]  # fmt: skip


def _townships(sheet: service.Sheet) -> list[TownshipTotal]:
    found = []
    for (key, name), group in groupby(sheet.rows, lambda row: (row.unit.township_id, row.unit.township)):
        rows = tuple(group)
        without = sum(1 for row in rows if row.missing)
        found.append(TownshipTotal(key, name, len(rows), without, _money(service.total_of(rows))))
    return found
