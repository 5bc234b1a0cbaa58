"""Opening a year and changing its schemes: what is wrong with an uploaded text is shown line by line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from starrating.blueprints.pages import KINDS, kind_name, person
from starrating.blueprints.schemes import bp
from starrating.blueprints.schemes.forms import CycleForm
from starrating.domain.access import Place
from starrating.domain.faults import FileFault, FilesRefused, RuleError
from starrating.errors import sentence, status_of
from starrating.offline.report import written
from starrating.queries import cycles as question
from starrating.queries.divisions import division, path_of
from starrating.schemes.reader import ReadScheme
from starrating.services.clock import now
from starrating.services.years import cycles as service
from starrating.services.years.scheme_texts import DemoScheme, demo_schemes, read_demo, read_uploaded
from starrating.wording import say


@bp.get("/districts/<key:division_id>/new")
def create(division_id: int) -> ResponseReturnValue:
    """The form of a new year."""
    return _form_page(division_id, _form(division_id), (), "")


@bp.post("/districts/<key:division_id>/new")
def store(division_id: int) -> ResponseReturnValue:
    """Open a year, or show what is wrong with the schemes."""
    form = _form(division_id)
    if not form.validate_on_submit():
        return _form_page(division_id, form, (), ""), 422
    try:
        found = {kind: read for kind in KINDS if (read := _chosen(form, kind)) is not None}
        made = service.open_cycle(division_id, form.year.data or 0, found, person().account_id)
    except FilesRefused as refused:
        return _form_page(division_id, form, lines_of(refused), ""), 422
    except RuleError as refusal:
        return _form_page(division_id, form, (), sentence(refusal)), status_of(refusal)
    flash(gettext("建立了%(year)s年度，指标已按办法分给各部门和乡镇街道。下一步：核对“谁来填”，定日期，再开始评分。",
                  year=form.year.data), "ok")  # fmt: skip
    return redirect(url_for("schemes.show", cycle_id=made))


@bp.post("/<key:cycle_id>/schemes/<any(village, community):kind>")
def replace(cycle_id: int, kind: str) -> ResponseReturnValue:
    """Put another text in place of a kind's scheme, while the year is a draft."""
    sent = request.files.get("file")
    raw = sent.read() if sent else b""
    if not raw:
        flash(gettext("没有选文件，办法没有动。请选一个文件再上传。"), "warn")
        return redirect(url_for("schemes.scheme", cycle_id=cycle_id, kind=kind))
    version = request.form.get("version", "0")
    try:
        service.replace_scheme(cycle_id, kind, read_uploaded(raw), int(version) if version.isdecimal() else 0,
                               person().account_id)  # fmt: skip
    except FilesRefused as refused:
        row = question.cycle(cycle_id) or abort(404)
        page = render_template("schemes/faults.html", cycle=row, kind=kind, faults=lines_of(refused))
        return page, 422
    flash(gettext("%(kind)s的办法换好了，原来分给各部门的指标照旧。请核对“谁来填”。", kind=kind_name(kind)), "ok")
    return redirect(url_for("schemes.scheme", cycle_id=cycle_id, kind=kind))


def lines_of(refused: FilesRefused) -> tuple[tuple[int, str], ...]:
    """Line number and sentence of every fault."""
    return tuple((fault.line or 1, _said(fault)) for fault in refused.faults)


def _said(fault: FileFault) -> str:
    return say(fault.code, written(fault.facts))


def _form(division_id: int) -> CycleForm:
    form = CycleForm()
    offered = {kind: [one for one in demo_schemes() if kind in one.kinds] for kind in KINDS}
    for kind, found in offered.items():
        titles = [SelectChoice(one.name, f"{one.title} {one.year}") for one in found]
        getattr(form, kind).choices = [SelectChoice("", gettext("没有这一类单位")), *titles]
    if form.year.data is None and request.method == "GET":
        form.year.data = now().year
        for kind, found in offered.items():
            getattr(form, kind).data = _usual(division_id, kind, found).name
    return form


def _usual(division_id: int, kind: str, found: Sequence[DemoScheme]) -> DemoScheme:
    """The one that a district is likely to take: as in its last year, else its own, its city's, the newest."""
    path = path_of(division_id)
    last = next(iter(question.cycles([Place(*(row.id for row in path))])), None)
    kept = question.schemes_of(last.id).get(kind) if last else None
    wanted = [kept.title] if kept else []
    wanted += [row.name for row in reversed(path)]
    return next((one for words in wanted for one in found if one.title.startswith(words)), found[0])


def _chosen(form: CycleForm, kind: str) -> ReadScheme | None:
    sent: Any = form[f"{kind}_file"].data
    raw = sent.read() if sent else b""
    if raw:
        return read_uploaded(raw)
    name = str(form[kind].data or "")
    return read_demo(name, form.year.data or 0) if name else None


def _form_page(division_id: int, form: CycleForm, faults: tuple[tuple[int, str], ...], refusal: str) -> str:
    here = division(division_id)
    if here is None or here.level != "district":
        abort(404)
    return render_template("schemes/create.html", here=here, form=form, faults=faults, refusal=refusal)
