"""Lays out one line over the years above a band, with the year's star at every point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from starrating.charts.chart import Heading, stamp
from starrating.charts.legend import draw_legend
from starrating.charts.measure import width_of
from starrating.charts.sheet import Drawing, Sheet, middle
from starrating.charts.style import (
    INK_1,
    INK_2,
    INK_3,
    LINE_1,
    NOTE,
    PAPER,
    PHONE_WIDE,
    SMALL,
    TEXT,
    UNRATED,
    Fill,
    star_fills,
)
from starrating.charts.ticks import step_for
from starrating.domain.exact import rounded
from starrating.domain.figures import plain
from starrating.wording.language import translate

BAND = Fill("#DCE6E9", INK_1)
MARK = 7
"""Half the side of a point's mark."""


@dataclass(frozen=True, slots=True)
class Point:
    """A year: the total, its level, and lower quarter, median and upper quarter of the pool, as far as known."""

    year: int
    total: Fraction | None
    level: int | None
    pool: tuple[Fraction, Fraction, Fraction] | None


@dataclass(frozen=True, slots=True)
class _Grid:
    left: float
    each: float
    top: float
    bottom: float
    low: Fraction
    high: Fraction

    def x(self, place: int) -> float:
        return self.left + self.each * (place + 0.5)

    def y(self, points: Fraction) -> float:
        return self.bottom - (self.bottom - self.top) * float((points - self.low) / (self.high - self.low))


def draw_lines(wide: int, points: Sequence[Point], names: Sequence[str], heading: Heading, first: int = 0) -> Drawing:
    """The band, the median, the line, then the marks with the totals beside them; `first` is the table's row of one."""
    sheet = Sheet(wide)
    top = draw_legend(sheet, _legend(points, names), taken=stamp(sheet, heading))
    sheet.write(translate("总分（分）"), 0, top + 8 + middle(SMALL), size=SMALL, colour=INK_3)
    grid, ticks = _grid(wide, points, top + 34)
    for each in ticks:
        sheet.line(((grid.left, grid.y(each)), (wide, grid.y(each))), LINE_1)
        sheet.write(plain(each), grid.left - 6, grid.y(each) + middle(NOTE), size=NOTE, colour=INK_3, align="right")
    _pool(sheet, grid, points)
    _line(sheet, grid, points)
    fills = star_fills(len(names))
    for place, point in enumerate(points):
        if point.total is not None:
            left = grid.x(place) - grid.each / 2
            sheet.spot(left, grid.top, grid.each, grid.bottom - grid.top + 30, (first + place, 2))
        sheet.write(str(point.year), grid.x(place), grid.bottom + 22, size=TEXT, colour=INK_2, align="middle")
        if point.total is not None:
            _mark(sheet, grid, place, point, UNRATED if point.level is None else fills[point.level])
    return sheet.close(grid.bottom + 32)


def _legend(points: Sequence[Point], names: Sequence[str]) -> list[tuple[Fill, str]]:
    """The levels that occur, the highest first, and the band."""
    fills = star_fills(len(names))
    had = {point.level for point in points if point.total is not None}
    entries = [(fills[level], names[level]) for level in range(len(names) - 1, -1, -1) if level in had]
    if None in had:
        entries.append((UNRATED, translate("未评")))
    if any(point.pool for point in points):
        entries.append((BAND, translate("同类的中间一半，虚线是中位数")))
    return entries


def _grid(wide: int, points: Sequence[Point], top: float) -> tuple[_Grid, list[Fraction]]:
    known = [one for point in points for one in ((point.total,) if point.total is not None else ())]
    known += [one for point in points for one in point.pool or ()]
    low, high = min(known), max(known)
    step = step_for((high - low) or Fraction(4), 5)
    first, last = low // step, -(-high // step)
    last = max(last, first + 1)
    ticks = [step * at for at in range(first, last + 1)]
    left = max(width_of(plain(each), NOTE) for each in ticks) + 12
    high_px = 170 if wide <= PHONE_WIDE else 200
    return _Grid(left, (wide - left) / len(points), top, top + high_px, ticks[0], ticks[-1]), ticks


def _runs(points: Sequence[Point], pool: bool) -> list[list[int]]:
    """The places of years that follow one another and have the number: a gap breaks the line."""
    runs: list[list[int]] = []
    for place, point in enumerate(points):
        if (point.pool if pool else point.total) is None:
            continue
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _pool(sheet: Sheet, grid: _Grid, points: Sequence[Point]) -> None:
    half = min(grid.each / 2, 18)
    for run in _runs(points, True):
        known = [(grid.x(place), points[place].pool or (Fraction(0),) * 3) for place in run]
        sides = [(known[0][0] - half, known[0][1]), *known, (known[-1][0] + half, known[-1][1])]
        upper = [(x, grid.y(pool[2])) for x, pool in sides]
        lower = [(x, grid.y(pool[0])) for x, pool in reversed(sides)]
        sheet.polygon([*upper, *lower], BAND.colour)
        sheet.line([(x, grid.y(pool[1])) for x, pool in sides], INK_3, weight=1.2, dashed=True)


def _line(sheet: Sheet, grid: _Grid, points: Sequence[Point]) -> None:
    for run in _runs(points, False):
        along = [(grid.x(place), grid.y(total)) for place in run if (total := points[place].total) is not None]
        if len(along) > 1:
            sheet.line(along, INK_1, weight=2)


def _mark(sheet: Sheet, grid: _Grid, place: int, point: Point, fill: Fill) -> None:
    """A square in the colour of the star; the total above it, on paper where a line may pass."""
    assert point.total is not None
    x, y = grid.x(place), grid.y(point.total)
    sheet.area(x - MARK, y - MARK, 2 * MARK, 2 * MARK, fill)
    if fill.edge is None:
        sheet.box(x - MARK, y - MARK, 2 * MARK, 2 * MARK, edge=INK_1)
    text = plain(rounded(point.total, 2))
    wide = width_of(text, SMALL)
    left = min(max(x - wide / 2, 0), sheet.width - wide)
    sheet.box(left - 1, y - MARK - 17, wide + 2, 14, fill=PAPER)
    sheet.write(text, left, y - MARK - 6, size=SMALL)
