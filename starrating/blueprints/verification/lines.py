"""The lines of verification: one score with the unit's and the township's value, differences first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from starrating.domain.assessment import Stage
from starrating.domain.entry import NOTHING, Column, Entry
from starrating.domain.methods import Missing
from starrating.domain.verification import Review, Verdict
from starrating.queries.assessments import values_beside
from starrating.queries.cycles import CycleRow
from starrating.queries.scores import SheetUnit
from starrating.queries.verification import ScoreSeen, own_scores, scores_seen
from starrating.services.scoring.tasks import Task
from starrating.wording.language import mark as _l

DONE: Mapping[Verdict, str] = {
    Verdict.CONFIRM: _l("确认了%(count)s格，锁定了，谁都不能再改。"),
    Verdict.RETURN: _l("退回了%(count)s格，填的人在“退回给我的”里看得到。"),
    Verdict.REOPEN: _l("撤回了%(count)s格的确认，可以再退回或再确认。"),
}
"""What is said when a verdict was given."""
RETURNED = "returned"
UNTOUCHED = ScoreSeen(0, NOTHING, Review.OPEN, "")


@dataclass(frozen=True, slots=True)
class Line:
    """One score of one unit beside what the unit and its township say."""

    unit: SheetUnit
    task: Task
    column: Column
    score: ScoreSeen
    beside: Mapping[Stage, Entry]
    own: bool = False
    """True where whoever looks put the value there; somebody else confirms it."""

    @property
    def key(self) -> str:
        """How the line goes through a form: unit, version that was shown, header."""
        return f"{self.unit.id}:{self.score.version}:{self.column.header}"

    @property
    def blank(self) -> bool:
        """True where nobody filled it in."""
        return self.score.entry == NOTHING

    @property
    def lacking(self) -> bool:
        """True where it is blank although the scheme does not let it be."""
        return self.blank and self.task.node.leaf is not None and self.task.node.leaf.missing is Missing.REJECT

    @property
    def differs(self) -> bool:
        """True where the score is not what the unit or its township says."""
        return any(entry != self.score.entry for entry in self.beside.values())

    @property
    def confirmable(self) -> bool:
        """True where there is something that is not confirmed yet."""
        return not self.blank and self.score.review is not Review.CONFIRMED

    @property
    def by_others(self) -> bool:
        """True where it is to be confirmed, and by somebody else."""
        return self.own and self.confirmable


SHOWN: Mapping[str, Callable[[Line], bool]] = {
    "": lambda line: not line.blank or line.lacking or line.score.review is Review.RETURNED or line.differs,
    "differs": lambda line: line.differs and line.score.review is not Review.CONFIRMED,
    "open": lambda line: line.confirmable,
    "lacking": lambda line: line.lacking,
    RETURNED: lambda line: line.score.review is Review.RETURNED,
    "confirmed": lambda line: line.score.review is Review.CONFIRMED,
}
"""What the page can be narrowed to; a blank cell that may be blank is shown by none."""


def sure(lines: Iterable[Line], show: str) -> list[Line]:
    """What is confirmed when everything that a filter shows is: not blank, not confirmed, not one's own, and what was
    returned and waits for its assessor only where the filter asks for that."""
    wanted = Review.RETURNED if show == RETURNED else Review.OPEN
    return [line for line in lines if not line.blank and not line.own and line.score.review is wanted]


def returnable(lines: Iterable[Line]) -> list[Line]:
    """What is returned when everything that a filter shows is: what is open, blank ones for somebody to fill in."""
    return [line for line in lines if line.score.review is Review.OPEN]


ORDER = {Review.RETURNED: 1, Review.OPEN: 0, Review.CONFIRMED: 2}


def lines_of(
    cycle: CycleRow, units: Sequence[SheetUnit], tasks: Iterable[Task], verifier: int | None = None
) -> list[Line]:
    """The lines of units over tasks: differences first, then what is missing, what is open, returned, confirmed.

    `verifier` is the account that may confirm them, which is told what it put there itself.
    """
    own = list(tasks)
    codes = {(unit.id, column.header): task.node.code for unit in units for task in own if task.kind == unit.kind
             for column in task.columns}  # fmt: skip
    keys, headers = [unit.id for unit in units], {header for _, header in codes}
    scores = scores_seen(cycle.id, keys, headers)
    beside = values_beside(cycle.id, keys, codes)
    mine = own_scores(cycle.id, verifier, codes) if verifier is not None else set()
    lines = [
        Line(unit, task, column, scores.get((unit.id, column.header), UNTOUCHED),
             beside.get((unit.id, column.header), {}), (unit.id, column.header) in mine)
        for unit in units for task in own if task.kind == unit.kind for column in task.columns
    ]  # fmt: skip
    confirmed = Review.CONFIRMED
    return sorted(lines, key=lambda line: (
        line.score.review is confirmed, not line.differs, not line.lacking, ORDER[line.score.review],
    ))  # fmt: skip
