"""One case: its chain of facts as a person reads it, what can be done with it, what was done; and what is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.consequences import bp
from starrating.blueprints.consequences.handing_out import handed_out
from starrating.blueprints.consequences.listing import CaseLine, asked, case_line, case_lines, restated_text, rule_of
from starrating.blueprints.consequences.records import of_page, watch_of
from starrating.blueprints.consequences.telling import chain_of, event_lines, walked_lines
from starrating.blueprints.consequences.views import schemes_of_year
from starrating.blueprints.pages import number, person
from starrating.documents.case_workbook import case_workbook
from starrating.domain.access import Act, Place, may
from starrating.domain.case_records import NAMES
from starrating.domain.cases import OPEN, CaseMove, CaseState, steps_from
from starrating.domain.faults import RuleError
from starrating.domain.walk import walk
from starrating.errors import sentence, status_of
from starrating.queries import cases as question
from starrating.queries.case_records import records_open
from starrating.queries.cycles import cycle
from starrating.queries.divisions import path_of
from starrating.queries.places import place_of_unit
from starrating.services.consequences import cases as service
from starrating.services.consequences.case_facts import derived, read_facts, remembered_of
from starrating.services.working_days import today
from starrating.vocabulary.cases import body_word, move_word


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
    lines = case_lines(question.cases_of([place], asked(year, levels)[1]), schemes)
    name = str(gettext("%(year)s年度结果运用", year=year))
    return handed_out(case_workbook(lines, today()), name, division_id, "cases", len(lines))


@bp.get("/divisions/<key:division_id>/due")
def due(division_id: int) -> ResponseReturnValue:
    """What is still to be done in a township or a district, also after a measure, the nearest day first; masked."""
    place, here = _place(division_id), path_of(division_id)[-1]
    narrowed = question.CaseFilter(states=(CaseState.APPROVED,), outcome="measure")
    page = question.cases_page([place], narrowed, number("page") or 1)
    done, records = _followed(place)
    schemes: dict[Any, Any] = {}
    for year in {row.year for row in (*page.rows, *done)}:
        schemes |= schemes_of_year(place, year)[0]
    lines = [case_line(row, schemes) for row in page.rows]
    later = sorted((case_line(row, schemes, records[row.id]) for row in done), key=_watched_on)
    return render_template("consequences/due.html", here=here, page=page, lines=lines, later=later,
                           decides=may(person().grants, Act.DECIDE_CONSEQUENCES, place))  # fmt: skip


def _followed(place: Place) -> tuple[list[question.CaseRow], Mapping[int, str]]:
    """The measures after which something is to be done on a day, and what was recorded of them."""
    records = records_open([place])
    rows = question.cases_of([place], question.CaseFilter(states=(CaseState.CARRIED_OUT,), outcome="measure"))
    return [row for row in rows if watch_of(records.get(row.id, "{}"), row.state)], records


def _watched_on(line: CaseLine) -> date:
    """The day on which something is to be done after a measure."""
    assert line.watch is not None
    return line.watch.day


FIELDS = {"case.reason": "reason", "case.document": "document", "case.until": "until", "case.done_on": "done_on",
          "case.period": "record-ends_on", "case.period_first": "record-begins_on", "case.ballot": "record-ballot_on",
          "case.ballot_needed": "record-ballot_on", "case.ballot_both": "record-no_ballot",
          "case.ballot_held": "record-ballot_on", "case.ballot_again": "reason",
          "case.votes": "record-votes_for", "case.votes_needed": "record-votes_for",
          "case.onward": "record-onward"}  # fmt: skip
"""The refusal of a field → the field."""


def _given() -> service.Given:
    day = "until" if request.form.get("move") == CaseMove.DEFER else "done_on"
    record = {name: request.form.get(f"record-{name}", "") for name in NAMES}
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
    events = question.events_of(case_id)
    shown = of_page(entry.effect, row, events)
    steps = steps_from(row.state, row.review_id is not None) if decides else ()
    return render_template(
        "consequences/case.html", line=case_line(row, schemes), row=row, district_id=place.district, error=error,
        field=field, typed=request.form, body=body_word(row.about), chain=chain_of(facts, scheme),
        walked=walked_lines(walk(entry.when, remembered_of(facts, scheme)), scheme), holds=derived(facts, scheme),
        steps=[one for one in steps if one.move is not CaseMove.BALLOT or shown["asked"][one.move.value]],
        move_word=move_word, **shown, events=event_lines(events, row), facts=facts, open=row.state in OPEN,
        restated=restated_text(row, schemes), beside=[case_line(one, schemes) for one in question.cases_beside(row)],
    )  # fmt: skip
