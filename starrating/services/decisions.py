"""Decisions on a published list: proposed by one person, taken by another who confirms the very edition that was shown.

A decision taken is a new signed edition after the last of the district's chain, and a round of ratings that differs
from the one before in the units concerned alone; nothing published is touched. One transaction, one event, one effect.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, insert, literal, select, update
from sqlalchemy.orm import Session

from starrating.domain.decisions import DecisionSort, DecisionState, levels_below_top
from starrating.domain.faults import RuleError
from starrating.domain.scheme import Scheme
from starrating.domain.workflow import CycleState
from starrating.models.decisions import Decision, DecisionUnit
from starrating.models.publications import Publication
from starrating.models.ratings import Determination, Rating
from starrating.queries.cycles import CycleRow, cycle, schemes_of
from starrating.queries.decisions import ConcernedUnit, DecisionRow, concerned, decision, decisions_of, names_at
from starrating.queries.publications import (
    ListedUnit,
    PublicationHead,
    confirmed_of,
    last_digest,
    listed_units,
    publication_text,
    standing_publications,
)
from starrating.queries.ratings import DeterminationRow, current_round, determination
from starrating.services.audit import record
from starrating.services.clock import now
from starrating.services.cycles import subject_of
from starrating.services.list_text import digest_of
from starrating.services.names import plain_text
from starrating.services.publication import hold_chain, locked_cycle
from starrating.services.restated_text import Because, Change, restated_text
from starrating.services.scheme_texts import read_kept
from starrating.services.signing import note_key, sign
from starrating.services.transaction import rows_changed, transaction
from starrating.services.working_days import BEIJING, today

LONGEST_REASON, LONGEST_GROUND = 500, 200
NUMBERED = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")
"""A mobile number or the number of an identity card, which no public reason may hold."""
REMOVED = "removal"
"""The reason of a level that was taken away after publication, last in a rating's list."""


@dataclass(frozen=True, slots=True)
class Removal:
    """What is proposed: units of a kind lose their level for another, for a public reason, on a ground, from a day."""

    kind: str
    unit_ids: tuple[int, ...]
    level: str
    reason: str
    ground: str
    on: date


@dataclass(frozen=True, slots=True)
class Restatement:
    """The edition that a decision would give, after which it comes, and the digest that whoever decides confirms."""

    text: str
    standing: PublicationHead
    units: tuple[ConcernedUnit, ...]

    @property
    def digest(self) -> str:
        """The digest of the edition to be, which holds everything that was shown."""
        return digest_of(self.text)


def propose_removal(cycle_id: int, wanted: Removal, by: int) -> int:
    """Propose that units of a published list lose their level; the key of the decision. Nothing public changes."""
    with transaction() as session:
        row = locked_cycle(session, cycle_id)
        _standing(row, wanted.kind)
        if any(one.kind == wanted.kind and one.state == DecisionState.PROPOSED for one in decisions_of(cycle_id)):
            raise RuleError("decision.open")
        reason, ground = plain_text(wanted.reason, LONGEST_REASON), plain_text(wanted.ground, LONGEST_GROUND)
        _check_words(reason, ground, wanted)
        _check_day(session, row, wanted)
        units = _concerned(row, wanted)
        made = Decision(
            cycle_id=cycle_id, kind=wanted.kind, sort=DecisionSort.REMOVAL, state=DecisionState.PROPOSED, reason=reason,
            ground=ground, takes_effect_on=wanted.on, proposed_by=by, proposed_at=now(),
        )  # fmt: skip
        session.add(made)
        session.flush()
        session.add_all(
            DecisionUnit(decision_id=made.id, unit_id=one.unit_id, level_before=one.level, level_after=wanted.level)
            for one in units
        )
        record(session, "decision_proposed", by, subject_of(row), decision=made.id, kind=wanted.kind, reason=reason,
               ground=ground, on=wanted.on.isoformat(), count=len(units),
               units=[[one.code, one.level, wanted.level] for one in units])  # fmt: skip
        return made.id


