"""The screen on which many people's attendance is recorded at once, and the same as a list out and in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.calendar.dates import parsed_day
from starrating.blueprints.exchange.files import uploaded
from starrating.blueprints.languages import in_chinese
from starrating.blueprints.pages import number, person
from starrating.blueprints.training import bp
from starrating.blueprints.training.files import handed
from starrating.blueprints.training.views import posts_word
from starrating.domain.access import Act, may
from starrating.domain.faults import RuleError
from starrating.domain.masking import masked_name
from starrating.domain.training import Presence
from starrating.errors import sentence, status_of
from starrating.interchange import attendance_sheet as sheet
from starrating.interchange.people_sheet import write_list
from starrating.queries import training as question
from starrating.queries.divisions import path_of
from starrating.queries.pages import SIZE
from starrating.services.people import attendance as service
from starrating.services.people import attendance_sheets as sheets
from starrating.services.people.exports import note_export
from starrating.services.sheet_rows import Words, Wrong
from starrating.services.working_days import today
from starrating.vocabulary import training as say

STATES = ("", "waiting", *Presence)
MOST_WRONG = 300


@bp.get("/divisions/<key:division_id>/courses/<key:course_id>")
def attendance(division_id: int, course_id: int) -> ResponseReturnValue:
    """Who was at a course."""
    return _page(division_id, course_id)


@bp.post("/divisions/<key:division_id>/courses/<key:course_id>")
def record(division_id: int, course_id: int) -> ResponseReturnValue:
    """Record who was there, all of it or nothing."""
    try:
        done = service.record_presence(course_id, division_id, _typed(), person())
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        changed = refusal.code == "presence.changed"
        return _page(division_id, course_id, sentence(refusal), changed=changed), status_of(refusal)
    said = gettext("登记了%(count)s人。", count=done) if done else gettext("没有改动，什么都没有存。")
    flash(said, "ok" if done else "info")
    state, page = request.args.get("state") or None, request.args.get("page") or None
    back = url_for("training.attendance", division_id=division_id, course_id=course_id, state=state, page=page)
    return redirect(back, 303)


@bp.post("/divisions/<key:division_id>/courses/<key:course_id>/list.xlsx")
def list_file(division_id: int, course_id: int) -> ResponseReturnValue:
    """The list of a course to be filled, names masked; that it was taken out is on the trail."""
    course, place = service.course_within(course_id, division_id) or abort(404)
    seated = service.seated_at(course, place)
    names = {key: masked_name(name) for key, name in question.names_of([one.person_id for one in seated]).items()}
    with in_chinese():
        posts = {one.person_id: posts_word(tuple(post.kind for post in one.posts)) for one in seated}
        written = words_written()[sheet.PRESENCE]
        rows = sheets.list_rows(seated, names, posts, {code: word for word, code in written.items()})
        content = write_list(sheet.ATTENDANCE, rows, {sheet.PRESENCE: list(written)}, _notes())
        name = gettext("%(place)s%(course)s培训名册", place=path_of(division_id)[-1].name, course=course.title)
    note_export(division_id, "attendance", name, len(rows), person())
    return handed(name, content)


@bp.post("/divisions/<key:division_id>/courses/<key:course_id>/list")
def upload_list(division_id: int, course_id: int) -> ResponseReturnValue:
    """Record what a list says, or tell everything that is wrong with it and record nothing."""
    try:
        done, wrong = sheets.store_list(course_id, division_id, uploaded()[1], words_written(), person())
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        return _page(division_id, course_id, sentence(refusal)), status_of(refusal)
    if wrong:
        return _refused(division_id, course_id, wrong), 422
    flash(gettext("名册登记好了，改了%(count)s人。", count=done), "ok")
    return redirect(url_for("training.attendance", division_id=division_id, course_id=course_id), 303)


def words_written() -> Words:
    """Head → the Chinese word as a list writes it → code; a list is Chinese whoever reads it."""
    with in_chinese():
        return {sheet.PRESENCE: {say.presence_word(one)[0]: str(one) for one in Presence}}


def _notes() -> list[str]:
    """The page of the workbook that says how it is filled."""
    return [
        gettext("一行一个人。出勤写“参加”“缺勤”或“补课”，空着的行不读。"),
        gettext("缺勤的要写原因；补课的要写哪一天补的，写成2024-01-05这样。"),
        gettext("人员编号和版本不要改：版本对不上，说明下载以后别人登记过。"),
        gettext("有一处不对就都不存，改好再传。同一份传两次，第二次什么都不改。"),
        gettext("原因里不要写姓名、证件号和电话，也不要写病情的细节，写“病假”“事假”就够。"),
    ]


def _typed() -> list[service.TypedPresence]:
    """The rows of the form; who has nothing chosen gets what is chosen for all the others."""
    form, found = request.form, []
    others = form.get("others", "")
    for name, base in form.items():
        kind, _, key = name.partition(":")
        if kind != "b":
            continue
        if not all(text.isascii() and text.isdecimal() and len(text) < 10 for text in (key, base)):
            abort(400)
        chosen = form.get(f"p:{key}", "") or (others if base == "0" else "")
        made_up = form.get(f"m:{key}", "").strip()
        day = parsed_day(made_up) if made_up else None
        if made_up and day is None:
            raise RuleError("post.day")
        found.append(service.TypedPresence(int(key), chosen, form.get(f"r:{key}", ""), day, int(base)))
    return found


def _refused(division_id: int, course_id: int, wrong: Sequence[Wrong]) -> str:
    course = question.course_row(course_id) or abort(404)
    lines = [(one.address, sentence(one.refusal)) for one in wrong[:MOST_WRONG]]
    return render_template("training/refused.html", here=path_of(division_id)[-1], course=course, lines=lines,
                           count=len(wrong))  # fmt: skip


def _page(division_id: int, course_id: int, error: str = "", *, changed: bool = False) -> str:
    course, place = service.course_within(course_id, division_id) or abort(404)
    seated, state = service.seated_at(course, place), request.args.get("state", "")
    state = state if state in STATES else ""
    rows = [one for one in seated if _shown(one, state)]
    page = max(1, min(number("page") or 1, -(-len(rows) // SIZE) or 1))
    listed, grants = rows[(page - 1) * SIZE : page * SIZE], person().grants
    return render_template(
        "training/attendance.html", here=path_of(division_id)[-1], course=course, rows=listed, count=len(rows),
        page=page, size=SIZE, state=state, tally=_tally(seated), error=error, changed=changed,
        typed=request.form, day=today(),
        names=question.names_of([one.person_id for one in listed]),
        manages=may(grants, Act.MANAGE_PEOPLE, place) and not course.cancelled,
        holds=may(grants, Act.MANAGE_PEOPLE, course.place) and not course.cancelled,
        presences=[("", gettext("没有登记")), *((str(one), say.presence_word(one)[0]) for one in Presence)],
    )  # fmt: skip


def _shown(one: service.Seated, state: str) -> bool:
    return not state or (not one.presence if state == "waiting" else one.presence == state)


def _tally(seated: Sequence[service.Seated]) -> Mapping[str, int]:
    return {state: sum(_shown(one, state) for one in seated) for state in STATES}
