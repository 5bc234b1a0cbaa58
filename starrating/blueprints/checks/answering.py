"""What a department answers: a page of people at a time, or the candidates of one election item by item."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.calendar.dates import parsed_day
from starrating.blueprints.checks import bp
from starrating.blueprints.pages import number, person
from starrating.domain.access import Act, Granted, Place, Role, may_somewhere
from starrating.domain.eligibility import Result
from starrating.domain.faults import RuleError
from starrating.errors import sentence, status_of
from starrating.queries import eligibility as question
from starrating.queries.eligibility import AnswerRow, ItemRow
from starrating.services.people import eligibility as service

KEYS = 10
"""Signs that a key has at most."""


@bp.get("/answering")
def answering() -> ResponseReturnValue:
    """What one's department has to answer, a page of people at a time."""
    return _answering()


@bp.post("/answering")
def answer() -> ResponseReturnValue:
    """Store what was answered, all of it or nothing."""
    try:
        done = service.answer(_typed(), person())
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        return _answering(sentence(refusal)), status_of(refusal)
    flash(gettext("存了%(count)s项答复。", count=done), "ok")
    return redirect(url_for("checks.answering"), 303)


@bp.get("/elections/<key:election_id>/answering")
def answering_election(election_id: int) -> ResponseReturnValue:
    """The candidates of an election who wait for one's department, item by item."""
    return _answering_election(election_id)


@bp.post("/elections/<key:election_id>/answering")
def answer_election(election_id: int) -> ResponseReturnValue:
    """Store what was answered about them, all of it or nothing."""
    try:
        done = service.answer(_typed(), person())
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        return _answering_election(election_id, sentence(refusal)), status_of(refusal)
    flash(gettext("存了%(count)s项答复。", count=done), "ok")
    return redirect(url_for("checks.answering_election", election_id=election_id), 303)


def _typed() -> list[service.TypedAnswer]:
    """The rows of the form in which a result was chosen; the rest of those shown are clear where that was ticked."""
    form, day = request.form, parsed_day(request.form.get("checked_on", ""))
    results = {name[2:]: result for name, result in form.items() if name.startswith("r:") and result}
    if form.get("rest"):
        results = {key: Result.CLEAR.value for key in form.get("shown", "").split(",") if key} | results
    if not all(key.isascii() and key.isdecimal() and len(key) < KEYS for key in results):
        abort(400)
    return [service.TypedAnswer(int(key), result, day, form.get(f"n:{key}", "")) for key, result in results.items()]


def _answering(error: str = "") -> str:
    held = person().grants
    rows, asked = question.to_answer(asked_of(held), number("page") or 1)
    return render_template(
        "checks/answering.html", found=rows, asked=asked, error=error, typed=request.form,
        views=may_somewhere(held, Act.VIEW_CHECKS), elections=question.elections_to_answer(asked_of(held)),
    )  # fmt: skip


def _answering_election(election_id: int, error: str = "") -> str:
    asked = asked_of(person().grants)
    rows, answers = question.to_answer(asked, number("page") or 1, election_id)
    by_item: dict[ItemRow, list[AnswerRow]] = {}
    for row in rows.rows:
        for one in answers.get(row.id, ()):
            by_item.setdefault(one.item, []).append(one)
    return render_template(
        "checks/answering_election.html", election_id=election_id, found=rows, error=error, typed=request.form,
        name=question.elections_to_answer(asked).get(election_id, ("", 0))[0],
        items=sorted(by_item.items(), key=lambda one: (not one[0].hard, one[0].code)),
        people={row.id: row for row in rows.rows},
        keys=",".join(str(one.id) for own in answers.values() for one in own),
    )  # fmt: skip


def asked_of(held: tuple[Granted, ...]) -> list[tuple[Place, str | None]]:
    """Where one answers and for which department; None where it is for any. Each role counts at its own place only."""
    return [
        (grant.place, grant.department if grant.role is Role.DISTRICT_ASSESSOR else None)
        for grant in held if may_somewhere([grant], Act.ANSWER_CHECKS)
    ]  # fmt: skip
