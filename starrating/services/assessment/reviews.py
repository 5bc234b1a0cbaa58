"""The township's preliminary review: a unit's value taken over, changed or returned, in one transaction with its score.

Where the indicator is the township's own task, the reviewed value is saved as the score by the ordinary path; anywhere
else it is a preliminary value that the department sees.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from starrating.domain.access import Act
from starrating.domain.assessment import AssessmentState, Move, Stage, find_move
from starrating.domain.entry import NOTHING, Entry, needs_reason
from starrating.domain.faults import RuleError
from starrating.domain.windows import Stage as Timed
from starrating.queries.assessments import typed_by
from starrating.queries.identities import Identity, others_who_may
from starrating.services.assessment.assessments import subject_and_facts
from starrating.services.assessment.store import Ground, ground_of, move, store_cells
from starrating.services.audit import Subject, record_each
from starrating.services.names import given_text, plain_text
from starrating.services.scoring.scores import Source, save_within
from starrating.services.scoring.sheets import LONGEST_REASON, changes_of, entries_of
from starrating.services.scoring.tasks import Task
from starrating.services.scoring.typed_scores import EntriesRefused, Key, Typed
from starrating.services.transaction import transaction
from starrating.services.years.windows import require_open

SOURCE = "review"
TAKEN_OVER = "采用自评"
"""The reason beside a score that was taken over, where the scheme asks for one."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the township decides on an indicator in the version that it saw; `texts` its own values for a change."""

    code: str
    version: int
    move: Move
    reason: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    scores: Mapping[str, int] = field(default_factory=dict)
    """By header, the version of the score that was shown, where the township enters it itself."""


@dataclass(frozen=True, slots=True)
class _Decided:
    decision: Decision
    task: Task
    entries: Mapping[str, Entry]
    said: Mapping[str, Entry]


def review_assessments(cycle_id: int, unit_id: int, decisions: Sequence[Decision], by: Identity) -> int:
    """Decide on a unit's indicators, all of them or none; how many were decided.

    Raises `EntriesRefused` with what may not stand or lacks its reason, `ScoresConflict` where somebody else changed a
    score of the township's own meanwhile, `assessment.…` where an assessment moved on, `window.…` out of time.
    """
    with transaction() as session:
        ground = ground_of(session, cycle_id, unit_id, by, Act.REVIEW_ASSESSMENTS)
        require_open(session, ground.sheet.cycle, Timed.REVIEW, ground.sheet.place(unit_id))
        left = [one for one in decisions if not _done(ground, one, by)]
        _check_own(ground, left, by)
        decided = _decided(ground, left)
        for one in decided:
            move(session, ground, one.decision.code, one.decision.move, by.account_id, version=one.decision.version,
                 reason=one.decision.reason)  # fmt: skip
        _store(session, ground, decided, by)
        _score(session, ground, decided, by)
        if decided:
            record_each(session, "assessment_reviewed", by.account_id, [_told(ground, one) for one in decided])
        return len(decided)


def _done(ground: Ground, one: Decision, by: Identity) -> bool:
    """True where the same person decided the same, with the same values, a moment ago: a double click."""
    row = ground.rows.get(one.code)
    if row is None or (row.version, row.by_id) != (one.version + 1, by.account_id):
        return False
    step = find_move(one.move, AssessmentState.SUBMITTED)
    if step is None or row.state is not step.target or row.reason != plain_text(one.reason, LONGEST_REASON):
        return False
    return one.move is not Move.CHANGE or _same_values(ground, one)


def _same_values(ground: Ground, one: Decision) -> bool:
    """True where what was typed is what the township's values are; what is none of any kind is not the same."""
    headers = [column.header for column in ground.task(one.code).columns]
    kept = ground.with_cells(Stage.TOWNSHIP, headers)
    typed = [Typed(ground.unit.id, header, 0, one.texts.get(header, "")) for header in headers]
    try:
        asked = entries_of(ground.with_cells(Stage.TOWNSHIP, []), typed)
    except EntriesRefused:
        return False
    stands = {key: cell.entry for key, cell in kept.cells.items()}
    return all(asked.get(one.key, NOTHING) == stands.get(one.key, NOTHING) for one in typed)


