"""One case: its chain of facts as a person reads it, what can be done with it, what was done; and what is due."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.consequences import bp
from starrating.blueprints.consequences.handing_out import handed_out
from starrating.blueprints.consequences.listing import asked, case_line, rule_of
from starrating.blueprints.consequences.telling import chain_of, event_lines, walked_lines
from starrating.blueprints.consequences.views import schemes_of_year
from starrating.blueprints.pages import number, person
from starrating.case_words import body_word, move_word, record_word
from starrating.documents.case_workbook import case_workbook
from starrating.domain.access import Act, Place, may
from starrating.domain.cases import OPEN, CaseMove, CaseState, steps_from
from starrating.domain.faults import RuleError
from starrating.domain.walk import walk
from starrating.errors import sentence, status_of
from starrating.queries import cases as question
from starrating.queries.cycles import cycle
from starrating.queries.divisions import path_of
from starrating.queries.places import place_of_unit
from starrating.services import cases as service
from starrating.services.case_facts import derived, read_facts, remembered_of
from starrating.services.working_days import today


@bp.get("/cases/<key:case_id>")
def show_case(case_id: int) -> ResponseReturnValue:
    """A case."""
    return _page(case_id)


@bp.post("/cases/<key:case_id>/move")
def move(case_id: int) -> ResponseReturnValue:
    """Approve, defer, waive, carry out, close or answer a review."""
    wanted = request.form.get("move", "")
    version = request.form.get("version", "")
    if wanted not in list(CaseMove) or not (version.isascii() and version.isdecimal() and len(version) < 10):
        abort(400)
    try:
        service.move_case(case_id, CaseMove(wanted), int(version), _given(), person().account_id)
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        return _page(case_id, sentence(refusal), FIELDS.get(refusal.code, "")), status_of(refusal)
    flash(gettext("办好了：%(move)s。", move=move_word(CaseMove(wanted))), "ok")
    return redirect(url_for("consequences.show_case", case_id=case_id), 303)


@bp.post("/cycles/<key:cycle_id>/open")
def open_missing(cycle_id: int) -> ResponseReturnValue:
    """Open the cases of a year that was published before there were any."""
    count = service.open_missing(cycle_id, person().account_id)
    row = cycle(cycle_id)
    assert row is not None
    flash(gettext("列出了%(count)s件事项。", count=count), "ok")
    return redirect(url_for("consequences.show", division_id=row.district_id, year=row.year), 303)


@bp.post("/divisions/<key:division_id>/cases.xlsx")
def workbook(division_id: int) -> ResponseReturnValue:
    """The list as it is narrowed, as a workbook; names are masked."""
    place = _place(division_id)
    years = question.years_with_cases([place])
    wanted = number("year")
    year = wanted if wanted in years else next(iter(years), today().year)
    schemes, levels = schemes_of_year(place, year)
    lines = [case_line(row, schemes) for row in question.cases_of([place], asked(year, levels)[1])]
    name = str(gettext("%(year)s年度结果运用", year=year))
    return handed_out(case_workbook(lines, today()), name, division_id, "cases", len(lines))


@bp.get("/divisions/<key:division_id>/due")
def due(division_id: int) -> ResponseReturnValue:
    """What was approved and is still to be done in a township or a district, the nearest day first; names masked."""
    place, here = _place(division_id), path_of(division_id)[-1]
    narrowed = question.CaseFilter(states=(CaseState.APPROVED,), outcome="measure")
    page = question.cases_page([place], narrowed, number("page") or 1)
    schemes: dict[Any, Any] = {}
    for year in {row.year for row in page.rows}:
        schemes |= schemes_of_year(place, year)[0]
    lines = [case_line(row, schemes) for row in page.rows]
    return render_template("consequences/due.html", here=here, page=page, lines=lines)


FIELDS = {"case.reason": "reason", "case.document": "document", "case.until": "until", "case.done_on": "done_on"}
"""The refusal of a field → the field."""


def _given() -> service.Given:
    day = "until" if request.form.get("move") == CaseMove.DEFER else "done_on"
    record = {name: request.form.get(f"record-{name}", "") for name in {key for one in service.RECORDED.values()
                                                                       for key in one}}  # fmt: skip
    return service.Given(
        request.form.get("reason", ""), request.form.get("document", ""), _day(request.form.get(day, "")), record
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _place(division_id: int) -> Place:
    return Place(*(row.id for row in path_of(division_id)))


def _page(case_id: int, error: str = "", field: str = "") -> str:
    row = question.case_of(case_id) or abort(404)
    place = place_of_unit(row.unit_id) or abort(404)
    district = Place(place.municipality, place.district)
    schemes, _levels = schemes_of_year(district, row.year)
    scheme, entry, facts = schemes[row.cycle_id, row.kind], rule_of(row, schemes), read_facts(row.facts)
    decides = may(person().grants, Act.DECIDE_CONSEQUENCES, place)
    measure = entry.effect.what if isinstance(entry.effect.what, str) else ""
    return render_template(
        "consequences/case.html", line=case_line(row, schemes), row=row, district_id=place.district, error=error,
        field=field, typed=request.form, body=body_word(row.about), chain=chain_of(facts, scheme),
        walked=walked_lines(walk(entry.when, remembered_of(facts, scheme)), scheme), holds=derived(facts, scheme),
        steps=steps_from(row.state, row.review_id is not None) if decides else (), move_word=move_word,
        record=[(name, record_word(name)) for name in service.RECORDED.get(measure, ())],
        events=event_lines(question.events_of(case_id), row), facts=facts, open=row.state in OPEN,
        beside=[case_line(one, schemes) for one in question.cases_beside(row)],
    )  # fmt: skip
