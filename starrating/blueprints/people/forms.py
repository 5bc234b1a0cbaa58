"""What the forms of posts say: days, the successor, somebody known or new; what is wrong is a refusal with a field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import abort, request
from flask_babel import gettext

from starrating.blueprints.calendar.dates import parsed_day
from starrating.blueprints.pages import person
from starrating.domain.access import Act, Place, places
from starrating.domain.faults import RuleError
from starrating.queries.candidates import CandidateRow, candidates_named
from starrating.queries.people import PostRow, people_named
from starrating.queries.reserve import EntryRow, entries_named
from starrating.queries.workers import WorkerRow, workers_named
from starrating.services.names import plain_text
from starrating.services.people.hand_overs import HandOver
from starrating.services.people.people import LONGEST_NAME, NewPerson, Term
from starrating.services.working_days import today
from starrating.vocabulary import people as say

ANOTHER = "new"
"""What the form says where somebody is not any of those who have the name already."""
FIELDS = {
    "post.begins": "begins_on", "post.day": "begins_on", "post.ends": "ends_on", "post.overlap": "begins_on",
    "post.overlap_open": "begins_on", "post.how": "how", "post.filed_on": "filed_on", "post.filed_with": "filed_with",
    "post.ending": "ending", "post.same": "name", "post.reason": "reason", "person.name": "name",
    "person.birth_year": "birth_year", "person.education": "education", "person.which": "who",
}  # fmt: skip
"""Where a form says what is wrong."""


@dataclass(frozen=True, slots=True)
class Namesake:
    """Somebody of a name: the posts, candidacies and lists by which they can be told from another."""

    posts: list[PostRow] = field(default_factory=list)
    stood: list[CandidateRow] = field(default_factory=list)
    listed: list[EntryRow] = field(default_factory=list)
    works: list[WorkerRow] = field(default_factory=list)


def part_of(prefix: str) -> dict[str, str]:
    """The fields of a form that begin so, without that."""
    return {name.removeprefix(prefix): text for name, text in request.form.items() if name.startswith(prefix)}


def typed_term(*, ends: bool = False, form: Mapping[str, str] | None = None) -> Term:
    """The post of the form, or of a part of it; its end where the form asks for one."""
    form = request.form if form is None else form
    begins = needed_day("begins_on", form)
    filed = parsed_day(form.get("filed_on", "")) if form.get("filed_on") else None
    if form.get("filed_on") and filed is None:
        raise RuleError("post.filed_on")
    ends_on = parsed_day(form.get("ends_on", "")) if ends and form.get("ends_on") else None
    ending = form.get("ending", "") if ends_on else ""
    return Term(begins, form.get("how", ""), form.get("filed_with", ""), filed, ends_on, ending)


def needed_day(name: str, form: Mapping[str, str] | None = None) -> date:
    """A day that must be there."""
    day = parsed_day((request.form if form is None else form).get(name, ""))
    if day is None:
        raise RuleError("post.day")
    return day


def typed_person(form: Mapping[str, str] | None = None) -> NewPerson:
    """The person of the form, or of a part of it."""
    form = request.form if form is None else form
    year = form.get("birth_year", "").strip()
    if year and not (year.isascii() and year.isdecimal() and len(year) == 4):
        raise RuleError("person.birth_year", first=1900, last="")
    return NewPerson(form.get("name", ""), int(year) if year else None, form.get("education", ""))


def whom(form: Mapping[str, str] | None = None, within: Sequence[Place] | None = None) -> int | NewPerson:
    """Who is meant: somebody chosen among those of that name, or somebody new; refused while that is open.

    Of a name are only those whom one manages, or who are known within other places.
    """
    form = request.form if form is None else form
    typed, chosen = typed_person(form), form.get("who", "")
    known = same_name(typed.name, within)
    if chosen.isascii() and chosen.isdecimal() and len(chosen) < 10 and int(chosen) in known:
        return int(chosen)
    if known and chosen != ANOTHER:
        raise RuleError("person.which")
    return typed


def same_name(name: str, within: Sequence[Place] | None = None) -> dict[int, Namesake]:
    """Person → what is known of those who have a name already, as far as whoever asks may change or name them."""
    return namesakes(name, places(person().grants, Act.MANAGE_PEOPLE) if within is None else within)


def namesakes(name: str, within: Sequence[Place]) -> dict[int, Namesake]:
    """Person → what is known of everybody of exactly that name within the places."""
    text = plain_text(name, LONGEST_NAME)
    found: dict[int, Namesake] = {}
    if text:
        for post in people_named(text, within):
            found.setdefault(post.person_id, Namesake()).posts.append(post)
        for stood in candidates_named(text, within):
            found.setdefault(stood.person_id, Namesake()).stood.append(stood)
        for entry in entries_named(text, within):
            found.setdefault(entry.person_id, Namesake()).listed.append(entry)
        for row in workers_named(text, within):
            found.setdefault(row.person_id, Namesake()).works.append(row)
    return found


def version(form: Mapping[str, str] | None = None) -> int:
    """The version that the page showed."""
    text = (request.form if form is None else form).get("version", "0")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else abort(400)


def typed_hand_over(post_id: int, form: Mapping[str, str]) -> HandOver:
    """A hand-over of a post as typed in a form or in a part of one."""
    return HandOver(post_id, version(form), whom(form), typed_term(form=form), form.get("ending", ""))


def offered(form: Mapping[str, str]) -> dict[str, Any]:
    """What every form about people offers."""
    return {
        "typed": form, "today": today(), "hows": say.choices(say.HOWS, gettext("没有记")),
        "named": same_name(form.get("name", "")), "endings": say.choices(say.ENDINGS, gettext("请选")),
        "another": ANOTHER, "longest": LONGEST_NAME, "educations": say.choices(say.EDUCATIONS, gettext("没有记")),
    }  # fmt: skip
