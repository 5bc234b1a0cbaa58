"""Who the numbers of an election's candidates are: shown clear for a reason, each person noted in the trail first."""

from __future__ import annotations

from starrating.domain.access import Act, Place, may
from starrating.domain.candidates import WAITING
from starrating.domain.faults import RuleError
from starrating.queries.candidates import CandidateRow, candidates_of
from starrating.queries.identities import Identity
from starrating.queries.people_scope import serving_places
from starrating.queries.privacy import SEEN
from starrating.services.audit import record_each
from starrating.services.people.people import person_subject
from starrating.services.people.personal import reason_to_see, refuse_old_sign_in
from starrating.services.transaction import transaction
from starrating.services.working_days import today


def candidate_names(election_id: int, within: Place, reason: str, by: Identity) -> tuple[CandidateRow, ...]:
    """Those who stand or are proposed within a place, with their names, once, for a reason.

    Whoever serves elsewhere is left out.
    """
    why = reason_to_see(reason)
    with transaction() as session:
        refuse_old_sign_in(by)
        if not may(by.grants, Act.SEE_CLEAR, within):
            raise RuleError("election.none")
        rows = candidates_of(election_id, [within], WAITING)
        seen = {key: _place(key, by) for key in dict.fromkeys(row.person_id for row in rows)}
        told = [
            (person_subject(key, place), {"reason": why, "fields": ["name"]}) for key, place in seen.items() if place
        ]
        if told:
            record_each(session, SEEN, by.account_id, told)
        return tuple(row for row in rows if seen[row.person_id])


def _place(person_id: int, by: Identity) -> Place | None:
    """Where somebody is one's to see clear."""
    found = serving_places(person_id, today())
    return next((place for place in found if may(by.grants, Act.SEE_CLEAR, place)), None)
