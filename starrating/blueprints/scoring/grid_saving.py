"""What the grid sends and is answered: a small batch of cells as JSON, for each of them what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.admission import admitted, ask_after_all, caller
from starrating.blueprints.pages import beijing, person
from starrating.blueprints.scoring import bp
from starrating.blueprints.scoring.grid_sheet import points_at
from starrating.blueprints.scoring.views import year_here
from starrating.errors import answer as told
from starrating.errors import sentence, sentence_of_entry
from starrating.queries.identities import Identity
from starrating.services.scoring.batches import Answered, Batch, Outcome, check_batch, save_batch
from starrating.services.scoring.typed_scores import Typed

MOST_CELLS = 500
"""More cells than the page ever sends at once."""
LONGEST_TEXT = 2_000
LARGEST = 2**31 - 1
Judge = Callable[[int, Sequence[Typed], Identity], Batch]


@bp.post("/cycles/<key:cycle_id>/<any(village, community):kind>/grid/cells")
def grid_save(cycle_id: int, kind: str) -> ResponseReturnValue:
    """Save a batch; who it is from is asked within its transaction, and before it only where that lets nobody in."""
    sent = _sent()
    if sent is not None:
        account, typed = sent
        batch = save_batch(cycle_id, typed, caller(account))
        if batch.by is not None:
            admitted(batch.by)
            return _outcome(batch, kind)
    return ask_after_all() or _answer(cycle_id, kind, save_batch)


@bp.post("/cycles/<key:cycle_id>/<any(village, community):kind>/grid/check")
def grid_check(cycle_id: int, kind: str) -> ResponseReturnValue:
    """Say what saving a block would come to, before it is saved."""
    return _answer(cycle_id, kind, check_batch)


def _answer(cycle_id: int, kind: str, judge: Judge) -> ResponseReturnValue:
    who, sent = person(), request.get_json(silent=True)
    own = isinstance(sent, dict) and sent.get("account") == who.account_id
    typed = _typed(sent.get("cells")) if isinstance(sent, dict) else None
    if typed is None or not own:
        year_here(cycle_id)
        if isinstance(sent, dict) and not own:
            return told(409, gettext("这台电脑上现在登录的是另一个账号，没有存。请用原来的账号登录。"))
        return told(400)
    return _outcome(judge(cycle_id, typed, who), kind)


def _sent() -> tuple[int, list[Typed]] | None:
    """The account and the cells that were sent; None where that is not what was sent."""
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict) or type(sent.get("account")) is not int:
        return None
    typed = _typed(sent.get("cells"))
    return None if typed is None else (sent["account"], typed)


def _outcome(batch: Batch, kind: str) -> ResponseReturnValue:
    """What became of a batch, as JSON."""
    if batch.hidden:
        abort(404)
    return {"cells": [_said(one) for one in batch.answers], "points": _points(batch, kind)}


def _typed(cells: Any) -> list[Typed] | None:
    """The cells of a batch; None where it is none of ours."""
    if not isinstance(cells, list) or not 0 < len(cells) <= MOST_CELLS:
        return None
    found = [_one(cell) for cell in cells]
    return None if any(one is None for one in found) else [one for one in found if one is not None]


def _one(cell: Any) -> Typed | None:
    if not isinstance(cell, dict):
        return None
    unit, version = cell.get("unit"), cell.get("version")
    header, text, reason = cell.get("header"), cell.get("text"), cell.get("reason", "")
    if type(unit) is not int or type(version) is not int or not (0 < unit <= LARGEST and 0 <= version <= LARGEST):
        return None
    if not isinstance(header, str) or not isinstance(text, str) or not isinstance(reason, str):
        return None
    if not 0 < len(header) <= 120 or len(text) > LONGEST_TEXT or len(reason) > LONGEST_TEXT:
        return None
    return Typed(unit, header, version, text, reason)


def _points(batch: Batch, kind: str) -> dict[int, dict[str, str]]:
    """The points of every indicator that the batch touched, with what stands in its cells now."""
    sheet, touched = batch.sheet, (Outcome.SAVED, Outcome.CONFLICT)
    stored = {(one.unit_id, one.header) for one in batch.answers if one.outcome in touched}
    if sheet is None or not stored:
        return {}
    tasks = {task.node.code: task for key in stored if (task := sheet.task(key)) and task.kind == kind}
    units = [unit for unit in sheet.units.values() if unit.kind == kind and unit.id in {key for key, _ in stored}]
    found = points_at(tuple(tasks.values()), units, batch.standing())
    return {unit: {code: points.get(code, "") for code in tasks} for unit, points in found.items() if tasks}


def _why(one: Answered) -> str:
    """Why a cell was not saved: what may not stand in it, or from when to when it can be."""
    if one.fault is None:
        return ""
    return sentence(one.fault) if one.outcome is Outcome.CLOSED else sentence_of_entry(one.fault)


def _said(one: Answered) -> dict[str, Any]:
    said: dict[str, Any] = {
        "unit": one.unit_id, "header": one.header, "status": one.outcome.value, "version": one.version,
        "text": one.entry.shown, "why": _why(one),
        "code": one.fault.code if one.fault else "",
    }  # fmt: skip
    if one.conflict is not None:
        theirs = one.conflict.theirs
        said["base"] = one.conflict.base.shown
        said["theirs"] = {
            "text": theirs.entry.shown, "version": theirs.version, "by": theirs.by,
            "at": beijing(theirs.at, "%H:%M"), "reason": theirs.reason,
        }  # fmt: skip
    return said
