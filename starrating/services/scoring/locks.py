"""Which scores may be written now: none that is confirmed, none outside its window, but what was returned meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from starrating.domain.access import Place
from starrating.domain.faults import RuleError
from starrating.domain.verification import Review, is_locked
from starrating.domain.windows import Calendar, Stage
from starrating.queries.scores import CellRow
from starrating.services.scoring.sheets import Sheet
from starrating.services.scoring.typed_scores import Key
from starrating.services.years.windows import refusal_of


def lock_of(
    calendar: Calendar, stage: Stage, place: Place, department: str, cell: CellRow | None, at: datetime
) -> RuleError | None:
    """Why nothing is saved into a cell at an instant; None where something may be.

    While the district verifies, what it returned is put right by whoever enters it, whatever the other windows say.
    """
    if cell is not None and is_locked(cell.review):
        return RuleError("score.confirmed")
    late = refusal_of(calendar, stage, place, department, at)
    returned = cell is not None and cell.review is Review.RETURNED
    if late is not None and returned and calendar.is_open(Stage.VERIFICATION, place, department, at):
        return None
    return late


def refuse_locked(
    sheet: Sheet, calendar: Calendar, stage: Stage, cells: Iterable[tuple[Key, CellRow | None]], at: datetime
) -> None:
    """Refuse a save that touches what is locked or late; that something is confirmed is said first."""
    late: RuleError | None = None
    known: dict[tuple[int, str, Review], RuleError | None] = {}
    for key, cell in cells:
        task = sheet.task(key)
        scope = key[0], task.assigned.department if task else "", cell.review if cell else Review.OPEN
        if scope not in known:
            known[scope] = lock_of(calendar, stage, sheet.place(key[0]), scope[1], cell, at)
        refusal = known[scope]
        if refusal is not None and refusal.code == "score.confirmed":
            raise refusal
        late = late or refusal
    if late is not None:
        raise late
