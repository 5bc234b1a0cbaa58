"""What a chart is: a picture, its finding in words, its numbers as a table and CSV, and the key of its bytes."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from starrating.charts.measure import clean, lines_of
from starrating.charts.sheet import Drawing, Sheet, middle, moved
from starrating.charts.style import INK_1, INK_2, INK_3, LINE_2, NOTE, TEXT, TITLE
from starrating.domain.exact import rounded
from starrating.domain.figures import fixed, plain
from starrating.interchange.inert import inert as inert_text
from starrating.wording.language import translate

DRAWING_VERSION = 2
"""Raise it when the same sheet would be drawn otherwise: all digests, and so all cached pictures, become new."""

MOST_PIXELS = 30_000
"""How high a PNG may be: renderers end at 65,535, viewers before."""

Cell = str | int | Decimal


@dataclass(frozen=True, slots=True)
class Heading:
    """What a chart is about, beside its numbers: `2025年度村`, who is counted (`村`), where from; 示例 or not."""

    subject: str
    noun: str
    source: str = ""
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a chart: a header, rows of the same length, and the row that adds them up where that has sense."""

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()

    def csv(self) -> str:
        """All rows as CSV (RFC 4180); text that a spreadsheet would run as a formula leaves as text."""
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\r\n")
        for row in (self.header, *self.rows, self.total):
            if row:
                writer.writerow([inert(cell) for cell in row])
        return stream.getvalue()


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart that is laid out; the pictures are drawn when they are asked for, anew each time."""

    name: str
    title: str
    alternative: str
    table: Table
    heading: Heading
    body: Drawing
    digest: str

    @property
    def width(self) -> int:
        """How wide the picture of the page is, in pixels."""
        return self.body.width

    @property
    def height(self) -> int:
        """How high the picture of the page is, in pixels."""
        return self.body.height

    def csv(self) -> str:
        """The numbers beside the chart as CSV."""
        return self.table.csv()

    def svg(self) -> bytes:
        """The picture for a page, whose frame shows title and source as text."""
        from starrating.charts.canvas import draw_svg

        return draw_svg(self.body, self.title, self.alternative, f"c{self.digest[:12]}")

    def png(self, dpi: int = 192) -> bytes:
        """The picture by itself, to download and print: with title, subject and source; a very high one is coarser."""
        from starrating.charts.canvas import draw_png

        if not 48 <= dpi <= 400:
            raise ValueError(f"a picture is drawn with 48 to 400 dots an inch, not {dpi}")
        alone = self.alone()
        return draw_png(alone, min(dpi, MOST_PIXELS * 96 // max(alone.height, alone.width)))

    def alone(self) -> Drawing:
        """The sheet with its title above and its source below, on a margin."""
        sheet = Sheet(self.body.width)
        down = sheet.paragraph(self.title, 0, TITLE + 2, sheet.width, size=TITLE, bold=True)
        down = sheet.paragraph(clean(self.heading.subject), 0, down - 3, sheet.width, size=NOTE, colour=INK_2)
        sheet.add(self.body, down - 6)
        down += self.body.height + 8
        if self.heading.source:
            down = sheet.paragraph(self.heading.source, 0, down, sheet.width, size=NOTE, colour=INK_3)
        return _with_margin(sheet.close(down - 8))


def finished(
    name: str, heading: Heading, sheet: Drawing, *, title: str, alternative: str, table: Table, drawn_from: str = ""
) -> Chart:
    """A chart with its digest, which covers every mark, word and number of it and the version of the drawing.

    `drawn_from` is the digest of a file that the picture is drawn from, too.
    """
    title, alternative = clean(title), clean(alternative)
    more = (drawn_from,) if drawn_from else ()
    known = repr((DRAWING_VERSION, name, heading, sheet, title, alternative, table, *more))
    digest = hashlib.sha256(known.encode("utf-8", "surrogatepass")).hexdigest()
    return Chart(name, title, alternative, table, heading, sheet, digest)


def empty(name: str, heading: Heading, width: int, *, what: str, to_do: str, header: Sequence[str]) -> Chart:
    """A chart without numbers: says what is missing and what to do first."""
    sheet = Sheet(width)
    height = 168
    sheet.box(0.5, 0.5, width - 1, height - 1, edge=LINE_2, dashed=True)
    centre = width / 2
    sheet.write(what, centre, 72, size=TITLE, bold=True, align="middle")
    for place, line in enumerate(lines_of(clean(to_do), width - 48, TEXT)):
        sheet.write(line, centre, 100 + 20 * place, colour=INK_2, align="middle")
    table = Table(tuple(header), ())
    return finished(
        name, heading, sheet.close(height + 8), title=what, alternative=f"{what}{translate('。')}{to_do}", table=table
    )


def share_of(part: int, whole: int) -> Fraction | None:
    """A share, None of nothing."""
    return Fraction(part, whole) if whole else None


def percent(share: Fraction | None) -> str:
    """A share as people read it, one decimal place, rounded half up: `9.8%`."""
    return "–" if share is None else f"{fixed(rounded(share * 100, 1), 1)}%"


@lru_cache(maxsize=4096)
def percent_cell(share: Fraction | None) -> Cell:
    """A share as a number of percent for a table; blank of nothing."""
    return "" if share is None else Decimal(fixed(rounded(share * 100, 1), 1))


def number_cell(value: Fraction) -> Cell:
    """An exact number for a table: a decimal, or a fraction as text where it does not end."""
    text = plain(value)
    return text if "/" in text else Decimal(text)


def inert(cell: Cell) -> str:
    """A cell as it is written to CSV: numbers as they are, text that begins like a formula behind an apostrophe."""
    if not isinstance(cell, str):
        return str(cell)
    return inert_text(cell)


def stamp(sheet: Sheet, heading: Heading) -> float:
    """Marks invented numbers as 示例 in the upper right corner; returns how much of the first line it takes."""
    if not heading.sample:
        return 0
    word = translate("示例")
    wide = 16 + sheet.write(word, sheet.width - 8, 11 + middle(NOTE), size=NOTE, colour=INK_1, align="right")
    sheet.box(sheet.width - wide + 0.5, 1.5, wide - 1, 19, edge=INK_1)
    return wide + 12


def _with_margin(drawing: Drawing, margin: int = 16) -> Drawing:
    marks = tuple(moved(mark, margin, margin) for mark in drawing.marks)
    return Drawing(drawing.width + 2 * margin, drawing.height + 2 * margin, marks)
