"""Scores as a grid saves them: each cell with an answer of its own; what may be saved is, the rest is told why.

A batch that is sent again, because its answer was lost on the way, has no second effect: a value that already stands is
answered as saved with the version that it has. A cell that somebody else changed is never overwritten.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from flask import current_app
from sqlalchemy.orm import Session

from starrating.domain.access import Act, places
from starrating.domain.entry import NOTHING, Entry, needs_reason
from starrating.domain.faults import RuleError
from starrating.domain.windows import Calendar, Stage
from starrating.extensions import db
from starrating.queries.cycles import held_cycle, is_in
from starrating.queries.identities import Identity
from starrating.queries.windows import calendar_of
from starrating.services.accounts.sessions import Caller, let_in
from starrating.services.clock import now
from starrating.services.gathering import Gathering, Member, Taking
from starrating.services.scoring.locks import lock_of
from starrating.services.scoring.scores import Source, Written, sheet_of, store_written
from starrating.services.scoring.sheets import Change, Sheet, changes_of, check_reasons, entry_of, half_applicable_cells
from starrating.services.scoring.typed_scores import Conflict, EntriesRefused, Key, ScoresConflict, Typed
from starrating.services.transaction import transaction
from starrating.services.turns import GROUPS, hold

KEPT = "starrating_batches"
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
    by: Identity | None = None
    """Who saved; None where a `Caller` was not let in, and nothing was looked at."""
    hidden: bool = False
    """There is no such year, or its scores are not the person's to see: nothing was looked at."""

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


def save_batch(cycle_id: int, typed: Sequence[Typed], by: Identity | Caller, source: Source = Source.GRID) -> Batch:
    """Save every cell of a batch that may be saved; the answers are in the order of units and headers.

    The cells that may are one transaction, which batches of others that wait at the same time share; no two of them are
    about the same unit. Where another person is faster with one of the cells, the whole batch is decided again on what
    stands then, so that nothing is half stored. Callers are looked for in that transaction, all of them at once.
    """
    asked = _Asked(cycle_id, tuple(sorted({one.key: one for one in typed}.values(), key=lambda one: one.key)), by,
                   source)  # fmt: skip
    if db.session.registry.has():
        db.session.rollback()
    return _gathering().do(asked, frozenset((cycle_id, one.unit_id) for one in asked.wanted))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A batch as it came."""

    cycle_id: int
    wanted: tuple[Typed, ...]
    by: Identity | Caller
    source: Source


def _gathering() -> Gathering[_Asked, Batch]:
    """The batches that wait in this process for the application's database; a fork has its own."""
    kept: dict[int, Gathering[_Asked, Batch]] = current_app.extensions.setdefault(KEPT, {})
    return kept.get(os.getpid()) or kept.setdefault(os.getpid(), Gathering(_save_together, _save_alone))


def _save_together(take: Taking[_Asked, Batch]) -> None:
    """Save the batches that wait; where others were faster with a cell nothing is saved and none is answered."""
    found: list[tuple[Member[_Asked, Batch], Batch]] = []
    try:
        with transaction() as session:
            hold(GROUPS)
            by_year: dict[int, list[Member[_Asked, Batch]]] = {}
            for one in take():
                by_year.setdefault(one.given.cycle_id, []).append(one)
            for cycle_id, members in sorted(by_year.items()):
                batches = _save(session, cycle_id, [one.given for one in members])
                found += zip(members, batches, strict=True)
    except ScoresConflict:
        return
    for member, batch in found:
        member.gave.append(batch)


def _save_alone(asked: _Asked) -> Batch:
    for _ in range(ATTEMPTS):
        try:
            with transaction() as session:
                (batch,) = _save(session, asked.cycle_id, [asked])
        except ScoresConflict:
            continue
        return batch
    by = None if isinstance(asked.by, Caller) else asked.by
    return Batch(tuple(Answered(*one.key, Outcome.LATER) for one in asked.wanted), by=by)


def _save(session: Session, cycle_id: int, asked: Sequence[_Asked]) -> list[Batch]:
    """Decide batches of one year that are about different units, and store what may be stored."""
    row = held_cycle(cycle_id)
    speak = _speakers(asked)
    if row is None:
        return [_hidden(who) for who in speak]
    whole = sheet_of(row, [one for batch in asked for one in batch.wanted])
    calendar, batches, written = calendar_of(whole.cycle), list[Batch](), list[Written]()
    for one, by, sheet in zip(asked, speak, _parts(whole, asked), strict=True):
        if by is None or not is_in(places(by.grants, Act.VIEW_SCORES), row):
            batches.append(_hidden(by))
            continue
        answers, changes = _decide(sheet, one.wanted, by, calendar)
        written += [Written(change, by.account_id, one.source) for change in changes]
        batches.append(Batch(_in_order(one.wanted, answers | _stored(sheet, changes)), sheet, tuple(changes), by))
    store_written(session, whole, sorted(written, key=lambda one: one.change.typed.key))
    return batches