def _check_own(ground: Ground, decisions: Sequence[Decision], by: Identity) -> None:
    """Nobody reviews what they said or handed in for the unit; to return it is no judgement and stays possible."""
    judged = [one.code for one in decisions if one.move is not Move.RETURN]
    if not judged:
        return
    row = ground.sheet.cycle
    headers = {code: [column.header for column in ground.task(code).columns] for code in judged}
    typed = typed_by(row.id, ground.unit.id, by.account_id)
    for code in judged:
        before = ground.rows.get(code)
        handed = before is not None and before.state is AssessmentState.SUBMITTED and before.by_id == by.account_id
        if handed or not typed.isdisjoint(headers[code]):
            others = others_who_may(Act.REVIEW_ASSESSMENTS, ground.sheet.place(ground.unit.id), by.account_id)
            if not others:
                raise RuleError("assessment.own_alone", indicator=code)
            raise RuleError("assessment.own", indicator=code, others=others)


def _decided(ground: Ground, decisions: Sequence[Decision]) -> list[_Decided]:
    """Every decision with the values that follow from it; refused with everything that may not stand."""
    tasks = {one.code: ground.task(one.code) for one in decisions}
    headers = [column.header for task in tasks.values() for column in task.columns]
    said = {key[1]: cell.entry for key, cell in ground.with_cells(Stage.SELF, headers).cells.items()}
    faults: dict[Key, RuleError] = {}
    typed = [Typed(ground.unit.id, header, 0, one.texts.get(header, ""))
             for one in decisions if one.move is Move.CHANGE
             for header in (column.header for column in tasks[one.code].columns)]  # fmt: skip
    entries: dict[Key, Entry] = {}
    try:
        entries = entries_of(ground.with_cells(Stage.TOWNSHIP, []), typed)
    except EntriesRefused as refusal:
        faults |= refusal.faults
    found = []
    for one in decisions:
        own = [column.header for column in tasks[one.code].columns]
        before = {header: said.get(header, NOTHING) for header in own}
        after = before if one.move is not Move.CHANGE else {
            header: entries.get((ground.unit.id, header), NOTHING) for header in own
        }  # fmt: skip
        clean = Decision(one.code, one.version, one.move, given_text(one.reason, LONGEST_REASON), one.texts, one.scores)
        if one.move is not Move.ACCEPT and not clean.reason:
            faults.setdefault((ground.unit.id, own[0]), RuleError("entry.review_reason"))
        found.append(_Decided(clean, tasks[one.code], after, before))
    if faults:
        raise EntriesRefused(faults)
    return found


def _store(session: Session, ground: Ground, decided: Sequence[_Decided], by: Identity) -> None:
    """Keep the township's values; the assessments' versions, moved before, let nobody else be at it."""
    kept = [one for one in decided if one.decision.move is not Move.RETURN]
    sheet = ground.with_cells(Stage.TOWNSHIP, [header for one in kept for header in one.entries])
    typed = [
        Typed(ground.unit.id, header, cell.version if cell else 0, entry.shown, one.decision.reason)
        for one in kept
        for header, entry in one.entries.items()
        for cell in [sheet.cells.get((ground.unit.id, header))]
    ]
    changes, _ = changes_of(sheet, typed, {(ground.unit.id, header): entry
                                           for one in kept for header, entry in one.entries.items()})  # fmt: skip
    store_cells(session, sheet, Stage.TOWNSHIP, changes, by.account_id, SOURCE)


def _score(session: Session, ground: Ground, decided: Sequence[_Decided], by: Identity) -> None:
    """Save as scores what is the township's own to enter."""
    typed = [
        Typed(ground.unit.id, header, one.decision.scores.get(header, 0), entry.shown, _why(one))
        for one in decided
        if one.decision.move is not Move.RETURN and one.task.assigned.by_township
        for header, entry in one.entries.items()
    ]
    if typed:
        save_within(session, ground.sheet.cycle.id, typed, by, Source.REVIEW, Timed.REVIEW)


def _why(one: _Decided) -> str:
    return one.decision.reason or (TAKEN_OVER if needs_reason(one.task.node) else "")


def _told(ground: Ground, one: _Decided) -> tuple[Subject, dict[str, object]]:
    values = [[header, one.said[header].shown, entry.shown] for header, entry in one.entries.items()]
    return subject_and_facts(ground, one.decision.code, move=one.decision.move.value, reason=one.decision.reason,
                             values=values if one.decision.move is not Move.RETURN else [])  # fmt: skip
