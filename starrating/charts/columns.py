"""Lays out stacked columns over a scale of points, with lines across it at exact places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from starrating.charts.chart import Heading, stamp
from starrating.charts.legend import draw_legend
from starrating.charts.measure import width_of
from starrating.charts.sheet import Drawing, Sheet, middle
from starrating.charts.style import (
    GAP,
    INK_1,
    INK_3,
    LINE_1,
    LINE_3,
    NOTE,
    PAPER,
    PHONE_WIDE,
    SMALL,
    UNRATED,
    Fill,
    star_fills,
)
from starrating.charts.ticks import count_ticks
from starrating.domain.figures import plain
from starrating.wording.language import translate

LEAST_SCALE = 4
FIRST_LEVEL = 2
"""The column of the highest level in the table; after the lowest comes what is not rated."""


@dataclass(frozen=True, slots=True)
class Bin:
    """A step of the total from `start` (within) to `end` (without): counts of levels, lowest first."""

    start: Fraction
    end: Fraction
    counts: tuple[int, ...]
    unrated: int

    @property
    def units(self) -> int:
        """All units of the step."""
        return sum(self.counts) + self.unrated


@dataclass(frozen=True, slots=True)
class _Grid:
    left: float
    right: float
    top: float
    bottom: float
    low: Fraction
    high: Fraction
    most: int

    def x(self, points: Fraction) -> float:
        return self.left + (self.right - self.left) * float((points - self.low) / (self.high - self.low))

    def y(self, count: int) -> float:
        return self.bottom - (self.bottom - self.top) * count / self.most


def draw_columns(
    wide: int, bins: Sequence[Bin], lines: Sequence[tuple[Fraction, str]], names: Sequence[str], heading: Heading
) -> Drawing:
    """The columns of all steps with the lines of the levels, which are labelled above."""
    sheet = Sheet(wide)
    top = draw_legend(sheet, _legend(bins, names), taken=stamp(sheet, heading))
    most = max(*(each.units for each in bins), LEAST_SCALE)
    left = width_of(f"{most:,}", NOTE) + 8
    rows = _rows(wide, left, bins, lines)
    unit = translate("{noun}数（个）").format(noun=heading.noun)
    sheet.write(unit, 0, top + 8 + middle(SMALL), size=SMALL, colour=INK_3)
    top += 20
    head = top + 20 * (max(rows, default=-1) + 1) + 18
    bottom = head + (200 if wide <= PHONE_WIDE else 240)
    grid = _Grid(left, wide - 1, head, bottom, bins[0].start, bins[-1].end, most)
    _scale(sheet, grid, bins)
    for place, each in enumerate(bins):
        _column(sheet, grid, each, place, star_fills(len(names)))
    for (least, _), row in zip(lines, rows, strict=True):
        sheet.line(((grid.x(least), top + 20 * row + 18), (grid.x(least), bottom)), INK_1, weight=1.5, dashed=True)
    for (least, name), row in zip(lines, rows, strict=True):
        label = _label(least, name)
        _backed(sheet, label, _extent(grid, least, label)[0], top + 20 * row + 9)
    for each in bins:
        _number(sheet, grid, each)
    return sheet.close(bottom + 40)


def _legend(bins: Sequence[Bin], names: Sequence[str]) -> list[tuple[Fill, str]]:
    counts = [sum(column) for column in zip(*(each.counts for each in bins), strict=True)]
    fills = star_fills(len(names))
    entries = [(fill, f"{name} {count:,}") for fill, name, count in zip(fills, names, counts, strict=True)][::-1]
    unrated = sum(each.unrated for each in bins)
    return [*entries, (UNRATED, f"{translate('未评')} {unrated:,}")] if unrated else entries


def _label(least: Fraction, name: str) -> str:
    return translate("{level}线{points}").format(level=name, points=plain(least))


def _rows(wide: int, left: float, bins: Sequence[Bin], lines: Sequence[tuple[Fraction, str]]) -> list[int]:
    """On which row above the columns each label stands, so that none covers another."""
    grid = _Grid(left, wide - 1, 0, 1, bins[0].start, bins[-1].end, 1)
    taken: list[list[tuple[float, float]]] = []
    rows = []
    for least, name in lines:
        start, end = _extent(grid, least, _label(least, name))
        row = next(
            (place for place, used in enumerate(taken) if all(end < a or b < start for a, b in used)), len(taken)
        )
        if row == len(taken):
            taken.append([])
        taken[row].append((start - 6, end + 6))
        rows.append(row)
    return rows


def _extent(grid: _Grid, least: Fraction, label: str) -> tuple[float, float]:
    wide = width_of(label, SMALL)
    start = min(max(grid.x(least) - wide / 2, 0), grid.right - wide)
    return start, start + wide


def _scale(sheet: Sheet, grid: _Grid, bins: Sequence[Bin]) -> None:
    for count in count_ticks(grid.most, 4):
        y = grid.y(count)
        sheet.line(((grid.left, y), (grid.right, y)), LINE_3 if count == 0 else LINE_1)
        sheet.write(f"{count:,}", grid.left - 6, y + middle(NOTE), size=NOTE, colour=INK_3, align="right")
    points = [each.start for each in bins] + [bins[-1].end]
    widest = max(width_of(plain(each), NOTE) for each in points) + 8
    every = next((step for step in (1, 2, 5, 10) if step * (grid.x(points[1]) - grid.left) >= widest), 25)
    free = 0.0
    for place, each in enumerate(points):
        x = grid.x(each)
        sheet.line(((x, grid.bottom), (x, grid.bottom + 4)), LINE_3)
        wide = width_of(plain(each), NOTE)
        left = min(x - wide / 2, sheet.width - wide)
        if place % every == 0 and left >= free:
            sheet.write(plain(each), left, grid.bottom + 18, size=NOTE, colour=INK_3)
            free = left + wide + 4
    centre = (grid.left + grid.right) / 2
    sheet.write(translate("总分（分）"), centre, grid.bottom + 35, size=SMALL, colour=INK_3, align="middle")


def _column(sheet: Sheet, grid: _Grid, each: Bin, place: int, fills: Sequence[Fill]) -> None:
    """The levels from the lowest up, 未评 on top, the sum above."""
    if not each.units:
        return
    x, wide = grid.x(each.start) + GAP / 2, grid.x(each.end) - grid.x(each.start) - GAP
    below, levels = 0, len(each.counts)
    parts = (*zip(each.counts, fills, strict=True), (each.unrated, UNRATED))
    for level, (count, fill) in enumerate(parts):
        if not count:
            continue
        high = grid.y(below) - grid.y(below + count)
        gap = GAP if below and high > 2 * GAP else 0
        sheet.area(x, grid.y(below + count), wide, max(high - gap, 1), fill)
        column = FIRST_LEVEL + (levels if level == levels else levels - 1 - level)
        sheet.spot(x, grid.y(below + count), wide, max(high - gap, 1), (place, column))
        below += count


def _number(sheet: Sheet, grid: _Grid, each: Bin) -> None:
    """The sum above a column, where it is not wider than the column."""
    text = f"{each.units:,}"
    wide = width_of(text, SMALL)
    if each.units and wide <= grid.x(each.end) - grid.x(each.start) + 1:
        centre = (grid.x(each.start) + grid.x(each.end)) / 2
        _backed(sheet, text, centre - wide / 2, grid.y(each.units) - 10)


def _backed(sheet: Sheet, text: str, x: float, y: float) -> None:
    """Words on paper, so that no line crosses them."""
    sheet.box(x - 1, y - SMALL / 2 - 1, width_of(text, SMALL) + 2, SMALL + 2, fill=PAPER)
    sheet.write(text, x, y + middle(SMALL), size=SMALL)
