"""Pay sheets that stay: drafting one as it was shown, confirming it by a second person, reading it; rates over time."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.consequences import bp
from starrating.blueprints.consequences.handing_out import handed_out
from starrating.blueprints.consequences.pay import PayLine, lines_of, money, page_of, place_of, sent
from starrating.blueprints.consequences.pay_words import left_lines, role_word, sheet_name, sheet_notes
from starrating.blueprints.pages import person
from starrating.documents.pay_workbook import pay_workbook
from starrating.domain.access import Act, may
from starrating.domain.faults import RuleError
from starrating.domain.pay import PayRole
from starrating.errors import sentence, status_of
from starrating.queries.cases import years_with_cases
from starrating.queries.divisions import path_of
from starrating.queries.pay import versions_of
from starrating.queries.pay_sheets import place_of_sheet, sheet_of
from starrating.queries.staying import SheetRow
from starrating.services.consequences import pay_sheets as service
from starrating.services.working_days import today


@dataclass(frozen=True, slots=True)
class FrozenLine:
    """A row of a stored sheet in words: what sheets before it had confirmed, and what this one pays or takes back."""

    line: PayLine
    before: str
    difference: str


@bp.get("/divisions/<key:division_id>/pay-rates")
def rates(division_id: int) -> ResponseReturnValue:
    """Everything that a district ever stored as its rates."""
    here = path_of(division_id)[-1]
    if here.level != "district":
        abort(404)
    return render_template("consequences/rates.html", here=here, versions=versions_of(division_id), money=money,
                           roles=tuple(PayRole), role_word=role_word)  # fmt: skip


@bp.post("/divisions/<key:division_id>/pay-sheets")
def draft_sheet(division_id: int) -> ResponseReturnValue:
    """Draft a township's sheet as it was shown."""
    year, digest = sent("year"), request.form.get("digest", "")
    place = place_of(division_id)
    if path_of(division_id)[-1].level != "township" or year not in years_with_cases([place]):
        abort(404)
    try:
        key = service.draft_sheet(division_id, year, digest, request.form.get("reason", ""), person().account_id)
    except RuleError as refusal:
        return page_of(division_id, sheet_error=sentence(refusal), wanted=year), status_of(refusal)
    flash(gettext("送审了，等区里的另一位管理员确认。"), "ok")
    return redirect(url_for("consequences.show_sheet", sheet_id=key), 303)


@bp.get("/pay-sheets/<key:sheet_id>")
def show_sheet(sheet_id: int) -> ResponseReturnValue:
    """A stored sheet, row by row; names are masked."""
    return _page(sheet_id)


@bp.post("/pay-sheets/<key:sheet_id>/confirm")
def confirm_sheet(sheet_id: int) -> ResponseReturnValue:
    """Confirm a draft that was shown."""
    try:
        service.confirm_sheet(sheet_id, sent("version") or 0, request.form.get("digest", ""), person().account_id)
    except RuleError as refusal:
        return _page(sheet_id, sentence(refusal)), status_of(refusal)
    flash(gettext("确认了，这份表从此不变。以后的变动另起补发、扣回的表。"), "ok")
    return redirect(url_for("consequences.show_sheet", sheet_id=sheet_id), 303)


@bp.post("/pay-sheets/<key:sheet_id>/table.xlsx")
def sheet_workbook(sheet_id: int) -> ResponseReturnValue:
    """A stored sheet as a workbook that says whether it is confirmed; names are masked."""
    row = sheet_of(sheet_id) or abort(404)
    found = service.frozen(row)
    notes = [*sheet_notes(row), *left_lines(found.left)]
    lines = [one.line for one in _lines(found)]
    before = [one.before for one in found.rows] if row.number > 1 else None
    content = pay_workbook(lines, row.total, notes, today(), before)
    return handed_out(content, sheet_name(row), row.division_id, "pay_sheet", len(lines))


def _page(sheet_id: int, error: str = "") -> str:
    row = sheet_of(sheet_id) or abort(404)
    found, place = service.frozen(row), place_of_sheet(sheet_id)
    assert place is not None
    return render_template(
        "consequences/pay_sheet.html", row=row, name=sheet_name(row), lines=_lines(found), notes=sheet_notes(row),
        left=left_lines(found.left), money=money, error=error, confirms=_confirms(row, may(
            person().grants, Act.DECIDE_CONSEQUENCES, place)),
    )  # fmt: skip


def _confirms(row: SheetRow, decides: bool) -> str:
    """`act` where the reader may confirm, `own` where they drafted it themselves, nothing elsewhere."""
    if row.confirmed or not decides:
        return ""
    return "own" if row.drafted_by == person().account_id else "act"


def _lines(found: service.Frozen) -> list[FrozenLine]:
    lines = lines_of([one.row for one in found.rows], found.rates)
    return [FrozenLine(line, money(one.before), money(one.difference))
            for line, one in zip(lines, found.rows, strict=True)]  # fmt: skip
