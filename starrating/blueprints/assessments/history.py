"""Who changed what of a unit's assessment and when: the unit, its township, the district, the newest first."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.assessments import bp
from starrating.blueprints.assessments.standing import Standing, standing_of
from starrating.blueprints.pages import number, person
from starrating.blueprints.scoring.sheets import column_name
from starrating.domain.access import Act, may
from starrating.domain.assessment import Stage
from starrating.queries.assessment_history import VERIFIED, Step, steps_of
from starrating.queries.pages import SIZE, Page


def _l(text: str) -> str:
    """Marks a word of a table for translation, which happens when it is said."""
    return text


STAGES: Mapping[str, str] = {
    Stage.SELF.value: _l("自评"),
    Stage.TOWNSHIP.value: _l("初评"),
    VERIFIED: _l("复核"),
}
MOVES: Mapping[str, str] = {
    "submit": _l("交了"),
    "accept": _l("采用自评"),
    "change": _l("改动"),
    "return": _l("退回"),
    "open": _l("撤回确认，或者改过再看"),
    "returned": _l("退回"),
    "confirmed": _l("确认了"),
}
"""What was done where it is no new value."""


@bp.get("/cycles/<key:cycle_id>/units/<key:unit_id>/history")
def history(cycle_id: int, unit_id: int) -> ResponseReturnValue:
    """All that happened, or what happened to one indicator."""
    here = standing_of(cycle_id, unit_id)
    codes = {task.node.code: task.node.name for task in here.tasks}
    asked, stage = request.args.get("indicator", ""), request.args.get("stage", "")
    if asked not in ("", *codes) or stage not in ("", *STAGES):
        abort(404)
    sees = may(person().grants, Act.VIEW_SCORES, here.place)
    names = _names(here)
    steps = [one for one in steps_of(cycle_id, unit_id, verdicts=sees)
             if asked in ("", names.get(one.about, ("", ""))[0], one.about) and stage in ("", one.stage)]  # fmt: skip
    return render_template(
        "assessments/history.html", cycle=here.cycle, unit=here.unit, codes=codes, asked=asked, stage=stage,
        stages={key: gettext(word) for key, word in STAGES.items() if sees or key != VERIFIED}, names=names,
        found=_page(steps), done=lambda move: gettext(MOVES[move]),
    )  # fmt: skip


def _page(steps: list[Step]) -> Page[Step]:
    page = min(number("page") or 1, max(1, -(-len(steps) // SIZE)))
    return Page(tuple(steps[(page - 1) * SIZE : page * SIZE]), page, len(steps))


def _names(here: Standing) -> dict[str, tuple[str, str]]:
    """Header or code → the indicator's code, and what people call it."""
    found = {task.node.code: (task.node.code, task.node.name) for task in here.tasks}
    for task in here.tasks:
        for column in task.columns:
            part = column_name(column)
            name = task.node.name if part == task.node.name else f"{task.node.name} {part}"
            found[column.header] = (task.node.code, name)
    return found
