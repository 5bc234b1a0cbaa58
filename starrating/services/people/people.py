"""People and their posts: entered, handed over, ended, corrected; every act once, on the version that its page showed.

A post in a unit has one holder a day. Acts on a unit wait for each other, so that of two successors entered at once
the second is refused. The trail names people by their key alone: it is never erased, a name is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from starrating.domain.access import Act, Place, may, places
from starrating.domain.faults import RuleError
from starrating.domain.posts import Post as HeldPost
from starrating.domain.posts import PostKind
from starrating.domain.terms import Education, Ending, How, last_day_before
from starrating.models.divisions import Unit
from starrating.models.people import FIRST_YEAR, Person, Post
from starrating.queries import people as question
from starrating.queries.identities import Identity
from starrating.queries.people import PersonRow, PostRow
from starrating.queries.people_scope import known_within, serving_places
from starrating.queries.places import place_of_unit
from starrating.services.audit import Subject, record
from starrating.services.names import given_text, refuse_numbers, seen_text
from starrating.services.people.post_rules import check_days, refuse_overlap
from starrating.services.transaction import changed_as_shown, transaction
from starrating.services.working_days import today

LONGEST_NAME = 60
LONGEST_FILED = 100
LONGEST_REASON = 500
YOUNGEST = 18


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who is not stored yet, as typed."""

    name: str
    birth_year: int | None = None
    education: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A post as typed: from when, how somebody came to it, where and when that was filed, and its end if it has one."""

    begins_on: date
    how: str = ""
    filed_with: str = ""
    filed_on: date | None = None
    ends_on: date | None = None
    ending: str = ""


def enter_post(unit_id: int, kind: PostKind, who: int | NewPerson, term: Term, by: Identity) -> int:
    """Let somebody known or new hold a post; its key. Refused where the post is held on one of the days."""
    with transaction() as session:
        place = lock_unit(session, unit_id, by)
        post = add_post(session, unit_id, kind, who, term, by)
        record(session, "post_entered", by.account_id, subject_of(session, post, place), **facts_of(post))
        return post.id


def end_post(post_id: int, version: int, ends_on: date, ending: str, by: Identity) -> None:
    """End a post without a successor: from the next day on it is vacant. Doing it twice changes nothing."""
    with transaction() as session:
        row, place = held_post(session, post_id, by)
        if (row.ends_on, row.ending) == (ends_on, ending):
            return
        if row.ends_on is not None and row.version == version:
            raise RuleError("post.ended")
        _change(session, row, version, ends_on=ends_on, ending=_ending(ending, needed=True))
        record(session, "post_ended", by.account_id, _subject(row, place), person=row.person_id,
               ends_on=ends_on.isoformat(), ending=ending)  # fmt: skip


def amend_post(post_id: int, version: int, term: Term, reason: str, by: Identity) -> None:
    """Put right what was entered wrongly about a post, with the reason."""
    why = given_text(reason, LONGEST_REASON)
    refuse_numbers(why)
    with transaction() as session:
        row, place = held_post(session, post_id, by)
        if not why:
            raise RuleError("post.reason")
        stored = _stored(term)
        _change(session, row, version, **stored)
        before = {name: _plain(getattr(row, name)) for name in stored}
        after = {name: _plain(value) for name, value in stored.items()}
        record(session, "post_amended", by.account_id, _subject(row, place), person=row.person_id, before=before,
               after=after, reason=why)  # fmt: skip


def amend_person(person_id: int, version: int, typed: NewPerson, by: Identity) -> None:
    """Put right a person's name, birth year or education; an empty name leaves the one that is stored."""
    with transaction() as session:
        row, place = held_person(session, person_id, by)
        said = _checked(typed, known=row.name)
        changed = [name for name, value in said.items() if value != getattr(row, name)]
        if not changed:
            return
        change_person(session, row, version, **said)
        record(session, "person_amended", by.account_id, person_subject(person_id, place), fields=changed)


def succeed(
    session: Session, row: PostRow, who: int | NewPerson, term: Term, ending: str, by: Identity
) -> Post:  # fmt: skip
    """Within a transaction that holds the unit: a post ends the day before the successor's first, which begins."""
    ends_on = last_day_before(term.begins_on)
    _change(session, row, row.version, ends_on=ends_on, ending=_ending(ending, needed=True))
    return add_post(session, row.unit_id, row.kind, who, term, by)


def add_post(
    session: Session, unit_id: int, kind: PostKind, who: int | NewPerson, term: Term, by: Identity
) -> Post:  # fmt: skip
    """Within a transaction that holds the unit: one post more, of somebody known or new."""
    stored = _stored(term)
    _free(session, unit_id, kind, 0, stored)
    person_id = known_or_new(session, who, by)
    post = Post(unit_id=unit_id, kind=kind, person_id=person_id, version=1, **stored)
    session.add(post)
    session.flush()
    return post


def lock_unit(session: Session, unit_id: int, by: Identity, act: Act = Act.MANAGE_PEOPLE) -> Place:
    """Within a transaction: keep a unit's posts from changing until the commit; its place, where it is one's to do."""
    session.execute(select(Unit.id).where(Unit.id == unit_id).with_for_update())
    place = place_of_unit(unit_id)
    if place is None or not may(by.grants, act, place):
        raise RuleError("post.none")
    return place


