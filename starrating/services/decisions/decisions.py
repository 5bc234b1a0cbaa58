"""Decisions on a published list: proposed by one person, taken by another who confirms the very edition that was shown.

A decision taken is a new signed edition after the last of the district's chain, and a round of ratings that differs
from the one before as that edition says; nothing published is touched. One transaction, one event, one effect.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, insert, literal, select, update
from sqlalchemy.orm import Session

from starrating.domain.decisions import DecisionSort, DecisionState, ceilings, levels_below_top
from starrating.domain.faults import RuleError
from starrating.domain.scheme import Scheme
from starrating.models.cards import DeterminationCard, DeterminationFacts
from starrating.models.decisions import Decision, DecisionUnit
from starrating.models.publications import Publication
from starrating.models.ratings import Determination, Rating
from starrating.queries.cycles import CycleRow, cycle, schemes_of
from starrating.queries.decisions import DecisionRow, concerned, decision
from starrating.queries.editions import text_and_last
from starrating.queries.inputs import Known
from starrating.queries.publications import ListedUnit, PublicationHead, confirmed_of, listed_units
from starrating.queries.ratings import DeterminationRow, current_round, determination
from starrating.services.audit import record
from starrating.services.clock import now
from starrating.services.consequences.case_opening import open_reviews
from starrating.services.decisions.case_restating import restate
from starrating.services.decisions.checks import Said, open_list, proposal, public_words, standing_edition
from starrating.services.decisions.corrections import Corrected, correction_shown, made_again, store_corrected
from starrating.services.decisions.liftings import lifting_shown
from starrating.services.decisions.restated_text import Because, Change, entries_of, restated_text, with_removal
from starrating.services.decisions.restatements import Restatement
from starrating.services.editions.signing import note_key, sign
from starrating.services.rating.trials import store_facts
from starrating.services.transaction import rows_changed, transaction
from starrating.services.years.cycles import hold_chain, locked_cycle, subject_of
from starrating.services.years.scheme_texts import read_kept

Kept = DeterminationCard | DeterminationFacts
TAKEN = {
    DecisionSort.REMOVAL: "decision_taken", DecisionSort.LIFTING: "lifting_taken",
    DecisionSort.CORRECTION: "correction_taken",
}  # fmt: skip
WITHDRAWN = {
    DecisionSort.REMOVAL: "decision_withdrawn", DecisionSort.LIFTING: "lifting_withdrawn",
    DecisionSort.CORRECTION: "correction_withdrawn",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Removal:
    """What is proposed: units of a kind lose their level for another, for a public reason, on a ground, from a day."""

    kind: str
    unit_ids: tuple[int, ...]
    level: str
    reason: str
    ground: str
    on: date


def propose_removal(cycle_id: int, wanted: Removal, by: int) -> int:
    """Propose that units of a published list lose their level; the key of the decision. Nothing public changes."""
    with transaction() as session:
        row = locked_cycle(session, cycle_id)
        open_list(row, wanted.kind)
        words = Said(wanted.reason, wanted.ground, wanted.on)
        said = public_words(session, row, wanted.kind, words, wanted.unit_ids)
        units = _concerned(row, wanted)
        made = proposal(row, wanted.kind, DecisionSort.REMOVAL, said, by)
        session.add(made)
        session.flush()
        session.add_all(
            DecisionUnit(decision_id=made.id, unit_id=one.unit_id, level_before=one.level, level_after=wanted.level)
            for one in units
        )
        record(session, "decision_proposed", by, subject_of(row), decision=made.id, kind=wanted.kind,
               reason=said.reason, ground=said.ground, on=wanted.on.isoformat(), count=len(units),
               units=[[one.code, one.level, wanted.level] for one in units])  # fmt: skip
        return made.id


def restatement_of(found: DecisionRow, row: CycleRow | None = None, head: PublicationHead | None = None) -> Restatement:
    """What a proposed decision would publish as things stand; refused where it is no longer what was proposed.

    Whoever has its year and the edition that stands already gives them along.
    """
    row = row or cycle(found.cycle_id)
    assert row is not None
    head = head or standing_edition(row, found.kind)
    if found.sort == DecisionSort.CORRECTION:
        return correction_shown(row, head, found)
    return lifting_shown(head, found) if found.sort == DecisionSort.LIFTING else _removal_shown(head, found)


def _removal_shown(head: PublicationHead, found: DecisionRow) -> Restatement:
    """What a removal would publish; refused where a unit's level is another by now."""
    units = concerned([found.id])
    text, last = text_and_last(head.id)
    changes = [Change(one.code, one.before, one.after) for one in units]
    because = Because(found.sort, found.reason, found.ground, found.takes_effect_on)
    return Restatement(restated_text(text, changes, because, last), text, head, units)


