"""The pages of people and posts: the list of leaders, a unit's leaders over the years, a person; names masked."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from starrating.blueprints.pages import KINDS, kind_names, number, person, words
from starrating.blueprints.people import bp
from starrating.blueprints.people.record import record_of
from starrating.blueprints.people.shown import shown_words
from starrating.blueprints.people.years import career_of, held
from starrating.blueprints.places import own_divisions
from starrating.domain.access import Act, Place, may, places
from starrating.domain.posts import PostKind, dual_roles
from starrating.domain.terms import vacant_since
from starrating.queries import people as question
from starrating.queries.candidates import candidacies_of_person
from starrating.queries.divisions import children_of, path_of
from starrating.queries.divisions import unit as unit_of
from starrating.queries.eligibility import checks_of_person
from starrating.queries.people import LeadersFilter
from starrating.queries.people_scope import served_places
from starrating.queries.places import place_of_unit
from starrating.queries.privacy import masks_of
from starrating.services.working_days import today
from starrating.vocabulary import people as say

bp.context_processor(shown_words)


@bp.get("/")
def index() -> ResponseReturnValue:
    """The list of whoever has one; of those with several a list of them."""
    found = own_divisions(Act.VIEW_PEOPLE)
    if len(found) == 1:
        return redirect(url_for("people.division", division_id=found[0].id))
    return render_template("people/index.html", found=found)


@bp.get("/divisions/<key:division_id>")
def division(division_id: int) -> ResponseReturnValue:
    """Who leads the units of a city, district or township today."""
    path = path_of(division_id)
    here, place = path[-1], Place(*(row.id for row in path))
    narrowed, day = _narrowed(), today()
    return render_template(
        "people/division.html", here=here, day=day, narrowed=narrowed, kinds=kind_names(),
        found=question.leaders_page([place], day, narrowed, number("page") or 1),
        tally=question.states_of([place], day),
        states=say.choices(say.STATES), by_name=may(person().grants, Act.MANAGE_PEOPLE, place),
        townships=children_of(division_id, "township") if here.level == "district" else (),
        checks=here.level == "district" and may(person().grants, Act.VIEW_CHECKS, place),
    )  # fmt: skip


def _narrowed() -> LeadersFilter:
    """What the address narrows the list to."""
    state, kind = request.args.get("state", ""), request.args.get("kind", "")
    state = state if state in say.STATES else ""
    return LeadersFilter(words("q"), state, kind if kind in KINDS else "", number("township"))


@bp.get("/units/<key:unit_id>")
def unit(unit_id: int) -> ResponseReturnValue:
    """Everybody who held a post in a unit, and what can be done about its two posts."""
    here = unit_of(unit_id) or abort(404)
    rows, day = question.posts_of_unit(unit_id), today()
    terms = [held(row) for row in rows]
    now = {kind: next((row for row in rows if row.kind is kind and held(row).held_on(day)), None) for kind in PostKind}
    empty = {kind: vacant_since([one for one in terms if one.kind is kind], here.valid_from, day) for kind in PostKind}
    return render_template(
        "people/unit.html", unit=here, rows=rows, now=now, empty=empty, dual=dual_roles(terms, day).get(unit_id),
        manages=_may_in(unit_id, Act.MANAGE_PEOPLE), proposes=_may_in(unit_id, Act.PROPOSE_PEOPLE), day=day,
    )  # fmt: skip


def _may_in(unit_id: int, act: Act) -> bool:
    place = place_of_unit(unit_id)
    return place is not None and may(person().grants, act, place)


@bp.get("/<key:person_id>")
def show(person_id: int) -> ResponseReturnValue:
    """A person: posts with the stars of their units in those years, and what followed from them."""
    row = question.person(person_id) or abort(404)
    if row.merged_into_id is not None:
        return redirect(url_for("people.show", person_id=row.merged_into_id))
    everywhere, day = question.posts_of_person(person_id), today()
    posts = tuple(one for one in everywhere if may(person().grants, Act.VIEW_PEOPLE, one.place))
    served = served_places(person_id, day)
    career = career_of(person_id, posts, person())
    return render_template(
        "people/show.html", person=row, posts=posts, elsewhere=len(everywhere) - len(posts), day=day,
        dual=_dual_since(posts), career=career,
        record=record_of(person_id, posts, career.years, person(), day),
        manages=_may_at(served, Act.MANAGE_PEOPLE), masks=masks_of(person_id),
        checks=checks_of_person(person_id, places(person().grants, Act.VIEW_CHECKS)),
        stood=candidacies_of_person(person_id, places(person().grants, Act.VIEW_PEOPLE)),
        clear=_may_at(served, Act.SEE_CLEAR),
    )  # fmt: skip


def _may_at(found: tuple[Place, ...], act: Act) -> bool:
    return any(may(person().grants, act, place) for place in found)


def _dual_since(posts: tuple[question.PostRow, ...]) -> list[tuple[question.PostRow, question.PostRow]]:
    """The pairs of posts that the person holds or held at once in one unit, the latest first."""
    first = [row for row in posts if row.kind is PostKind.SECRETARY]
    second = [row for row in posts if row.kind is PostKind.DIRECTOR]
    return [(one, two) for one in first for two in second if one.unit_id == two.unit_id and _meet(one, two)]


def _meet(one: question.PostRow, two: question.PostRow) -> bool:
    later = max(one.begins_on, two.begins_on)
    return held(one).held_on(later) and held(two).held_on(later)
