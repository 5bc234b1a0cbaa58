"""How assessments are kept: who may do what to a unit's, their moves by state and version, their cells by version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from starrating.domain.access import Act, may
from starrating.domain.assessment import AssessmentState, Move, Stage, find_move
from starrating.domain.faults import RuleError
from starrating.models.assessments import Assessment, AssessmentCell, AssessmentValue
from starrating.models.cycles import Cycle
from starrating.queries.assessments import AssessmentRow, assessed_at, assessed_cells, assessments_of
from starrating.queries.cycles import cycle
from starrating.queries.identities import Identity
from starrating.queries.scores import SheetUnit, units_of
from starrating.services.clock import now
from starrating.services.scoring.sheets import Change, Sheet
from starrating.services.scoring.tasks import Task, tasks_of
from starrating.services.scoring.typed_scores import Conflict, Key, ScoresConflict, Typed
from starrating.services.transaction import rows_changed


@dataclass(slots=True)
class Ground:
    """A unit's assessments in a year, read in the transaction that changes them."""

    sheet: Sheet
    unit: SheetUnit
    tasks: dict[str, Task]
    rows: dict[str, AssessmentRow]

    def task(self, code: str) -> Task:
        """The indicator of that code; refused where the unit has none."""
        if code not in self.tasks:
            raise RuleError("assessment.none")
        return self.tasks[code]

    def with_cells(self, stage: Stage, headers: Iterable[str], typed: Sequence[Typed] = ()) -> Sheet:
        """The sheet of a stage's cells, with what stood in those that moved on since they were shown."""
        row = self.sheet.cycle
        sheet = Sheet(row, self.sheet.units, self.sheet.tasks, {})
        sheet.cells = assessed_cells(row.id, stage, [self.unit.id], headers)
        moved = {
            cell.id: one for one in typed if (cell := sheet.cells.get(one.key)) and 0 < one.version != cell.version
        }
        stood = assessed_at({(key, one.version) for key, one in moved.items()})
        sheet.bases = {one.key: stood[key] for key, one in moved.items() if key in stood}
        return sheet


def ground_of(session: Session, cycle_id: int, unit_id: int, by: Identity, act: Act) -> Ground:
    """What an act on a unit's assessments works on; the year's row is held so that it cannot move on in between."""
    session.execute(select(Cycle.id).where(Cycle.id == cycle_id).with_for_update(read=True))
    row = cycle(cycle_id)
    unit = next(iter(units_of(row, {unit_id})), None) if row else None
    if row is None or unit is None:
        raise RuleError("assessment.none")
    own = {task.node.code: task for task in tasks_of(cycle_id) if task.kind == unit.kind}
    tasks = {(unit.kind, column.header): task for task in own.values() for column in task.columns}
    sheet = Sheet(row, {unit.id: unit}, tasks, {})
    if not may(by.grants, act, sheet.place(unit.id)):
        raise RuleError("assessment.none")
    rows = {code: one for (_, code), one in assessments_of(cycle_id, [unit_id]).items()}
    return Ground(sheet, unit, own, rows)


def check_seen(ground: Ground, seen: Mapping[str, int]) -> None:
    """Refuse what moved on since it was seen."""
    for code, version in seen.items():
        before = ground.rows.get(code)
        if version != (before.version if before else 0):
            raise RuleError("assessment.changed", indicator=code)


def move(session: Session, ground: Ground, code: str, asked: Move, by: int, *, reason: str = "",
         version: int | None = None) -> int:  # fmt: skip
    """Move an indicator's assessment by a row of the table, on state and version as they were read; its new version.

    `version` is the one that the person saw, None where the cells' own versions say it. One that was never begun
    begins as a draft.
    """
    before = ground.rows.get(code)
    seen = (before.version if before else 0) if version is None else version
    check_seen(ground, {code: seen})
    row = find_move(asked, before.state if before else AssessmentState.DRAFT)
    if row is None:
        raise RuleError("assessment.no_move", indicator=code)
    at = now()
    said: dict[str, object] = {"state": row.target.value, "version": seen + 1, "by": by, "at": at}
    if row.target is not AssessmentState.RETURNED or asked is Move.RETURN:
        said["reason"] = reason
    if asked is Move.SUBMIT:
        said["submitted_at"] = at
    if not (_begin(session, ground, code, said) if before is None else _moved(session, before, said)):
        raise RuleError("assessment.changed", indicator=code)
    return seen + 1


def _begin(session: Session, ground: Ground, code: str, said: Mapping[str, object]) -> bool:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    key = {"cycle_id": ground.sheet.cycle.id, "unit_id": ground.unit.id, "indicator": code}
    made = dialect.insert(Assessment).values(**key, **said).on_conflict_do_nothing().returning(Assessment.id)
    return session.execute(made).one_or_none() is not None


def _moved(session: Session, before: AssessmentRow, said: Mapping[str, object]) -> bool:
    done = rows_changed(
        session,
        update(Assessment)
        .where(Assessment.id == before.id, Assessment.version == before.version, Assessment.state == before.state)
        .values(**said),
    )
    return done == 1


def store_cells(
    session: Session, sheet: Sheet, stage: Stage, changes: Sequence[Change], by: int, source: str
) -> dict[Key, int]:
    """Write the cells of a stage under the condition that nobody else did, with their history; (unit, header) → key."""
    found: dict[Key, int] = {}
    lost = []
    for one in changes:
        key = _insert(session, sheet, stage, one) if one.before is None else _update(session, one)
        if key is None:
            lost.append(one)
        else:
            found[one.typed.key] = key
    if lost:
        stands = assessed_cells(sheet.cycle.id, stage, sheet.units, {one.typed.header for one in lost})
        raise ScoresConflict([
            Conflict(sheet.units[one.typed.unit_id], one.typed.header, one.stood, stands[one.typed.key], one.after)
            for one in lost
        ])  # fmt: skip
    at = now()
    if changes:
        session.execute(
            insert(AssessmentValue),
            [{"cell_id": found[one.typed.key], "version": (one.before.version if one.before else 0) + 1,
              "state": one.after.state.value, "value": one.after.value, "by": by, "at": at, "source": source,
              "reason": one.reason} for one in changes],
        )  # fmt: skip
    return found


def _insert(session: Session, sheet: Sheet, stage: Stage, one: Change) -> int | None:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    made = dialect.insert(AssessmentCell).values(
        cycle_id=sheet.cycle.id, unit_id=one.typed.unit_id, stage=stage.value, header=one.typed.header, version=1,
        state=one.after.state.value, value=one.after.value,
    )  # fmt: skip
    found = session.scalar(made.on_conflict_do_nothing().returning(AssessmentCell.id))
    return None if found is None else int(found)


def _update(session: Session, one: Change) -> int | None:
    assert one.before is not None
    done = rows_changed(
        session,
        update(AssessmentCell)
        .where(AssessmentCell.id == one.before.id, AssessmentCell.version == one.before.version)
        .values(version=one.before.version + 1, state=one.after.state.value, value=one.after.value),
    )
    return one.before.id if done == 1 else None
