"""The pages of workbooks: what one can take out, what came in, and the one step that stores it.

What a file says waits on the server; the browser only brings back which import is meant and what its page showed.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.exchange import bp
from starrating.blueprints.exchange.files import beijing_now, in_memory, uploaded
from starrating.blueprints.languages import in_chinese
from starrating.blueprints.pages import KINDS, beijing, number, person
from starrating.blueprints.scoring.views import year_here
from starrating.domain.access import Act, places
from starrating.domain.faults import RuleError
from starrating.domain.windows import Stage
from starrating.domain.workflow import CycleState
from starrating.errors import sentence, sentence_of_entry, status_of
from starrating.interchange.spreadsheets import read_spreadsheet
from starrating.queries import cycles as years
from starrating.queries import scores as question
from starrating.queries.cycles import CycleRow
from starrating.services.scoring import imports
from starrating.services.scoring.imports import Earlier, Preview, Waiting
from starrating.services.scoring.scores import Source
from starrating.services.scoring.sheet_cells import Reading
from starrating.services.scoring.tasks import Work, work_of
from starrating.services.scoring.typed_scores import EntriesRefused, Key, ScoresConflict
from starrating.services.scoring.workbook_in import read_workbook
from starrating.services.scoring.workbook_out import make_workbook
from starrating.services.years.windows import time_within

PER_PAGE = 100
MOST_CONFLICTS = 300
"""Conflicts that one page lets decide; the rest stay as they are in the system."""
MOST_FEW = 50
"""Units with a small sample that are named; the rest are counted."""


@bp.get("/")
def index() -> ResponseReturnValue:
    """What can be taken out of a year and where it comes back in."""
    own = years.cycles(places(person().grants, Act.VIEW_SCORES))
    asked = number("cycle")
    row = next((one for one in own if one.id == asked), None) if asked else None
    if asked and row is None:
        abort(404)
    row = row or next((one for one in own if one.state is CycleState.SCORING), own[0] if own else None)
    if row is None:
        return render_template("exchange/index.html", cycle=None, years=())
    return index_of(row, own)


def index_of(row: CycleRow, own: Sequence[CycleRow] = (), refusal: RuleError | None = None) -> str:
    """The page of a year, also with why a file was not read."""
    work = work_of(row, person().grants)
    sizes: dict[int, tuple[str, int]] = {}
    kinds = {task.kind for task in work.tasks}
    for kind, town, name, size in question.township_sizes(row):
        if kind in kinds and (work.townships is None or town in work.townships):
            sizes[town] = (name, sizes.get(town, ("", 0))[1] + size)
    return render_template(
        "exchange/index.html", cycle=row, years=own or (row,), work=work, towns=sizes,
        time=time_within(row, Stage.SCORING),
        headers=sum(len(task.columns) for task in work.tasks), error=sentence(refusal) if refusal else "",
        fills=fills(work), waiting=imports.waiting_of(row, person()),
    )  # fmt: skip


def fills(work: Work) -> bool:
    """True for those who enter something themselves."""
    return bool(work.tasks) and not work.reads_all


@bp.get("/cycles/<key:cycle_id>/workbook")
def workbook(cycle_id: int) -> ResponseReturnValue:
    """The workbook of whoever asks, of one township where the address names one."""
    row = year_here(cycle_id)
    work, town = work_of(row, person().grants), number("township")
    if not work.tasks:
        abort(404)
    names = {key: name for _, key, name, _ in question.township_sizes(row)}
    if town is not None and (town not in names or (work.townships is not None and town not in work.townships)):
        abort(404)
    place = names[town] if town else row.district
    with in_chinese():
        content = make_workbook(row, person(), {kind: gettext(name) for kind, name in KINDS.items()}, town)
        name = gettext(
            "%(place)s%(year)s年度填报表-%(time)s.xlsx", place=place, year=row.year, time=beijing_now("%m%d-%H%M")
        )
    return send_file(in_memory(content), download_name=name, as_attachment=True, max_age=0)


@bp.post("/cycles/<key:cycle_id>/workbook")
def upload(cycle_id: int) -> ResponseReturnValue:
    """Read a workbook: list what is wrong with it, or keep it for the preview."""
    row = year_here(cycle_id)
    try:
        name, data = uploaded()
        reading = read_workbook(row, read_spreadsheet(data), person())
    except RuleError as refusal:
        return index_of(row, refusal=refusal), status_of(refusal)
    if reading.bad:
        return refused(row, name, reading), 422
    for notice in reading.notices:
        flash(sentence(RuleError(notice.code, **notice.facts)), "info")
    if not reading.proposed:
        flash(nothing(imports.earlier(row, data, person()), reading), "info")
        return redirect(url_for("exchange.index", cycle=row.id), 303)
    key = imports.keep(row, Source.WORKBOOK, name, data, reading.proposed, person())
    return redirect(url_for("exchange.show", cycle_id=row.id, import_id=key), 303)


def nothing(before: Earlier | None, reading: Reading) -> str:
    """Why there is nothing to store."""
    if before is not None:
        when = beijing(before.at)
        return str(
            gettext(
                "这份表你%(time)s导入过，当时存了%(count)s格。没有新的改动，什么都没有写。",
                time=when,
                count=before.changed,
            )
        )
    if reading.already:
        return str(gettext("表里改的%(count)s格系统里都已经是这个数，什么都没有写。", count=reading.already))
    return str(gettext("这份表和下载时一样，没有改动，什么都没有写。"))


def refused(row: CycleRow, name: str, reading: Reading, back: str = "") -> str:
    """Every bad cell of a file; `back` is where another choice of its columns can be made."""
    lines = [(f"{one.sheet}!{one.address}", sentence_of_entry(one.refusal)) for one in reading.bad]
    told = [sentence(RuleError(one.code, **one.facts)) for one in reading.notices]
    return render_template("exchange/refused.html", cycle=row, name=name, lines=lines, told=told, back=back)


@bp.get("/cycles/<key:cycle_id>/imports/<key:import_id>")
def show(cycle_id: int, import_id: int) -> ResponseReturnValue:
    """What an import would change."""
    row = year_here(cycle_id)
    found = imports.waiting(row, import_id, person())
    if found.content.proposed is None:
        return redirect(url_for("exchange.columns", cycle_id=row.id, import_id=found.id), 303)
    return _show(row, found)


def _show(row: CycleRow, found: Waiting, error: str = "") -> str:
    seen: Preview = imports.preview(row, found.proposed)
    page = max(1, min(number("page") or 1, (len(seen.changes) + PER_PAGE - 1) // PER_PAGE or 1))
    by_header: dict[str, int] = {}
    for line in seen.changes:
        by_header[line.header] = by_header.get(line.header, 0) + 1
    emptied = sum(not line.mine.shown for line in seen.changes)
    return render_template(
        "exchange/show.html", cycle=row, found=found, seen=seen, page=page, per_page=PER_PAGE, error=error,
        lines=seen.changes[(page - 1) * PER_PAGE : page * PER_PAGE], disputed=seen.conflicts[:MOST_CONFLICTS],
        by_header=sorted(by_header.items(), key=lambda item: -item[1])[:12], headers=len(by_header), emptied=emptied,
        units=len({line.unit.id for line in seen.changes}), time=time_within(row, Stage.SCORING),
        name_of=_name_of(row, seen), most_few=MOST_FEW,
    )  # fmt: skip


def _name_of(row: CycleRow, seen: Preview) -> dict[tuple[str, str], str]:
    """(kind, header) → the indicator's name, for the cells shown."""
    wanted = {(line.unit.kind, line.header) for lines in (seen.changes, seen.conflicts) for line in lines}
    found: dict[tuple[str, str], str] = {}
    for task in work_of(row, person().grants).tasks:
        for column in task.columns:
            if (task.kind, column.header) in wanted:
                found[task.kind, column.header] = task.node.name
    return found


