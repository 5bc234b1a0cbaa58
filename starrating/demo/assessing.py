"""Self-assessments of the year that is being scored, in one township: submitted, returned, reviewed, still drafts.

The values are those of the invented scores; where a department found something, the unit says that there was nothing,
so that the pages have differences to show. Everything is done by the acts of the units' and the township's accounts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from starrating.domain.access import Role
from starrating.domain.assessment import Move
from starrating.domain.entry import NOTHING, needs_reason
from starrating.domain.methods import Checklist
from starrating.extensions import db
from starrating.models.accounts import Account, Grant
from starrating.queries.assessments import assessments_of
from starrating.queries.cycles import cycle
from starrating.queries.identities import Identity, grants_of
from starrating.queries.scores import CellRow, cells_of, units_of
from starrating.services.assessment.assessments import gaps_of, save_assessment, submit_assessment
from starrating.services.assessment.reviews import Decision, review_assessments
from starrating.services.clock import now
from starrating.services.scoring.tasks import Task, tasks_of
from starrating.services.scoring.typed_scores import Typed

RETURNED = "会议记录缺第3季度的，请补上再交（示例）"
WHY = "按本单位台账填（示例）"


def tell_assessments(cycle_ids: Iterable[int]) -> int:
    """Let the units that have an account assess themselves and their township review; how many indicators were told."""
    years = {row.district_id: row.id for key in cycle_ids if (row := cycle(key))}
    township = next(iter(holders(Role.TOWNSHIP_OFFICER)), None)
    told = 0
    for place, unit in enumerate(holders(Role.UNIT)):
        at = unit.grants[0].place
        if at.district in years and at.unit is not None and township is not None:
            told += _tell(years[at.district], at.unit, place, unit, township)
    return told


def holders(role: Role) -> list[Identity]:
    """The accounts that hold a role, in the order in which they were made."""
    rows = db.session.execute(
        select(Account.id, Account.name, Account.display_name)
        .join(Grant, Grant.account_id == Account.id)
        .where(Grant.role == role, Grant.revoked_at.is_(None))
        .order_by(Account.id)
    ).all()
    return [
        Identity(key, name, shown, False, 0, now(), tuple(one.granted for one in grants_of(key)))
        for key, name, shown in rows
    ]


def _tell(cycle_id: int, unit_id: int, place: int, unit: Identity, township: Identity) -> int:
    """One unit: the first keeps a part as a draft and gets one back, the second is reviewed, the third is a draft."""
    row = cycle(cycle_id)
    kind = next(iter(units_of(row, {unit_id}))).kind if row else ""
    tasks = [task for task in tasks_of(cycle_id) if task.kind == kind]
    scores = {header: cell for (_, header), cell in cells_of(
        cycle_id, [unit_id], [column.header for task in tasks for column in task.columns]).items()}  # fmt: skip
    save_assessment(cycle_id, unit_id, list(_typed(unit_id, tasks, scores)), unit)
    if place == 2:
        return len(tasks)
    last = tasks[-1].root.code if place == 0 else ""
    ready = [task for task in tasks if task.root.code != last and not gaps_of([task], scores)]
    ready = [task for task in ready if not needs_reason(task.node)]
    rows = {code: one.version for (_, code), one in assessments_of(cycle_id, [unit_id]).items()}
    submit_assessment(cycle_id, unit_id, {task.node.code: rows.get(task.node.code, 0) for task in ready}, unit)
    if place < 2:
        _review(cycle_id, unit_id, ready if place else ready[:4], scores, township, back=place == 0)
    return len(tasks)


def _typed(unit_id: int, tasks: Sequence[Task], scores: Mapping[str, CellRow]) -> Iterable[Typed]:
    for task in tasks:
        checked = task.node.leaf is not None and isinstance(task.node.leaf.method, Checklist)
        lenient = checked and not task.assigned.by_township
        for column in task.columns:
            cell = scores.get(column.header)
            if cell is not None and cell.entry != NOTHING:
                yield Typed(unit_id, column.header, 0, "0" if lenient else cell.entry.shown, WHY)


def _review(cycle_id: int, unit_id: int, tasks: Sequence[Task], scores: Mapping[str, CellRow], by: Identity, *,
            back: bool) -> None:  # fmt: skip
    """Take over what was submitted, the second but returned where something is to be shown as returned."""
    rows = {code: one.version for (_, code), one in assessments_of(cycle_id, [unit_id]).items()}
    versions = {header: cell.version for header, cell in scores.items()}
    review_assessments(
        cycle_id, unit_id,
        [Decision(task.node.code, rows[task.node.code], Move.RETURN if back and number == 1 else Move.ACCEPT,
                  RETURNED if back and number == 1 else "", {},
                  {column.header: versions.get(column.header, 0) for column in task.columns})
         for number, task in enumerate(tasks)],
        by,
    )  # fmt: skip
