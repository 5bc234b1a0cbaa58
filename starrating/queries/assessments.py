"""Reading self-assessments: where each indicator stands, the unit's and the township's values, how far each unit is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, tuple_

from starrating.domain.assessment import AssessmentState, Stage
from starrating.domain.entry import Entry, EntryState
from starrating.extensions import db
from starrating.models.accounts import Account
from starrating.models.assessments import Assessment, AssessmentCell, AssessmentValue
from starrating.models.divisions import Unit
from starrating.queries.cycles import CycleRow, rated_on
from starrating.queries.scores import CellRow


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """The assessment of one indicator of one unit; `reason` is why it was returned or changed."""

    id: int
    unit_id: int
    indicator: str
    state: AssessmentState
    version: int
    reason: str
    by: str
    by_id: int | None
    at: datetime


def assessments_of(cycle_id: int, units: Iterable[int]) -> dict[tuple[int, str], AssessmentRow]:
    """(unit, indicator) → where it stands, for those that were begun."""
    rows = db.session.execute(
        select(
            Assessment.id, Assessment.unit_id, Assessment.indicator, Assessment.state, Assessment.version,
            Assessment.reason, func.coalesce(Account.display_name, ""), Assessment.by, Assessment.at,
        )
        .outerjoin(Account, Account.id == Assessment.by)
        .where(Assessment.cycle_id == cycle_id, Assessment.unit_id.in_(tuple(units)))
    )  # fmt: skip
    return {(row[1], row[2]): _made(row) for row in rows}


def _made(row: Any) -> AssessmentRow:
    values = list(row)
    values[3] = AssessmentState(values[3])
    return AssessmentRow(*values)


def assessed_cells(
    cycle_id: int, stage: Stage, units: Iterable[int], headers: Iterable[str]
) -> dict[tuple[int, str], CellRow]:
    """(unit, header) → the cell of a stage, for those that were ever touched."""
    rows = db.session.execute(
        select(
            AssessmentCell.id, AssessmentCell.unit_id, AssessmentCell.header, AssessmentCell.version,
            AssessmentCell.state, AssessmentCell.value, func.coalesce(Account.display_name, ""), AssessmentValue.at,
            func.coalesce(AssessmentValue.reason, ""),
        )
        .outerjoin(
            AssessmentValue,
            (AssessmentValue.cell_id == AssessmentCell.id) & (AssessmentValue.version == AssessmentCell.version),
        )
        .outerjoin(Account, Account.id == AssessmentValue.by)
        .where(AssessmentCell.cycle_id == cycle_id, AssessmentCell.stage == stage,
               AssessmentCell.unit_id.in_(tuple(units)), AssessmentCell.header.in_(tuple(headers)))
    )  # fmt: skip
    return {(row[1], row[2]): CellRow(*row[:4], Entry(EntryState(row[4]), row[5]), *row[6:]) for row in rows}


def assessed_at(wanted: Collection[tuple[int, int]]) -> dict[int, Entry]:
    """Cell → what it said at a version, for the pairs of cell and version asked for."""
    if not wanted:
        return {}
    rows = db.session.execute(
        select(AssessmentValue.cell_id, AssessmentValue.state, AssessmentValue.value).where(
            tuple_(AssessmentValue.cell_id, AssessmentValue.version).in_(sorted(wanted))
        )
    )
    return {row[0]: Entry(EntryState(row[1]), row[2]) for row in rows}


def typed_by(cycle_id: int, unit_id: int, account_id: int) -> set[str]:
    """The headers of a unit whose own value that stands was typed by that account."""
    return set(db.session.scalars(
        select(AssessmentCell.header)
        .join(AssessmentValue, (AssessmentValue.cell_id == AssessmentCell.id)
              & (AssessmentValue.version == AssessmentCell.version))
        .where(AssessmentCell.cycle_id == cycle_id, AssessmentCell.unit_id == unit_id,
               AssessmentCell.stage == Stage.SELF, AssessmentValue.by == account_id)
    ))  # fmt: skip


def values_beside(
    cycle_id: int, units: Collection[int], codes: Mapping[tuple[int, str], str]
) -> dict[tuple[int, str], dict[Stage, Entry]]:
    """(unit, header) → what the unit submitted and what its township made of it; `codes` says whose indicator it is."""
    handed = {key for key, one in assessments_of(cycle_id, units).items()
              if one.state in (AssessmentState.SUBMITTED, AssessmentState.REVIEWED)}  # fmt: skip
    if not handed:
        return {}
    rows = db.session.execute(
        select(AssessmentCell.unit_id, AssessmentCell.header, AssessmentCell.stage, AssessmentCell.state,
               AssessmentCell.value)
        .where(AssessmentCell.cycle_id == cycle_id, AssessmentCell.unit_id.in_({unit for unit, _ in handed}))
    )  # fmt: skip
    found: dict[tuple[int, str], dict[Stage, Entry]] = {}
    for unit, header, stage, state, value in rows:
        if (unit, codes.get((unit, header), "")) in handed:
            found.setdefault((unit, header), {})[Stage(stage)] = Entry(EntryState(state), value)
    return found


def state_counts(cycle: CycleRow, townships: Collection[int] | None = None) -> dict[int, dict[AssessmentState, int]]:
    """Unit → state → how many of its indicators stand there."""
    wanted = [Assessment.cycle_id == cycle.id, rated_on(cycle.cut_off)]
    if townships is not None:
        wanted.append(Unit.township_id.in_(tuple(townships)))
    rows = db.session.execute(
        select(Assessment.unit_id, Assessment.state, func.count())
        .join(Unit, Unit.id == Assessment.unit_id)
        .where(*wanted)
        .group_by(Assessment.unit_id, Assessment.state)
    )
    found: dict[int, dict[AssessmentState, int]] = {}
    for unit, state, count in rows:
        found.setdefault(unit, {})[AssessmentState(state)] = int(count)
    return found
