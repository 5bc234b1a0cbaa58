"""Lays out columns of stacked parts and the bands that flow from one to the next; every unit keeps its height."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi

from starrating.charts.chart import Heading, stamp
from starrating.charts.legend import draw_legend
from starrating.charts.measure import width_of
from starrating.charts.sheet import Drawing, Point, Sheet, middle
from starrating.charts.style import INK_1, PAPER, PHONE_WIDE, SMALL, TEXT, UNRATED, Fill, star_fills
from starrating.wording.language import translate

STEPS = 24
"""Of how many straight pieces the side of a band is made."""
UNITS_AT = 4
"""The column of the table that says how many went a way."""
SPACE = 8
"""Between two parts of a column."""
HELD, UP, DOWN = Fill("#E3E8EB", INK_1), Fill("#9CC4CE", INK_1), Fill("#EFC3A2", INK_1)
"""Down is lighter than up and the slope says the direction: no colour is needed to tell them apart."""
FILLS = {0: HELD, 1: UP, -1: DOWN}
LEAST_WRITTEN = 13
"""How high a band or a part is that has its number on it."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A column: its name, its parts from the top down."""

    name: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """What goes from a part of one column to a part of the next, by their places from the top; `way` -1, 0 or 1."""

    start: int
    end: int
    units: int
    way: int


@dataclass(frozen=True, slots=True)
class _Grid:
    left: float
    node: float
    gap: float
    top: float
    scale: float

    def x(self, column: int) -> float:
        return self.left + column * (self.node + self.gap)


def draw_alluvial(
    wide: int, stacks: Sequence[Stack], bands: Sequence[Sequence[Band]], names: Sequence[str], heading: Heading
) -> Drawing:
    """The columns with their bands; `names` are those of the parts, lowest level first, not rated last."""
    sheet = Sheet(wide)
    fills = (*star_fills(len(names) - 1)[::-1], UNRATED)
    top = draw_legend(sheet, _legend(stacks[-1], fills, names), taken=stamp(sheet, heading))
    ways = {band.way for step in bands for band in step}
    said = ((UP, 1, translate("往上")), (DOWN, -1, translate("往下")), (HELD, 0, translate("没有动")))
    top = draw_legend(sheet, [(fill, word) for fill, way, word in said if way in ways], top=top - 4)
    grid = _grid(wide, stacks, top + 22)
    row = 0
    for at, step in enumerate(bands):
        _flows(sheet, grid, stacks, (at, row), step)
        row += len(step)
    bottom = top
    for at, stack in enumerate(stacks):
        bottom = max(bottom, _column(sheet, grid, at, stack, list(zip(fills[:-1], names[-2::-1], strict=True))))
    return sheet.close(bottom + 6)


def _legend(last: Stack, fills: Sequence[Fill], names: Sequence[str]) -> list[tuple[Fill, str]]:
    """The levels with the counts of the last year."""
    ordered = (*names[-2::-1], names[-1])
    entries = list(zip(fills, ordered, last.counts, strict=True))
    shown = entries if last.counts[-1] else entries[:-1]
    return [(fill, f"{name} {count:,}") for fill, name, count in shown]


def _grid(wide: int, stacks: Sequence[Stack], top: float) -> _Grid:
    most = max(sum(stack.counts) for stack in stacks)
    node = max(28.0, max(width_of(f"{count:,}", SMALL) for stack in stacks for count in stack.counts) + 8)
    high = 260 if wide <= PHONE_WIDE else 300
    gap = (wide - node * len(stacks)) / (len(stacks) - 1)
    return _Grid(0, node, gap, top, high / most)


def _tops(grid: _Grid, stack: Stack) -> list[float]:
    """Where each part of a column begins."""
    found, y = [], grid.top
    for count in stack.counts:
        found.append(y)
        y += count * grid.scale + (SPACE if count else 0)
    return found


def _column(sheet: Sheet, grid: _Grid, at: int, stack: Stack, levels: Sequence[tuple[Fill, str]]) -> float:
    """A year's levels from the highest down; each is a spot of its own, but for those that are not rated in it."""
    x, bottom = grid.x(at), grid.top
    head = width_of(stack.name, TEXT, bold=True)
    left = min(max(x + grid.node / 2 - head / 2, 0), sheet.width - head)
    sheet.write(stack.name, left, grid.top - 8, size=TEXT, bold=True)
    parts = zip(_tops(grid, stack), stack.counts, (*levels, (UNRATED, "")), strict=True)
    for part, (top, count, (fill, name)) in enumerate(parts):
        if count:
            high = max(count * grid.scale, 1.5)
            sheet.area(x, top, grid.node, high, fill)
            if name:
                said = translate("{year}年度{level}{count}个").format(year=stack.name, level=name, count=f"{count:,}")
                sheet.spot(x, top, grid.node, high, (-1 - at, part), said)
            if high >= LEAST_WRITTEN:
                sheet.centred(f"{count:,}", x + grid.node / 2, top + high / 2, size=SMALL, fill=fill)
            bottom = max(bottom, top + high)
    return bottom


def _flows(sheet: Sheet, grid: _Grid, stacks: Sequence[Stack], place: tuple[int, int], bands: Sequence[Band]) -> None:
    """The bands of one step: those that stay first, so that the ones that move lie above them.

    `place` is the column that they leave, and the table's row of the first of them.
    """
    at, row = place
    starts, ends = _tops(grid, stacks[at]), _tops(grid, stacks[at + 1])
    begins = _ladder(starts, [(band.start, band.end) for band in bands], bands, grid.scale)
    finishes = _ladder(ends, [(band.end, band.start) for band in bands], bands, grid.scale)
    left, right = grid.x(at) + grid.node, grid.x(at + 1)
    ordered = sorted(range(len(bands)), key=lambda one: (bands[one].way != 0, -bands[one].units))
    for one in ordered:
        high = bands[one].units * grid.scale
        fill = FILLS[bands[one].way]
        outline = _outline(left, right, begins[one], finishes[one], high)
        sheet.polygon(outline, fill.colour, PAPER)
        sheet.spot_within(outline, (row + one, UNITS_AT))
    for one in ordered:
        high, text = bands[one].units * grid.scale, f"{bands[one].units:,}"
        if high >= LEAST_WRITTEN and right - left > 3 * width_of(text, SMALL):
            base = finishes[one] + high / 2 + middle(SMALL)
            sheet.write(text, right - 5, base, size=SMALL, colour=INK_1, align="right")


def _ladder(
    tops: Sequence[float], parts: Sequence[tuple[int, int]], bands: Sequence[Band], scale: float
) -> dict[int, float]:
    """Where each band begins (or ends) within its part; ordered by where it goes (or comes from), so few cross."""
    filled = list(tops)
    found: dict[int, float] = {}
    for one in sorted(range(len(bands)), key=parts.__getitem__):
        part = parts[one][0]
        found[one] = filled[part]
        filled[part] += bands[one].units * scale
    return found


def _outline(left: float, right: float, start: float, end: float, high: float) -> list[Point]:
    """A band of one height whose sides leave and arrive level."""
    along = [at / STEPS for at in range(STEPS + 1)]
    upper = [(left + (right - left) * t, start + (end - start) * (1 - cos(pi * t)) / 2) for t in along]
    return [*upper, *((x, y + high) for x, y in reversed(upper))]
