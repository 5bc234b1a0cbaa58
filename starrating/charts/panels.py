"""Lays out small panels side by side, each with a column a year of stacked shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from starrating.charts.chart import Heading, stamp
from starrating.charts.legend import draw_legend
from starrating.charts.measure import clean, lines_of
from starrating.charts.sheet import Drawing, Sheet, middle
from starrating.charts.style import GAP, INK_2, INK_3, LINE_2, NOTE, PHONE_WIDE, SMALL, TEXT, Fill, star_fills
from starrating.domain.exact import rounded
from starrating.domain.figures import fixed
from starrating.wording.language import translate

HIGH, SPACE = 110, 18
FIRST_LEVEL = 2
"""The column of the highest level in the table."""
ONE_DECIMAL = 34
"""How wide the room of a year is that has a decimal place above its column."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A place: for every year the counts of its levels, lowest first, None where it has none; their table rows."""

    name: str
    years: tuple[tuple[int, ...] | None, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a panel stands, how wide it is, and how many lines the names of its row take."""

    x: float
    top: float
    wide: float
    lines: int


def draw_panels(
    wide: int, panels: Sequence[Panel], years: Sequence[int], names: Sequence[str], heading: Heading,
    left_out: int = 0,
) -> Drawing:  # fmt: skip
    """All panels on one scale of shares; the share of the highest level stands above each column.

    `left_out` says how many more the table has.
    """
    sheet = Sheet(wide)
    fills = star_fills(len(names))
    entries = list(zip(fills, names, strict=True))[::-1]
    top = draw_legend(sheet, entries, taken=stamp(sheet, heading))
    said = translate("柱子是占已评的比例，柱顶的数是{level}占比（%）").format(level=names[-1])
    top = sheet.paragraph(said, 0, top + 8 + middle(SMALL), wide, size=SMALL, colour=INK_3) - 4
    across = 2 if wide <= PHONE_WIDE else 4
    each = (wide - SPACE * (across - 1)) / across
    for start in range(0, len(panels), across):
        row = panels[start : start + across]
        lines = max(len(lines_of(clean(panel.name), each, TEXT, True)) for panel in row)
        for place, panel in enumerate(row):
            _panel(sheet, panel, years, fills, _Place(place * (each + SPACE), top, each, lines))
        top += 19 * lines + 20 + HIGH + 34
    if left_out > 0:
        words = translate("图上是{level}占比最高的{shown}处，另外{count}处在表里。")
        said = words.format(level=names[-1], shown=len(panels), count=left_out)
        top = sheet.paragraph(said, 0, top + 6, wide, size=NOTE, colour=INK_3)
    return sheet.close(top - 6)


def _panel(sheet: Sheet, panel: Panel, years: Sequence[int], fills: Sequence[Fill], place: _Place) -> None:
    x, top, wide, lines = place.x, place.top, place.wide, place.lines
    for number, line in enumerate(lines_of(clean(panel.name), wide, TEXT, True)):
        sheet.write(line, x, top + 14 + 19 * number, size=TEXT, bold=True)
    top += 19 * lines + 20
    bottom = top + HIGH
    each = wide / len(years)
    sheet.line(((x, bottom + 0.5), (x + wide, bottom + 0.5)), LINE_2)
    for at, (year, counts) in enumerate(zip(years, panel.years, strict=True)):
        left, bar = x + at * each, min(each - 4, 34)
        centre = left + each / 2
        word = str(year) if each >= 36 else str(year)[2:]
        sheet.write(word, centre, bottom + 16, size=NOTE, colour=INK_3, align="middle")
        if counts is None:
            sheet.write("–", centre, bottom - 6, size=SMALL, colour=INK_3, align="middle")
            continue
        _bar(sheet, counts, fills, (centre - bar / 2, bottom, bar), panel.rows[at])
        share = 100 * Fraction(counts[-1], sum(counts))
        text = fixed(rounded(share, 1), 1) if each >= ONE_DECIMAL else str(rounded(share, 0))
        sheet.write(text, centre, top - 5, size=SMALL, colour=INK_2, align="middle")


def _bar(
    sheet: Sheet, counts: Sequence[int], fills: Sequence[Fill], place: tuple[float, float, float], row: int
) -> None:
    """The levels from the lowest up, all of them together as high as the panel; `place` is left, bottom, width."""
    x, y, wide = place
    whole = sum(counts)
    for level, (count, fill) in enumerate(zip(counts, fills, strict=True)):
        if count:
            high = HIGH * count / whole
            sheet.spot(x, y - high, wide, high, (row, FIRST_LEVEL + len(counts) - 1 - level))
            sheet.area(x, y - high, wide, max(high - (GAP if high > 3 * GAP else 0), 1), fill)
            y -= high
