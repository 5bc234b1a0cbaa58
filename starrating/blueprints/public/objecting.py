"""How far an objection is, for whoever holds its receipt, without signing in: number and code together, or nothing."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.limits import CHECKS
from starrating.blueprints.pages import words
from starrating.blueprints.public import bp
from starrating.blueprints.public.answers import frame
from starrating.extensions import limiter
from starrating.queries.objections import ObjectionRow
from starrating.services.objections.objections import by_receipt
from starrating.vocabulary.objections import state_word


@bp.get("/objections")
def objection() -> ResponseReturnValue:
    """The form; the code goes by POST, so that it stands in no address and no log."""
    return _page(words("number"))


@bp.post("/objections")
@limiter.limit(CHECKS)
def objection_state() -> ResponseReturnValue:
    """The state of the receipt's objection, when it is to be decided, and what came of it and why."""
    number, code = request.form.get("number", "")[:40], request.form.get("code", "")[:20]
    row = by_receipt(number, code)
    if row is None:
        said = gettext("回执号或查询码不对，没有查到。请照回执核对，两样都要。")
        return _page(number, error=said), 422
    return _page(number, row)


def _page(number: str, row: ObjectionRow | None = None, error: str = "") -> str:
    return render_template(
        "public/objection.html", number=number, row=row, error=error, state=state_word(row.state) if row else None,
        **frame("objection"),
    )  # fmt: skip
