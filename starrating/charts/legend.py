"""The line above a chart that says which fill means what, with the count of each; it wraps on a phone."""

from __future__ import annotations

from collections.abc import Sequence

from starrating.charts.measure import clean, width_of
from starrating.charts.sheet import Sheet, middle
from starrating.charts.style import INK_2, SMALL, Fill

LINE = 22
SWATCH = 14


def draw_legend(sheet: Sheet, entries: Sequence[tuple[Fill, str]], *, taken: float = 0, top: float = 0) -> float:
    """Draws swatches with their words from `top` on, the first line `taken` shorter; returns where they end."""
    x, y = 0.0, top
    for fill, text in entries:
        wide = SWATCH + 5 + width_of(clean(text), SMALL)
        limit = sheet.width - (taken if y == top else 0)
        if x and x + wide > limit:
            x, y = 0.0, y + LINE
        sheet.area(x, y + 5, SWATCH, 12, fill)
        sheet.write(text, x + SWATCH + 5, y + 11 + middle(SMALL), size=SMALL, colour=INK_2)
        x += wide + 16
    return y + LINE + 4
