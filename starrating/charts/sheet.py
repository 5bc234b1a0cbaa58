"""A sheet on which a chart is laid out: shapes and words in pixels, y downwards, before any library draws them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from starrating.charts.measure import clean, lines_of, width_of
from starrating.charts.style import HATCH_STEP, INK_1, INK_3, PAPER, TEXT, Fill

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shape:
    """An area; a line through points where not `closed`; lines between each two points where they are `pairs`."""

    points: tuple[Point, ...]
    fill: str | None = None
    edge: str | None = None
    weight: float = 1
    dashed: bool = False
    closed: bool = True
    pairs: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """Words from the left end of their baseline."""

    text: str
    x: float
    y: float
    size: float
    colour: str
    bold: bool


@dataclass(frozen=True, slots=True)
class Region:
    """An area of several rings, holes running the other way round than what they lie in."""

    rings: tuple[tuple[Point, ...], ...]
    fill: str | None = None
    edge: str | None = None
    weight: float = 1

    @property
    def points(self) -> tuple[Point, ...]:
        """The points of all rings."""
        return tuple(point for ring in self.rings for point in ring)


Mark = Shape | Word | Region
Cell = tuple[int, int]
"""Row and column of a number in the table beside the picture."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the picture that shows a number: its outline, and the row and column of the number in the table.

    A number that no cell of the table has stands in a row before the first, -1, -2, …, and says itself what it is.
    """

    points: tuple[Point, ...]
    row: int
    column: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A finished sheet: its size and what is on it, in the order of drawing."""

    width: int
    height: int
    marks: tuple[Mark, ...]
    spots: tuple[Spot, ...] = ()


@dataclass(slots=True)
class Sheet:
    """A sheet being drawn on; it ends where `close` says."""

    width: int
    marks: list[Mark] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)

    def area(self, x: float, y: float, width: float, height: float, fill: Fill, weight: float = 1) -> None:
        """A rectangle in a fill, hatched and outlined as the fill says; the outline lies inside."""
        if fill.hatched:
            self.box(x, y, width, height, fill=fill.colour)
            self._hatch(x, y, width, height)
        inset = weight / 2 if fill.edge else 0
        self.box(
            x + inset,
            y + inset,
            max(width - 2 * inset, 0.5),
            height - 2 * inset,
            fill=None if fill.hatched else fill.colour,
            edge=fill.edge,
            weight=weight,
            dashed=fill.dashed,
        )

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str | None = None,
        edge: str | None = None,
        weight: float = 1,
        dashed: bool = False,
    ) -> None:
        """A plain rectangle."""
        corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
        self.marks.append(Shape(_rounded(corners), fill, edge, weight, dashed))

    def polygon(self, points: Sequence[Point], fill: str, edge: str | None = None) -> None:
        """An area within any outline."""
        self.marks.append(Shape(_rounded(points), fill, edge, 0.6))

    def region(
        self, rings: Iterable[Iterable[Point]], *, fill: str | None = None, edge: str | None = None, weight: float = 1
    ) -> None:
        """An area of several rings."""
        self.marks.append(Region(tuple(_rounded(ring) for ring in rings), fill, edge, weight))

    def line(self, points: Sequence[Point], colour: str, *, weight: float = 1, dashed: bool = False) -> None:
        """A line through points."""
        self.marks.append(Shape(_rounded(points), None, colour, weight, dashed, closed=False))

    def lines(self, ends: Sequence[Point], colour: str, *, weight: float = 1, dashed: bool = False) -> None:
        """Lines between each two points, all of one kind."""
        if ends:
            self.marks.append(Shape(_rounded(ends), None, colour, weight, dashed, closed=False, pairs=True))

    def write(
        self,
        text: str,
        x: float,
        y: float,
        *,
        size: float = TEXT,
        colour: str = INK_1,
        bold: bool = False,
        align: str = "left",
    ) -> float:
        """Words on the baseline `y`, by their left end, middle or right end at `x`; returns how wide they are."""
        text = clean(text)
        wide = width_of(text, size, bold)
        start = {"left": x, "middle": x - wide / 2, "right": x - wide}[align]
        if text.strip():
            self.marks.append(Word(text, round(start, 2), round(y, 2), size, colour, bold))
        return wide

    def centred(self, text: str, x: float, y: float, *, size: float = TEXT, fill: Fill, bold: bool = False) -> None:
        """Words in the middle of an area; on a hatched one with paper behind them."""
        if fill.hatched:
            wide = width_of(text, size, bold) + 6
            self.box(x - wide / 2, y - size / 2 - 1, wide, size + 2, fill=PAPER)
        self.write(text, x, y + middle(size), size=size, colour=fill.ink, bold=bold, align="middle")

    def paragraph(
        self,
        text: str,
        x: float,
        y: float,
        limit: float,
        *,
        size: float = TEXT,
        colour: str = INK_1,
        bold: bool = False,
    ) -> float:
        """Words from baseline `y` on, in lines of at most `limit`; returns the baseline of a next line."""
        for line in lines_of(clean(text), limit, size, bold):
            self.write(line, x, y, size=size, colour=colour, bold=bold)
            y += round(size * 1.5)
        return y

    def add(self, drawing: Drawing, down: float) -> None:
        """What another sheet shows, moved down."""
        self.marks += (moved(mark, 0, down) for mark in drawing.marks)

    def spot(self, x: float, y: float, width: float, height: float, cell: Cell, text: str = "") -> None:
        """A rectangle that shows the number of a cell of the table."""
        corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
        self.spot_within(corners, cell, text)

    def spot_within(self, points: Iterable[Point], cell: Cell, text: str = "") -> None:
        """An area of any shape that shows the number of a cell of the table."""
        self.spots.append(Spot(_rounded(points), *cell, text))

    def close(self, height: float) -> Drawing:
        """The finished sheet."""
        return Drawing(self.width, round(height + 0.49), tuple(self.marks), tuple(self.spots))

    def _hatch(self, x: float, y: float, width: float, height: float) -> None:
        """Lines of 45 degrees, cut at the rectangle: drawn by ourselves so that SVG and PNG show the same ones."""
        offset, ends = HATCH_STEP / 2, list[Point]()
        while offset < width + height:
            ends.append((x + min(offset, width), y + max(offset - width, 0)))
            ends.append((x + max(offset - height, 0), y + min(offset, height)))
            offset += HATCH_STEP
        self.lines(ends, INK_3, weight=0.7)


def middle(size: float) -> float:
    """How far below the middle of a line its baseline lies."""
    return round(size * 0.37, 2)


def moved(mark: Mark, right: float, down: float) -> Mark:
    """The same mark at another place."""
    if isinstance(mark, Word):
        return Word(mark.text, mark.x + right, mark.y + down, mark.size, mark.colour, mark.bold)
    if isinstance(mark, Region):
        rings = tuple(tuple((x + right, y + down) for x, y in ring) for ring in mark.rings)
        return Region(rings, mark.fill, mark.edge, mark.weight)
    points = tuple((x + right, y + down) for x, y in mark.points)
    return Shape(points, mark.fill, mark.edge, mark.weight, mark.dashed, mark.closed, mark.pairs)


def _rounded(points: Iterable[Point]) -> tuple[Point, ...]:
    return tuple((round(x, 2), round(y, 2)) for x, y in points)