@bp.post("/cycles/<key:cycle_id>/imports/<key:import_id>")
def confirm(cycle_id: int, import_id: int) -> ResponseReturnValue:
    """Store an import whole, or not at all."""
    row = year_here(cycle_id)
    found = imports.waiting(row, import_id, person())
    try:
        stored = imports.confirm(row, import_id, request.form.get("digest", ""), _mine(row, found), person())
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        return _show(row, found, sentence(refusal)), status_of(refusal)
    except ScoresConflict:
        return _show(row, found, sentence(RuleError("import.changed"))), 409
    except EntriesRefused as refusal:
        first = next(iter(refusal.faults.values()))
        return _show(row, found, sentence_of_entry(first)), 422
    flash(gettext("导入存好了，改了%(count)s格。", count=f"{stored:,}"), "ok")
    return redirect(url_for("exchange.index", cycle=row.id), 303)


def _mine(row: CycleRow, waiting: Waiting) -> dict[Key, int]:
    """The conflicts in which the file prevails, with the version over which it does; 400 for any other field.

    Of a foreign table all can be meant at once; the confirmation still holds them against what its page showed.
    """
    if request.form.get("all") == "replace" and waiting.source is Source.IMPORT:
        return {line.typed.key: line.version for line in imports.preview(row, waiting.proposed).conflicts}
    found: dict[Key, int] = {}
    for name, text in request.form.items():
        kind, _, rest = name.partition(":")
        if kind != "c" or not text:
            continue
        unit, _, header = rest.partition(":")
        if not all(one.isascii() and one.isdecimal() and len(one) < 10 for one in (unit, text)):
            abort(400)
        found[int(unit), header] = int(text)
    return found


@bp.post("/cycles/<key:cycle_id>/imports/<key:import_id>/drop")
def drop(cycle_id: int, import_id: int) -> ResponseReturnValue:
    """Forget an import that waits."""
    row = year_here(cycle_id)
    imports.drop(row, import_id, person())
    flash(gettext("这次导入没有做，什么都没有写。"), "info")
    return redirect(url_for("exchange.index", cycle=row.id), 303)
