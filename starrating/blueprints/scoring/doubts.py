"""What may be wrong with a year's scores: listed with its numbers and a link to the cells, put aside with a reason."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.pages import number, person
from starrating.blueprints.scoring import bp
from starrating.blueprints.scoring.doubt_words import NAMES, link_of, sentence_of, subject_of, what_of
from starrating.blueprints.scoring.views import year_here
from starrating.domain import oddities
from starrating.domain.access import Act, may
from starrating.domain.faults import RuleError
from starrating.domain.figures import plain
from starrating.domain.oddities import Check
from starrating.errors import sentence, status_of
from starrating.services.assessment import doubts as service
from starrating.services.assessment.doubt import place_of
from starrating.services.scoring.tasks import work_of

PER_PAGE = 50


@bp.get("/cycles/<key:cycle_id>/doubts")
def doubts(cycle_id: int) -> ResponseReturnValue:
    """What is worth a look in what is somebody's."""
    return _page(cycle_id)


@bp.post("/cycles/<key:cycle_id>/doubts")
def put_aside(cycle_id: int) -> ResponseReturnValue:
    """Put a doubt aside with a reason."""
    row = year_here(cycle_id)
    digest, reason = request.form.get("digest", ""), request.form.get("reason", "")
    try:
        service.put_aside_doubt(row, work_of(row, person().grants), digest, reason, person())
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        return _page(cycle_id, digest, refusal), status_of(refusal)
    flash(gettext("放下了，理由留着。它自己的数再变，会重新提出来；只是别处的数变了，不会。"), "ok")
    return redirect(url_for("scoring.doubts", cycle_id=cycle_id, _external=False, **_asked()), 303)


def _asked() -> dict[str, str]:
    """The filters of the address."""
    return {name: request.args[name][:40] for name in ("check", "township", "shown") if request.args.get(name)}


def _page(cycle_id: int, digest: str = "", refusal: RuleError | None = None) -> str:
    row, who, asked = year_here(cycle_id), person(), _asked()
    found = service.doubts_of(row, work_of(row, who.grants))
    aside = service.aside_in(row, found)
    check = Check(asked["check"]) if asked.get("check") in list(Check) else None
    town = number("township")
    towns = sorted({one.unit.township_id: one.unit.township for one in found if one.unit}.items()
                   | {one.township for one in found if one.township})  # fmt: skip
    if town is not None and town not in dict(towns):
        abort(404)
    in_town = [one for one in found if town is None or town == place_of(row, one).township]
    standing = [one for one in in_town if (one.digest in aside) == (asked.get("shown") == "aside")]
    chosen = [one for one in standing if check in (None, one.check)]
    page = min(number("page") or 1, max(1, -(-len(chosen) // PER_PAGE)))
    mine = {one.digest for one in chosen if may(who.grants, Act.LOOK_INTO_SCORES, place_of(row, one))}
    lines = [
        {
            "digest": one.digest, "check": gettext(NAMES[one.check]), "whom": subject_of(one), "what": what_of(one),
            "said": sentence_of(one), "href": link_of(one, row), "aside": aside.get(one.digest),
            "open": one.digest not in aside and not one.must_be_filled and one.digest in mine,
        }
        for one in chosen[(page - 1) * PER_PAGE : page * PER_PAGE]
    ]  # fmt: skip
    return render_template(
        "scoring/doubts.html", cycle=row, lines=lines, counts=service.by_check(standing), names=NAMES, check=check,
        towns=towns, town=town, asked=asked, page=page, per_page=PER_PAGE, total=len(chosen), digest=digest,
        aside=sum(one.digest in aside for one in in_town), error=sentence(refusal) if refusal else "",
        typed=request.form.get("reason", ""), far=plain(oddities.FAR), apart=plain(oddities.APART),
        fewest=oddities.FEWEST, groups=oddities.FEWEST_GROUPS, noticeable=plain(oddities.NOTICEABLE * 100),
        same=plain(oddities.FAR_FROM_SAME), rare=oddities.RARE, differ=plain(oddities.FAR_APART * 100),
        mean=plain(oddities.MEAN_AS_DEVIATION),
    )  # fmt: skip
