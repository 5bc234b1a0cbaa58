"""A pool of reward money split by the scheme's shares: as of now, and as it was drafted and confirmed by two people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.consequences import bp
from starrating.blueprints.consequences.fund_words import formula_of, note_of, notes_of, rule_text, sheet_name
from starrating.blueprints.consequences.handing_out import handed_out
from starrating.blueprints.consequences.honours import years_asked
from starrating.blueprints.consequences.pay import money, place_of, sent
from starrating.blueprints.pages import person
from starrating.documents.honours_workbook import funds_workbook as written
from starrating.domain.access import Act, may
from starrating.domain.faults import RuleError
from starrating.domain.figures import plain
from starrating.domain.fund import PartState
from starrating.errors import sentence, status_of
from starrating.queries.divisions import path_of
from starrating.queries.staying import FUND, SheetRow, place_of_sheet, sheet_of, sheets_of
from starrating.services.consequences import fund_sheets as service
from starrating.services.consequences.pay import yuan
from starrating.services.consequences.staying import Shown
from starrating.services.working_days import today


@dataclass(frozen=True, slots=True)
class FundLine:
    """A part of the pool in words; `amount` in 分, None where nobody has said anything about the share."""

    names: service.Named
    share: str
    amount: int | None
    formula: str
    note: str
    before: int
    difference: int
    held: bool = False


@bp.get("/divisions/<key:division_id>/funds")
def funds(division_id: int) -> ResponseReturnValue:
    """A district's pool, which the address gives or the last sheet says, split by the shares of the scheme."""
    return _page(division_id, request.args.get("pool", ""))


@bp.post("/divisions/<key:division_id>/funds.xlsx")
def funds_workbook(division_id: int) -> ResponseReturnValue:
    """The same as a workbook, whose last row is the sum."""
    place, here = place_of(division_id), path_of(division_id)[-1]
    year, (pool, _) = years_asked(place)[1], _pool(request.args.get("pool", ""))
    if year is None or pool is None or place.district is None:
        abort(404)
    found = service.fund(service.shares_of(place.district, year), pool, _confirmed(place.district, year))
    lines = _within(_lines(found), here.level, here.name)
    name = str(gettext("%(year)s年度奖励资金分配表", year=year))
    beside = (str(gettext("这是现在算出来的数，还不是确认的分配表。")), rule_text(found))
    content = written(_rows(lines, beside, differs=False), today())
    return handed_out(content, name, division_id, "funds", len(lines))


@bp.post("/divisions/<key:division_id>/fund-sheets")
def draft_fund(division_id: int) -> ResponseReturnValue:
    """Draft a district's split as it was shown."""
    year, pool = sent("year"), request.form.get("pool", "")
    known = years_asked(place_of(division_id))[0]
    if path_of(division_id)[-1].level != "district" or year is None or year not in known:
        abort(404)
    shown = Shown(request.form.get("digest", ""), request.form.get("reason", ""))
    try:
        key = service.draft_sheet(division_id, year, pool, shown, person().account_id)
    except RuleError as refusal:
        return _page(division_id, pool, year, sentence(refusal)), status_of(refusal)
    flash(gettext("送审了，等区里的另一位管理员确认。"), "ok")
    return redirect(url_for("consequences.show_fund", fund_id=key), 303)


@bp.get("/fund-sheets/<key:fund_id>")
def show_fund(fund_id: int) -> ResponseReturnValue:
    """A stored sheet, part by part."""
    return _stored(fund_id)


@bp.post("/fund-sheets/<key:fund_id>/confirm")
def confirm_fund(fund_id: int) -> ResponseReturnValue:
    """Confirm a draft that was shown."""
    try:
        service.confirm_sheet(fund_id, sent("version") or 0, request.form.get("digest", ""), person().account_id)
    except RuleError as refusal:
        return _stored(fund_id, sentence(refusal)), status_of(refusal)
    flash(gettext("确认了，这份表从此不变。以后的变动另起一份。"), "ok")
    return redirect(url_for("consequences.show_fund", fund_id=fund_id), 303)


@bp.post("/fund-sheets/<key:fund_id>/table.xlsx")
def fund_workbook(fund_id: int) -> ResponseReturnValue:
    """A stored sheet as a workbook that says whether it is confirmed."""
    row = sheet_of(FUND, fund_id) or abort(404)
    found = service.frozen(row)
    lines = _lines(found)
    differs, (rule, *notes) = row.number > 1, notes_of(row, found)
    rows = [*_rows(lines, ("", rule), differs=differs), *([one] for one in notes)]
    content = written(rows, today(), differs=differs)
    return handed_out(content, sheet_name(row), row.division_id, "fund_sheet", len(lines))


