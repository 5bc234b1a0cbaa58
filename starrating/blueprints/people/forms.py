"""What the forms of posts say: days, the successor, somebody known or new; what is wrong is a refusal with a field."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from flask import abort, request

from starrating.blueprints.calendar.dates import parsed_day
from starrating.blueprints.pages import person
from starrating.domain.access import Act, places
from starrating.domain.faults import RuleError
from starrating.queries.candidates import CandidateRow, candidates_named
from starrating.queries.people import PostRow, people_named
from starrating.services.names import plain_text
from starrating.services.people import LONGEST_NAME, NewPerson, Term

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
    """Somebody of a name: the posts and the candidacies by which they can be told from another."""

    posts: list[PostRow] = field(default_factory=list)
    stood: list[CandidateRow] = field(default_factory=list)


def typed_term(*, ends: bool = False) -> Term:
    """The post of the form; its end where the form asks for one."""
    form = request.form
    begins = needed_day("begins_on")
    filed = parsed_day(form.get("filed_on", "")) if form.get("filed_on") else None
    if form.get("filed_on") and filed is None:
        raise RuleError("post.filed_on")
    ends_on = parsed_day(form.get("ends_on", "")) if ends and form.get("ends_on") else None
    ending = form.get("ending", "") if ends_on else ""
    return Term(begins, form.get("how", ""), form.get("filed_with", ""), filed, ends_on, ending)


def needed_day(name: str) -> date:
    """A day that must be there."""
    day = parsed_day(request.form.get(name, ""))
    if day is None:
        raise RuleError("post.day")
    return day


def typed_person() -> NewPerson:
    """The person of the form."""
    form = request.form
    year = form.get("birth_year", "").strip()
    if year and not (year.isascii() and year.isdecimal() and len(year) == 4):
        raise RuleError("person.birth_year", first=1900, last="")
    return NewPerson(form.get("name", ""), int(year) if year else None, form.get("education", ""))


def whom() -> int | NewPerson:
    """Who is meant: somebody chosen among those of that name, or somebody new; refused while that is open."""
    typed, chosen = typed_person(), request.form.get("who", "")
    known = same_name(typed.name)
    if chosen.isascii() and chosen.isdecimal() and len(chosen) < 10 and int(chosen) in known:
        return int(chosen)
    if known and chosen != ANOTHER:
        raise RuleError("person.which")
    return typed


def same_name(name: str) -> dict[int, Namesake]:
    """Person → what is known of those who have a name already, as far as whoever asks may change them."""
    text = plain_text(name, LONGEST_NAME)
    found: dict[int, Namesake] = {}
    if text:
        held = places(person().grants, Act.MANAGE_PEOPLE)
        for post in people_named(text, held):
            found.setdefault(post.person_id, Namesake()).posts.append(post)
        for stood in candidates_named(text, held):
            found.setdefault(stood.person_id, Namesake()).stood.append(stood)
    return found


def version() -> int:
    """The version that the page showed."""
    text = request.form.get("version", "0")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else abort(400)
