"""Trial runs and their confirmation by a second person; what keeps the units from being rated is listed with links."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.pages import kind_name, person
from starrating.blueprints.rating import bp
from starrating.blueprints.rating.seen import cycle_seen, levels_of, scheme_seen
from starrating.blueprints.spot_checks.words import effect_word, state_word
from starrating.domain.access import EVERYWHERE, Act, may
from starrating.domain.verification import Review
from starrating.domain.workflow import CycleState, takes_scores
from starrating.offline.report import written
from starrating.queries import ratings as question
from starrating.queries.content import content_digest
from starrating.queries.cycles import STANDING
from starrating.queries.spot_checks import undecided
from starrating.queries.verification import review_total
from starrating.services.clock import now
from starrating.services.rating import determination as service
from starrating.services.rating.trials import CannotRate, UnitFault
from starrating.wording import say

MOST_FINDINGS = 50


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A fault as the page lists it, with the address where it is put right."""

    kind: str
    unit: str
    sentence: str
    address: str


@bp.get("/cycles/<key:cycle_id>/determination")
def determination(cycle_id: int) -> ResponseReturnValue:
    """The last trial or the standing determination, and what is next."""
    return _page(cycle_id, ())


@bp.post("/cycles/<key:cycle_id>/trials")
def try_out(cycle_id: int) -> ResponseReturnValue:
    """Run a trial, or list what keeps it from being run."""
    try:
        made = service.determine(cycle_id, person().account_id)
    except CannotRate as refused:
        return _page(cycle_id, tuple(fault_line(cycle_id, fault) for fault in refused.faults)), 422
    flash(
        gettext("试算好了，存了%(count)s份结果。要由另一个人复核确认，在那以前村和乡镇看不到。", count=len(made)), "ok"
    )
    return redirect(url_for("rating.determination", cycle_id=cycle_id))


@bp.post("/cycles/<key:cycle_id>/confirm")
def confirm(cycle_id: int) -> ResponseReturnValue:
    """Confirm what was shown."""
    service.confirm_determination(cycle_id, request.form.get("digest", "")[:64], person().account_id)
    flash(gettext("确认了，年度审定完成，分数不能再改。下一步：开始公示。"), "ok")
    return redirect(url_for("rating.determination", cycle_id=cycle_id))


def _page(cycle_id: int, faults: tuple[FaultLine, ...]) -> str:
    row = cycle_seen(cycle_id)
    stands = row.state in STANDING
    runs = question.standing(cycle_id) if stands else question.latest_trials(cycle_id)
    tallies = [(run, levels_of(scheme_seen(run.id)), *question.counts((run.id,), [EVERYWHERE])) for run in runs]
    who = person()
    findings, waiting = undecided(cycle_id, MOST_FINDINGS) if not stands else ((), 0)
    return render_template(
        "rating/determination.html", cycle=row, runs=runs, tallies=tallies, faults=faults, stands=stands,
        digest=content_digest(run.id for run in runs) if runs else "",
        trials=question.trial_counts(cycle_id), own=any(run.determined_by == who.account_id for run in runs),
        reviewed=review_total(row) if not stands else {}, review=Review, findings=findings, waiting=waiting, at=now(),
        effect_word=effect_word, state_word=state_word,
        may_try=may(who.grants, Act.DETERMINE, row.place) and takes_scores(row.state),
        may_confirm=may(who.grants, Act.CONFIRM, row.place) and row.state is CycleState.VERIFICATION,
    )  # fmt: skip


def fault_line(cycle_id: int, found: UnitFault) -> FaultLine:
    """A fault in words, with the address where it is put right."""
    facts = {"unit": found.unit, "header": found.fault.header, **written(found.fault.facts)}
    return FaultLine(kind_name(found.kind), found.unit, say(found.fault.code, facts), _address(cycle_id, found.unit_id))


def _address(cycle_id: int, unit_id: int) -> str:
    """Where a unit's scores are entered; its own page where the scores have none yet."""
    if "scoring.unit" in current_app.view_functions:
        return url_for("scoring.unit", cycle_id=cycle_id, unit_id=unit_id)
    return url_for("units.show", unit_id=unit_id)
