"""Cells of uploaded sheets: what they say of a score, what is wrong with them, and what a whole file comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from starrating.domain.entry import Entry
from starrating.domain.faults import RuleError
from starrating.domain.figures import plain
from starrating.domain.inputs import decimal
from starrating.interchange.sheet_marks import Mark
from starrating.interchange.spreadsheets import CellSort, Read, Sheet, address, read_raw
from starrating.services.scoring.sheets import TextsRead
from starrating.services.scoring.tasks import Task
from starrating.services.scoring.typed_scores import Typed

MOST_BAD = 2_000
"""Bad cells listed; a file with more of them is wrong as a whole."""
BLANKS = " \u3000\xa0"


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that may not stand: where it is in the file, and why."""

    sheet: str
    address: str
    refusal: RuleError


@dataclass(frozen=True, slots=True)
class Notice:
    """What was left aside of a file, to be told; its code is one of the sentences for sheets."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class Proposed(NamedTuple):
    """A cell that a file changes: what it said when the file was made, and what is to be saved."""

    typed: Typed
    base: str


@dataclass(slots=True)
class Reading:
    """What a file comes to."""

    proposed: list[Proposed] = field(default_factory=list)
    bad: list[BadCell] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    already: int = 0
    """Cells that were changed in the file and say the same in the system by now."""
    few: list[tuple[str, str, int]] = field(default_factory=list)
    """Units whose sample is smaller than asked for: name, township, size."""

    def refuse(self, sheet: Sheet, row: int, column: int, refusal: RuleError) -> None:
        """Note a bad cell."""
        if len(self.bad) < MOST_BAD:
            self.bad.append(BadCell(sheet.name, address(row, column), refusal))


class EntriesRead:
    """Reads cells of scores; the same text under the same rule is looked at once in a file."""

    def __init__(self) -> None:
        self.texts = TextsRead()
        self.known: dict[tuple[str, str], dict[str, Entry]] = {}
        self.alike: dict[int, dict[str, Entry]] = {}

    def rule(self, task: Task) -> dict[str, Entry]:
        """What is known of cells, as a sheet keeps them, under the rule of an indicator."""
        here = task.kind, task.node.code
        known = self.known.get(here)
        if known is None:
            known = self.known[here] = self.alike.setdefault(id(self.texts.rule(task)), {})
        return known

    def __call__(self, task: Task, cell: Read | str | None) -> Entry:
        """What a cell says of an indicator; `RuleError` where it may not stand there.

        One that has no mark may be given as its sheet keeps it: the same one is taken apart once.
        """
        if isinstance(cell, str):
            known = self.rule(task)
            found = known.get(cell)
            if found is None:
                found = known[cell] = self(task, read_raw(cell))
            return found
        if cell is not None:
            check_sort(cell)
        return self.texts(task, cell.text.strip(BLANKS) if cell else "")


def same_text(one: str, other: str) -> bool:
    """True where two texts say the same: 12.50 and 12.5 do."""
    if one == other:
        return True
    if not one or not other:
        return False
    left = _number(one)
    return left is not None and left == _number(other)


@lru_cache(maxsize=2**14)
def _number(text: str) -> tuple[int, int] | None:
    """The number that a text writes, as two that can be compared; None where it writes none."""
    value = decimal(text)
    return None if value is None else value.as_integer_ratio()


def same(one: Entry, other: Entry) -> bool:
    """True where two entries say the same."""
    return one[0] is other[0] and same_text(one[1], other[1])


def check_sort(cell: Read) -> None:
    """Refuse what a spreadsheet made of what was typed; nothing is guessed back."""
    match cell.mark:
        case Mark.ERROR:
            raise RuleError("cell.error")
        case Mark.NO_VALUE:
            raise RuleError("cell.no_value")
        case Mark.PERCENT if cell.sort is CellSort.NUMBER:
            value = decimal(cell.text)
            raise RuleError("cell.percent", text=cell.text, shown=plain(value * 100) if value is not None else "")
    if cell.sort is CellSort.MOMENT:
        raise RuleError("cell.moment", text=cell.text)
    if cell.sort is CellSort.TRUTH:
        raise RuleError("cell.truth", text=cell.text)