def decide(decision_id: int, digest: str, by: int) -> int:
    """Take a decision as it was shown: the key of the edition that it gives. By a second person, once.

    The same person confirming the same thing again has no further effect and is no fault.
    """
    with transaction() as session:
        row, found = _locked(session, decision_id)
        if found.state == DecisionState.DECIDED and found.settled_by == by:
            done = session.execute(_keys(found)).one()
            if done.digest == digest:
                return int(done.id)
        if found.state != DecisionState.PROPOSED:
            raise RuleError("decision.settled")
        if found.proposed_by == by:
            raise RuleError("decision.own")
        hold_chain(session, row.district_id)
        shown = restatement_of(found)
        if shown.digest != digest:
            raise RuleError("decision.changed")
        edition = shown.standing.edition + 1
        _note_moved(session, found, shown)
        _settle(session, decision_id, DecisionState.DECIDED, by, edition)
        made = _edition(session, row, found, shown, _new_round(session, row, found, shown, by), by)
        reviews = open_reviews(session, found.id, row.district_id, row.year)
        reviews += restate(session, found.id, row.id, found.kind, shown) if isinstance(shown, Corrected) else 0
        record(session, TAKEN[DecisionSort(found.sort)], by, subject_of(row), decision=decision_id, kind=found.kind,
               edition=edition, reason=found.reason, ground=found.ground, count=len(shown.units), digest=digest,
               key=made.public_key, reviews=reviews,
               units=[[one.code, one.before, one.after] for one in shown.units])  # fmt: skip
        return made.id


def withdraw_decision(decision_id: int, by: int) -> None:
    """Take a proposal back; nothing was published by it. A second time changes nothing."""
    with transaction() as session:
        row, found = _locked(session, decision_id)
        if found.state == DecisionState.WITHDRAWN:
            return
        _settle(session, decision_id, DecisionState.WITHDRAWN, by)
        record(session, WITHDRAWN[DecisionSort(found.sort)], by, subject_of(row), decision=decision_id, kind=found.kind)


def _locked(session: Session, decision_id: int) -> tuple[CycleRow, DecisionRow]:
    """A decision with its cycle, held against everybody else who would act on the list, as it stands then."""
    found = decision(decision_id)
    if found is None:
        raise RuleError("decision.none")
    row = locked_cycle(session, found.cycle_id)
    found = decision(decision_id)
    assert found is not None
    return row, found


def _note_moved(session: Session, found: DecisionRow, shown: Restatement) -> None:
    """Keep whom a correction or a lifting moves; a removal named its units when it was proposed."""
    if found.sort == DecisionSort.REMOVAL:
        return
    moved = [{"decision_id": found.id, "unit_id": one.unit_id, "level_before": one.before, "level_after": one.after}
             for one in shown.units if one.before != one.after]  # fmt: skip
    if moved:
        session.execute(insert(DecisionUnit), moved)


def _concerned(row: CycleRow, wanted: Removal) -> list[ListedUnit]:
    """The units with the level that stands, each above the one that it is to have."""
    scheme = _scheme(row.id, wanted.kind)
    if wanted.level not in levels_below_top(scheme):
        raise RuleError("decision.level")
    order = {level.code: place for place, level in enumerate(scheme.levels)}
    listed = {one.unit_id: one for one in listed_units(confirmed_of(row.id)[wanted.kind].determination_id)}
    units = [listed[key] for key in dict.fromkeys(wanted.unit_ids) if key in listed]
    if not units or len(units) != len(set(wanted.unit_ids)):
        raise RuleError("decision.no_units")
    for one in units:
        if not one.level or order[one.level] <= order[wanted.level]:
            raise RuleError("decision.not_above", unit=one.name)
    return units


def _scheme(cycle_id: int, kind: str) -> Scheme:
    return read_kept(schemes_of(cycle_id)[kind].text).scheme


def _settle(session: Session, decision_id: int, state: DecisionState, by: int, edition: int | None = None) -> None:
    done = rows_changed(
        session,
        update(Decision)
        .where(Decision.id == decision_id, Decision.state == DecisionState.PROPOSED)
        .values(state=state, edition=edition, settled_by=by, settled_at=now()),
    )
    if done != 1:
        raise RuleError("decision.settled")


