"""Pages of tables from other systems: the file in, what each of its columns is, then the preview as for workbooks."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.exchange import bp
from starrating.blueprints.exchange.files import uploaded
from starrating.blueprints.exchange.views import fills, index_of, nothing, refused
from starrating.blueprints.languages import in_chinese
from starrating.blueprints.pages import KINDS, person
from starrating.blueprints.scoring.views import year_here
from starrating.domain.faults import RuleError
from starrating.errors import sentence, status_of
from starrating.interchange.foreign_tables import ForeignTable, read_foreign
from starrating.queries.cycles import CycleRow
from starrating.services.names import plain_text
from starrating.services.scoring import imports
from starrating.services.scoring.foreign_columns import (
    LONGEST_NOTE,
    USUAL_SAMPLE,
    Chosen,
    Target,
    remember,
    remembered,
    targets_of,
)
from starrating.services.scoring.foreign_in import read_table
from starrating.services.scoring.import_content import Content
from starrating.services.scoring.imports import Waiting
from starrating.services.scoring.sheet_cells import Reading
from starrating.services.scoring.tasks import Task, work_of
from starrating.wording.phrases import period_name


@bp.post("/cycles/<key:cycle_id>/tables")
def table(cycle_id: int) -> ResponseReturnValue:
    """Take a table of another system in and lead on to its columns."""
    row = year_here(cycle_id)
    if not fills(work_of(row, person().grants)):
        abort(404)
    try:
        name, data = uploaded()
        key = imports.keep_table(row, name, data, read_foreign(data), person())
    except RuleError as refusal:
        return index_of(row, refusal=refusal), status_of(refusal)
    return redirect(url_for("exchange.columns", cycle_id=row.id, import_id=key), 303)


@bp.get("/cycles/<key:cycle_id>/imports/<key:import_id>/columns")
def columns(cycle_id: int, import_id: int) -> ResponseReturnValue:
    """Which column is what: as it was chosen for such a file before, or as far as the heads say it themselves."""
    row = year_here(cycle_id)
    found, table = _waiting(row, import_id)
    known, targets = remembered(row, table, person()), targets_of(row, person())
    typed = _fields(known or _supposed(table, targets))
    return _columns(row, found, table, typed, remembered=known is not None)


def _waiting(row: CycleRow, import_id: int) -> tuple[Waiting, ForeignTable]:
    found = imports.waiting(row, import_id, person())
    if found.content.table is None:
        raise RuleError("import.none")
    return found, found.content.table


def _columns(
    row: CycleRow, found: Waiting, table: ForeignTable, typed: Mapping[str, str], *, remembered: bool = False,
    error: str = ""
) -> str:  # fmt: skip
    targets = targets_of(row, person())
    kinds = [(kind, gettext(KINDS[kind])) for kind in dict.fromkeys(kind for kind, _ in targets)]
    offered = {kind: [(header, _label(task, header)) for (of, header), task in targets.items() if of == kind]
               for kind, _ in kinds}  # fmt: skip
    return render_template(
        "exchange/columns.html", cycle=row, found=found, heads=table.heads(), rows=len(table.body), typed=typed,
        offered=offered, kinds=kinds, error=error, remembered=remembered, sheet=table.sheet.name, longest=LONGEST_NOTE,
    )  # fmt: skip


def _fields(chosen: Chosen | None) -> dict[str, str]:
    """A choice as the fields of the form."""
    if chosen is None:
        return {"least": str(USUAL_SAMPLE)}
    found = {f"{kind}:{at}": header for (kind, header), at in chosen.columns.items()}
    places = (("unit", chosen.unit), ("sample", chosen.sample), ("sampled", chosen.sampled))
    found |= {name: str(at) for name, at in places if at is not None}
    return found | {"least": str(chosen.least), "note": chosen.note}


def _label(task: Task, header: str) -> str:
    """An own column as it is offered: its header, the indicator's name, its period and part."""
    column = next(one for one in task.columns if one.header == header)
    named = [task.node.code, task.node.name]
    named += [period_name(column.period) if column.period else "", column.part]
    return " ".join(one for one in named if one)


def _supposed(table: ForeignTable, targets: Mapping[Target, Task]) -> Chosen | None:
    """What heads say in our own words: a header or the exact name of an indicator entered in one column."""
    found: dict[Target, int] = {}
    for head in table.heads():
        for (kind, header), task in targets.items():
            alone = len(task.columns) == 1 and head.text == task.node.name
            if head.text == header or alone:
                found.setdefault((kind, header), head.at)
    unit = next((head.at for head in table.heads() if any(_is_code(one) for one in head.samples)), None)
    if unit is None:
        return None
    return Chosen(unit, {target: at for target, at in found.items() if at != unit})


def _is_code(text: str) -> bool:
    return len(text) == 12 and text.isascii() and text.isdecimal()


@bp.post("/cycles/<key:cycle_id>/imports/<key:import_id>/columns")
def choose(cycle_id: int, import_id: int) -> ResponseReturnValue:
    """Read the table by the columns that were chosen, and remember them for the next file of the same heads."""
    row = year_here(cycle_id)
    found, table = _waiting(row, import_id)
    try:
        chosen = _chosen()
        with in_chinese():
            reading = read_table(row, table, chosen, person())
    except RuleError as refusal:
        page = _columns(row, found, table, request.form, error=sentence(refusal))
        return page, status_of(refusal)
    remember(row, table, found.name, chosen, person())
    if reading.bad:
        here = url_for("exchange.columns", cycle_id=row.id, import_id=found.id)
        return refused(row, found.name, reading, here), 422
    return _offer(row, found, Content(tuple(reading.proposed), table, tuple(reading.few), chosen.least), reading)


def _offer(row: CycleRow, found: Waiting, content: Content, reading: Reading) -> ResponseReturnValue:
    """On to the preview of what was read; back where there is nothing to store."""
    for notice in reading.notices:
        flash(sentence(RuleError(notice.code, **notice.facts)), "info")
    if not reading.proposed:
        imports.drop(row, found.id, person())
        flash(nothing(imports.earlier_of(row, found.digest, person()), reading), "info")
        return redirect(url_for("exchange.index", cycle=row.id), 303)
    imports.put_cells(row, found, content, person())
    return redirect(url_for("exchange.show", cycle_id=row.id, import_id=found.id), 303)


def _chosen() -> Chosen:
    """What the form says; 400 for anything that its page does not offer."""
    targets: dict[Target, int] = {}
    for name, header in request.form.items():
        kind, colon, place = name.partition(":")
        if not colon or not header:
            continue
        if kind not in KINDS or (kind, header) in targets:
            if kind in KINDS:
                raise RuleError("columns.twice", header=header[:60])
            raise RuleError("columns.unknown", header=header[:60])
        targets[kind, header] = _place(place)
    unit, sample, sampled = (_placed(name) for name in ("unit", "sample", "sampled"))
    if unit is None:
        raise RuleError("columns.unit")
    least = request.form.get("least", "").strip() or str(USUAL_SAMPLE)
    if not (least.isascii() and least.isdecimal() and len(least) < 10):
        least = "0"
    if sample is not None and sampled is None and len(set(targets.values())) == 1:
        sampled = next(iter(targets.values()))
    note = plain_text(request.form.get("note", ""), LONGEST_NOTE)
    return Chosen(unit, targets, sample, sampled, int(least), note)


def _placed(name: str) -> int | None:
    text = request.form.get(name, "")
    return _place(text) if text else None


def _place(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 5):
        abort(400)
    return int(text)
