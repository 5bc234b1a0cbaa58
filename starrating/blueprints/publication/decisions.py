"""Decisions after publication: who is concerned is chosen and said why by one person, and decided by another."""

from __future__ import annotations

import json
from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.pages import KINDS, number, person, words
from starrating.blueprints.publication import bp
from starrating.blueprints.rating.seen import LevelShown, levels_of, reason_teller
from starrating.domain.access import Act, may
from starrating.domain.decisions import DecisionState, levels_below_top
from starrating.domain.faults import RuleError
from starrating.domain.scheme import Scheme
from starrating.errors import sentence, status_of
from starrating.queries import decisions as question
from starrating.queries.corrections import values_of
from starrating.queries.cycles import CycleRow, cycle, schemes_of
from starrating.queries.publications import PublicationHead, confirmed_of, standing_publications
from starrating.queries.ratings import RatingFilter, ratings, townships_of
from starrating.services.decisions import decisions as service
from starrating.services.decisions.checks import LONGEST_GROUND, LONGEST_REASON
from starrating.services.decisions.corrected_values import columns_of_kind, flag_names, value_name
from starrating.services.decisions.corrections import Corrected
from starrating.services.decisions.restatements import Restatement
from starrating.services.working_days import today
from starrating.services.years.scheme_texts import read_kept
from starrating.wording.outcomes import effect_text

MOST = 500
"""Units that one form may name; more than a district has of a kind."""


@bp.get("/<key:cycle_id>/decisions")
def decisions(cycle_id: int) -> ResponseReturnValue:
    """What was proposed and decided, and the form to propose."""
    return _list_page(cycle_id)


@bp.post("/<key:cycle_id>/decisions")
def propose(cycle_id: int) -> ResponseReturnValue:
    """Propose that units lose their level."""
    try:
        made = service.propose_removal(cycle_id, _wanted(), person().account_id)
    except RuleError as refused:
        return _list_page(cycle_id, sentence(refused), status_of(refused))
    flash(gettext("已提出，还没有生效。请另一个人看过再决定。"), "ok")
    return redirect(url_for("publication.decision", cycle_id=cycle_id, decision_id=made), 303)


@bp.get("/<key:cycle_id>/decisions/<key:decision_id>")
def decision(cycle_id: int, decision_id: int) -> ResponseReturnValue:
    """What a decision would change, or changed, and what rests on it."""
    return decision_page(cycle_id, decision_id)


def decision_page(cycle_id: int, decision_id: int, refused: str = "") -> str:
    """A decision with what it would publish as things stand; `refused` is what was wrong with lifting it."""
    (row, heads), found = _published(cycle_id), _decision(cycle_id, decision_id)
    shown, fault = _shown(row, heads, found)
    units = shown.units if shown else question.concerned([decision_id])
    corrected = shown if isinstance(shown, Corrected) else None
    scheme = corrected.worked.rating.scheme if corrected else levels_for(row, found.kind)[0]
    run = corrected.determination_id if corrected else confirmed_of(row.id)[found.kind].determination_id
    levels, values = levels_of(scheme), corrected.values if corrected else values_of(decision_id)
    return render_template(
        "publication/decision.html", cycle=row, decision=found, units=units, levels=levels, shown=shown, fault=fault,
        counts=_counts(shown) if shown else [], follows=_follows(run, scheme, units), typed=request.form,
        own=found.proposed_by == person().account_id, may_decide=may(person().grants, Act.PUBLISH, row.place),
        district=heads[0].district_code, refused=refused, today=today().isoformat(),
        values=values, names=_value_names(row, found.kind, scheme) if values else {}, say=reason_teller(scheme),
        longest=(LONGEST_REASON, LONGEST_GROUND),
    )  # fmt: skip


@bp.post("/<key:cycle_id>/decisions/<key:decision_id>/decide")
def decide(cycle_id: int, decision_id: int) -> ResponseReturnValue:
    """Take the decision as it was shown: the restated list is published."""
    _decision(cycle_id, decision_id)
    service.decide(decision_id, request.form.get("digest", "")[:64], person().account_id)
    flash(gettext("已决定，新的一版已发布，原来的一版照样保留。"), "ok")
    return redirect(url_for("publication.decision", cycle_id=cycle_id, decision_id=decision_id), 303)


@bp.post("/<key:cycle_id>/decisions/<key:decision_id>/withdraw")
def withdraw(cycle_id: int, decision_id: int) -> ResponseReturnValue:
    """Take a proposal back."""
    _decision(cycle_id, decision_id)
    service.withdraw_decision(decision_id, person().account_id)
    flash(gettext("已撤回，名单没有动。"), "ok")
    return redirect(url_for("publication.decisions", cycle_id=cycle_id), 303)


