"""Scores as a grid saves them: each cell with an answer of its own; what may be saved is, the rest is told why.

A batch that is sent again, because its answer was lost on the way, has no second effect: a value that already stands is
answered as saved with the version that it has. A cell that somebody else changed is never overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from starrating.domain.entry import NOTHING, Entry, read_entry
from starrating.domain.faults import RuleError
from starrating.domain.windows import Calendar, Stage
from starrating.queries.identities import Identity
from starrating.queries.windows import calendar_of
from starrating.services.clock import now
from starrating.services.score_locks import lock_of
from starrating.services.score_sheets import Change, Sheet, changes_of, check_reasons, half_applicable_cells
from starrating.services.scores import Source, read_sheet, store_changes
from starrating.services.transaction import transaction
from starrating.services.typed_scores import Conflict, EntriesRefused, Key, ScoresConflict, Typed

ATTEMPTS = 5
"""How often a batch is decided anew where others were faster with one of its cells."""


class Outcome(StrEnum):
    """What became of a cell of a batch."""

    SAVED = "saved"
    REFUSED = "refused"
    CONFLICT = "conflict"
    CLOSED = "closed"
    NONE = "none"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer for one cell: what stands now with its version, why it was refused, who was faster."""

    unit_id: int
    header: str
    outcome: Outcome
    version: int = 0
    entry: Entry = NOTHING
    fault: RuleError | None = None
    conflict: Conflict | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """The answers for a batch, and what it was decided on: for whoever goes on with the same cells."""

    answers: tuple[Answered, ...]
    sheet: Sheet | None = None
    changes: tuple[Change, ...] = ()
    """What was stored."""

    def standing(self) -> dict[int, dict[str, Entry]]:
        """Unit → header → what stands now, for every cell of the indicators concerned that was ever touched."""
        found: dict[int, dict[str, Entry]] = {}
        for (unit, header), cell in (self.sheet.cells if self.sheet else {}).items():
            found.setdefault(unit, {})[header] = cell.entry
        for one in self.changes:
            found.setdefault(one.typed.unit_id, {})[one.typed.header] = one.after
        return found


def save_each(
    cycle_id: int, typed: Sequence[Typed], by: Identity, source: Source = Source.GRID
) -> tuple[Answered, ...]:
    """The answers of `save_batch`."""
    return save_batch(cycle_id, typed, by, source).answers


def save_batch(cycle_id: int, typed: Sequence[Typed], by: Identity, source: Source = Source.GRID) -> Batch:
    """Save every cell of a batch that may be saved; the answers are in the order of units and headers.

    The cells that may are one transaction. Where another person is faster with one of them, the whole batch is decided
    again on what stands then, so that nothing is half stored.
    """
    wanted = sorted({one.key: one for one in typed}.values(), key=lambda one: one.key)
    for _ in range(ATTEMPTS):
        try:
            with transaction() as session:
                sheet = read_sheet(session, cycle_id, wanted)
                answers, changes = _decide(sheet, wanted, by)
                store_changes(session, sheet, changes, by.account_id, source)
            return Batch(_in_order(wanted, answers | _stored(sheet, changes)), sheet, tuple(changes))
        except ScoresConflict:
            continue
    return Batch(tuple(Answered(*one.key, Outcome.LATER) for one in wanted))


def check_each(cycle_id: int, typed: Sequence[Typed], by: Identity) -> tuple[Answered, ...]:
    """The answers of `check_batch`."""
    return check_batch(cycle_id, typed, by).answers


def check_batch(cycle_id: int, typed: Sequence[Typed], by: Identity) -> Batch:
    """What `save_batch` would answer now, with nothing stored: what would be changed counts as saved."""
    wanted = sorted({one.key: one for one in typed}.values(), key=lambda one: one.key)
    with transaction() as session:
        sheet = read_sheet(session, cycle_id, wanted)
        answers, changes = _decide(sheet, wanted, by)
    return Batch(_in_order(wanted, answers | _stored(sheet, changes)), sheet)


def _in_order(wanted: Sequence[Typed], answers: Mapping[Key, Answered]) -> tuple[Answered, ...]:
    return tuple(answers[one.key] for one in wanted)


