"""The pages of verification: a township's scores, filtered in the address; verdicts on what was chosen or shown."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.pages import number, person
from starrating.blueprints.scoring.sheets import column_name
from starrating.blueprints.verification import bp
from starrating.blueprints.verification.lines import DONE, returnable, sure
from starrating.blueprints.verification.view import view_of
from starrating.domain.access import Act, places
from starrating.domain.faults import RuleError
from starrating.domain.verification import Review, Verdict
from starrating.domain.workflow import CycleState
from starrating.errors import sentence, status_of
from starrating.queries import cycles as years
from starrating.queries.verification import review_counts
from starrating.services.assessment.verification import Seen, verify_scores

ON_A_PAGE = 100


@bp.get("/")
def index() -> ResponseReturnValue:
    """The year that is being verified, else the newest."""
    own = years.cycles(places(person().grants, Act.VIEW_TRIALS))
    row = next((one for one in own if one.state is CycleState.VERIFICATION), own[0] if own else None)
    if row is None:
        return render_template("verification/nothing.html")
    return redirect(url_for("verification.show", cycle_id=row.id))


@bp.get("/cycles/<key:cycle_id>")
def show(cycle_id: int) -> ResponseReturnValue:
    """A township's scores of a year beside what the units and the township say, differences first."""
    return _page(cycle_id)


@bp.post("/cycles/<key:cycle_id>")
def decide(cycle_id: int) -> ResponseReturnValue:
    """Confirm, return or open again what was chosen, or confirm everything that the page showed."""
    asked, _, scope = request.form.get("verdict", "").partition("-")
    if asked not in list(Verdict) or scope not in ("", "page"):
        abort(400)
    seen = [_seen(text) for text in request.form.getlist("p" if scope else "c")]
    reason = request.form.get("reason", "")
    if not seen:
        return _page(cycle_id, gettext("没有选，什么都没有动。先在前面打钩。"), reason), 422
    try:
        count = verify_scores(cycle_id, Verdict(asked), seen, reason, person())
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        return _page(cycle_id, sentence(refusal), reason), status_of(refusal)
    flash(gettext(DONE[Verdict(asked)], count=count), "ok")
    return redirect(request.full_path.rstrip("?"), 303)


def _seen(text: str) -> Seen:
    """A line as the form names it; 400 where it is none of ours."""
    unit, _, rest = text.partition(":")
    version, _, header = rest.partition(":")
    numbers = all(one.isascii() and one.isdecimal() and len(one) < 10 for one in (unit, version))
    if not numbers or not 0 < len(header) <= 120:
        abort(400)
    return Seen(int(unit), header, int(version))


def _page(cycle_id: int, error: str = "", reason: str = "") -> str:
    view = view_of(cycle_id)
    row, lines = view.cycle, view.lines
    page = min(number("page") or 1, max((len(lines) + ON_A_PAGE - 1) // ON_A_PAGE, 1))
    counts = review_counts(row)
    return render_template(
        "verification/show.html", view=view, cycle=row, towns=view.towns, town=view.town, tasks=view.tasks,
        asked=view.asked, show=view.show, page=page, lines=lines[(page - 1) * ON_A_PAGE : page * ON_A_PAGE],
        total=len(lines), on_a_page=ON_A_PAGE, error=error, reason=reason, kept=set(request.form.getlist("c")),
        counts=counts, review=Review, column_name=column_name, sums=_sums(counts), time=view.time,
        verifies=view.verifies, sure=len(sure(lines, view.show)), back=len(returnable(lines)),
        action=request.full_path.rstrip("?"),
    )  # fmt: skip


def _sums(counts: Mapping[int, Mapping[Review, int]]) -> dict[Review, int]:
    return {review: sum(one.get(review, 0) for one in counts.values()) for review in Review}
