"""A person's numbers and who sees them: stored sealed, seen clear for a reason, shown to whom they are about.

Whoever sees a person clear has just signed in, says why, and is on the trail before anything is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from starrating.domain.access import Act, may
from starrating.domain.faults import RuleError
from starrating.domain.personal import Secret, masked_secret, plain_secret
from starrating.models.accounts import Account
from starrating.models.people import Person
from starrating.models.privacy import PersonSecret
from starrating.queries import people as question
from starrating.queries.identities import Identity
from starrating.queries.people_scope import serving_places
from starrating.queries.privacy import SEEN, began, masks_of
from starrating.services.audit import record
from starrating.services.clock import now
from starrating.services.names import folded, given_text, refuse_numbers
from starrating.services.people.people import LONGEST_REASON, change_person, held_person, person_subject
from starrating.services.people.vault import KeyRing, key_ring
from starrating.services.transaction import transaction
from starrating.services.working_days import today

RECENT = timedelta(minutes=15)
"""How long ago somebody who wants to see a person clear may have signed in."""
SHORTEST_REASON = 5
NUMBERS_LOCK = 7_827_003
"""PostgreSQL's advisory lock that keeps one identity number from being stored of two people at once."""


@dataclass(frozen=True, slots=True)
class Clear:
    """A person as nobody sees them without a reason; an empty number is not stored."""

    name: str
    numbers: dict[Secret, str]


def store_numbers(person_id: int, version: int, typed: dict[Secret, str], clear: set[Secret], by: Identity) -> None:
    """Seal the numbers that were typed, forget those to be cleared; an empty field leaves what is stored."""
    wanted = {kind: _number(kind, text) for kind, text in typed.items() if text.strip()}
    with transaction() as session:
        row, place = held_person(session, person_id, by)
        if Secret.ID_NUMBER in wanted:
            _one_at_a_time(session)
        # Read while the person is held: a key that is no longer the current one should seal nothing new.
        ring = key_ring() if wanted else None
        gone = {kind for kind in clear if kind not in wanted} & set(masks_of(person_id))
        if not wanted and not gone:
            return
        change_person(session, row, version)
        for kind in {*wanted, *gone}:
            session.execute(delete(PersonSecret).where(PersonSecret.person_id == person_id, PersonSecret.field == kind))
        for kind, value in wanted.items():
            assert ring is not None
            _refuse_taken(session, ring, kind, value, person_id)
            seal(session, ring, person_id, kind, value)
        record(session, "personal_stored", by.account_id, person_subject(person_id, place), fields=sorted(wanted),
               cleared=sorted(gone))  # fmt: skip


def seal(session: Session, ring: KeyRing, person_id: int, kind: Secret, value: str) -> None:
    """Within a transaction: store a number of a person, sealed."""
    sealed = ring.seal(person_id, kind, value)
    session.add(PersonSecret(person_id=person_id, field=kind, key_id=sealed.key_id, sealed=sealed.text,
                             digest=sealed.digest, mask=masked_secret(kind, value), stored_at=now()))  # fmt: skip
    session.flush()


def see_clear(person_id: int, reason: str, by: Identity) -> Clear:
    """A person clear, once, for a reason; nothing where the sign-in is too old. The trail says so first."""
    why = reason_to_see(reason)
    with transaction() as session:
        refuse_old_sign_in(by)
        place = next((one for one in serving_places(person_id, today()) if may(by.grants, Act.SEE_CLEAR, one)), None)
        row = question.person(person_id)
        if row is None or place is None:
            raise RuleError("person.none")
        numbers = open_numbers(session, person_id)
        record(session, SEEN, by.account_id, person_subject(person_id, place), reason=why,
               fields=["name", *sorted(numbers)])  # fmt: skip
        return Clear(row.name, numbers)


def reason_to_see(reason: str) -> str:
    """Why somebody wants to see what is sealed, as the trail keeps it; refused where it says too little or too much."""
    why = given_text(reason, LONGEST_REASON)
    if len(why) < SHORTEST_REASON:
        raise RuleError("person.why", shortest=SHORTEST_REASON)
    refuse_numbers(why)
    return why


def refuse_old_sign_in(by: Identity) -> None:
    """Refuse whoever signed in too long ago to see what is sealed: it may be somebody else at the desk by now."""
    at = began(by.session_id)
    if at is None or not timedelta(0) <= now() - at <= RECENT:
        raise RuleError("person.sign_in_again", minutes=RECENT // timedelta(minutes=1))


def open_numbers(session: Session, person_id: int) -> dict[Secret, str]:
    """Within a transaction: what is sealed of a person, opened."""
    rows = session.scalars(select(PersonSecret).where(PersonSecret.person_id == person_id)).all()
    ring = key_ring() if rows else None
    return {
        Secret(row.field): ring.unseal(person_id, Secret(row.field), row.key_id, row.sealed)
        for row in rows if ring is not None
    }  # fmt: skip


def link_account(person_id: int, version: int, name: str, by: Identity) -> None:
    """Let an account see a person's own data: it is theirs; an empty name takes the link away."""
    with transaction() as session:
        row, place = held_person(session, person_id, by)
        account = session.scalar(select(Account.id).where(Account.name == folded(name))) if name.strip() else None
        if name.strip() and account is None:
            raise RuleError("person.account")
        if account == by.account_id:
            raise RuleError("person.own_account")
        taken = session.scalar(select(Person.id).where(Person.account_id == account)) if account else None
        if taken not in (None, person_id):
            raise RuleError("person.account_taken")
        change_person(session, row, version, account_id=account)
        record(session, "person_linked", by.account_id, person_subject(person_id, place), account=account)


def may_see_clear(by: Identity, person_id: int) -> bool:
    """True where somebody may see a person clear, for a reason and after signing in."""
    return any(may(by.grants, Act.SEE_CLEAR, place) for place in serving_places(person_id, today()))


def _number(kind: Secret, text: str) -> str:
    found = plain_secret(kind, text)
    if found is None and kind is Secret.ID_NUMBER:
        raise RuleError("person.id_number")
    if found is None:
        raise RuleError("person.telephone")
    return found


def _one_at_a_time(session: Session) -> None:
    """Of two who store an identity number at once the second waits, and then finds what the first stored."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(NUMBERS_LOCK)))


def _refuse_taken(session: Session, ring: KeyRing, kind: Secret, value: str, person_id: int) -> None:
    """An identity number belongs to one person: a second one is the same, and is merged."""
    if kind is not Secret.ID_NUMBER:
        return
    other = session.scalar(
        select(PersonSecret.person_id).where(
            PersonSecret.field == kind, PersonSecret.digest.in_(ring.digests(kind, value)),
            PersonSecret.person_id != person_id,
        )
    )  # fmt: skip
    if other is not None:
        raise RuleError("person.id_taken")
