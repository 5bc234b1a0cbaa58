"""Who changed what of a unit's assessment and when: the unit, its township, the district, the newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.assessments import bp
from starrating.blueprints.assessments.standing import Standing, standing_of
from starrating.blueprints.downloads import list_file
from starrating.blueprints.languages import in_chinese
from starrating.blueprints.pages import beijing, number, person
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


HEAD = (
    _l("时间"),
    _l("哪一步"),
    _l("谁"),
    _l("哪一格"),
    _l("指标"),
    _l("原来"),
    _l("改成"),
    _l("做了什么"),
    _l("理由"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the address asks for of a unit's assessment, as far as the reader sees it."""

    here: Standing
    codes: Mapping[str, str]
    names: Mapping[str, tuple[str, str]]
    indicator: str
    stage: str
    sees: bool
    """True for who sees scores, and so the verdicts on them."""
    steps: list[Step]


@bp.get("/cycles/<key:cycle_id>/units/<key:unit_id>/history")
def history(cycle_id: int, unit_id: int) -> ResponseReturnValue:
    """All that happened, or what happened to one indicator."""
    shown = _shown(cycle_id, unit_id)
    return render_template(
        "assessments/history.html", cycle=shown.here.cycle, unit=shown.here.unit, codes=shown.codes,
        asked=shown.indicator, stage=shown.stage, names=shown.names, found=_page(shown.steps),
        stages={key: gettext(word) for key, word in STAGES.items() if shown.sees or key != VERIFIED},
        done=lambda move: gettext(MOVES[move]),
    )  # fmt: skip


@bp.get("/cycles/<key:cycle_id>/units/<key:unit_id>/history.<any(csv, xlsx):form>")
def history_file(cycle_id: int, unit_id: int, form: str) -> ResponseReturnValue:
    """The same as a file, with the filter of the page."""
    shown = _shown(cycle_id, unit_id)
    with in_chinese():
        head = [gettext(name) for name in HEAD]
        lines = [_line(one, shown.names) for one in shown.steps]
        title = gettext("自评的痕迹")
    return list_file(form, title, head, lines, f"{shown.here.cycle.year}-{shown.here.unit.code}-assessment")


def _shown(cycle_id: int, unit_id: int) -> Shown:
    here = standing_of(cycle_id, unit_id)
    codes, names = {task.node.code: task.node.name for task in here.tasks}, _names(here)
    asked, stage = request.args.get("indicator", ""), request.args.get("stage", "")
    if asked not in ("", *codes) or stage not in ("", *STAGES):
        abort(404)
    sees = may(person().grants, Act.VIEW_SCORES, here.place)
    steps = [one for one in steps_of(cycle_id, unit_id, verdicts=sees)
             if asked in ("", names.get(one.about, ("", ""))[0], one.about) and stage in ("", one.stage)]  # fmt: skip
    return Shown(here, codes, names, asked, stage, sees, steps)


def _line(one: Step, names: Mapping[str, tuple[str, str]]) -> list[str]:
    """A row of the file; what a move or a verdict was about stands on both sides."""
    entry = one.entry.shown if one.entry else ""
    before = entry if one.what else one.before.shown if one.before else ""
    return [
        beijing(one.at, "%Y-%m-%d %H:%M:%S"), gettext(STAGES[one.stage]), one.by, one.about,
        names.get(one.about, ("", ""))[1], before, entry, gettext(MOVES[one.what]) if one.what else "", one.reason,
    ]  # fmt: skip


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
