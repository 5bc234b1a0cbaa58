"""Lays out rows of stacked bars with their numbers: names to the left on a page, above the bar on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from starrating.charts.chart import Heading, stamp
from starrating.charts.legend import draw_legend
from starrating.charts.measure import clean, lines_of, width_of
from starrating.charts.sheet import Drawing, Sheet, middle
from starrating.charts.style import (
    GAP,
    INK_1,
    INK_2,
    INK_3,
    LINE_1,
    LINE_2,
    NOTE,
    PHONE_WIDE,
    SMALL,
    TEXT,
    UNRATED,
    Fill,
    star_fills,
)
from starrating.charts.ticks import count_ticks
from starrating.wording.language import translate

NAMES_WIDE = 176
BAR = 22
DENSE_FROM = 60
LEAST_SCALE = 5


@dataclass(frozen=True, slots=True)
class Row:
    """A bar: its name, its segments lowest level first, and what is not rated."""

    name: str
    counts: tuple[int, ...]
    unrated: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """Numbers beside the bars: a head and one text a row."""

    head: str
    texts: tuple[str, ...]

    @property
    def wide(self) -> float:
        """How wide the column is."""
        return _wide(self.head, self.texts)


@lru_cache(maxsize=32)
def _wide(head: str, texts: tuple[str, ...]) -> float:
    return max(width_of(text, SMALL) for text in (head, *texts)) + 16


@dataclass(frozen=True, slots=True)
class Grid:
    """Where things stand: the right end of names, the bar from `left` to `right`, the height of a bar and of a line."""

    phone: bool
    names: float
    left: float
    right: float
    dense: bool
    columns: tuple[Column, ...]

    @property
    def bar(self) -> int:
        """How high a bar is."""
        return 12 if self.dense else BAR

    @classmethod
    def of(cls, wide: int, names: Sequence[str], columns: Sequence[Column]) -> Grid:
        """The places for these names and columns."""
        dense = len(names) > DENSE_FROM
        if wide <= PHONE_WIDE:
            return cls(True, 0, 0, wide, dense, tuple(columns))
        longest = min(max(width_of(clean(name), TEXT) for name in names), NAMES_WIDE)
        right = wide - sum(column.wide for column in columns) - 8
        return cls(False, longest, longest + 10, right, dense, tuple(columns))

    def lines(self, name: str) -> tuple[str, ...]:
        """The name in lines; on a phone it leaves room for the numbers of its row."""
        limit = self.right - _inline(self.columns) if self.phone else self.names
        return lines_of(clean(name), max(limit, 96), TEXT)

    def free(self, rows: Sequence[Row], top: float) -> list[tuple[float, float]]:
        """From where to where a line down the rows may be seen: on a phone it leaves out the words between the bars."""
        found = []
        for row in rows:
            lines = len(self.lines(row.name))
            bottom = top + self.height(lines)
            found.append((top + 18 * lines if self.phone else top, bottom - 6 if self.phone else bottom))
            top = bottom
        return found if self.phone else [(found[0][0], found[-1][1])]

    def height(self, lines: int) -> float:
        """How high a row is whose name takes so many lines."""
        if self.phone:
            return lines * 18 + self.bar + 12
        return max(self.bar + (4 if self.dense else 10), lines * 18 + 4)


def draw_counts(
    wide: int,
    rows: Sequence[Row],
    columns: Sequence[Column],
    legend: Sequence[tuple[Fill, str]],
    unit: str,
    heading: Heading,
) -> Drawing:
    """Bars as long as their counts, on one scale."""
    sheet = Sheet(wide)
    top = draw_legend(sheet, legend, taken=stamp(sheet, heading))
    grid = Grid.of(wide, [row.name for row in rows], columns)
    top = draw_heads(sheet, grid, unit, top)
    most = max(sum(row.counts) + row.unrated for row in rows)
    most = max(most, LEAST_SCALE)
    scale = (grid.right - grid.left) / most
    heights = [grid.height(len(grid.lines(row.name))) for row in rows]
    bottom = top + sum(heights)
    shown = grid.free(rows, top)
    for tick in count_ticks(most, 5):
        x = grid.left + tick * scale
        sheet.lines([(x, y) for free in shown for y in free], LINE_1)
        at_end = x + width_of(f"{tick:,}", NOTE) / 2 > wide
        align = "left" if tick == 0 and grid.phone else "right" if at_end else "middle"
        sheet.write(f"{tick:,}", x, bottom + 16, size=NOTE, colour=INK_3, align=align)
    for place, (row, height) in enumerate(zip(rows, heights, strict=True)):
        _row(sheet, grid, row, place, (top, height), scale)
        top += height
    return _noted(sheet, grid, bottom + 22)


def draw_shares(
    wide: int,
    rows: Sequence[Row],
    columns: Sequence[Column],
    legend: Sequence[tuple[Fill, str]],
    reference: Sequence[int] | None,
    heading: Heading,
) -> Drawing:
    """Bars of one length, each the whole of its row, under the proportion that is aimed at."""
    sheet = Sheet(wide)
    top = draw_legend(sheet, legend, taken=stamp(sheet, heading))
    aim = translate("参照{proportion}").format(proportion=":".join(str(part) for part in reversed(reference or ())))
    names = [row.name for row in rows] + ([aim] if reference else [])
    grid = Grid.of(wide, names, columns)
    top = draw_heads(sheet, grid, translate("占已评的比例，条里是个数"), top)
    heights = [grid.height(len(grid.lines(row.name))) for row in rows]
    if reference:
        shown = grid.free(rows, top + grid.height(1) + 2)
        top = _reference(sheet, grid, aim, reference, top, shown)
    for place, (row, height) in enumerate(zip(rows, heights, strict=True)):
        scale = (grid.right - grid.left) / max(sum(row.counts), 1)
        _row(sheet, grid, row, place, (top, height), scale)
        top += height
    return _noted(sheet, grid, top)


def _reference(
    sheet: Sheet, grid: Grid, aim: str, parts: Sequence[int], top: float, shown: Sequence[tuple[float, float]]
) -> float:
    """The proportion aimed at as the first row, with its bounds as lines down to the last bar."""
    scale = (grid.right - grid.left) / sum(parts)
    height = grid.height(1)
    x = grid.left
    y = top + (18 + (height - 18 - grid.bar) / 2 if grid.phone else (height - grid.bar) / 2)
    at = (0.0, top + 9) if grid.phone else (grid.names, top + height / 2)
    sheet.write(aim, at[0], at[1] + middle(TEXT), size=TEXT, colour=INK_2, align="left" if grid.phone else "right")
    for place, part in enumerate(reversed(parts)):
        wide = part * scale
        outline = Fill("#FFFFFF", INK_2, edge=LINE_2)
        if wide > GAP:
            sheet.area(x, y, wide - GAP, grid.bar, outline)
            share = f"{round(100 * part / sum(parts))}%"
            if width_of(share, SMALL) + 4 < wide:
                sheet.centred(share, x + (wide - GAP) / 2, y + grid.bar / 2, size=SMALL, fill=outline)
        x += wide
        if place < len(parts) - 1:
            sheet.lines([(x - GAP / 2, y) for free in shown for y in free], INK_1, dashed=True)
    return top + height + 2


def draw_heads(sheet: Sheet, grid: Grid, unit: str, top: float) -> float:
    """The line over the bars: what is measured, and the heads of the columns."""
    base = top + 9 + middle(SMALL)
    sheet.write(unit, grid.left, base, size=SMALL, colour=INK_3)
    if grid.phone and grid.dense:
        heads = " / ".join(column.head for column in grid.columns)
        sheet.write(heads, grid.right, base, size=SMALL, colour=INK_3, align="right")
    if not grid.phone:
        for column, right in zip(grid.columns, rights_of(sheet, grid.columns), strict=True):
            sheet.write(column.head, right, base, size=SMALL, colour=INK_3, align="right")
    return top + 24


def rights_of(sheet: Sheet, columns: Sequence[Column]) -> list[float]:
    """The right ends of the columns."""
    rights, right = [], float(sheet.width)
    for column in reversed(columns):
        rights.append(right)
        right -= column.wide
    return rights[::-1]


def _inline(columns: Sequence[Column]) -> float:
    """How wide the numbers of a row are where they stand beside its name."""
    return sum(width_of(column.head, SMALL) + column.wide - 2 for column in columns)


def _row(sheet: Sheet, grid: Grid, row: Row, place: int, span: tuple[float, float], scale: float) -> None:
    top, height = span
    lines = grid.lines(row.name)
    first = top + (9 if grid.phone else height / 2 - 9 * (len(lines) - 1))
    for number, line in enumerate(lines):
        base = first + 18 * number + middle(TEXT)
        sheet.write(line, grid.names, base, align="left" if grid.phone else "right")
    bar = top + (18 * len(lines) + 2 if grid.phone else (height - grid.bar) / 2)
    _segments(sheet, grid, row, place, bar, scale)
    base = first + middle(SMALL) if grid.phone else top + height / 2 + middle(SMALL)
    if grid.phone:
        numbers = [(column.head, column.texts[place]) for column in grid.columns]
        dense = " / ".join(number for _, number in numbers)
        text = dense if grid.dense else "  ".join(f"{head} {number}" for head, number in numbers)
        sheet.write(text, grid.right, base, size=SMALL, colour=INK_2, align="right")
        return
    for column, right in zip(grid.columns, rights_of(sheet, grid.columns), strict=True):
        sheet.write(column.texts[place], right, base, size=SMALL, colour=INK_1, align="right")


def _segments(sheet: Sheet, grid: Grid, row: Row, place: int, bar: float, scale: float) -> None:
    """The levels from the highest down, 未评 last, two pixels apart, numbers where they fit.

    Each is a spot of its own; of very many rows a whole bar is one, for all units of its place.
    """
    pairs = [*zip(row.counts, star_fills(len(row.counts)), strict=True)][::-1]
    x = grid.left
    if grid.dense and (units := sum(row.counts) + row.unrated):
        sheet.spot(x, bar - 2, units * scale, grid.bar + 4, (place, len(row.counts) + 2))
    for column, (count, fill) in enumerate((*pairs, (row.unrated, UNRATED)), 1):
        if not count:
            continue
        wide = count * scale
        shown = max(wide - GAP, 1.5)
        sheet.area(x, bar, shown, grid.bar, fill)
        if not grid.dense:
            sheet.spot(x, bar - 2, shown, grid.bar + 4, (place, column))
        if not grid.dense and width_of(f"{count:,}", SMALL) + 4 <= shown:
            sheet.centred(f"{count:,}", x + shown / 2, bar + grid.bar / 2, size=SMALL, fill=fill)
        x += wide


def _noted(sheet: Sheet, grid: Grid, bottom: float) -> Drawing:
    if grid.dense:
        sheet.write(translate("行数多，条里不写数，数都在表里。"), 0, bottom + 16, size=NOTE, colour=INK_3)
        bottom += 22
    return sheet.close(bottom + 2)
