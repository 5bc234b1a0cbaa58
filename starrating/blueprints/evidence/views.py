"""The page of a unit's evidence; sending answers for every file on its own; opening hands out what was kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Flask, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from starrating.blueprints.downloads import disposition
from starrating.blueprints.evidence import bp
from starrating.blueprints.evidence.panels import EvidenceSeen, Result, evidence_of
from starrating.blueprints.pages import local_target, person
from starrating.domain.access import Act, may
from starrating.domain.evidence import Purpose
from starrating.domain.faults import RuleError
from starrating.domain.scheme import Indicator
from starrating.errors import sentence, status_of, wants_json
from starrating.queries.evidence import FileRow
from starrating.services.clock import now
from starrating.services.evidence import evidence as service
from starrating.services.evidence.evidence_names import plain_name
from starrating.services.evidence.rights import Here, Slot, here, indicators_of
from starrating.services.scoring.tasks import Task, tasks_of
from starrating.services.years.windows import REFUSED

SANDBOX = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
"""The policy of a file itself: whatever is in it loads nothing, runs nothing, posts nothing."""
WITH_FILES = ("evidence.upload", "spot_checks.store", "objections.lodge", "objections.record")
STATUSES_OF_ONE_FILE = (409, 422, 503)


@bp.record_once
def _before_the_form_is_read(state: Any) -> None:
    """Let larger bodies in where files are sent, before anything reads the form."""
    app: Flask = state.app
    app.before_request_funcs.setdefault(None, []).insert(0, _allow_files)


def _allow_files() -> None:
    if request.endpoint in WITH_FILES and current_user.is_authenticated:
        request.max_content_length = current_app.config["EVIDENCE_REQUEST_BYTES"]


@bp.get("/cycles/<key:cycle_id>/units/<key:unit_id>")
def index(cycle_id: int, unit_id: int) -> ResponseReturnValue:
    """The evidence of a unit, all of it or that of one indicator."""
    return _page(here(cycle_id, unit_id), request.args.get("indicator"))


@bp.get("/cycles/<key:cycle_id>/units/<key:unit_id>/panel")
def panel(cycle_id: int, unit_id: int) -> ResponseReturnValue:
    """The files of one indicator and the form for more, without a page around: for where somebody works."""
    about, tasks = here(cycle_id, unit_id), tasks_of(cycle_id)
    indicator = request.args.get("indicator", "")
    node = next((one.node for one in tasks if (one.kind, one.node.code) == (about.unit.kind, indicator)), None)
    if indicator and node is None:
        abort(404)
    back = local_target(request.args.get("next", "")) or url_for("evidence.index", cycle_id=cycle_id, unit_id=unit_id)
    seen = replace(evidence_of(about.cycle, about.unit, _own_purpose(about, tasks), tasks), back=back)
    return render_template("evidence/panel.html", seen=seen, indicator=indicator, node=node,
                           apart="apart" in request.args)  # fmt: skip


@bp.post("/cycles/<key:cycle_id>/units/<key:unit_id>")
def upload(cycle_id: int, unit_id: int) -> ResponseReturnValue:
    """Take files, each on its own; the answer says of each what became of it."""
    about = here(cycle_id, unit_id)
    indicator = request.form.get("indicator", "")[:120]
    slot = Slot(cycle_id, unit_id, indicator, _purpose(about), _about("spot_check"), _about("objection"))
    try:
        results = send(slot, request.files.getlist("files"))
    except RuleError as refusal:
        if refusal.code not in REFUSED or wants_json():
            raise
        late = [Result(plain_name(one.filename or ""), None, sentence(refusal))
                for one in request.files.getlist("files")]  # fmt: skip
        return _page(about, request.args.get("indicator"), {indicator: late}), 409
    return _told(about, slot, results)


def _told(about: Here, slot: Slot, results: Sequence[Result]) -> ResponseReturnValue:
    """What became of the files: to a script as JSON, else on the page that they belong to."""
    good = all(result.file_id for result in results)
    if wants_json():
        told = [{"name": one.name, "id": one.file_id, "error": one.error} for one in results]
        return {"files": told}, 200 if good else 422
    if (slot.spot_check_id or slot.objection_id) and not good:
        tell_refused(results)
    elif not good or not results:
        refused = list(results) or [Result("", None, gettext("没有选文件。请先选一个或几个文件，再传。"))]
        return _page(about, request.args.get("indicator"), {slot.indicator: refused}), 422
    else:
        flash(gettext("传了%(count)s件佐证。", count=len(results)), "ok")
    return redirect(_back(slot.cycle_id, slot.unit_id), 303)


@bp.post("/cycles/<key:cycle_id>/units/<key:unit_id>/files/<key:file_id>/remove")
def remove(cycle_id: int, unit_id: int, file_id: int) -> ResponseReturnValue:
    """Take a file from the list, with a reason."""
    try:
        gone = service.remove_evidence(cycle_id, unit_id, file_id, request.form.get("reason", ""), person())
    except RuleError as refusal:
        if wants_json():
            raise
        if refusal.code in REFUSED:
            return _too_late(cycle_id, unit_id, sentence(refusal)), 409
        if refusal.code not in ("evidence.reason", "evidence.removed"):
            raise
        flash(sentence(refusal), "err")
        return redirect(_back(cycle_id, unit_id), 303)
    if wants_json():
        return {"removed": file_id}
    flash(gettext("撤下了，内容已经删除，登记和理由留着。") if gone else gettext("撤下了，内容和理由都留着。"), "ok")
    return redirect(_back(cycle_id, unit_id), 303)


@bp.get("/cycles/<key:cycle_id>/units/<key:unit_id>/files/<key:file_id>")
def open_file(cycle_id: int, unit_id: int, file_id: int) -> ResponseReturnValue:
    """A file under its own name: pictures in the browser, everything else only to be saved."""
    row, content = service.open_evidence(cycle_id, unit_id, file_id, person())
    return _handed_out(row, content, row.medium.mime, inline=row.medium.is_picture)


@bp.get("/cycles/<key:cycle_id>/units/<key:unit_id>/files/<key:file_id>/thumbnail")
def thumbnail(cycle_id: int, unit_id: int, file_id: int) -> ResponseReturnValue:
    """The small picture of a picture."""
    row, content = service.open_evidence(cycle_id, unit_id, file_id, person(), small=True)
    return _handed_out(row, content, "image/jpeg", inline=True)


def _too_late(cycle_id: int, unit_id: int, happened: str) -> str:
    """What a removal that came too late is answered with: the reason that was typed, to be copied."""
    about = here(cycle_id, unit_id)
    return render_template(
        "scoring/closed.html", cycle=about.cycle, happened=happened, text=request.form.get("reason", "")
    )


def send(slot: Slot, files: Sequence[FileStorage]) -> list[Result]:
    """Keep what was sent, file by file; one that is refused does not hold back the others."""
    chosen = [file for file in files if file.filename or file.stream.read(1)]
    results = []
    for file in chosen:
        name = file.filename or ""
        try:
            results.append(Result(plain_name(name), service.add_evidence(slot, name, file.stream, person())))
        except RuleError as refusal:
            if refusal.code in REFUSED or status_of(refusal) not in STATUSES_OF_ONE_FILE:
                raise
            results.append(Result(plain_name(name), None, sentence(refusal)))
    return results


def tell_refused(results: Sequence[Result]) -> None:
    """Say of each file that was not taken why, on the page that comes next."""
    for one in results:
        if one.error:
            flash(f"{one.name}{gettext('：')}{one.error}", "err")


def _handed_out(row: FileRow, content: bytes, mime: str, *, inline: bool) -> Response:
    response = Response(content, mimetype=mime)
    response.headers["Content-Disposition"] = disposition(row.name, inline=inline)
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _purpose(about: Here) -> Purpose:
    """What the form says it is for; the service decides whether that may be."""
    asked = request.form.get("purpose", "")
    return Purpose(asked) if asked in list(Purpose) else _own_purpose(about, None)


def _about(name: str) -> int | None:
    """The spot check or the objection that the form is about, if one."""
    asked = request.form.get(name, "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else None


def _own_purpose(about: Here, tasks: Sequence[Task] | None) -> Purpose:
    """What somebody who opens the page sends evidence for: what he enters, or as the unit what it says of itself."""
    entered = indicators_of(about, Purpose.SCORE, person().grants, now(), tasks)
    return Purpose.SCORE if entered else Purpose.SELF_ASSESSMENT


def _back(cycle_id: int, unit_id: int) -> str:
    """Where the form stood."""
    own = url_for("evidence.index", cycle_id=cycle_id, unit_id=unit_id)
    return local_target(request.form.get("next", "")) or own


def _page(about: Here, asked: str | None, results: dict[str, list[Result]] | None = None) -> str:
    tasks = tasks_of(about.cycle.id)
    seen = evidence_of(about.cycle, about.unit, _own_purpose(about, tasks), tasks)
    nodes = {task.node.code: task.node for task in tasks if task.kind == about.unit.kind}
    chosen = asked if asked in nodes or asked == "" else None
    return render_template(
        "evidence/index.html", cycle=about.cycle, unit=about.unit, seen=seen, nodes=nodes, chosen=chosen,
        results=results or {}, groups=_groups(seen, nodes, chosen),
        has_files=any(file.removed_at is None for some in seen.files.values() for file in some),
        sees_scores=may(person().grants, Act.VIEW_SCORES, about.place),
    )  # fmt: skip


def _groups(seen: EvidenceSeen, nodes: dict[str, Indicator], chosen: str | None) -> list[str]:
    """The indicators to show: the one chosen, or all that have a file, in the order of the scheme."""
    if chosen is not None:
        return [chosen]
    return [code for code in ("", *nodes) if seen.of(code)]
