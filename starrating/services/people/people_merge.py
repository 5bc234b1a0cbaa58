"""Two records of one person become one: the posts go over, the other record stays and points to it."""

from __future__ import annotations

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from starrating.domain.candidates import GONE
from starrating.domain.faults import RuleError
from starrating.domain.posts import Post as HeldPost
from starrating.domain.terms import overlapping
from starrating.models.cases import ConsequenceCase
from starrating.models.divisions import Unit
from starrating.models.elections import Candidate
from starrating.models.eligibility import EligibilityCheck
from starrating.models.people import Person, Post
from starrating.models.privacy import PersonCorrection, PersonSecret
from starrating.queries import people as question
from starrating.queries.candidates import candidacies_of_person
from starrating.queries.identities import Identity
from starrating.services.audit import record
from starrating.services.names import given_text, refuse_numbers
from starrating.services.people.people import LONGEST_REASON, change_person, held_person, person_subject
from starrating.services.people.personal import open_numbers, seal
from starrating.services.people.training_merge import move_training, refuse_both_listed
from starrating.services.people.vault import key_ring
from starrating.services.transaction import transaction


def merge_people(kept_id: int, gone_id: int, versions: tuple[int, int], reason: str, by: Identity) -> None:
    """Make one person of two; both must still be as the page showed them, and never hold one post on one day."""
    why = given_text(reason, LONGEST_REASON)
    refuse_numbers(why)
    with transaction() as session:
        if kept_id == gone_id or not why:
            raise RuleError("person.merged")
        units = sorted({row.unit_id for key in (kept_id, gone_id) for row in question.posts_of_person(key)})
        session.execute(select(Unit.id).where(Unit.id.in_(units)).order_by(Unit.id).with_for_update())
        first, second = sorted((kept_id, gone_id))
        rows = {key: held_person(session, key, by) for key in (first, second)}
        (kept, place), (gone, _) = rows[kept_id], rows[gone_id]
        _refuse_two_at_once(kept_id, gone_id)
        _refuse_both_stand(kept_id, gone_id)
        refuse_both_listed(kept_id, gone_id)
        own = _one_account(session, kept_id, gone_id, by)
        said = {"birth_year": kept.birth_year or gone.birth_year, "education": kept.education or gone.education}
        change_person(session, kept, versions[0], **said)
        change_person(session, gone, versions[1], merged_into_id=kept_id, account_id=None)
        if own is not None:
            session.execute(update(Person).where(Person.id == kept_id).values(account_id=own))
        earlier = update(Person).where(Person.merged_into_id == gone_id)
        session.execute(earlier.values(merged_into_id=kept_id))
        # A rescinded case is final and goes on naming the other record, which says whom it means.
        cases = update(ConsequenceCase).where(ConsequenceCase.person_id == gone_id)
        session.execute(cases.where(ConsequenceCase.state != "rescinded").values(person_id=kept_id))
        moved_checks = update(EligibilityCheck).where(EligibilityCheck.person_id == gone_id)
        session.execute(moved_checks.values(person_id=kept_id))
        stood = update(Candidate).where(Candidate.person_id == gone_id)
        session.execute(stood.values(person_id=kept_id))
        dropped = _move_numbers(session, kept_id, gone_id)
        twice = move_training(session, kept_id, gone_id)
        moved = [row.id for row in question.posts_of_person(gone_id)]
        session.execute(
            update(Post).where(Post.person_id == gone_id).values(person_id=kept_id, version=Post.version + 1)
        )
        record(session, "people_merged", by.account_id, person_subject(kept_id, place), gone=gone_id,
               posts=len(moved), moved=moved, reason=why, twice=twice, dropped=dropped)  # fmt: skip


def _one_account(session: Session, kept_id: int, gone_id: int, by: Identity) -> int | None:
    """The account of the two, refused where it is of whoever merges: nobody decides what is kept of themselves."""
    rows = session.scalars(select(Person.account_id).where(Person.id.in_((kept_id, gone_id))))
    found = {account for account in rows if account is not None}
    if by.account_id in found:
        raise RuleError("person.merge_own")
    if len(found) > 1:
        raise RuleError("person.merge_accounts")
    return next(iter(found), None)


def _move_numbers(session: Session, kept_id: int, gone_id: int) -> list[str]:
    """What is sealed and asked of the one goes to the other; where both have a number, the kept one's stays.

    The kinds of those that were others and are dropped.
    """
    waiting = select(func.count()).select_from(PersonCorrection).where(
        PersonCorrection.person_id.in_((kept_id, gone_id)), PersonCorrection.state == "asked"
    )  # fmt: skip
    if (session.scalar(waiting) or 0) > 1:
        raise RuleError("person.both_asked")
    moved = update(PersonCorrection).where(PersonCorrection.person_id == gone_id)
    session.execute(moved.values(person_id=kept_id))
    theirs = open_numbers(session, gone_id)
    if not theirs:
        return []
    stays = open_numbers(session, kept_id)
    session.execute(delete(PersonSecret).where(PersonSecret.person_id == gone_id))
    ring = key_ring()
    for kind, value in theirs.items():
        if kind not in stays:
            seal(session, ring, kept_id, kind, value)
    return sorted(kind.value for kind, value in theirs.items() if stays.get(kind, value) != value)


def _refuse_two_at_once(kept_id: int, gone_id: int) -> None:
    """Two people who held one post in one unit on one day are two people, or a mistake to be put right first."""
    for row in question.posts_of_person(gone_id):
        same = [
            HeldPost(one.person_id, one.unit_id, one.kind, one.begins_on, one.ends_on)
            for one in question.posts_of_person(kept_id) if (one.unit_id, one.kind) == (row.unit_id, row.kind)
        ]  # fmt: skip
        if overlapping(same, row.begins_on, row.ends_on) is not None:
            raise RuleError("person.two_at_once")


def _refuse_both_stand(kept_id: int, gone_id: int) -> None:
    """Of two candidates for one post one is withdrawn first: nobody stands against themselves."""
    slots = [
        {(one.election_id, one.unit_id, one.kind) for one in candidacies_of_person(key)
         if one.state not in GONE}
        for key in (kept_id, gone_id)
    ]  # fmt: skip
    if slots[0] & slots[1]:
        raise RuleError("person.both_stand")
