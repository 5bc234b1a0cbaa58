"""Candidates of an election: put forward, checked by the departments, withdrawn, elected into their posts in one act.

A township puts forward for its own units and withdraws until the district has decided (`services/people/proposals.py`).
Nobody is elected whose check is open, barred or no longer good on the day of the vote; what is only advised against is
for people to decide.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from starrating.domain.access import Act, Place, may
from starrating.domain.candidates import GONE, MAY_STAND, TO_ASK, WAITING, CandidateState, Standing
from starrating.domain.eligibility import Purpose
from starrating.domain.faults import RuleError
from starrating.domain.posts import PostKind
from starrating.domain.terms import Ending
from starrating.models.divisions import Division, Unit
from starrating.models.elections import Candidate, Election
from starrating.models.people import Person, Post
from starrating.queries import candidates as question
from starrating.queries.candidates import CandidateRow, Held
from starrating.queries.eligibility import items_of
from starrating.queries.identities import Identity
from starrating.queries.people import PostRow, posts_in
from starrating.queries.people_scope import naming_places
from starrating.queries.places import place_of_division
from starrating.services.audit import Subject, record, record_each
from starrating.services.clock import now
from starrating.services.names import given_text, refuse_numbers
from starrating.services.people.eligibility import MOST_OPENED, open_checks
from starrating.services.people.people import (
    LONGEST_REASON,
    NewPerson,
    Term,
    add_post,
    known_or_new,
    lock_unit,
    succeed,
)
from starrating.services.transaction import rows_changed, transaction
from starrating.services.working_days import today


def put_forward(
    election_id: int, unit_id: int, kinds: Collection[PostKind], who: int | NewPerson, by: Identity
) -> list[int]:  # fmt: skip
    """Put somebody known or new forward for one post of a unit or for both; the keys of what was stored.

    Whom a township puts forward, in time, waits for the district's decision.
    """
    with transaction() as session:
        place = lock_unit(session, unit_id, by, Act.PROPOSE_PEOPLE)
        held, state = held_election(election_id, place), CandidateState.PUT_FORWARD
        if not may(by.grants, Act.MANAGE_PEOPLE, place):
            refuse_late(held)
            state = CandidateState.PROPOSED
        if not kinds:
            raise RuleError("candidate.post")
        person_id = known_or_new(session, who, by, naming_places(by.grants, place))
        stands = {"unit_id": unit_id, "person_id": person_id, "state": state, "put_forward_by": by.account_id}
        made = [_one_more(session, Candidate(election_id=held.id, kind=kind, **stands)) for kind in kinds]
        session.flush()
        unit = session.scalar(select(Unit.name).where(Unit.id == unit_id))
        act = "candidate_put_forward" if state is CandidateState.PUT_FORWARD else "candidate_proposed"
        record_each(session, act, by.account_id, [
            (Subject("candidate", row.id, f"{unit}", place),
             {"person": person_id, "kind": row.kind, "election": election_id}) for row in made
        ])  # fmt: skip
        return [row.id for row in made]


def withdraw_candidate(election_id: int, candidate_id: int, reason: str, by: Identity) -> None:
    """Withdraw somebody who stands, with the reason; what was checked stays. A township withdraws whom it proposed."""
    why = given_text(reason, LONGEST_REASON)
    refuse_numbers(why)
    with transaction() as session:
        row, place = _mine(session, election_id, candidate_id, by)
        if not why:
            raise RuleError("candidate.reason")
        was = CandidateState.PUT_FORWARD
        if not may(by.grants, Act.MANAGE_PEOPLE, place):
            was = CandidateState.PROPOSED
        move_candidate(session, row, was, CandidateState.WITHDRAWN, reason=why)
        record(session, "candidate_withdrawn", by.account_id, Subject("candidate", row.id, row.unit, place),
               person=row.person_id, kind=row.kind, reason=why)  # fmt: skip


def check_candidates(election_id: int, division_id: int, by: Identity) -> int:
    """Ask all departments about everybody who stands within a division and is not being checked; how many."""
    with transaction() as session:
        place = place_of_division(division_id)
        if place is None or not may(by.grants, Act.MANAGE_PEOPLE, place):
            raise RuleError("election.none")
        held_election(election_id, place)
        # Two clicks on PostgreSQL: the second waits here and finds everybody asked about.
        session.execute(select(Division.id).where(Division.id == division_id).with_for_update())
        rows = question.candidates_of(election_id, [place], [CandidateState.PUT_FORWARD])
        told = question.checked(rows)
        wanted: dict[int, list[tuple[int, PostKind, int]]] = {}
        for row in [one for one in rows if told[one.id].standing in TO_ASK][:MOST_OPENED]:
            wanted.setdefault(row.place.district or 0, []).append((row.unit_id, row.kind, row.person_id))
        ready = [district for district in wanted if items_of(district)]
        if wanted and not ready:
            raise RuleError("check.no_items")
        # Districts that have not said what is checked hold nobody else up; their candidates stay unchecked on the list.
        count = sum(len(open_checks(session, wanted[district], Purpose.CANDIDATE, district, by)) for district in ready)
        if count:
            record(session, "candidates_checked", by.account_id,
                   Subject("election", election_id, rows[0].election, place), count=count)  # fmt: skip
        return count


def elect(election_id: int, candidate_ids: Collection[int], term: Term, by: Identity) -> int:
    """Let those who were elected take their posts, and whoever held them leave the day before: all of it or nothing.

    The others who stood for the same posts were not elected. How many took a post.
    """
    if not candidate_ids:
        raise RuleError("candidate.nobody")
    with transaction() as session:
        # Whoever takes the election back meanwhile waits, and finds that somebody was elected.
        session.execute(select(Election.id).where(Election.id == election_id).with_for_update())
        rows = question.candidates_by_id(election_id, set(candidate_ids))
        if len(rows) != len(set(candidate_ids)):
            raise RuleError("candidate.none")
        places = {unit_id: lock_unit(session, unit_id, by) for unit_id in sorted({row.unit_id for row in rows})}
        _lock_people(session, rows)
        _refuse_two(rows)
        told = question.checked(rows)
        for row in rows:
            _refuse_unfit(row, told[row.id].standing, term)
        before = _holders(rows)
        done = [_elected(session, row, before.get((row.unit_id, row.kind)), term, by) for row in rows]
        record_each(session, "candidate_elected", by.account_id, [
            (Subject("post", post.id, row.unit, places[row.unit_id]),
             {"person": row.person_id, "kind": row.kind, "begins_on": post.begins_on.isoformat(),
              "election": election_id, "candidate": row.id, "before": prior, "not_elected": others})
            for row, (post, prior, others) in zip(rows, done, strict=True)
        ])  # fmt: skip
        return len(done)


def held_election(election_id: int, place: Place) -> Held:
    """The election, which covers the place or lies within it."""
    held = question.election(election_id)
    if held is None or not (held.place.covers(place) or place.covers(held.place)):
        raise RuleError("election.none")
    return held


def refuse_late(held: Held) -> None:
    """Refuse what a township does after its last day."""
    if today() > held.propose_until:
        raise RuleError("candidate.closed", day=held.propose_until)


def refuse_settled(session: Session, election_id: int, unit_id: int, kind: PostKind) -> None:
    """Refuse anybody more for a post to which somebody was elected."""
    same = (Candidate.election_id == election_id, Candidate.unit_id == unit_id, Candidate.kind == kind)
    if session.scalar(select(exists().where(*same, Candidate.state == CandidateState.ELECTED))):
        raise RuleError("candidate.settled")


def _one_more(session: Session, row: Candidate) -> Candidate:
    refuse_settled(session, row.election_id, row.unit_id, PostKind(row.kind))
    same = (Candidate.election_id == row.election_id, Candidate.unit_id == row.unit_id, Candidate.kind == row.kind)
    again = (Candidate.person_id == row.person_id, Candidate.state.not_in(GONE))
    if session.scalar(select(exists().where(*same, *again))):
        raise RuleError("candidate.twice")
    row.put_forward_at = now()
    session.add(row)
    return row


def _mine(session: Session, election_id: int, candidate_id: int, by: Identity) -> tuple[CandidateRow, Place]:
    row = question.candidate(candidate_id)
    if row is None or row.election_id != election_id:
        raise RuleError("candidate.none")
    return row, lock_unit(session, row.unit_id, by, Act.PROPOSE_PEOPLE)


def _lock_people(session: Session, rows: Sequence[CandidateRow]) -> None:
    keys = {row.person_id for row in rows}
    session.execute(select(Person.id).where(Person.id.in_(keys)).order_by(Person.id).with_for_update())


def move_candidate(
    session: Session, row: CandidateRow, was: CandidateState, state: CandidateState, **values: Any
) -> None:  # fmt: skip
    """Within a transaction: change somebody who still is in a state."""
    done = rows_changed(
        session,
        update(Candidate).where(Candidate.id == row.id, Candidate.state == was)
        .values(state=state, **values).execution_options(synchronize_session=False),
    )  # fmt: skip
    if not done:
        raise RuleError("candidate.changed")


def _refuse_two(rows: Sequence[CandidateRow]) -> None:
    slots = [(row.unit_id, row.kind) for row in rows]
    twice = next((row for row in rows if slots.count((row.unit_id, row.kind)) > 1), None)
    if twice is not None:
        raise RuleError("candidate.two", unit=twice.unit)


def _refuse_unfit(row: CandidateRow, standing: Standing, term: Term) -> None:
    if row.state is CandidateState.PROPOSED:
        raise RuleError("candidate.undecided", unit=row.unit)
    if row.state is not CandidateState.PUT_FORWARD:
        raise RuleError("candidate.changed")
    if not row.held_on <= term.begins_on <= today():
        raise RuleError("candidate.begins", held=row.held_on, today=today())
    if standing is Standing.BARRED:
        raise RuleError("candidate.barred", unit=row.unit)
    if standing not in MAY_STAND:
        raise RuleError("candidate.unchecked", unit=row.unit)


def _holders(rows: Sequence[CandidateRow]) -> Mapping[tuple[int, PostKind], PostRow]:
    """(unit, post) → the post that lasts there."""
    found = posts_in({row.unit_id for row in rows})
    return {(one.unit_id, one.kind): one for one in found if one.ends_on is None}


def _elected(
    session: Session, row: CandidateRow, before: PostRow | None, term: Term, by: Identity
) -> tuple[Post, int | None, list[int]]:
    """The post of somebody elected, whose it was before, and who else stood for it."""
    try:
        if before is None:
            post = add_post(session, row.unit_id, row.kind, row.person_id, term, by)
        else:
            post = succeed(session, before, row.person_id, term, Ending.TERM, by)
    except RuleError as refusal:
        if refusal.code.startswith("post.overlap") or refusal.code == "post.ends":
            raise RuleError("candidate.held", unit=row.unit) from None
        raise
    move_candidate(session, row, CandidateState.PUT_FORWARD, CandidateState.ELECTED, post_id=post.id)
    others = [Candidate.election_id == row.election_id, Candidate.unit_id == row.unit_id, Candidate.kind == row.kind,
              Candidate.state.in_(WAITING)]  # fmt: skip
    keys = list(session.scalars(select(Candidate.id).where(*others).order_by(Candidate.id)))
    session.execute(update(Candidate).where(Candidate.id.in_(keys)).values(state=CandidateState.NOT_ELECTED))
    return post, before.person_id if before else None, keys
