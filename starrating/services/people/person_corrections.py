"""What people ask to have put right about themselves: asked by whom it is about, decided by the district."""

from __future__ import annotations

from sqlalchemy import exists, select, update

from starrating.domain.faults import RuleError
from starrating.models.privacy import PersonCorrection
from starrating.queries import people as question
from starrating.queries.identities import Identity
from starrating.queries.privacy import person_of_account
from starrating.services.audit import record
from starrating.services.clock import now
from starrating.services.names import given_text, refuse_numbers
from starrating.services.people.people import held_person, person_subject
from starrating.services.transaction import rows_changed, transaction

LONGEST = 500


def ask_correction(said: str, by: Identity) -> None:
    """Ask to have something put right about oneself; one waits at a time."""
    text = given_text(said, LONGEST)
    with transaction() as session:
        person_id = person_of_account(by.account_id)
        posts = question.posts_of_person(person_id) if person_id is not None else ()
        if person_id is None or not posts:
            raise RuleError("person.none")
        if not text:
            raise RuleError("asked.said")
        refuse_numbers(text)
        if session.scalar(
            select(exists().where(PersonCorrection.person_id == person_id, PersonCorrection.state == "asked"))
        ):
            raise RuleError("asked.open")
        row = PersonCorrection(person_id=person_id, state="asked", said=text, asked_by=by.account_id, asked_at=now())
        session.add(row)
        session.flush()
        record(
            session,
            "person_correction_asked",
            by.account_id,
            person_subject(person_id, posts[0].place),
            correction=row.id,
        )


def decide_correction(correction_id: int, *, done: bool, answer: str, by: Identity) -> None:
    """Say what became of a request: put right, or why not. Putting right is done on the person's own page."""
    text = given_text(answer, LONGEST)
    with transaction() as session:
        row = session.get(PersonCorrection, correction_id)
        if row is None:
            raise RuleError("person.none")
        person, place = held_person(session, row.person_id, by)
        if not text:
            raise RuleError("asked.answer")
        refuse_numbers(text)
        if row.asked_by == by.account_id:
            raise RuleError("asked.own")
        state = "done" if done else "refused"
        changed = rows_changed(
            session,
            update(PersonCorrection).where(PersonCorrection.id == correction_id, PersonCorrection.state == "asked")
            .values(state=state, answer=text, decided_by=by.account_id, decided_at=now())
            .execution_options(synchronize_session=False),
        )  # fmt: skip
        if not changed:
            raise RuleError("asked.decided")
        record(session, "person_correction_decided", by.account_id, person_subject(person.id, place),
               correction=correction_id, outcome_of=state)  # fmt: skip
