"""What people do with cases: one act a function, each with its reason, its document and exactly one event."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import update
from sqlalchemy.orm import Session

from starrating.domain.access import Place
from starrating.domain.case_records import Making, asked, settled
from starrating.domain.cases import CaseMove, CaseState, Need, Step, find_step
from starrating.domain.faults import RuleError
from starrating.domain.workflow import CycleState
from starrating.models.cases import CaseEvent, ConsequenceCase
from starrating.queries.case_records import records_of
from starrating.queries.cases import CaseRow, all_facts, case_of, place_of_case
from starrating.queries.cycles import schemes_of
from starrating.queries.restated import EDITION, last_edition
from starrating.services.audit import Subject, record, record_each
from starrating.services.clock import now
from starrating.services.consequences.case_facts import derived, read_facts
from starrating.services.consequences.case_opening import open_cases
from starrating.services.editions.list_text import canonical, digest_of
from starrating.services.names import given_text, refuse_numbers
from starrating.services.transaction import rows_changed, transaction
from starrating.services.working_days import today
from starrating.services.years.cycles import locked_cycle, subject_of
from starrating.services.years.scheme_texts import read_kept

LONGEST_REASON, LONGEST_DOCUMENT, LONGEST_RECORD = 500, 200, 1000
_WRITTEN = frozenset({CaseMove.CARRY_OUT, CaseMove.BALLOT, CaseMove.CLOSE})
"""The moves with which something is written down."""


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody brings with a move."""

    reason: str = ""
    document: str = ""
    day: date | None = None
    """Until when it is put off, or on which day it was carried out."""
    record: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a reading of all cases found: how many, and the keys of those whose text or derivation does not hold."""

    count: int
    changed: tuple[int, ...]
    underived: tuple[int, ...]


def move_case(case_id: int, move: CaseMove, version: int, given: Given, by: int) -> CaseState:
    """Make a move of the table with a case as it was shown; where somebody was faster nothing is changed."""
    with transaction() as session:
        row = case_of(case_id)
        if row is None:
            raise RuleError("case.none")
        step = step_for(row, move, version)
        kept = _checked(step, row, given)
        state = step.target or row.state
        _store(session, row, step, state, kept, by)
        place = place_of_case(case_id)
        assert place is not None
        record_each(session, "case_moved", by, [told(row, place, move, state, kept)])
        return state


def step_for(row: CaseRow, move: CaseMove, version: int) -> Step:
    """The step of a move with a case in the version in which it was seen; refused where there is none."""
    if row.version != version:
        raise RuleError("case.changed")
    return step_in(move, row.state, row.review_id is not None)


def step_in(move: CaseMove, state: CaseState, in_review: bool) -> Step:
    """The step of a move out of a state; refused where there is none."""
    step = find_step(move, state, in_review)
    if step is None:
        if in_review:
            raise RuleError("case.review")
        raise RuleError("case.no_step")
    return step


def told(
    row: CaseRow, place: Place, move: CaseMove, state: CaseState, kept: Given
) -> tuple[Subject, dict[str, object]]:
    """What the trail is told of a move of a case."""
    facts: dict[str, object] = {
        "step": move.value, "year": row.year, "rule": row.rule, "before": row.state.value, "state": state.value,
        "reason": kept.reason, "document": kept.document, "day": kept.day.isoformat() if kept.day else "",
    }  # fmt: skip
    return Subject("case", row.id, f"{row.number}{row.unit}", place), facts


def open_missing(cycle_id: int, by: int) -> int:
    """Open the cases of a year that was published before there were cases; how many. A second time opens none."""
    with transaction() as session:
        row = locked_cycle(session, cycle_id)
        if row.state is not CycleState.PUBLISHED:
            raise RuleError("case.not_published")
        count = open_cases(session, row)
        if count:
            record(session, "cases_opened", by, subject_of(row), count=count)
        return count


def check_cases() -> Checked:
    """Read every case there is: its text is what was stored, and what followed follows from it again."""
    changed, underived, count = [], [], 0
    schemes = {}
    for case_id, text, digest, kind, cycle_id in all_facts():
        count += 1
        if digest_of(text) != digest:
            changed.append(case_id)
            underived.append(case_id)
            continue
        if (cycle_id, kind) not in schemes:
            schemes[cycle_id, kind] = schemes_of(cycle_id)[kind]
        kept, facts = schemes[cycle_id, kind], read_facts(text)
        if facts["scheme"] != kept.digest or not derived(facts, read_kept(kept.text).scheme):
            underived.append(case_id)
    return Checked(count, tuple(changed), tuple(underived))


def _checked(step: Step, row: CaseRow, given: Given) -> Given:
    """What was brought, in the form in which it is kept; refused where something is missing or cannot be."""
    reason = _kept(given.reason, LONGEST_REASON)
    document = _kept(given.document, LONGEST_DOCUMENT)
    if Need.REASON in step.needs and not reason:
        raise RuleError("case.reason")
    if Need.DOCUMENT in step.needs and not document:
        raise RuleError("case.document")
    if Need.UNTIL in step.needs and (given.day is None or given.day <= today()):
        raise RuleError("case.until", today=today().isoformat())
    first = date.fromisoformat(read_facts(row.facts)["published_on"])
    if Need.DONE_ON in step.needs and (given.day is None or not first <= given.day <= today()):
        raise RuleError("case.done_on", first=first.isoformat(), last=today().isoformat())
    dated = Need.UNTIL in step.needs or Need.DONE_ON in step.needs
    said = {name: _kept(text, LONGEST_RECORD) for name, text in given.record.items()}
    kept = Given(reason, document, given.day if dated else None)
    if step.move is CaseMove.RESCIND:
        return replace(kept, record={EDITION: str(last_edition(row.cycle_id, row.kind))})
    return replace(kept, record=_recorded(step, row, kept, said)) if step.move in _WRITTEN else kept


def _recorded(step: Step, row: CaseRow, kept: Given, said: Mapping[str, str]) -> dict[str, str]:
    """What is written down with the move, as the rule of the case and what was recorded before ask for it."""
    scheme = read_kept(schemes_of(row.cycle_id)[row.kind].text).scheme
    effect = next(one for one in scheme.consequences if one.code == row.rule).effect
    before = json.loads(records_of([row.id]).get(row.id, "{}"))
    if step.move is CaseMove.BALLOT and not asked(effect, step.move, before):
        raise RuleError("case.no_step")
    return settled(Making(effect, step.move, before, kept.day, today(), kept.reason), said)


def _kept(text: str, longest: int) -> str:
    """A text that nobody can change any more: whole or refused, and without a person's numbers."""
    kept = given_text(text, longest)
    refuse_numbers(kept)
    return kept


def _store(session: Session, row: CaseRow, step: Step, state: CaseState, kept: Given, by: int) -> None:
    done = rows_changed(
        session,
        update(ConsequenceCase)
        .where(ConsequenceCase.id == row.id, ConsequenceCase.version == row.version, ConsequenceCase.state == row.state)
        .values(
            state=state, version=row.version + 1,
            deferred_until=kept.day if step.move is CaseMove.DEFER else _still(row, state),
            review_id=None if step.review else row.review_id,
        ),
    )  # fmt: skip
    if done != 1:
        raise RuleError("case.changed")
    session.add(CaseEvent(
        case_id=row.id, version=row.version + 1, move=step.move, state=state, reason=kept.reason,
        document=kept.document, day=kept.day, record=canonical(dict(kept.record)), by=by, at=now(),
    ))  # fmt: skip


def _still(row: CaseRow, state: CaseState) -> date | None:
    """A case that stays deferred through the answer to a review keeps its day."""
    return row.due_on if state is CaseState.DEFERRED else None
