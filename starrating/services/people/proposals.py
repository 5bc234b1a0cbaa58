"""What the district decides about people whom townships put forward for an election: agreed to, or not and why.

Somebody else decides than who put them forward; whoever was agreed to stands, and is checked like everybody else.
"""

from __future__ import annotations

from collections.abc import Collection

from starrating.domain.candidates import CandidateState
from starrating.domain.faults import RuleError
from starrating.queries import candidates as question
from starrating.queries.candidates import CandidateRow
from starrating.queries.identities import Identity
from starrating.services.audit import Subject, record_each
from starrating.services.clock import now
from starrating.services.names import given_text, refuse_numbers
from starrating.services.people.candidates import move_candidate, refuse_settled
from starrating.services.people.people import LONGEST_REASON, lock_unit
from starrating.services.transaction import transaction


def decide_proposed(
    election_id: int, candidate_ids: Collection[int], agreed: bool, reason: str, by: Identity
) -> int:  # fmt: skip
    """Agree to those who were proposed, or not, with the reason: all of them or none. How many."""
    why = given_text(reason, LONGEST_REASON)
    refuse_numbers(why)
    if not candidate_ids:
        raise RuleError("candidate.none_chosen")
    with transaction() as session:
        rows = question.candidates_by_id(election_id, set(candidate_ids))
        if len(rows) != len(set(candidate_ids)):
            raise RuleError("candidate.none")
        places = {unit_id: lock_unit(session, unit_id, by) for unit_id in sorted({row.unit_id for row in rows})}
        if not agreed and not why:
            raise RuleError("candidate.declined_why")
        state = CandidateState.PUT_FORWARD if agreed else CandidateState.DECLINED
        for row in rows:
            _refuse(row, by)
            if agreed:
                refuse_settled(session, election_id, row.unit_id, row.kind)
            move_candidate(session, row, CandidateState.PROPOSED, state, reason="" if agreed else why,
                           decided_by=by.account_id, decided_at=now())  # fmt: skip
        record_each(session, "candidate_agreed" if agreed else "candidate_declined", by.account_id, [
            (Subject("candidate", row.id, row.unit, places[row.unit_id]),
             {"person": row.person_id, "kind": row.kind, "election": election_id, "reason": why}) for row in rows
        ])  # fmt: skip
        return len(rows)


def _refuse(row: CandidateRow, by: Identity) -> None:
    """Refuse what was decided or withdrawn meanwhile, and what one put forward oneself."""
    if row.state is not CandidateState.PROPOSED:
        raise RuleError("candidate.decided", unit=row.unit)
    if row.put_forward_by == by.account_id:
        raise RuleError("candidate.own", unit=row.unit)
