"""Lays out a grid of shaded cells with a number in each: names to the left, as many columns side by side as fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starrating.charts.chart import Heading, stamp
from starrating.charts.legend import draw_legend
from starrating.charts.measure import clean, lines_of, width_of
from starrating.charts.sheet import Drawing, Sheet, middle
from starrating.charts.style import INK_2, INK_3, NOTE, PHONE_WIDE, SMALL, UNRATED, tile_fill
from starrating.wording.language import translate

LEAST_WIDE, MOST_WIDE, HIGH = 27, 46, 22
FIRST_CELL = 2
"""The column of the first indicator in the table."""
MOST_HEAD = 46
"""How wide the head of a column may be; a longer code is numbered and told below."""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """What stands in a cell and its class from 0 (light) up; None: no number."""

    text: str
    place: int | None


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A row: its name, its cells, and its row in the table; None for the sum of all."""

    name: str
    cells: tuple[HeatCell, ...]
    at: int | None = None


def draw_cells(
    wide: int, rows: Sequence[HeatRow], heads: Sequence[str], classes: Sequence[str], heading: Heading,
    left_out: int = 0,
) -> Drawing:  # fmt: skip
    """The cells in blocks of so many columns as the sheet is wide; `classes` are told the lowest share first.

    `left_out` says how many rows more the table has.
    """
    sheet = Sheet(wide)
    entries = [(tile_fill(len(classes) - 1 - place), text) for place, text in enumerate(classes)]
    if any(cell.place is None for row in rows for cell in row.cells):
        entries.append((UNRATED, translate("／不适用")))
    top = draw_legend(sheet, entries, taken=stamp(sheet, heading))
    sheet.write(translate("得分占满分的百分比，越深丢得越多"), 0, top + 8 + middle(SMALL), size=SMALL, colour=INK_3)
    top += 24
    names = _names_wide(wide, rows)
    shown = [head if width_of(clean(head), SMALL) <= MOST_HEAD else "" for head in heads]
    long = [at for at, head in enumerate(shown) if not head]
    shown = [head or f"({long.index(at) + 1})" for at, head in enumerate(shown)]
    cell = max(LEAST_WIDE, *(width_of(head, SMALL) + 5 for head in shown))
    blocks = -(-len(heads) // max(int((wide - names) // cell), 1))
    fits = -(-len(heads) // blocks)
    cell = max(cell, min((wide - names) / fits, MOST_WIDE))
    for start in range(0, len(heads), fits):
        block = _Block(range(start, min(start + fits, len(heads))), names, cell)
        top = _draw(sheet, rows, shown, block, top)
    for number, at in enumerate(long, 1):
        top = sheet.paragraph(f"({number}) {heads[at]}", 0, top + 10, wide, size=NOTE, colour=INK_3) - 10
    if left_out > 0:
        words = translate("图上是得分率最低的{shown}行，另外{count}行在表里。").format(
            shown=len(rows) - 1, count=left_out
        )
        top = sheet.paragraph(words, 0, top + 10, wide, size=NOTE, colour=INK_3) - 10
    return sheet.close(top)


def _names_wide(wide: int, rows: Sequence[HeatRow]) -> float:
    """The room of the names; a long one breaks into lines."""
    limit = 92 if wide <= PHONE_WIDE else 150
    return min(max(width_of(clean(row.name), SMALL) for row in rows), limit) + 8


@dataclass(frozen=True, slots=True)
class _Block:
    """The columns that stand side by side, the right end of the names, the width of a cell."""

    columns: range
    names: float
    cell: float


def _draw(sheet: Sheet, rows: Sequence[HeatRow], heads: Sequence[str], block: _Block, top: float) -> float:
    """Some columns of all rows; returns where the next block begins."""
    for place, at in enumerate(block.columns):
        centre = block.names + place * block.cell + block.cell / 2
        sheet.write(heads[at], centre, top + 8 + middle(SMALL), size=SMALL, colour=INK_2, align="middle")
    top += 20
    for row in rows:
        lines = lines_of(clean(row.name), block.names - 8, SMALL)
        high = max(HIGH, 16 * len(lines) + 4)
        first = top + high / 2 - 8 * (len(lines) - 1)
        for number, line in enumerate(lines):
            sheet.write(line, block.names - 8, first + 16 * number + middle(SMALL), size=SMALL, align="right")
        for place, at in enumerate(block.columns):
            one = row.cells[at]
            fill = UNRATED if one.place is None else tile_fill(one.place)
            x = block.names + place * block.cell
            sheet.area(x, top, block.cell - 1, high - 1, fill)
            if row.at is not None and one.place is not None:
                sheet.spot(x, top, block.cell - 1, high - 1, (row.at, FIRST_CELL + at))
            sheet.centred(one.text, x + (block.cell - 1) / 2, top + (high - 1) / 2, size=SMALL, fill=fill)
        top += high
    return top + 12
