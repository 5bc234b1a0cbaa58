"""What a workbook of scores consists of, in plain values: sheets, columns, rows, and what each cell said then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

FORMAT = "starrating-workbook/1"
KEPT = "_starrating"
"""The name of the very hidden sheet that keeps what the cells said when the workbook was made."""
OPTIONS = "_options"
CODE, NAME, TOWNSHIP, NOTE = "unit.code", "unit.name", "unit.township", "note"
REASON = "reason:"
"""How the columns are called in the machine's row; every other key there is a header of scores."""
GROUP_ROW, NAME_ROW, PART_ROW, KEY_ROW = 2, 3, 4, 5
FIRST_ROW = KEY_ROW + 1
LONGEST_CELL = 30_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a number may be: from, to (None: without end), whole; whether not applicable may stand instead."""

    low: Fraction | None = None
    high: Fraction | None = None
    whole: bool = False
    away: str = ""


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """A column: its key in the machine's row, the three lines of its head, its note, what may be typed."""

    key: str
    group: str
    name: str
    part: str
    note: str = ""
    options: tuple[str, ...] = ()
    bounds: Bounds | None = None
    width: int = 10
    text: bool = False
    """True where it holds words, never a number: a reason, a label of a list."""


@dataclass(frozen=True, slots=True)
class RowPlan:
    """A unit: what leads its row, its values by column, which of them are open, and the versions they had."""

    code: str
    name: str
    township: str
    values: Sequence[str]
    open: Sequence[bool]
    versions: Sequence[int]


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """A sheet: its name, two lines above the head, columns, and rows that are taken one by one."""

    kind: str
    name: str
    title: str
    hint: str
    columns: tuple[ColumnPlan, ...]
    rows: Iterable[RowPlan]


@dataclass(frozen=True, slots=True)
class Words:
    """The words that a workbook shows beside those of the scheme."""

    code: str
    name: str
    township: str
    wrong_title: str
    wrong_option: str
    wrong_number: str


@dataclass(frozen=True, slots=True)
class KeptCell:
    """What a cell said when the workbook was made."""

    version: int
    text: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What the hidden sheet says: for which year the workbook was made, and (kind, unit) → header → cell."""

    cycle_id: int
    made: str
    cells: dict[tuple[str, str], dict[str, KeptCell]] = field(default_factory=dict)
