"""The pay sheet of a township or district, its rates and its workbook: masked names, every formula in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.consequences import bp
from starrating.blueprints.consequences.handing_out import handed_out
from starrating.blueprints.consequences.pay_words import (
    formula_of,
    missing_word,
    role_word,
    settled_word,
    sheet_name,
    state_of,
    vacancy_lines,
)
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
from starrating.queries.pay import KeptRates
from starrating.queries.pay_sheets import SheetSum, sheets_of, sums_by_district, sums_of
from starrating.services.consequences import pay as service
from starrating.services.consequences.pay_sheets import next_sheet
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
    state: tuple[str, str]
    confirmed: str


@bp.get("/divisions/<key:division_id>/pay")
def pay(division_id: int) -> ResponseReturnValue:
    """The sheet of a township; of a district the sums of its townships and its rates."""
    return page_of(division_id)


@bp.post("/divisions/<key:division_id>/pay-rates")
def store_rates(division_id: int) -> ResponseReturnValue:
    """Store the rates of a district's year after the version that was shown."""
    version, year = sent("version"), sent("year")
    place, path = place_of(division_id), path_of(division_id)
    if path[-1].level != "district" or version is None or year not in years_with_cases([place]):
        abort(404)
    typed = service.TypedRates(*(request.form.get(name, "") for name in FIELDS))
    try:
        service.store_rates(division_id, year, version, typed, person().account_id)
    except RuleError as refusal:
        return page_of(division_id, sentence(refusal), wanted=year), status_of(refusal)
    flash(gettext("%(year)s年度的标准存好了，下面的数已经按它算。", year=year), "ok")
    return redirect(url_for("consequences.pay", division_id=division_id, year=year), 303)


@bp.post("/divisions/<key:division_id>/pay.xlsx")
def pay_workbook(division_id: int) -> ResponseReturnValue:
    """The sheet as a workbook; names are masked."""
    place = place_of(division_id)
    year = _year(years_with_cases([place]), None)
    if year is None or place.district is None:
        abort(404)
    sheet = service.pay_sheet(place, year)
    notes = [gettext("这是现在算出来的数，还不是确认的待遇表。"), *vacancy_lines(sheet.vacancies)]
    content = written(lines_of(sheet.rows, sheet.rates), sheet.total, notes, today())
    name = str(gettext("%(year)s年度待遇表", year=year))
    return handed_out(content, name, division_id, "pay", len(sheet.rows))


FIELDS = ("base", "performance", "dual", "secretary", "director")


def place_of(division_id: int) -> Place:
    """The place of a division that is there."""
    return Place(*(row.id for row in path_of(division_id)))


def sent(name: str) -> int | None:
    """A number that was sent; None where it is none."""
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _year(years: tuple[int, ...], wanted: int | None) -> int | None:
    asked = wanted or number("year")
    return asked if asked in years else next(iter(years), None)


def page_of(division_id: int, error: str = "", sheet_error: str = "", wanted: int | None = None) -> str:
    """The page of a city, district or township; with the refusal of its rates or of its sheet."""
    place, here = place_of(division_id), path_of(division_id)[-1]
    years = years_with_cases([place])
    year = _year(years, wanted)
    if year is None:
        return render_template("consequences/pay.html", here=here, year=None)
    if place.district is None:
        return render_template("consequences/pay_city.html", here=here, year=year, years=years, money=money,
                               districts=sums_by_district(division_id, year))  # fmt: skip
    sheet, decides = service.pay_sheet(place, year), may(person().grants, Act.DECIDE_CONSEQUENCES, place)
    told = {"here": here, "year": year, "years": years, "sheet": sheet, "money": money, "district_id": place.district,
            "without": sum(1 for row in sheet.rows if row.missing)}  # fmt: skip
    if here.level == "district":
        return render_template(
            "consequences/pay.html", townships=_townships(sheet, year), typed=_typed(sheet, error), may_store=decides,
            role_word=role_word, roles=tuple(PayRole), error=error, **told,
        )  # fmt: skip
    kept = sheets_of(division_id, year)
    return render_template(
        "consequences/pay.html", lines=lines_of(sheet.rows, sheet.rates), vacancies=vacancy_lines(sheet.vacancies),
        kept=kept, next=next_sheet(sheet, division_id, year, kept), may_draft=decides, sheet_error=sheet_error,
        sheet_name=sheet_name, error=error, typed={"reason": request.form.get("reason", "")}, **told,
    )  # fmt: skip


def money(fen: int) -> str:
    """Money in 元 with thousands apart; below 0 with a minus."""
    sign, whole = ("-" if fen < 0 else ""), abs(fen)
    return f"{sign}{whole // 100:,}.{whole % 100:02d}"


def _typed(sheet: service.Sheet, error: str) -> dict[str, str]:
    """What stands in the form: what was typed where it was refused, otherwise what holds."""
    if error:
        return {name: request.form.get(name, "") for name in FIELDS}
    if sheet.rates is None:
        return dict.fromkeys(FIELDS, "")
    rates = sheet.rates.rates
    money = {"base": service.yuan(rates.base), "performance": service.yuan(rates.performance)}
    return money | {role.value: str(rates.shares[role]) for role in PayRole}


def lines_of(rows: Iterable[service.PayRow], rates: KeptRates | None) -> list[PayLine]:
    """The rows of a sheet in words."""
    return [
        PayLine(
            row, masked_name(row.person), role_word(row.role),
            plain(row.coefficient.number) if row.coefficient.number is not None else "", formula_of(row, rates),
            missing_word(row.missing) if row.missing else settled_word(row.coefficient),
            "" if row.amount is None else money(row.amount),
        )
        for row in rows
    ]  # fmt: skip


def _townships(sheet: service.Sheet, year: int) -> list[TownshipTotal]:
    found, stored = [], sums_of({row.unit.township_id for row in sheet.rows}, year)
    for (key, name), group in groupby(sheet.rows, lambda row: (row.unit.township_id, row.unit.township)):
        rows = tuple(group)
        without, kept = sum(1 for row in rows if row.missing), stored.get(key, SheetSum(0, 0, False))
        found.append(TownshipTotal(key, name, len(rows), without, money(service.total_of(rows)), state_of(kept),
                                   money(kept.total) if kept.confirmed else ""))  # fmt: skip
    return found
