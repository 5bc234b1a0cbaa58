"""One page a year: open the notice, then publish; what was done stays done and is shown."""

from __future__ import annotations

from datetime import date

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.pages import person
from starrating.blueprints.publication import bp
from starrating.domain.faults import RuleError
from starrating.errors import sentence, status_of
from starrating.queries import publications as question
from starrating.queries.cycles import cycle
from starrating.queries.objections import waiting_in
from starrating.services.editions.edition_text import Issued
from starrating.services.publication import publication as service
from starrating.services.working_days import next_working_day, today


@bp.get("/<key:cycle_id>")
def show(cycle_id: int) -> ResponseReturnValue:
    """Where the notice and the publication of a year stand, and what is next."""
    return _page(cycle_id)


@bp.post("/<key:cycle_id>/notice")
def open_notice(cycle_id: int) -> ResponseReturnValue:
    """Show the determined lists to the public from a day on."""
    typed = request.form.get("opens_on", "")
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return _page(
            cycle_id, typed, gettext("“%(typed)s”不是日期，没有公示。请写成2024-01-15这样。", typed=typed[:20]), 422
        )
    try:
        service.open_notice(cycle_id, day, _version(), person().account_id, request.form.get("contact", ""))
    except RuleError as refused:
        return _page(cycle_id, typed, sentence(refused), status_of(refused))
    flash(gettext("公示已安排，公众可以看到。"), "ok")
    return redirect(url_for("publication.show", cycle_id=cycle_id), 303)


@bp.post("/<key:cycle_id>/publish")
def publish(cycle_id: int) -> ResponseReturnValue:
    """Publish the lists of the year, for good."""
    issued = Issued(tuple(request.form.getlist("issuer")), request.form.get("number", ""))
    try:
        service.publish(cycle_id, _version(), person().account_id, issued)
    except RuleError as refused:
        if refused.code != "publication.personal":
            raise
        return _page(cycle_id, fault=sentence(refused), status=status_of(refused), issued=issued)
    flash(gettext("名单已发布，公众可以查看和下载。"), "ok")
    return redirect(url_for("publication.show", cycle_id=cycle_id), 303)


def _page(
    cycle_id: int, typed: str = "", fault: str = "", status: int = 200, issued: Issued | None = None
) -> ResponseReturnValue:
    row = cycle(cycle_id)
    if row is None:
        abort(404)
    notices = question.notices_of(cycle_id)
    closes = max((one.closes_on for one in notices.values()), default=None)
    published = question.standing_publications(cycle_id)
    towns = sorted({town for one in question.lists(published) for town in one.townships})
    page = render_template(
        "publication/show.html", cycle=row, notices=notices, published=published, townships=towns,
        public_address=current_app.config.get("PUBLIC_ADDRESS"),
        closes=closes, over=closes is not None and today() > closes, fault=fault,
        typed=typed or next_working_day(today()).isoformat(), waiting=waiting_in(cycle_id).count,
        issuers=(*(issued.by if issued else ()), "", ""), number=issued.number if issued else None,
        contact=request.form.get("contact", "") or question.last_contact(row.district_id),
    )  # fmt: skip
    return page, status


def _version() -> int:
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
