"""What a unit says of itself: a draft while it is typed, submitted once nothing is missing, again if returned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from starrating.domain.access import Act
from starrating.domain.assessment import AssessmentState, Move, Stage, sources_of
from starrating.domain.entry import NOTHING, EntryState, needs_reason
from starrating.domain.faults import RuleError
from starrating.domain.methods import Missing
from starrating.domain.windows import Stage as Timed
from starrating.queries.assessments import AssessmentRow
from starrating.queries.identities import Identity
from starrating.queries.scores import CellRow
from starrating.services.assessment.store import Ground, check_seen, ground_of, move, store_cells
from starrating.services.audit import Subject, record_each
from starrating.services.scoring.sheets import Change, Sheet, changes_of, entries_of
from starrating.services.scoring.tasks import Task
from starrating.services.scoring.typed_scores import EntriesRefused, Key, Saved, ScoresConflict, Typed
from starrating.services.transaction import transaction
from starrating.services.years.windows import require_open

SOURCE = "self_assessment"


@dataclass(frozen=True, slots=True)
class Gap:
    """What an indicator lacks before it can be submitted: values, or (`reason`) why they are what they are."""

    task: Task
    headers: tuple[str, ...]
    reason: bool = False


def save_assessment(cycle_id: int, unit_id: int, typed: Sequence[Typed], by: Identity) -> Saved:
    """Keep what the unit typed as a draft, whole or not at all.

    Raises `EntriesRefused` and `ScoresConflict` as scores do; `assessment.…` and `window.…` where it is not the
    unit's to write, or not now.
    """
    wanted = sorted({one.key: one for one in typed}.values(), key=lambda one: one.key)
    with transaction() as session:
        ground = ground_of(session, cycle_id, unit_id, by, Act.ASSESS_SELF)
        require_open(session, ground.sheet.cycle, Timed.SELF_ASSESSMENT, ground.sheet.place(unit_id))
        if any(ground.sheet.task(one.key) is None for one in wanted):
            raise RuleError("assessment.none")
        sheet = ground.with_cells(Stage.SELF, _headers(ground, wanted), wanted)
        changes, conflicts = changes_of(sheet, wanted, entries_of(sheet, wanted))
        if conflicts:
            raise ScoresConflict(conflicts)
        _check_inapplicable(changes)
        for code in dict.fromkeys(_code(sheet, one) for one in changes):
            move(session, ground, code, Move.SAVE, by.account_id)
        ids = store_cells(session, sheet, Stage.SELF, changes, by.account_id, SOURCE)
        if changes:
            record_each(session, "self_assessed", by.account_id, [_told(sheet, one, ids) for one in changes])
        return Saved(len(changes))


def submit_assessment(cycle_id: int, unit_id: int, seen: Mapping[str, int], by: Identity) -> int:
    """Submit indicators in the versions that were seen; how many. The same submission twice is one.

    `assessment.missing` where one of them lacks something: see `gaps_of`.
    """
    with transaction() as session:
        ground = ground_of(session, cycle_id, unit_id, by, Act.ASSESS_SELF)
        require_open(session, ground.sheet.cycle, Timed.SELF_ASSESSMENT, ground.sheet.place(unit_id))
        own = {code: version for code, version in seen.items() if not _done(ground, code, version, by)}
        tasks = [ground.task(code) for code in own]
        check_seen(ground, own)
        headers = [column.header for task in tasks for column in task.columns]
        gaps = gaps_of(tasks, {key[1]: cell for key, cell in ground.with_cells(Stage.SELF, headers).cells.items()})
        if gaps:
            codes = dict.fromkeys(gap.task.node.code for gap in gaps)
            raise RuleError("assessment.missing", count=len(codes), codes="、".join([*codes][:8]))
        versions = {code: move(session, ground, code, Move.SUBMIT, by.account_id, version=own[code],
                               reason=_returned_for(ground.rows.get(code))) for code in own}  # fmt: skip
        if own:
            record_each(session, "assessment_submitted", by.account_id,
                        [subject_and_facts(ground, code, version=versions[code]) for code in own])  # fmt: skip
        return len(own)


def gaps_of(tasks: Iterable[Task], cells: Mapping[str, CellRow]) -> tuple[Gap, ...]:
    """What indicators lack before they can be submitted, by their cells under their headers."""
    found = []
    for task in tasks:
        own = {column.header: cells.get(column.header) for column in task.columns}
        blank = tuple(header for header, cell in own.items() if (cell.entry if cell else NOTHING) == NOTHING)
        if blank and task.node.leaf is not None and task.node.leaf.missing is Missing.REJECT:
            found.append(Gap(task, blank))
        valued = tuple(header for header, cell in own.items() if cell and cell.entry.state is EntryState.VALUE)
        if valued and needs_reason(task.node) and not any(cell.reason for cell in own.values() if cell):
            found.append(Gap(task, valued, reason=True))
    return tuple(found)


def is_writable(row: AssessmentRow | None) -> bool:
    """True where the unit may write: nothing was begun, it is a draft, or it was returned."""
    return row is None or row.state in sources_of(Move.SAVE)


def subject_and_facts(ground: Ground, code: str, **facts: object) -> tuple[Subject, dict[str, object]]:
    """The event of an indicator's assessment."""
    row, unit = ground.rows.get(code), ground.unit
    subject = Subject("assessment", row.id if row else None, f"{unit.name} {code}", ground.sheet.place(unit.id))
    return subject, {"year": ground.sheet.cycle.year, "indicator": code, **facts}


def _headers(ground: Ground, typed: Iterable[Typed]) -> set[str]:
    """The headers of every indicator that was typed in."""
    tasks = (ground.sheet.task(one.key) for one in typed)
    return {column.header for task in tasks if task for column in task.columns}


def _code(sheet: Sheet, one: Change) -> str:
    task = sheet.task(one.typed.key)
    assert task is not None
    return task.node.code


def _check_inapplicable(changes: Iterable[Change]) -> None:
    """Not applicable is said with a reason."""
    faults: dict[Key, RuleError] = {
        one.typed.key: RuleError("entry.inapplicable_reason")
        for one in changes
        if one.after.state is EntryState.NOT_APPLICABLE and one.after != one.stood and not one.typed.reason.strip()
    }
    if faults:
        raise EntriesRefused(faults)


def _told(sheet: Sheet, one: Change, ids: Mapping[Key, int]) -> tuple[Subject, dict[str, object]]:
    unit = sheet.units[one.typed.unit_id]
    subject = Subject("assessment_cell", ids[one.typed.key], f"{unit.name} {one.typed.header}", sheet.place(unit.id))
    return subject, {"year": sheet.cycle.year, "header": one.typed.header, "before": one.stood.shown,
                     "after": one.after.shown, "reason": one.reason}  # fmt: skip


def _done(ground: Ground, code: str, version: int, by: Identity) -> bool:
    """True where the same person submitted the same a moment ago: a double click."""
    row = ground.rows.get(code)
    return row is not None and row.state is AssessmentState.SUBMITTED and (row.version, row.by_id) == (
        version + 1, by.account_id
    )  # fmt: skip


def _returned_for(row: AssessmentRow | None) -> str:
    """Why it was returned stays with it when it is submitted again."""
    return row.reason if row else ""
