"""What a save is answered with: the page again with what is wrong, both values of a conflict, or what was too late."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.pages import person
from starrating.blueprints.scoring.sheets import Returned, refused, returned
from starrating.domain.faults import RuleError
from starrating.errors import sentence
from starrating.queries.cycles import CycleRow
from starrating.queries.scores import units_of
from starrating.services.scoring.scores import save_scores
from starrating.services.scoring.typed_scores import EntriesRefused, ScoresConflict
from starrating.services.years.windows import REFUSED


def save(row: CycleRow, codes: Mapping[str, str], page: Callable[[Returned], str]) -> ResponseReturnValue:
    """Save the form of this request; `page` shows the sheet again with what came back."""
    back = returned(codes)
    try:
        saved = save_scores(row.id, tuple(back.typed.values()), person())
    except EntriesRefused as refusal:
        return page(refused(back, refusal)), 422
    except ScoresConflict as conflict:
        return _conflict(row, back, conflict), 409
    except RuleError as refusal:
        if refusal.code not in (*REFUSED, "score.confirmed"):
            raise
        return _closed(row, back, sentence(refusal)), 409
    if saved.changed:
        flash(gettext("存了%(count)s格。", count=saved.changed), "ok")
    else:
        flash(gettext("没有改动，原来的都在。"), "info")
    return redirect(request.full_path.rstrip("?"), 303)


def _conflict(row: CycleRow, back: Returned, conflict: ScoresConflict) -> str:
    """Base, theirs and mine of every cell that two people changed; everything else that was typed goes along."""
    disputed = {(one.unit.id, one.header): one for one in conflict.conflicts}
    others = [one for key, one in back.typed.items() if key not in disputed]
    return render_template(
        "scoring/conflict.html", cycle=row, conflicts=conflict.conflicts, others=others, reasons=back.reasons,
        texts={key: back.typed[key].text for key in disputed}, action=request.full_path.rstrip("?"),
    )  # fmt: skip


def _closed(row: CycleRow, back: Returned, happened: str) -> str:
    """What was typed, line by line, to be copied."""
    names = {one.id: one.name for one in units_of(row, {one.unit_id for one in back.typed.values()})}
    lines = [
        "\t".join((names.get(one.unit_id, str(one.unit_id)), one.header, one.text, one.reason)).rstrip()
        for one in back.typed.values()
        if one.text
    ]
    return render_template("scoring/closed.html", cycle=row, happened=happened, text="\n".join(lines))
