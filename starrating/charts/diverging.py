"""Lays out rows of bars that go both ways from one line, with the number at the end of each bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starrating.charts.bars import BAR, DENSE_FROM, NAMES_WIDE
from starrating.charts.chart import Heading, stamp
from starrating.charts.legend import draw_legend
from starrating.charts.measure import clean, lines_of, width_of
from starrating.charts.sheet import Drawing, Sheet, middle
from starrating.charts.style import (
    DEMOTED,
    GAP,
    INK_1,
    INK_2,
    INK_3,
    LINE_1,
    LINE_3,
    PAPER,
    PHONE_WIDE,
    PROMOTED,
    SMALL,
    STRIPPED,
    TEXT,
    Fill,
)
from starrating.wording.language import translate

UP = Fill(PROMOTED, PAPER)
DOWN = Fill(DEMOTED, INK_1)
OUT = Fill(STRIPPED, PAPER)
LEAST_SCALE = 5
UP_AT, DOWN_AT, OUT_AT = 1, 3, 4
"""In which columns of the table the numbers of the bars stand."""


@dataclass(frozen=True, slots=True)
class Sides:
    """A row: what goes right, what goes left (nearer and farther), and what stays."""

    name: str
    right: int
    near: int
    far: int
    held: int
    first: int

    @property
    def left(self) -> int:
        """All that goes left."""
        return self.near + self.far


@dataclass(frozen=True, slots=True)
class _Grid:
    phone: bool
    dense: bool
    names: float
    zero: float
    scale: float
    columns: bool

    @property
    def bar(self) -> int:
        return 12 if self.dense else BAR

    def lines(self, row: Sides) -> tuple[str, ...]:
        limit = 200 if self.phone else self.names
        return lines_of(clean(row.name), limit, TEXT)

    def height(self, lines: int) -> float:
        if self.phone:
            return lines * 18 + self.bar + 12
        return max(self.bar + (4 if self.dense else 8), lines * 18 + 4)


def draw_sides(wide: int, rows: Sequence[Sides], total: Sides, heading: Heading) -> Drawing:
    """The bars of all rows on one scale, 保星 and 首次评定 as numbers beside them."""
    sheet = Sheet(wide)
    entries = [
        (UP, f"▲{translate('晋星')} {total.right:,}"),
        (DOWN, f"▼{translate('降星')} {total.near:,}"),
        (OUT, f"▼{translate('取消星级')} {total.far:,}"),
    ]
    top = draw_legend(sheet, entries, taken=stamp(sheet, heading))
    grid = _grid(wide, rows)
    top = _heads(sheet, grid, bool(total.first), top)
    start = top
    if not grid.phone:
        sheet.lines(_between(grid, rows, top, wide), LINE_1)
    for place, row in enumerate(rows):
        height = grid.height(len(grid.lines(row)))
        _row(sheet, grid, row, place, (top, bool(total.first)))
        top += height
    if not grid.phone:
        sheet.line(((grid.zero, start), (grid.zero, top)), LINE_3)
    return sheet.close(top + 4)


def _between(grid: _Grid, rows: Sequence[Sides], top: float, wide: int) -> list[tuple[float, float]]:
    """The ends of the lines above all rows."""
    ends: list[tuple[float, float]] = []
    for row in rows:
        ends += [(0, top), (wide, top)]
        top += grid.height(len(grid.lines(row)))
    return ends


def _grid(wide: int, rows: Sequence[Sides]) -> _Grid:
    phone = wide <= PHONE_WIDE
    names = 0.0 if phone else min(max(width_of(clean(row.name), TEXT) for row in rows), NAMES_WIDE)
    right = wide - (0 if phone else 120)
    left = 0.0 if phone else names + 12
    most_left, most_right = max(row.left for row in rows), max(row.right for row in rows)
    room = 2 * (8 + width_of(f"{max(most_left, most_right):,}", SMALL))
    scale = (right - left - room) / max(most_left + most_right, LEAST_SCALE)
    spare = (right - left - room) - scale * (most_left + most_right)
    zero = left + room / 2 + scale * most_left + spare / 2
    return _Grid(phone, len(rows) > DENSE_FROM, names, zero, scale, not phone)


def _heads(sheet: Sheet, grid: _Grid, first: bool, top: float) -> float:
    base = top + 9 + middle(SMALL)
    down, up = translate("←降星、取消"), translate("晋星→")
    at = max(grid.zero, width_of(down, SMALL) + 8)
    sheet.write(down, at - 8, base, size=SMALL, colour=INK_3, align="right")
    sheet.write(up, at + 8, base, size=SMALL, colour=INK_3)
    if grid.columns:
        sheet.write(
            translate("保星"), sheet.width - (62 if first else 0), base, size=SMALL, colour=INK_3, align="right"
        )
        if first:
            sheet.write(translate("首次评定"), sheet.width, base, size=SMALL, colour=INK_3, align="right")
    return top + 24


def _row(sheet: Sheet, grid: _Grid, row: Sides, place: int, at: tuple[float, bool]) -> None:
    """A row from `top` on, in the table at `place`; `first` is whether any row has 首次评定."""
    top, first = at
    lines = grid.lines(row)
    height = grid.height(len(lines))
    begin = top + (9 if grid.phone else height / 2 - 9 * (len(lines) - 1))
    for number, line in enumerate(lines):
        base = begin + 18 * number + middle(TEXT)
        sheet.write(line, grid.names, base, align="left" if grid.phone else "right")
    _beside(sheet, grid, row, begin if grid.phone else top + height / 2, first)
    bar = top + (18 * len(lines) + 2 if grid.phone else (height - grid.bar) / 2)
    if grid.phone:
        sheet.line(((grid.zero, bar - 3), (grid.zero, bar + grid.bar + 3)), LINE_3)
    _bars(sheet, grid, row, place, bar)


def _beside(sheet: Sheet, grid: _Grid, row: Sides, centre: float, first: bool) -> None:
    base = centre + middle(SMALL)
    if grid.columns:
        sheet.write(f"{row.held:,}", sheet.width - (62 if first else 0), base, size=SMALL, align="right")
        if first:
            sheet.write(f"{row.first:,}", sheet.width, base, size=SMALL, align="right")
        return
    words = [f"{translate('保星')} {row.held:,}"] + ([f"{translate('首次评定')} {row.first:,}"] if first else [])
    sheet.write("  ".join(words), sheet.width, base, size=SMALL, colour=INK_2, align="right")


def _bars(sheet: Sheet, grid: _Grid, row: Sides, place: int, bar: float) -> None:
    base = bar + grid.bar / 2 + middle(SMALL)
    x = grid.zero + GAP / 2
    if row.right:
        wide = max(row.right * grid.scale - GAP / 2, 1.5)
        sheet.area(x, bar, wide, grid.bar, UP)
        sheet.spot(x, bar - 2, wide, grid.bar + 4, (place, UP_AT))
        x += wide
    sheet.write(f"{row.right:,}", x + 4, base, size=SMALL)
    x = grid.zero
    for count, fill, column in ((row.near, DOWN, DOWN_AT), (row.far, OUT, OUT_AT)):
        if not count:
            continue
        wide = max(count * grid.scale - GAP, 1.5)
        sheet.area(x - GAP / 2 - wide, bar, wide, grid.bar, fill)
        sheet.spot(x - GAP / 2 - wide, bar - 2, wide, grid.bar + 4, (place, column))
        if row.near and row.far and not grid.dense and width_of(f"{count:,}", SMALL) + 4 <= wide:
            sheet.centred(f"{count:,}", x - GAP / 2 - wide / 2, bar + grid.bar / 2, size=SMALL, fill=fill)
        x -= wide + GAP
    sheet.write(f"{row.left:,}", x - 3, base, size=SMALL, align="right")