def _page(division_id: int, typed: str, wanted: int | None = None, sheet_error: str = "") -> str:
    place, here = place_of(division_id), path_of(division_id)[-1]
    years, asked = years_asked(place)
    year = wanted or asked
    if place.district is None:
        abort(404)
    if year is None:
        return render_template("consequences/funds.html", here=here, year=None)
    kept = sheets_of(FUND, place.district, year)
    text = typed.strip() or (yuan(service.pool_said(kept[-1])) if kept else "")
    pool, error = _pool(text)
    shares = service.shares_of(place.district, year)
    found = service.fund(shares, pool or 0, [one for one in kept if one.confirmed])
    lines = _within(_lines(found), here.level, here.name)
    due = service.next_sheet(found, place.district, year, kept) if pool else None
    return render_template(
        "consequences/funds.html", here=here, year=year, years=years, lines=lines, money=money, pool=text[:20],
        towns=_towns(lines), error=error, told=pool is not None, fund=found, next=due, kept=kept,
        total=sum(one.amount or 0 for one in lines), rule=rule_text(found), sheet_name=sheet_name,
        may_draft=may(person().grants, Act.DECIDE_CONSEQUENCES, place), sheet_error=sheet_error,
        district_id=place.district, reason=request.form.get("reason", ""),
    )  # fmt: skip


def _stored(fund_id: int, error: str = "") -> str:
    row = sheet_of(FUND, fund_id) or abort(404)
    found, place = service.frozen(row), place_of_sheet(FUND, fund_id)
    assert place is not None
    lines = [one for one in _lines(found) if row.number == 1 or one.difference or one.held]
    confirms = ""
    if not row.confirmed and may(person().grants, Act.DECIDE_CONSEQUENCES, place):
        confirms = "own" if row.drafted_by == person().account_id else "act"
    return render_template(
        "consequences/fund_sheet.html", row=row, name=sheet_name(row), lines=lines, money=money, error=error,
        notes=notes_of(row, found), pool=money(found.pool), confirms=confirms,
    )  # fmt: skip


def _pool(text: str) -> tuple[int | None, str]:
    """A pool as it was typed in 分, None without one, and what is wrong with it."""
    if not text.strip():
        return None, ""
    try:
        return service.pool_of(text), ""
    except RuleError as refusal:
        return None, sentence(refusal)


def _confirmed(district_id: int, year: int) -> list[SheetRow]:
    return [one for one in sheets_of(FUND, district_id, year) if one.confirmed]


def _lines(found: service.Fund) -> list[FundLine]:
    """Every part, and every share that has none yet, in words."""
    lines = [FundLine(row.names, plain(row.part.share), row.part.part, formula_of(row.part, found), note_of(row),
                      row.part.before, row.part.difference, held=row.part.state is PartState.KEPT)
             for row in found.rows]  # fmt: skip
    word = str(gettext("还没有批准，没有分"))
    lines += [FundLine(one.names, plain(one.share), None, "", word, 0, 0) for one in found.open]
    return sorted(lines, key=lambda one: (one.names.township, one.names.unit, one.names.rule))


def _within(lines: list[FundLine], level: str, name: str) -> list[FundLine]:
    """Of a township its own lines."""
    return [one for one in lines if level == "district" or one.names.township == name]


def _towns(lines: Sequence[FundLine]) -> list[tuple[str, int, str]]:
    """Township, how many parts, their sum."""
    groups = ((name, list(group)) for name, group in groupby(lines, lambda one: one.names.township))
    return [(name, len(found), money(sum(one.amount or 0 for one in found))) for name, found in groups]


def _rows(lines: Sequence[FundLine], beside: tuple[str, str], *, differs: bool) -> list[list[str]]:
    """The rows of a workbook, and their sum with what is said `beside` it."""
    rows = [[one.names.township, one.names.unit, one.names.rule, one.share, yuan(one.amount or 0), one.note,
             one.formula, *([yuan(one.before), yuan(one.difference)] if differs else [])] for one in lines]  # fmt: skip
    told = [yuan(sum(one)) for one in ([one.amount or 0 for one in lines], [one.before for one in lines],
                                       [one.difference for one in lines])]  # fmt: skip
    return [*rows, [str(gettext("合计")), "", "", "", told[0], *beside, *(told[1:] if differs else [])]]
