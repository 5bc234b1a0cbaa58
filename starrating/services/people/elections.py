"""Elections of a new term: entered for a division or a unit, taken back where that was a mistake."""

from __future__ import annotations

from datetime import date

from sqlalchemy import exists, select, update

from starrating.domain.access import Act, Place, may
from starrating.domain.faults import RuleError
from starrating.domain.terms import EARLIEST
from starrating.models.elections import Candidate, Election
from starrating.queries.identities import Identity
from starrating.queries.places import place_of_division, place_of_unit
from starrating.services.audit import Subject, record
from starrating.services.clock import now
from starrating.services.names import given_text
from starrating.services.transaction import rows_changed, transaction
from starrating.services.working_days import today

LONGEST_NAME = 60
AHEAD = 2
"""Years ahead for which an election can be entered."""


def enter_election(division_id: int | None, unit_id: int | None, name: str, held_on: date | None, by: Identity,
                   propose_until: date | None = None) -> int:  # fmt: skip
    """Enter the election of a term, and up to which day townships put people forward; its key."""
    said = given_text(name, LONGEST_NAME)
    with transaction() as session:
        place = _place(division_id, unit_id, by)
        if not said:
            raise RuleError("election.name")
        if held_on is None or not EARLIEST <= held_on <= today().replace(month=1, day=1, year=today().year + AHEAD):
            raise RuleError("election.day", earliest=EARLIEST)
        if propose_until is not None and not EARLIEST <= propose_until <= held_on:
            raise RuleError("election.propose_until", held=held_on)
        row = Election(division_id=division_id, unit_id=unit_id, name=said, held_on=held_on, entered_by=by.account_id,
                       entered_at=now(), propose_until=propose_until)  # fmt: skip
        session.add(row)
        session.flush()
        record(session, "election_entered", by.account_id, Subject("election", row.id, said, place),
               held_on=held_on.isoformat())  # fmt: skip
        return row.id


def take_back_election(election_id: int, by: Identity) -> None:
    """Take an election back that was entered wrongly; twice is once."""
    with transaction() as session:
        row = session.get(Election, election_id, with_for_update=True)
        if row is None:
            raise RuleError("election.none")
        place, said = _place(row.division_id, row.unit_id, by), row.name
        if session.scalar(select(exists().where(Candidate.election_id == election_id, Candidate.post_id.is_not(None)))):
            raise RuleError("election.through")
        gone = rows_changed(
            session,
            update(Election).where(Election.id == election_id, Election.taken_back_at.is_(None))
            .values(taken_back_at=now()).execution_options(synchronize_session=False),
        )  # fmt: skip
        if gone:
            record(session, "election_taken_back", by.account_id, Subject("election", election_id, said, place))


def _place(division_id: int | None, unit_id: int | None, by: Identity) -> Place:
    place = place_of_unit(unit_id) if unit_id is not None else place_of_division(division_id or 0)
    if place is None or not may(by.grants, Act.MANAGE_PEOPLE, place):
        raise RuleError("election.none")
    return place