def _speakers(asked: Sequence[_Asked]) -> list[Identity | None]:
    """Who each batch is from; None for a caller that is not let in."""
    found = let_in([one.by for one in asked if isinstance(one.by, Caller)])
    return [found.get(one.by) if isinstance(one.by, Caller) else one.by for one in asked]


def _hidden(by: Identity | None) -> Batch:
    """The answer to somebody from whom the year is hidden, and to a caller that was not let in."""
    return Batch((), by=by, hidden=by is not None)


def _parts(whole: Sheet, asked: Sequence[_Asked]) -> list[Sheet]:
    """What each batch is decided on: of the units that it is about."""
    if len(asked) == 1:
        return [whole]
    about = {one.unit_id: number for number, batch in enumerate(asked) for one in batch.wanted}
    parts = [Sheet(whole.cycle, {}, whole.tasks, {}) for _ in asked]
    for unit in whole.units.values():
        parts[about[unit.id]].units[unit.id] = unit
    for key, cell in whole.cells.items():
        parts[about[key[0]]].cells[key] = cell
    for key, base in whole.bases.items():
        parts[about[key[0]]].bases[key] = base
    return parts


def check_each(cycle_id: int, typed: Sequence[Typed], by: Identity) -> tuple[Answered, ...]:
    """The answers of `check_batch`."""
    return check_batch(cycle_id, typed, by).answers


def check_batch(cycle_id: int, typed: Sequence[Typed], by: Identity) -> Batch:
    """What `save_batch` would answer now, with nothing stored: what would be changed counts as saved."""
    wanted = sorted({one.key: one for one in typed}.values(), key=lambda one: one.key)
    with transaction():
        row = held_cycle(cycle_id)
        if row is None or not is_in(places(by.grants, Act.VIEW_SCORES), row):
            return _hidden(by)
        sheet = sheet_of(row, wanted)
        answers, changes = _decide(sheet, wanted, by, calendar_of(row))
    return Batch(_in_order(wanted, answers | _stored(sheet, changes)), sheet, by=by)


def _in_order(wanted: Sequence[Typed], answers: Mapping[Key, Answered]) -> tuple[Answered, ...]:
    return tuple(answers[one.key] for one in wanted)


def _decide(
    sheet: Sheet, wanted: Sequence[Typed], by: Identity, calendar: Calendar
) -> tuple[dict[Key, Answered], list[Change]]:
    """The answer of every cell that is not going to be stored, and the changes that are."""
    answers, entries, at = dict[Key, Answered](), dict[Key, Entry](), now()
    for one in wanted:
        try:
            if (answer := _barred(sheet, one, by, calendar, at)) is None:
                entries[one.key] = entry_of(sheet, one)
        except RuleError as fault:
            answer = _refused(sheet, one.key, fault)
        if answer is not None:
            answers[one.key] = answer
    changes, conflicts = _changes(sheet, wanted, entries, answers)
    if conflicts:
        answers |= {(one.unit.id, one.header): _in_conflict(one) for one in conflicts}
        changes, _ = _changes(sheet, wanted, entries, answers)
    if faults := half_applicable_cells(sheet, [one for one in wanted if one.key in entries], entries):
        answers |= {key: _refused(sheet, key, fault) for key, fault in faults.items()}
        changes, _ = _changes(sheet, wanted, entries, answers)
    if faults := _without_reason(sheet, changes):
        answers |= {key: _refused(sheet, key, fault) for key, fault in faults.items()}
        changes, _ = _changes(sheet, wanted, entries, answers)
    answers |= {key: _standing(sheet, key, Outcome.SAVED) for key in entries}
    return answers, changes


def _changes(
    sheet: Sheet, wanted: Sequence[Typed], entries: dict[Key, Entry], answers: Mapping[Key, Answered]
) -> tuple[list[Change], list[Conflict]]:
    """What the cells that have no answer yet come to; the entries of the others are dropped."""
    for key in answers:
        entries.pop(key, None)
    return changes_of(sheet, [one for one in wanted if one.key in entries], entries)


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


def _without_reason(sheet: Sheet, changes: Sequence[Change]) -> dict[Key, RuleError]:
    """The cells that would change and whose indicator asks for a reason that did not come with them."""
    if not any((task := sheet.task(one.typed.key)) and needs_reason(task.node) for one in changes):
        return {}
    try:
        check_reasons(sheet, changes)
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
