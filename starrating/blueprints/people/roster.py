"""The roster as a workbook: out to be filled, in with every bad cell told, what it would do, then all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.exchange.files import beijing_now, in_memory, uploaded
from starrating.blueprints.languages import in_chinese
from starrating.blueprints.pages import number, person
from starrating.blueprints.people import bp
from starrating.domain.access import Place
from starrating.domain.faults import RuleError
from starrating.domain.masking import masked_name
from starrating.domain.posts import PostKind
from starrating.errors import sentence, status_of
from starrating.interchange import roster_sheet as sheet
from starrating.queries.divisions import DivisionRow, path_of
from starrating.queries.people import current_posts
from starrating.services.people import rosters as service
from starrating.services.sheet_rows import Words, Wrong
from starrating.services.working_days import today
from starrating.vocabulary import people as say

PER_PAGE = 100
MOST_WRONG = 300
TABLES: Mapping[str, Mapping[Any, str]] = {
    sheet.POST: say.POSTS, sheet.HOW: say.HOWS, sheet.ENDING: say.ENDINGS, sheet.EDUCATION: say.EDUCATIONS,
}  # fmt: skip
"""Head → the words that its cells are chosen from."""


@bp.get("/divisions/<key:division_id>/roster")
def roster(division_id: int) -> ResponseReturnValue:
    """Where the roster is taken out and comes back in."""
    return _page(path_of(division_id)[-1])


@bp.get("/divisions/<key:division_id>/roster.xlsx")
def roster_file(division_id: int) -> ResponseReturnValue:
    """The workbook to be filled: a row a post, whoever holds it masked."""
    path = path_of(division_id)
    place = Place(*(row.id for row in path))
    held = {(row.unit_id, row.kind): masked_name(row.name) for row in current_posts([place], today())}
    with in_chinese():
        posts = {kind: say.post_word(kind) for kind in PostKind}
        rows = service.template_rows(place, posts, held)
        lists = {head: list(words) for head, words in words_written().items()}
        content = sheet.write_roster(rows, lists, _notes())
        name = gettext("%(place)s任职名册-%(day)s.xlsx", place=path[-1].name, day=beijing_now("%Y%m%d"))
    return send_file(in_memory(content), download_name=name, as_attachment=True, max_age=0)


@bp.post("/divisions/<key:division_id>/roster")
def upload_roster(division_id: int) -> ResponseReturnValue:
    """Read a roster: list what is wrong with it, or keep it for the preview."""
    here = path_of(division_id)[-1]
    try:
        name, data = uploaded()
        read, rows, wrong = service.read_file(data, words_written())
        plan = service.planned(division_id, rows, person())
    except RuleError as refusal:
        return _page(here, sentence(refusal)), status_of(refusal)
    if wrong or plan.wrong:
        return _refused(here, [*wrong, *plan.wrong], read.unknown), 422
    if not plan.changes:
        flash(gettext("名册里的%(count)s个任职系统里都有了，没有改动，什么都没有写。", count=plan.already), "info")
        return redirect(url_for("people.roster", division_id=division_id), 303)
    key = service.keep(division_id, name, data, person())
    return redirect(url_for("people.show_roster", division_id=division_id, import_id=key), 303)


@bp.get("/divisions/<key:division_id>/rosters/<key:import_id>")
def show_roster(division_id: int, import_id: int) -> ResponseReturnValue:
    """What a roster would do."""
    return _preview(division_id, import_id)


@bp.post("/divisions/<key:division_id>/rosters/<key:import_id>")
def store_roster(division_id: int, import_id: int) -> ResponseReturnValue:
    """Store a roster whole, or not at all."""
    try:
        done = service.confirm(division_id, import_id, request.form.get("digest", ""), words_written(), person())
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        return _preview(division_id, import_id, sentence(refusal)), status_of(refusal)
    said = gettext("名册存好了：新任%(new)s个，补改%(changed)s个，结束%(ended)s个。", new=done.count("new"),
                   changed=done.count("changed"), ended=done.count("ended"))  # fmt: skip
    flash(said, "ok")
    return redirect(url_for("people.division", division_id=division_id), 303)


@bp.post("/divisions/<key:division_id>/rosters/<key:import_id>/drop")
def drop_roster(division_id: int, import_id: int) -> ResponseReturnValue:
    """Forget a roster that waits."""
    service.drop(division_id, import_id, person())
    flash(gettext("这份名册没有导入，什么都没有写。"), "info")
    return redirect(url_for("people.roster", division_id=division_id), 303)


def words_written() -> Words:
    """Head → the Chinese word as a roster writes it → code; a roster is Chinese whoever reads it."""
    with in_chinese():
        return {head: {str(gettext(word)): str(code) for code, word in words.items()} for head, words in TABLES.items()}


def _notes() -> list[str]:
    """The page of the workbook that says how it is filled."""
    return [
        gettext("一行一个任职。只填有变化的行，空着的行不读。"),
        gettext("第一天、最后一天两头都算，写成2024-01-05这样。还在任的，最后一天空着。"),
        gettext("写了新的人，现任就到他第一天的前一天为止。"),
        gettext("区里已经有叫这个名字的人，要在“人员编号”里写是哪一位，不是同一个人就写“新”。"),
        gettext("同一份名册传两次，第二次什么都不改。"),
        gettext("不要写证件号和电话。"),
    ]


def _page(here: DivisionRow, error: str = "") -> str:
    return render_template("people/roster.html", here=here, error=error, notes=_notes())


def _refused(here: DivisionRow, wrong: list[Wrong], unknown: list[str]) -> str:
    lines = [(one.address, sentence(one.refusal)) for one in wrong[:MOST_WRONG]]
    return render_template("people/roster_refused.html", here=here, lines=lines, count=len(wrong), unknown=unknown)


def _preview(division_id: int, import_id: int, error: str = "") -> str:
    here, found = path_of(division_id)[-1], service.waiting(division_id, import_id, person())
    read, rows, _ = service.read_file(found.content, words_written())
    plan = service.planned(division_id, rows, person())
    page = max(1, min(number("page") or 1, -(-len(plan.changes) // PER_PAGE) or 1))
    return render_template(
        "people/roster_show.html", here=here, found=found, plan=plan, page=page, per_page=PER_PAGE, error=error,
        unknown=read.unknown, lines=plan.changes[(page - 1) * PER_PAGE : page * PER_PAGE],
    )  # fmt: skip