def _new_round(session: Session, row: CycleRow, found: DecisionRow, shown: Restatement, by: int) -> int:
    """A confirmed round of ratings as the last one, but for the units concerned; its key.

    What follows is copied as it was: it rests on the level before, and people decide what becomes of it.
    """
    standing = confirmed_of(found.cycle_id)[found.kind]
    before = determination(standing.determination_id)
    assert before is not None
    again = None if isinstance(shown, Corrected) else made_again(row, shown.standing, standing).base
    said = json.loads(shown.text)["determination"]
    made = Determination(
        cycle_id=found.cycle_id, kind=found.kind, round=current_round(found.cycle_id), state="trial",
        scheme_digest=before.scheme_digest, input_digest=said["inputs"], engine_version=said["engine"],
        determined_by=found.proposed_by, determined_at=now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    if isinstance(shown, Corrected):
        store_corrected(session, before, made.id, shown)
    else:
        _copy_ratings(session, before, made.id)
        _change_ratings(session, made.id, found, shown)
    if again is not None:
        _keep_facts(session, before, again, made.id)
    session.execute(
        update(Determination)
        .where(Determination.id == made.id, Determination.state == "trial")
        .values(state="confirmed", confirmed_by=by, confirmed_at=now())
    )
    return made.id


def _copy_ratings(session: Session, before: DeterminationRow, determination_id: int) -> None:
    copied = [column for column in Rating.__table__.columns if column.name not in ("id", "determination_id")]
    rows = select(literal(determination_id), *copied).where(Rating.determination_id == before.id).order_by(Rating.id)
    session.execute(insert(Rating).from_select(["determination_id", *(column.name for column in copied)], rows))
    _copy_kept(session, DeterminationCard, before, determination_id)


def _keep_facts(session: Session, before: DeterminationRow, again: Known, determination_id: int) -> None:
    """What the run before knew, for the one that repeats it: as it was used, where its inputs can be made again.

    What was kept with runs from before there were facts is a guess; where neither it nor the tables give the run's
    inputs any more, it stays the guess that it was.
    """
    if again.digest == before.input_digest:
        store_facts(session, again, determination_id)
    else:
        _copy_kept(session, DeterminationFacts, before, determination_id)


def _copy_kept(session: Session, table: type[Kept], before: DeterminationRow, determination_id: int) -> None:
    """What is kept with a run, for the one that follows it."""
    kept = select(literal(determination_id), table.content).where(table.determination_id == before.id)
    session.execute(insert(table).from_select(["determination_id", "content"], kept))


def _change_ratings(session: Session, determination_id: int, found: DecisionRow, shown: Restatement) -> None:
    """The units concerned as the edition to be says them."""
    content = json.loads(shown.text)
    said = {unit["code"]: unit for unit in content["units"]}
    levels = {level.code: level for level in _scheme(found.cycle_id, found.kind).levels}
    reasons = {one.unit_id: one.reasons for one in listed_units(determination_id)}
    for one in shown.units:
        level, unit = levels.get(one.after), said[one.code]
        removed = bool(ceilings(entries_of(content, one.code)))
        session.execute(
            update(Rating)
            .where(Rating.determination_id == determination_id, Rating.unit_id == one.unit_id)
            .values(level=one.after, level_name=level.name if level else "", stars=level.stars if level else None,
                    change=unit["change"],
                    movement=unit["movement"], reasons=with_removal(reasons[one.unit_id], removed=removed))
        )  # fmt: skip


def _keys(found: DecisionRow) -> Select[int, str]:
    """The key and the digest of the edition that a decision gave."""
    return select(Publication.id, Publication.digest).where(
        Publication.cycle_id == found.cycle_id, Publication.kind == found.kind, Publication.edition == found.edition
    )


def _edition(session: Session, row: CycleRow, found: DecisionRow, shown: Restatement, determination_id: int,
             by: int) -> Publication:  # fmt: skip
    signed = sign(shown.text)
    notice_id = session.scalar(select(Publication.notice_id).where(Publication.id == shown.standing.id))
    made = Publication(
        cycle_id=row.id, kind=found.kind, edition=shown.standing.edition + 1, determination_id=determination_id,
        notice_id=notice_id, digest=shown.digest,
        previous_digest=json.loads(shown.text)["previous_list"], text=shown.text, published_at=now(), published_by=by,
        public_key=signed.public_key, signature=signed.signature,
    )  # fmt: skip
    session.add(made)
    note_key(session, made.public_key)
    session.flush()
    return made