def restatement_of(found: DecisionRow) -> Restatement:
    """What a proposed decision would publish as things stand; refused where a unit's level is another by now."""
    row = cycle(found.cycle_id)
    assert row is not None
    head = _standing(row, found.kind)
    units = concerned([found.id])
    text = publication_text(head.id) or ""
    changes = [Change(one.code, one.before, one.after) for one in units]
    because = Because(found.sort, found.reason, found.ground, found.takes_effect_on)
    return Restatement(restated_text(text, changes, because, last_digest(row.district_id, found.kind)), head, units)


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
        _settle(session, decision_id, DecisionState.DECIDED, by, edition)
        made = _edition(session, row, found, shown, _new_round(session, found, shown, by), by)
        record(session, "decision_taken", by, subject_of(row), decision=decision_id, kind=found.kind, edition=edition,
               reason=found.reason, ground=found.ground, count=len(shown.units), digest=digest, key=made.public_key,
               units=[[one.code, one.before, one.after] for one in shown.units])  # fmt: skip
        return made.id


def withdraw_decision(decision_id: int, by: int) -> None:
    """Take a proposal back; nothing was published by it. A second time changes nothing."""
    with transaction() as session:
        row, found = _locked(session, decision_id)
        if found.state == DecisionState.WITHDRAWN:
            return
        _settle(session, decision_id, DecisionState.WITHDRAWN, by)
        record(session, "decision_withdrawn", by, subject_of(row), decision=decision_id, kind=found.kind)


def _locked(session: Session, decision_id: int) -> tuple[CycleRow, DecisionRow]:
    """A decision with its cycle, held against everybody else who would act on the list, as it stands then."""
    found = decision(decision_id)
    if found is None:
        raise RuleError("decision.none")
    row = locked_cycle(session, found.cycle_id)
    found = decision(decision_id)
    assert found is not None
    return row, found


def _standing(row: CycleRow, kind: str) -> PublicationHead:
    """The edition of a published year that stands."""
    heads = {one.kind: one for one in standing_publications(row.id)}
    if row.state is not CycleState.PUBLISHED or kind not in heads:
        raise RuleError("decision.not_published")
    return heads[kind]


def _check_words(reason: str, ground: str, wanted: Removal) -> None:
    """A public reason is there and names nobody."""
    if not reason or not ground:
        raise RuleError("decision.reason")
    named = any(name and name in f"{reason}\n{ground}" for name in names_at(wanted.unit_ids))
    if named or NUMBERED.search(reason) or NUMBERED.search(ground):
        raise RuleError("decision.personal")


def _check_day(session: Session, row: CycleRow, wanted: Removal) -> None:
    """A decision takes effect on a day since the list was first published that is not still to come."""
    published = select(func.min(Publication.published_at)).where(
        Publication.cycle_id == row.id, Publication.kind == wanted.kind
    )
    first = session.scalars(published).one().astimezone(BEIJING).date()
    if not first <= wanted.on <= today():
        raise RuleError("decision.day", first=first.isoformat(), last=today().isoformat())


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


def _new_round(session: Session, found: DecisionRow, shown: Restatement, by: int) -> int:
    """A confirmed round of ratings as the last one, but for the units concerned; its key.

    What follows is copied as it was: it rests on the level before, and people decide what becomes of it.
    """
    before = determination(confirmed_of(found.cycle_id)[found.kind].determination_id)
    assert before is not None
    made = Determination(
        cycle_id=found.cycle_id, kind=found.kind, round=current_round(found.cycle_id), state="trial",
        scheme_digest=before.scheme_digest, input_digest=before.input_digest, engine_version=before.engine_version,
        determined_by=found.proposed_by, determined_at=now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    _copy_ratings(session, before, made.id)
    _change_ratings(session, made.id, found, shown)
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


def _change_ratings(session: Session, determination_id: int, found: DecisionRow, shown: Restatement) -> None:
    """The units concerned as the edition to be says them."""
    said = {unit["code"]: unit for unit in json.loads(shown.text)["units"]}
    levels = {level.code: level for level in _scheme(found.cycle_id, found.kind).levels}
    reasons = {one.unit_id: one.reasons for one in listed_units(determination_id)}
    for one in shown.units:
        level, unit = levels[one.after], said[one.code]
        session.execute(
            update(Rating)
            .where(Rating.determination_id == determination_id, Rating.unit_id == one.unit_id)
            .values(level=level.code, level_name=level.name, stars=level.stars, change=unit["change"],
                    movement=unit["movement"], reasons=_with_removal(reasons[one.unit_id]))
        )  # fmt: skip


def _with_removal(stored: str) -> str:
    codes: Sequence[str] = [code for code in json.loads(stored) if code != REMOVED]
    return json.dumps([*codes, REMOVED], ensure_ascii=False, separators=(",", ":"))


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