def held_post(session: Session, post_id: int, by: Identity) -> tuple[PostRow, Place]:
    """Within a transaction: a post with its place, its unit locked, where it is one's to change."""
    unit_id = session.scalar(select(Post.unit_id).where(Post.id == post_id))
    place = lock_unit(session, unit_id or 0, by)
    row = question.post(post_id)
    if row is None:
        raise RuleError("post.none")
    return row, place


def facts_of(post: Post) -> dict[str, Any]:
    """What the trail says of a post that begins."""
    return {"person": post.person_id, "kind": post.kind, "begins_on": post.begins_on.isoformat(), "how": post.how}


def held_person(session: Session, person_id: int, by: Identity) -> tuple[PersonRow, Place]:
    """Within a transaction: a person who is one's to change, locked, and where: where they serve, or served last."""
    row = known_person(session, person_id, by)
    found = (place for place in serving_places(person_id, today()) if may(by.grants, Act.MANAGE_PEOPLE, place))
    place = next(found, None)
    if place is None:
        raise RuleError("person.none")
    return row, place


def known_person(
    session: Session, person_id: int, by: Identity, within: Sequence[Place] | None = None
) -> PersonRow:  # fmt: skip
    """Within a transaction: a person who is known where one manages, or within other places, locked; none merged."""
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
    row = question.person(person_id)
    known = known_within(person_id, places(by.grants, Act.MANAGE_PEOPLE) if within is None else within)
    if row is None or row.merged_into_id is not None or not known:
        raise RuleError("person.none")
    return row


def change_person(session: Session, row: PersonRow, version: int, **values: Any) -> None:
    """Within a transaction: change a person who still is as the page showed them."""
    if not changed_as_shown(session, Person, row.id, version, **values):
        raise RuleError("person.changed")


def person_subject(person_id: int, place: Place) -> Subject:
    """A person as the trail names them: by their key."""
    return Subject("person", person_id, f"人员{person_id}", place)


def subject_of(session: Session, post: Post, place: Place) -> Subject:
    """A post that was just stored, as the trail names it."""
    unit = session.scalar(select(Unit.name).where(Unit.id == post.unit_id))
    return Subject("post", post.id, f"{unit}", place)


def _subject(row: PostRow, place: Place) -> Subject:
    return Subject("post", row.id, row.unit, place)


def _change(session: Session, row: PostRow, version: int, **values: Any) -> None:
    """Change a post that still is as the page showed it, to days that are free; whoever is late hears that first."""
    if row.version != version:
        raise RuleError("post.changed")
    days = {"begins_on": row.begins_on, "ends_on": row.ends_on} | values
    check_days(days["begins_on"], days["ends_on"], today())
    _free(session, row.unit_id, row.kind, row.id, days)
    if not changed_as_shown(session, Post, row.id, version, **values):
        raise RuleError("post.changed")


def _free(session: Session, unit_id: int, kind: PostKind, but: int, days: dict[str, Any]) -> None:
    others = session.execute(
        select(Post.person_id, Post.begins_on, Post.ends_on).where(
            Post.unit_id == unit_id, Post.kind == kind, Post.id != but
        )
    )
    terms = [HeldPost(row[0], unit_id, kind, row[1], row[2]) for row in others]
    refuse_overlap(terms, days["begins_on"], days["ends_on"])


def _stored(term: Term) -> dict[str, Any]:
    """A post's columns, of what was typed; refused with the first thing that is wrong."""
    check_days(term.begins_on, term.ends_on, today())
    if term.how not in ("", *How):
        raise RuleError("post.how")
    if term.filed_on is not None and not term.begins_on.year - 1 <= term.filed_on.year <= today().year:
        raise RuleError("post.filed_on")
    filed = given_text(term.filed_with, LONGEST_FILED)
    refuse_numbers(filed)
    if term.filed_on is not None and not filed:
        raise RuleError("post.filed_with")
    ending = _ending(term.ending, needed=False) if term.ends_on is not None else ""
    return {"begins_on": term.begins_on, "ends_on": term.ends_on, "how": term.how, "filed_with": filed,
            "filed_on": term.filed_on, "ending": ending}  # fmt: skip


def _ending(text: str, *, needed: bool) -> str:
    if text not in ("", *Ending) or (needed and not text):
        raise RuleError("post.ending")
    return text


def known_or_new(
    session: Session, who: int | NewPerson, by: Identity, within: Sequence[Place] | None = None
) -> int:  # fmt: skip
    """Within a transaction: the key of somebody known who is one's to name, or of somebody new, who is stored."""
    if isinstance(who, int):
        return known_person(session, who, by, within).id
    row = Person(version=1, **_checked(who, known=""))
    session.add(row)
    session.flush()
    return row.id


def _checked(typed: NewPerson, known: str) -> dict[str, Any]:
    """A person's columns, of what was typed."""
    name = seen_text(typed.name) or known
    if not name or len(name) > LONGEST_NAME or any(letter.isdecimal() for letter in seen_text(typed.name)):
        raise RuleError("person.name", longest=LONGEST_NAME)
    year = typed.birth_year
    if year is not None and not FIRST_YEAR <= year <= today().year - YOUNGEST:
        raise RuleError("person.birth_year", first=FIRST_YEAR, last=today().year - YOUNGEST)
    if typed.education not in ("", *Education):
        raise RuleError("person.education")
    return {"name": name, "birth_year": year, "education": typed.education}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
