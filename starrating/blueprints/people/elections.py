"""The pages of an election: its candidates, putting somebody forward, their checks, who was elected; names masked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.pages import number, person
from starrating.blueprints.people import bp
from starrating.blueprints.people.forms import ANOTHER, FIELDS, same_name, typed_term, whom
from starrating.domain.access import Act, Place, may
from starrating.domain.candidates import MAY_STAND, TO_ASK, CandidateState
from starrating.domain.faults import RuleError
from starrating.domain.field_figures import FEWEST, change_of, tenths
from starrating.domain.posts import PostKind
from starrating.errors import sentence, status_of
from starrating.queries import candidates as question
from starrating.queries.candidates import Held
from starrating.queries.divisions import DivisionRow, path_of
from starrating.queries.field_figures import all_posts, counted_units
from starrating.queries.people_scope import naming_places
from starrating.services.people import candidate_names as names
from starrating.services.people import candidates as service
from starrating.services.people.people import LONGEST_NAME
from starrating.services.working_days import today
from starrating.vocabulary import people as say

KEYS = 10
"""Signs that a key has at most."""


@dataclass(frozen=True, slots=True)
class Here:
    """A division as far as an election is held in it."""

    division: DivisionRow
    place: Place
    within: Place
    """The division, or the part of it that votes."""
    election: Held

    @property
    def manages(self) -> bool:
        """True where whoever asks may do all this."""
        return may(person().grants, Act.MANAGE_PEOPLE, self.place)

    @property
    def proposes(self) -> bool:
        """True where whoever asks may put people forward today: a township up to its last day."""
        in_time = self.manages or today() <= self.election.propose_until
        return in_time and may(person().grants, Act.PROPOSE_PEOPLE, self.place)

    @property
    def naming(self) -> tuple[Place, ...]:
        """Within which places whoever asks finds people of a name."""
        return naming_places(person().grants, self.place)


def here_of(division_id: int, election_id: int) -> Here:
    """The division of an address, where the election is held in it."""
    path, held = path_of(division_id), question.election(election_id)
    place = Place(*(row.id for row in path))
    if held is None or not (held.place.covers(place) or place.covers(held.place)):
        abort(404)
    return Here(path[-1], place, place if held.place.covers(place) else held.place, held)


@bp.get("/divisions/<key:division_id>/elections/<key:election_id>")
def election(division_id: int, election_id: int) -> ResponseReturnValue:
    """The candidates of an election within a division."""
    return _page(here_of(division_id, election_id))


@bp.get("/divisions/<key:division_id>/elections/<key:election_id>/candidates/new")
def candidate_form(division_id: int, election_id: int) -> ResponseReturnValue:
    """The form of somebody who is put forward."""
    return _form(here_of(division_id, election_id))


@bp.post("/divisions/<key:division_id>/elections/<key:election_id>/candidates/new")
def put_forward(division_id: int, election_id: int) -> ResponseReturnValue:
    """Put somebody forward for one post of a unit, or for both."""
    here = here_of(division_id, election_id)
    try:
        kinds = [kind for kind in PostKind if request.form.get(f"post-{kind}")]
        service.put_forward(election_id, _unit(here), kinds, whom(within=here.naming), person())
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        return _form(here, sentence(refusal), FIELDS.get(refusal.code, "")), status_of(refusal)
    flash(gettext("人选记下了，还要联审。") if here.manages else gettext("人选提上去了，等区里决定。"), "ok")
    return redirect(url_for("people.election", division_id=division_id, election_id=election_id), 303)


@bp.post("/divisions/<key:division_id>/elections/<key:election_id>/checks")
def check_candidates(division_id: int, election_id: int) -> ResponseReturnValue:
    """Ask all departments about everybody who stands and was not asked about."""
    here = here_of(division_id, election_id)
    try:
        count = service.check_candidates(election_id, division_id, person())
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        return _page(here, sentence(refusal)), status_of(refusal)
    flash(gettext("发起了%(count)s人次的联审，等各部门答复。", count=count), "ok")
    return redirect(url_for("people.election", division_id=division_id, election_id=election_id), 303)


@bp.post("/divisions/<key:division_id>/elections/<key:election_id>/results")
def elect(division_id: int, election_id: int) -> ResponseReturnValue:
    """Enter who was elected: they take their posts, whoever held them leaves."""
    here = here_of(division_id, election_id)
    try:
        count = service.elect(election_id, _chosen(), typed_term(), person())
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        return _page(here, sentence(refusal), FIELDS.get(refusal.code, "")), status_of(refusal)
    flash(gettext("登记了%(count)s个任职，原来在任的到前一天为止。", count=count), "ok")
    return redirect(url_for("people.election", division_id=division_id, election_id=election_id), 303)


@bp.get("/divisions/<key:division_id>/elections/<key:election_id>/candidates/<key:candidate_id>")
def candidate(division_id: int, election_id: int, candidate_id: int) -> ResponseReturnValue:
    """One candidate with what was found, and the form that withdraws them."""
    return _candidate(here_of(division_id, election_id), candidate_id)


@bp.post("/divisions/<key:division_id>/elections/<key:election_id>/candidates/<key:candidate_id>/withdraw")
def withdraw_candidate(division_id: int, election_id: int, candidate_id: int) -> ResponseReturnValue:
    """Withdraw somebody who stands."""
    here = here_of(division_id, election_id)
    try:
        service.withdraw_candidate(election_id, candidate_id, request.form.get("reason", ""), person())
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        return _candidate(here, candidate_id, sentence(refusal)), status_of(refusal)
    flash(gettext("撤下了，联审的结果留着。"), "ok")
    return redirect(url_for("people.election", division_id=division_id, election_id=election_id), 303)


@bp.post("/divisions/<key:division_id>/elections/<key:election_id>/names")
def candidate_names(division_id: int, election_id: int) -> ResponseReturnValue:
    """Who the candidates are, on this answer and nowhere else."""
    here = here_of(division_id, election_id)
    try:
        rows = names.candidate_names(election_id, here.within, request.form.get("reason", ""), person())
    except RuleError as refusal:
        if status_of(refusal) == 404:
            raise
        return _page(here, sentence(refusal)), status_of(refusal)
    return render_template("people/candidate_names.html", here=here, rows=rows)


def _page(here: Here, error: str = "", field: str = "") -> str:
    state, day = request.args.get("state", ""), today()
    state = state if state in list(CandidateState) else ""
    found = question.candidates_page(here.election.id, [here.within], state, number("page") or 1)
    told = question.checked(found.rows)
    return render_template(
        "people/election.html", here=here, found=found, told=told, state=state, error=error, field=field,
        tally=question.states_of(here.election.id, [here.within]), day=day, typed=request.form,
        states=[("", gettext("全部")), *((one.value, say.candidate_word(one)[0]) for one in CandidateState)],
        clear=may(person().grants, Act.SEE_CLEAR, here.place),
        may_stand=MAY_STAND, to_ask=TO_ASK, findings=may(person().grants, Act.VIEW_CHECKS, here.place),
        chosen=set(_chosen()) if request.method == "POST" else set(), hows=say.choices(say.HOWS, gettext("没有记")),
        **_change(here, day),
    )  # fmt: skip


def _change(here: Here, day: date) -> dict[str, Any]:
    """Age and schooling before and after, once there is an after."""
    if here.election.held_on > day:
        return {"changes": []}
    posts, known = all_posts([here.within])
    changes = [change_of(posts, kind, here.election.held_on, day, known) for kind in PostKind]
    return {"changes": changes, "tenths": tenths, "fewest": FEWEST}


def _form(here: Here, error: str = "", field: str = "") -> str:
    units = counted_units([here.within], today()) if here.division.level != "municipality" else ()
    return render_template(
        "people/candidate_form.html", here=here, error=error, field=field, typed=request.form,
        units=[("", gettext("请选")), *((one.id, f"{one.township}{one.name}") for one in units)],
        named=same_name(request.form.get("name", ""), here.naming), another=ANOTHER, posts=say.choices(say.POSTS),
        educations=say.choices(say.EDUCATIONS, gettext("没有记")), longest=LONGEST_NAME,
    )  # fmt: skip


def _candidate(here: Here, candidate_id: int, error: str = "") -> str:
    row = question.candidate(candidate_id)
    if row is None or row.election_id != here.election.id or not here.within.covers(row.place):
        abort(404)
    return render_template(
        "people/candidate.html", here=here, row=row, told=question.checked([row])[row.id], error=error,
        findings=may(person().grants, Act.VIEW_CHECKS, row.place), typed=request.form,
        withdraws=not here.manages and may(person().grants, Act.PROPOSE_PEOPLE, row.place),
    )  # fmt: skip


def _unit(here: Here) -> int:
    """The unit of the form, which lies where the election is held."""
    key = _key(request.form.get("unit", ""))
    if key is None:
        raise RuleError("candidate.unit")
    if here.within.unit not in (None, key):
        raise RuleError("election.none")
    return key


def _chosen() -> list[int]:
    """The candidates that are ticked as elected."""
    return ticked("elected")


def ticked(name: str) -> list[int]:
    """The keys that are ticked under a name."""
    found = [_key(text) for text in request.form.getlist(name)]
    return [key for key in found if key is not None]


def _key(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < KEYS else None
