"""Confirming or returning everything that a filter shows: a second look at how many and which, then all in one act."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.pages import person
from starrating.blueprints.scoring.sheets import column_name
from starrating.blueprints.verification import bp
from starrating.blueprints.verification.lines import DONE, Line, returnable, sure
from starrating.blueprints.verification.view import View, view_of
from starrating.domain.faults import RuleError
from starrating.domain.verification import Review, Verdict
from starrating.errors import sentence, status_of
from starrating.services.assessment.verification import Seen
from starrating.services.assessment.verification_shown import Judged, confirm_shown, return_shown
from starrating.services.scoring.sheets import LONGEST_REASON
from starrating.services.scoring.tasks import Task

LONGEST_HEADER = 120


@dataclass(frozen=True, slots=True)
class Part:
    """How much of an indicator is concerned, and how much of that is not what the unit or its township says."""

    task: Task
    count: int
    differing: int


@bp.get("/cycles/<key:cycle_id>/shown")
def look(cycle_id: int) -> ResponseReturnValue:
    """The second look: how many scores the filter shows, of which indicators, how many differ."""
    return _second_look(view_of(cycle_id), Verdict.CONFIRM)


@bp.get("/cycles/<key:cycle_id>/shown/return")
def look_back(cycle_id: int) -> ResponseReturnValue:
    """The same before everything is returned, with the reason to be given for all."""
    return _second_look(view_of(cycle_id), Verdict.RETURN)


@bp.post("/cycles/<key:cycle_id>/shown")
def confirm_all(cycle_id: int) -> ResponseReturnValue:
    """Confirm what the second look was about; what moved on since is left alone and listed."""
    return _judged(cycle_id, Verdict.CONFIRM, lambda seen: confirm_shown(cycle_id, seen, person()))


@bp.post("/cycles/<key:cycle_id>/shown/return")
def return_all(cycle_id: int) -> ResponseReturnValue:
    """Return it to whoever enters it, all for one reason."""
    reason = request.form.get("reason", "")
    return _judged(cycle_id, Verdict.RETURN, lambda seen: return_shown(cycle_id, seen, reason, person()))


def _judged(cycle_id: int, verdict: Verdict, judge: Callable[[list[Seen]], Judged]) -> ResponseReturnValue:
    seen = unpacked(request.form.get("shown", ""))
    if not seen:
        abort(400)
    try:
        done = judge(seen)
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        return _second_look(view_of(cycle_id), verdict, sentence(refusal)), status_of(refusal)
    view = view_of(cycle_id)
    said = gettext(DONE[verdict], count=f"{done.count:,}")
    own = gettext("你自己填的%(count)s格没有确认，请区里别的人确认。", count=f"{done.own:,}") if done.own else ""
    if done.moved:
        return render_template(
            "verification/moved.html", view=view, cycle=view.cycle, done=done, review=Review, said=said,
            own=own, back=verdict is Verdict.RETURN,
        )  # fmt: skip
    flash(said, "ok")
    if own:
        flash(own, "info")
    return redirect(view.address, 303)


def _second_look(view: View, verdict: Verdict, error: str = "") -> str:
    back = verdict is Verdict.RETURN
    lines = returnable(view.lines) if back else sure(view.lines, view.show)
    return render_template(
        "verification/look.html", view=view, cycle=view.cycle, count=len(lines), parts=_parts(lines), error=error,
        differing=sum(line.differs for line in lines), blank=sum(line.blank for line in view.lines), back=back,
        own=0 if back else sum(line.by_others for line in view.lines),
        returned=sum(line.score.review is Review.RETURNED for line in view.lines) if view.show != "returned" else 0,
        packed=packed(lines), town=dict(view.towns).get(view.town or 0, ""), column_name=column_name,
        reason=request.form.get("reason", ""), most=LONGEST_REASON,
    )  # fmt: skip


def _parts(lines: Iterable[Line]) -> list[Part]:
    """By indicator in the order of the scheme, as far as anything of it would be confirmed."""
    found: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        found.setdefault((line.task.kind, line.task.node.code), []).append(line)
    parts = [Part(own[0].task, len(own), sum(line.differs for line in own)) for own in found.values()]
    return sorted(parts, key=lambda part: not part.differing)


def packed(lines: Sequence[Line]) -> str:
    """What was shown as one field of a form: by header the unit, the version and the state of each score."""
    found: dict[str, list[str]] = {}
    for line in lines:
        known = f"{line.unit.id}.{line.score.version}.{line.score.review.value}"
        found.setdefault(line.column.header, []).append(known)
    return json.dumps({header: " ".join(known) for header, known in found.items()}, ensure_ascii=False)


def unpacked(text: str) -> list[Seen]:
    """The scores of such a field; 400 where it is none of ours."""
    try:
        return [_seen(header, one) for header, known in json.loads(text).items() for one in known.split()]
    except (ValueError, AttributeError, RecursionError):
        abort(400)


def _seen(header: str, known: str) -> Seen:
    unit, version, review = known.split(".")
    numbers = all(one.isascii() and one.isdecimal() and len(one) < 10 for one in (unit, version))
    if not numbers or not 0 < len(header) <= LONGEST_HEADER:
        raise ValueError(known)
    return Seen(int(unit), header, int(version), Review(review))
