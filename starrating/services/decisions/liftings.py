"""Lifting a removal: a later decision by two people, once, after which what the rules give counts again."""

from __future__ import annotations

from starrating.domain.decisions import DecisionSort, DecisionState
from starrating.domain.faults import RuleError
from starrating.queries.decisions import ConcernedUnit, DecisionRow, concerned, decision
from starrating.queries.editions import text_and_last
from starrating.queries.publications import PublicationHead
from starrating.services.audit import record
from starrating.services.decisions.checks import Said, open_list, proposal, public_words
from starrating.services.decisions.restated_text import Because, lifted, restated_text
from starrating.services.decisions.restatements import Restatement
from starrating.services.transaction import transaction
from starrating.services.years.cycles import locked_cycle, subject_of


def propose_lifting(removal_id: int, said: Said, by: int) -> int:
    """Propose that a removal no longer holds; the key of the decision. Nothing public changes.

    Refused where it was lifted before, or where another removal leaves its units no more than it did; not from a day on
    that is before the one from which the removal holds.
    """
    found = decision(removal_id)
    if found is None:
        raise RuleError("decision.none")
    with transaction() as session:
        row = locked_cycle(session, found.cycle_id)
        found = decision(removal_id)
        assert found is not None
        if found.sort != DecisionSort.REMOVAL or found.state != DecisionState.DECIDED:
            raise RuleError("decision.not_removal")
        if found.lifted_by is not None:
            raise RuleError("decision.lifted")
        head, units = open_list(row, found.kind), concerned([removal_id])
        words = public_words(session, row, found.kind, said, [one.unit_id for one in units])
        if words.on < found.takes_effect_on:
            raise RuleError("decision.lifted_before", first=found.takes_effect_on.isoformat())
        if all(one.before == one.after for one in lifted(text_and_last(head.id)[0], found.edition or 0)):
            raise RuleError("decision.still_removed")
        made = proposal(row, found.kind, DecisionSort.LIFTING, words, by, removal_id)
        session.add(made)
        session.flush()
        record(session, "lifting_proposed", by, subject_of(row), decision=made.id, kind=found.kind, lifts=found.edition,
               reason=words.reason, ground=words.ground, on=words.on.isoformat(), count=len(units),
               units=[one.code for one in units])  # fmt: skip
        return made.id


def lifting_shown(head: PublicationHead, found: DecisionRow) -> Restatement:
    """What a proposed lifting would publish as things stand."""
    assert found.lifts_id is not None
    removal = decision(found.lifts_id)
    assert removal is not None
    assert removal.edition is not None
    stood, last = text_and_last(head.id)
    changes = {one.code: one for one in lifted(stood, removal.edition)}
    because = Because(found.sort, found.reason, found.ground, found.takes_effect_on, removal.edition)
    text = restated_text(stood, changes.values(), because, last)
    units = tuple(
        ConcernedUnit(found.id, one.unit_id, one.code, one.name, one.township, changes[one.code].before,
                      changes[one.code].after)
        for one in concerned([removal.id])
    )  # fmt: skip
    return Restatement(text, stood, head, units)