def _decide(sheet: Sheet, wanted: Sequence[Typed], by: Identity) -> tuple[dict[Key, Answered], list[Change]]:
    """The answer of every cell that is not going to be stored, and the changes that are."""
    answers: dict[Key, Answered] = {}
    entries: dict[Key, Entry] = {}
    calendar, at = calendar_of(sheet.cycle), now()
    for one in wanted:
        answer = _barred(sheet, one, by, calendar, at)
        if answer is None:
            try:
                entries[one.key] = _entry(sheet, one)
            except RuleError as fault:
                answer = _refused(sheet, one.key, fault)
        if answer is not None:
            answers[one.key] = answer
    conflicts = _conflicts(sheet, wanted, entries)
    answers |= {key: _in_conflict(found) for key, found in conflicts.items()}
    _drop(entries, conflicts)
    for check in (half_applicable_cells, _without_reason):
        faults = check(sheet, [one for one in wanted if one.key in entries], entries)
        answers |= {key: _refused(sheet, key, fault) for key, fault in faults.items()}
        _drop(entries, faults)
    changes, _none = changes_of(sheet, [one for one in wanted if one.key in entries], entries)
    answers |= {key: _standing(sheet, key, Outcome.SAVED) for key in entries}
    return answers, changes


def _drop(entries: dict[Key, Entry], keys: Mapping[Key, object]) -> None:
    for key in keys:
        entries.pop(key, None)


def _barred(sheet: Sheet, one: Typed, by: Identity, calendar: Calendar, at: datetime) -> Answered | None:
    """The answer where nothing that is typed into the cell could be saved."""
    task = sheet.task(one.key)
    if task is None or not task.entered_by(by.grants, sheet.place(one.unit_id)):
        return Answered(*one.key, Outcome.NONE)
    if one.version > 0 and one.key not in sheet.cells:
        return Answered(*one.key, Outcome.NONE)
    place, department = sheet.place(one.unit_id), task.assigned.department
    lock = lock_of(calendar, Stage.SCORING, place, department, sheet.cells.get(one.key), at)
    if lock is not None and lock.code == "score.confirmed":
        return _refused(sheet, one.key, RuleError("entry.confirmed"))
    return None if lock is None else replace(_standing(sheet, one.key, Outcome.CLOSED), fault=lock)


def _entry(sheet: Sheet, one: Typed) -> Entry:
    task = sheet.task(one.key)
    assert task is not None
    return read_entry(task.node, one.text)


def _conflicts(sheet: Sheet, wanted: Sequence[Typed], entries: Mapping[Key, Entry]) -> dict[Key, Conflict]:
    _changes, found = changes_of(sheet, [one for one in wanted if one.key in entries], entries)
    return {(one.unit.id, one.header): one for one in found}


def _without_reason(sheet: Sheet, wanted: Sequence[Typed], entries: Mapping[Key, Entry]) -> dict[Key, RuleError]:
    """The cells that would change and whose indicator asks for a reason that did not come with them."""
    try:
        check_reasons(sheet, changes_of(sheet, wanted, entries)[0])
    except EntriesRefused as refusal:
        return refusal.faults
    return {}


def _standing(sheet: Sheet, key: Key, outcome: Outcome) -> Answered:
    """An answer with what stands in the cell."""
    cell = sheet.cells.get(key)
    return Answered(*key, outcome, cell.version if cell else 0, cell.entry if cell else NOTHING)


def _refused(sheet: Sheet, key: Key, fault: RuleError) -> Answered:
    stands = _standing(sheet, key, Outcome.REFUSED)
    return Answered(*key, Outcome.REFUSED, stands.version, stands.entry, fault)


def _in_conflict(found: Conflict) -> Answered:
    theirs = found.theirs
    return Answered(found.unit.id, found.header, Outcome.CONFLICT, theirs.version, theirs.entry, conflict=found)


def _stored(sheet: Sheet, changes: Sequence[Change]) -> dict[Key, Answered]:
    return {one.typed.key: Answered(*one.typed.key, Outcome.SAVED, one.typed.version + 1, one.after) for one in changes}
