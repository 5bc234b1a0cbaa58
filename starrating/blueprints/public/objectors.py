"""Objecting on-line without an account: the form on a notice, and the receipt that is shown once.

Nothing here is kept by a browser or a cache: the form comes back with what was typed, the receipt opens the state.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import groupby
from typing import Any

from flask import Response, abort, current_app, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_limiter.errors import RateLimitExceeded

from starrating.blueprints.limits import OBJECTING
from starrating.blueprints.pages import words
from starrating.blueprints.public import bp
from starrating.blueprints.public.answers import frame
from starrating.domain.faults import RuleError
from starrating.domain.windows import Stage
from starrating.errors import sentence, status_of
from starrating.extensions import limiter
from starrating.queries.cycles import cycle
from starrating.queries.publications import notice
from starrating.services.objections import objectors as service
from starrating.services.objections.objections import LONGEST, SHORTEST
from starrating.services.objections.objector_files import bounds
from starrating.services.scoring.tasks import tasks_of
from starrating.services.years.windows import time_at

RECEIPT = "objection_receipt"
"""Where the session keeps a receipt until it is shown."""
FIELDS = {
    "objection.unit": "unit", "objection.grounds": "grounds", "objection.private": "grounds",
    "objection.indicator": "indicators", "objection.name": "name", "objection.anonymous": "name",
    "objection.contact": "contact", "objection.consent": "consent", "objection.files": "files",
    "objection.files_today": "files", "objection.files_full": "files",
}  # fmt: skip
"""Where the form says what is wrong."""


@bp.get("/notices/<key:notice_id>/objections")
def objecting_form(notice_id: int) -> ResponseReturnValue:
    """The form, for a unit of the list where the address names one."""
    return _form(notice_id, {"unit": words("unit")})


@bp.post("/notices/<key:notice_id>/objections")
def object_to(notice_id: int) -> ResponseReturnValue:
    """Take in the objection; a refusal brings the form back with all that was typed, whatever it is refused for."""
    try:
        with limiter.limit(OBJECTING), _told() as told:
            made = service.object_to(notice_id, told)
    except RateLimitExceeded:
        said = gettext("这个网络地址提交得太多，没有提交。你填的都在。请一小时以后再试，或者照公示上写的地点和电话提。")
        return _form(notice_id, request.form, said), 429
    except RuleError as refusal:
        return _refused(notice_id, refusal)
    session[RECEIPT] = [made.number, made.code]
    return redirect(url_for("public.receipt"), 303)


@bp.get("/objections/receipt")
def receipt() -> ResponseReturnValue:
    """The receipt, once: the next who sits at this machine does not find it."""
    number, code = session.pop(RECEIPT, ("", ""))
    page = render_template("public/receipt.html", number=number, code=code, **frame("objection"))
    return _kept_by_nobody(page)


@contextmanager
def _told() -> Iterator[service.Telling]:
    """What was typed and sent; files that were sent are closed again."""
    form, sent = request.form, [one for one in request.files.getlist("files") if one.filename]
    with ExitStack() as open_files:
        files = tuple((one.filename or "", open_files.enter_context(one.stream)) for one in sent)
        yield service.Telling(
            form.get("unit", ""), form.get("grounds", ""), tuple(form.getlist("indicators")), form.get("name", ""),
            form.get("contact", ""), form.get("consent", "") == "1", form.get("form", ""), files,
        )  # fmt: skip


def _refused(notice_id: int, refusal: RuleError) -> ResponseReturnValue:
    status = status_of(refusal)
    if status == 404:
        raise refusal
    field = "files" if refusal.code.startswith("evidence.") else FIELDS.get(refusal.code, "")
    answer = _form(notice_id, request.form, sentence(refusal), field)
    answer.status_code = status
    return answer


def _form(notice_id: int, typed: Any, error: str = "", field: str = "") -> Response:
    head, shown, _ = notice(notice_id) or abort(404)
    row = cycle(head.cycle_id) or abort(404)
    towns = [(town, list(units)) for town, units in groupby(shown.units, key=lambda unit: unit.township)]
    return _kept_by_nobody(render_template(
        "public/objecting.html", head=head, towns=towns, typed=typed, error=error, field=field,
        chosen=request.form.getlist("indicators"), form=request.form.get("form") or secrets.token_hex(16),
        indicators=[(task.node.code, task.node.name) for task in tasks_of(head.cycle_id) if task.kind == head.kind],
        time=time_at(row, Stage.OBJECTION, row.place), sealing=service.takes_objections(), shortest=SHORTEST,
        longest=LONGEST, longest_name=service.LONGEST_NAME, longest_contact=service.LONGEST_CONTACT,
        most=bounds(), again=bool(request.files), years=current_app.config["OBJECTOR_YEARS"],
        answer=current_app.config["OBJECTION_DAYS"], **frame("notices"),
    ))  # fmt: skip


def _kept_by_nobody(page: str) -> Response:
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    return answer
