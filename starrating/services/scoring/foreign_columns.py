"""Which column of a foreign table is what: as chosen on the page, and remembered for the next file of the same heads.

A choice is remembered for a district and a department or township; it is never changed, a later one stands beside it
and is the one that is offered.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from starrating.domain.faults import RuleError
from starrating.extensions import db
from starrating.interchange.foreign_tables import ForeignTable
from starrating.models.imports import ImportMapping
from starrating.queries.cycles import CycleRow
from starrating.queries.identities import Identity
from starrating.services.audit import Subject, record
from starrating.services.clock import now
from starrating.services.names import given_text
from starrating.services.scoring.tasks import Task, Work, work_of
from starrating.services.transaction import transaction

USUAL_SAMPLE = 30
LARGEST_SAMPLE = 1_000_000
LONGEST_NOTE = 200
Target = tuple[str, str]
"""A kind of units and a header of its scheme."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the columns of a table are: places from 0; `sampled` is the column of values that `sample` belongs to."""

    unit: int
    columns: Mapping[Target, int] = field(default_factory=dict)
    sample: int | None = None
    sampled: int | None = None
    least: int = USUAL_SAMPLE
    note: str = ""


def targets_of(row: CycleRow, by: Identity) -> dict[Target, Task]:
    """What somebody may fill from a table, in the order of the schemes; nothing for those who only look."""
    work = work_of(row, by.grants)
    if work.reads_all:
        return {}
    return {(task.kind, column.header): task for task in work.tasks for column in task.columns}


def check(chosen: Chosen, table: ForeignTable, targets: Mapping[Target, Task]) -> None:
    """`RuleError` `columns.…` where a choice does not make sense."""
    places = {head.at for head in table.heads()}
    named = [one for one in (chosen.unit, chosen.sample, chosen.sampled, *chosen.columns.values()) if one is not None]
    if not set(named) <= places or not set(chosen.columns) <= set(targets):
        raise RuleError("columns.unknown")
    if not chosen.columns:
        raise RuleError("columns.none")
    values = set(chosen.columns.values())
    if chosen.unit in values or chosen.sample in values or chosen.unit == chosen.sample:
        raise RuleError("columns.two_uses")
    if (chosen.sample is None) != (chosen.sampled is None) or (chosen.sample is not None
                                                               and chosen.sampled not in values):  # fmt: skip
        raise RuleError("columns.sample")
    if not 1 <= chosen.least <= LARGEST_SAMPLE:
        raise RuleError("columns.least", most=LARGEST_SAMPLE)


def remembered(row: CycleRow, table: ForeignTable, by: Identity) -> Chosen | None:
    """What was chosen last for a table of the same heads, as far as it still is the person's to fill."""
    targets, kept = targets_of(row, by), _latest(row, table, work_of(row, by.grants))
    if kept is None:
        return None
    told = json.loads(kept)
    columns = {(kind, header): at for kind, header, at in told["columns"] if (kind, header) in targets}
    return Chosen(told["unit"], columns, told["sample"], told["sampled"], told["least"], told["note"])


def remember(row: CycleRow, table: ForeignTable, name: str, chosen: Chosen, by: Identity) -> bool:
    """Keep a choice for the next time; nothing is written where it is the one that is remembered."""
    work, text = work_of(row, by.grants), _packed(chosen)
    shown = given_text(name, 120)
    with transaction() as session:
        if _latest(row, table, work) == text:
            return False
        department, township = _whose(work)
        found = ImportMapping(district_id=row.district_id, department=department, township_id=township, name=shown,
                              fingerprint=table.fingerprint, chosen=text, by=by.account_id, at=now())  # fmt: skip
        session.add(found)
        session.flush()
        record(session, "columns_chosen", by.account_id, Subject("import_mapping", found.id, shown, row.place),
               year=row.year, columns=len(chosen.columns))  # fmt: skip
        return True


def _whose(work: Work) -> tuple[str, int | None]:
    """The department that somebody fills in for, or else the township."""
    if work.townships:
        return "", work.townships[0]
    return next((task.assigned.department for task in work.tasks), ""), None


def _latest(row: CycleRow, table: ForeignTable, work: Work) -> str | None:
    department, township = _whose(work)
    return db.session.scalars(
        select(ImportMapping.chosen)
        .where(ImportMapping.district_id == row.district_id, ImportMapping.fingerprint == table.fingerprint,
               ImportMapping.department == department, ImportMapping.township_id.is_not_distinct_from(township))
        .order_by(ImportMapping.id.desc())
        .limit(1)
    ).first()  # fmt: skip


def _packed(chosen: Chosen) -> str:
    columns = [[kind, header, at] for (kind, header), at in sorted(chosen.columns.items())]
    return json.dumps({"unit": chosen.unit, "columns": columns, "sample": chosen.sample, "sampled": chosen.sampled,
                       "least": chosen.least, "note": chosen.note}, ensure_ascii=False)  # fmt: skip
