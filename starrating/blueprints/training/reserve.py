"""The reserve list: a place's entries with gaps, one entry with its acts, the form of a nomination; names masked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.calendar.dates import parsed_day
from starrating.blueprints.checks.views import outcome_word
from starrating.blueprints.languages import in_chinese
from starrating.blueprints.pages import number, person
from starrating.blueprints.people.forms import ANOTHER, same_name, version, whom
from starrating.blueprints.training import bp
from starrating.blueprints.training.again import again
from starrating.blueprints.training.files import sent
from starrating.blueprints.training.views import place_on
from starrating.documents.training_workbook import RESERVE
from starrating.domain.access import Act, Place, may, places
from starrating.domain.faults import RuleError
from starrating.domain.masking import masked_name
from starrating.domain.reserve import UNDECIDED, ReserveEnding, ReserveState, gaps, too_old
from starrating.errors import sentence
from starrating.queries import reserve as question
from starrating.queries.divisions import unit as unit_of
from starrating.queries.field_figures import CountedUnit, counted_units
from starrating.queries.people_scope import naming_places
from starrating.queries.places import place_of_unit
from starrating.queries.reserve import EntryRow, RuleRow
from starrating.services.people import reserve as service
from starrating.services.people.exports import note_export
from starrating.services.working_days import today
from starrating.vocabulary import people as people_words
from starrating.vocabulary import training as say
from starrating.vocabulary.people import choices, post_word

STATES = ("", *ReserveState)
MOST_GAPS = 50
FIELDS = {
    "reserve.post": "post", "reserve.nominator": "nominator", "reserve.day": "nominated_on", "person.name": "name",
    "person.birth_year": "birth_year", "person.education": "education", "person.which": "who",
    "reserve.too_old": "birth_year",
}  # fmt: skip
"""Where a form says what is wrong."""


@bp.get("/divisions/<key:division_id>/reserve")
def reserve(division_id: int) -> ResponseReturnValue:
    """The reserve list of a division, and which units have not enough."""
    return _page(division_id)


@bp.post("/divisions/<key:division_id>/reserve/rule")
def set_reserve_rule(division_id: int) -> ResponseReturnValue:
    """Set how many each unit needs, and the bound of age."""
    least, oldest = _whole("least"), _whole("oldest") if request.form.get("oldest", "").strip() else None
    if request.form.get("oldest", "").strip() and oldest is None:
        oldest = 0
    try:
        service.set_rule(division_id, version(), least, oldest, person())
    except RuleError as refusal:
        return again(refusal, lambda one: _page(division_id, sentence(one)))
    flash(gettext("要求存好了，下面按它算。"), "ok")
    return redirect(url_for("training.reserve", division_id=division_id), 303)


@bp.post("/divisions/<key:division_id>/reserve.xlsx")
def reserve_file(division_id: int) -> ResponseReturnValue:
    """The list as a workbook; that it was taken out is on the trail."""
    here, place = place_on(division_id)
    rows = question.all_entries([place], _state())
    rules = question.rules_of({row.place.district or 0 for row in rows})
    with in_chinese():
        lines = [_line(row, rules.get(row.place.district or 0)) for row in rows]
        name = gettext("%(place)s后备力量名单", place=here.name)
    note_export(division_id, "reserve", name, len(lines), person())
    return sent(name, RESERVE, lines)


@bp.get("/units/<key:unit_id>/reserve/new")
def nomination(unit_id: int) -> ResponseReturnValue:
    """The form that puts somebody forward."""
    return _form(unit_id)


@bp.post("/units/<key:unit_id>/reserve/new")
def nominate(unit_id: int) -> ResponseReturnValue:
    """Put somebody forward."""
    form = request.form
    day = parsed_day(form.get("nominated_on", ""))
    try:
        who = whom(within=_naming(unit_id))
        made = service.nominate(unit_id, form.get("post", ""), who, form.get("nominator", ""), day, person())
    except RuleError as refusal:
        return again(refusal, lambda one: _form(unit_id, sentence(one), FIELDS.get(one.code, "")))
    row = question.entry(made)
    reviewed = row is not None and row.state is ReserveState.REVIEWED
    flash(gettext("推荐存好了，等区里确认。") if reviewed else gettext("推荐存好了，等乡镇街道审核。"), "ok")
    return redirect(url_for("training.entry", entry_id=made), 303)


@bp.get("/reserve/<key:entry_id>")
def entry(entry_id: int) -> ResponseReturnValue:
    """One entry, and what can be done about it."""
    return _entry(entry_id)


@bp.post("/reserve/<key:entry_id>/review")
def review_entry(entry_id: int) -> ResponseReturnValue:
    """The township agrees."""
    return _act(entry_id, lambda: service.review(entry_id, version(), person()), gettext("审核了，等区里确认。"))


@bp.post("/reserve/<key:entry_id>/confirm")
def confirm_entry(entry_id: int) -> ResponseReturnValue:
    """The district confirms."""
    return _act(entry_id, lambda: service.confirm(entry_id, version(), person()), gettext("确认了，算进后备力量。"))


@bp.post("/reserve/<key:entry_id>/end")
def end_entry(entry_id: int) -> ResponseReturnValue:
    """Take somebody off the list."""
    form = request.form
    day, why = parsed_day(form.get("ended_on", "")), form.get("reason", "")
    return _act(
        entry_id, lambda: service.end(entry_id, version(), form.get("ending", ""), day, why, person()),
        gettext("退出了，经过都留着。"),
    )  # fmt: skip


def _act(entry_id: int, act: Callable[[], None], said: str) -> ResponseReturnValue:
    try:
        act()
    except RuleError as refusal:
        return again(refusal, lambda one: _entry(entry_id, sentence(one)))
    flash(said, "ok")
    return redirect(url_for("training.entry", entry_id=entry_id), 303)


def _state() -> str:
    state = request.args.get("state", "")
    return state if state in STATES else ""


def _whole(name: str) -> int | None:
    text = request.form.get(name, "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else None


def _page(division_id: int, error: str = "") -> str:
    here, place = place_on(division_id)
    day, found = today(), question.entries_page([place], _state(), number("page") or 1)
    units = counted_units([place], day)
    rules = question.rules_of({one.district_id for one in units})
    short = _short(units, rules, question.confirmed_by_unit([place]))
    held = places(person().grants, Act.VIEW_CHECKS)
    return render_template(
        "training/reserve.html", here=here, found=found, state=_state(), tally=question.states_of([place]),
        rules=rules, rule=rules.get(here.id), short=short[:MOST_GAPS], short_count=len(short), units=len(units),
        old={row.id for row in found.rows if _old(row, rules.get(row.place.district or 0))},
        checks=question.latest_checks([row.person_id for row in found.rows], held) if held else {},
        manages=may(person().grants, Act.MANAGE_PEOPLE, place),
        proposes=may(person().grants, Act.PROPOSE_PEOPLE, place), states=_states(), error=error, typed=request.form,
        outcome_word=outcome_word,
    )  # fmt: skip


def _short(
    units: Iterable[CountedUnit], rules: Mapping[int, RuleRow], confirmed: Mapping[int, int]
) -> list[tuple[CountedUnit, int, int]]:
    """(unit, how many it needs, how many are missing) of the units that have not enough, by code."""
    found = []
    for one in units:
        rule = rules.get(one.district_id)
        missing = gaps([one.id], confirmed, rule.least) if rule else {}
        if rule and missing:
            found.append((one, rule.least, missing[one.id]))
    return found


def _states() -> list[tuple[str, str]]:
    return [("", gettext("现有的")), *((str(state), say.state_of_entry(state)[0]) for state in ReserveState)]


def _old(row: EntryRow, rule: RuleRow | None) -> bool:
    return row.state is not ReserveState.ENDED and too_old(row.birth_year, rule.oldest if rule else None, today())


def _line(row: EntryRow, rule: RuleRow | None) -> list[str]:
    return [str(row.person_id), masked_name(row.name), row.district, row.township, row.unit, post_word(row.kind),
            say.state_of_entry(row.state)[0], row.nominator, row.nominated_on.isoformat(),
            gettext("超龄") if _old(row, rule) else ""]  # fmt: skip


def _entry(entry_id: int, error: str = "") -> str:
    row = question.entry(entry_id) or abort(404)
    grants, held = person().grants, places(person().grants, Act.VIEW_CHECKS)
    rule = question.rules_of([row.place.district or 0]).get(row.place.district or 0)
    return render_template(
        "training/entry.html", row=row, error=error, typed=request.form, day=today(), old=_old(row, rule), rule=rule,
        check=question.latest_checks([row.person_id], held).get(row.person_id) if held else None,
        manages=may(grants, Act.MANAGE_PEOPLE, row.place), reviews=may(grants, Act.REVIEW_RESERVE, row.place),
        own=person().account_id in (row.nominated_by, row.reviewed_by), outcome_word=outcome_word,
        endings=_endings(row),
    )  # fmt: skip


def _endings(row: EntryRow) -> list[tuple[str, str]]:
    """How an entry can end: the township withdraws, the district does not agree only to whom it has not confirmed."""
    found = choices(say.RESERVE_ENDINGS, gettext("请选"))
    if not may(person().grants, Act.MANAGE_PEOPLE, row.place):
        return [one for one in found if one[0] == ReserveEnding.WITHDRAWN]
    return [one for one in found if one[0] != ReserveEnding.DECLINED or row.state in UNDECIDED]


def _naming(unit_id: int) -> tuple[Place, ...]:
    return naming_places(person().grants, place_of_unit(unit_id) or Place())


def _form(unit_id: int, error: str = "", field: str = "") -> str:
    here, place = unit_of(unit_id) or abort(404), place_of_unit(unit_id) or Place()
    return render_template(
        "training/nominate.html", unit=here, rule=question.rules_of([place.district or 0]).get(place.district or 0),
        posts=choices(people_words.POSTS), error=error, field=field, typed=request.form, today=today(),
        named=same_name(request.form.get("name", ""), _naming(unit_id)), another=ANOTHER,
        manages=may(person().grants, Act.MANAGE_PEOPLE, place),
        educations=choices(people_words.EDUCATIONS, gettext("没有记")),
    )  # fmt: skip