def _wanted() -> service.Removal:
    """What the form asks for; refused where its day is none."""
    try:
        on = date.fromisoformat(request.form.get("on", ""))
    except ValueError:
        raise RuleError("decision.no_day") from None
    units = tuple(int(key) for key in request.form.getlist("unit")[:MOST] if key.isascii() and key.isdecimal())
    form = request.form
    return service.Removal(
        kind_asked(), tuple(key for key in units if key < 2**31), form.get("level", ""), form.get("reason", ""),
        form.get("ground", ""), on,
    )  # fmt: skip


def _list_page(cycle_id: int, fault: str = "", status: int = 200) -> ResponseReturnValue:
    row, kind = published_year(cycle_id), kind_asked()
    _scheme, levels = levels_for(row, kind)
    lower = [code for code in levels if code in levels_below_top(_scheme)]
    made = question.decisions_of(cycle_id)
    narrowed = RatingFilter(words("q"), number("township"))
    page = render_template(
        "publication/decisions.html", cycle=row, kind=kind, decisions=made, levels=levels, lower=lower[::-1],
        found=ratings((confirmed_of(cycle_id)[kind].determination_id,), [row.place], narrowed, number("page") or 1),
        narrowed=narrowed, townships=townships_of(row.district_id, [row.place]), fault=fault, typed=request.form,
        chosen=set(request.form.getlist("unit")), today=today().isoformat(),
        waiting=next((one for one in made if one.kind == kind and one.state == DecisionState.PROPOSED), None),
        may_propose=may(person().grants, Act.PUBLISH, row.place), longest=LONGEST_REASON,
    )  # fmt: skip
    return page, status


def _value_names(row: CycleRow, kind: str, scheme: Scheme) -> dict[str, str]:
    """Header → what stands under it in words."""
    return {**flag_names(scheme), **{column.header: value_name(column) for column in columns_of_kind(row, kind)}}


def _shown(
    row: CycleRow, heads: tuple[PublicationHead, ...], found: question.DecisionRow
) -> tuple[Restatement | None, str]:  # fmt: skip
    """What a decision that waits would publish, or why it no longer can."""
    if found.state != DecisionState.PROPOSED:
        return None, ""
    try:
        return service.restatement_of(found, row, next(head for head in heads if head.kind == found.kind)), ""
    except RuleError as refusal:
        return None, sentence(refusal)


def published_year(cycle_id: int) -> CycleRow:
    """A published year; there is nothing to decide before."""
    return _published(cycle_id)[0]


def _published(cycle_id: int) -> tuple[CycleRow, tuple[PublicationHead, ...]]:
    """The same with the editions that stand."""
    row, heads = cycle(cycle_id), standing_publications(cycle_id)
    return (row, heads) if row is not None and heads else abort(404)


def _decision(cycle_id: int, decision_id: int) -> question.DecisionRow:
    """A decision of that year; of another it does not exist here."""
    found = question.decision(decision_id)
    return found if found is not None and found.cycle_id == cycle_id else abort(404)


def kind_asked() -> str:
    """The kind that the address or the form names, villages where it names none."""
    asked = request.values.get("kind", "")
    return asked if asked in KINDS else "village"


def levels_for(row: CycleRow, kind: str) -> tuple[Scheme, dict[str, LevelShown]]:
    """The scheme of a kind and its levels as badges show them."""
    kept = schemes_of(row.id).get(kind)
    if kept is None:
        abort(404)
    scheme = read_kept(kept.text).scheme
    return scheme, levels_of(scheme)


def _counts(shown: Restatement) -> list[tuple[str, int, int]]:
    """Each level with how many units have it now and how many would."""
    before, after = json.loads(shown.stood), json.loads(shown.text)
    return [(one["code"], before["counts"].get(one["code"], 0), after["counts"].get(one["code"], 0))
            for one in after["levels"]]  # fmt: skip


def _follows(
    determination_id: int, scheme: Scheme, units: tuple[question.ConcernedUnit, ...]
) -> dict[int, list[str]]:  # fmt: skip
    """Unit → what followed from the level before, in words; a decision takes nothing of it back."""
    codes = question.consequences_of(determination_id, [one.unit_id for one in units])
    rules = {one.code: one for one in scheme.consequences}
    written = {unit: [str(code).partition("=") for code in json.loads(text or "[]")] for unit, text in codes.items()}
    return {
        unit: [effect_text(rules[code].effect, scheme, coefficient=much) for code, _, much in said if code in rules]
        for unit, said in written.items()
    }
