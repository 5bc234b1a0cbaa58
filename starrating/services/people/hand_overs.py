"""Posts handed over: one, or both of a unit in one act, to one person or to two, on one day or on two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from starrating.domain.faults import RuleError
from starrating.domain.posts import PostKind
from starrating.models.people import Post
from starrating.queries.identities import Identity
from starrating.services.audit import record
from starrating.services.people.people import NewPerson, Term, facts_of, held_post, lock_unit, subject_of, succeed
from starrating.services.transaction import transaction


@dataclass(frozen=True, slots=True)
class HandOver:
    """A hand-over as typed: of which post in which version, to whom, from when, and why the holder leaves."""

    post_id: int
    version: int
    who: int | NewPerson
    term: Term
    ending: str


def hand_over(change: HandOver, by: Identity) -> int:
    """End a post the day before a successor's first day and begin the successor's, both or neither; the new key."""
    with transaction() as session:
        return take_over(session, change, by).id


def hand_over_both(unit_id: int, changes: Mapping[PostKind, HandOver], by: Identity, *, to_one: bool) -> list[int]:
    """Hand both posts over; the director's goes to whoever is to be secretary where it is `to_one`. The new keys.

    What is refused says of which post it is: fact `at`.
    """
    with transaction() as session:
        lock_unit(session, unit_id, by)
        made: list[Post] = []
        for kind in PostKind:
            change = changes[kind]
            if to_one and made:
                change = replace(change, who=made[0].person_id)
            try:
                post = take_over(session, change, by)
            except RuleError as refusal:
                raise RuleError(refusal.code, **{**refusal.facts, "at": kind}) from None
            if (post.unit_id, post.kind) != (unit_id, kind):
                raise RuleError("post.none")
            made.append(post)
        return [post.id for post in made]


def take_over(session: Session, change: HandOver, by: Identity) -> Post:
    """Within a transaction: hand a post over that still is as the page showed it, with its event."""
    row, place = held_post(session, change.post_id, by)
    if row.version != change.version:
        raise RuleError("post.changed")
    if row.ends_on is not None:
        raise RuleError("post.ended")
    post = succeed(session, row, change.who, change.term, change.ending, by)
    if post.person_id == row.person_id:
        raise RuleError("post.same")
    record(session, "post_handed_over", by.account_id, subject_of(session, post, place), before=row.person_id,
           ending=change.ending, **facts_of(post))  # fmt: skip
    return post
