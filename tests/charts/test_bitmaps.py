"""Words of a PNG: the pixels that matplotlib's own letters have, where the SVG has them; remembered, with a bound."""

from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.path import Path as Outline
from matplotlib.textpath import TextToPath

from starrating.charts import bitmaps
from starrating.charts.canvas import FAMILY, register_fonts
from starrating.charts.glyphs import Glyphs, _letter, _word, face, placed
from starrating.charts.sheet import Word
from tests.charts.world import draw

WIDE, HIGH, BASE = 600, 60, 40


def inked(text: str, x: float, *, size: float = 12, bold: bool = False, scale: float = 2.0, ours: bool = True) -> Any:
    """How dark each pixel is of a word written by us or by matplotlib."""
    register_fonts()
    renderer: Any = RendererAgg(WIDE, HIGH, TextToPath.DPI * scale)
    context, properties = renderer.new_gc(), face(FAMILY, size, bold)
    if ours:
        word = Word(text, x / scale, BASE / scale, size, "#000000", bold)
        bitmaps.write(renderer, context, word, Glyphs().font(properties), scale)
    else:
        renderer.draw_text(context, x, BASE, text, properties, 0)
    return np.array(renderer.buffer_rgba())[:, :, 3]


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("scale", [1.0, 1.25, 2.0])
@pytest.mark.parametrize("text", ["津", "8", "（", "V", "▲"])
def test_a_letter_has_the_pixels_that_matplotlib_gives_it(text: str, scale: float, bold: bool) -> None:
    assert inked(text, 20, bold=bold, scale=scale).any()
    assert np.array_equal(inked(text, 20, bold=bold, scale=scale), inked(text, 20, bold=bold, scale=scale, ours=False))


def test_a_letter_begins_at_a_quarter_of_a_pixel() -> None:
    assert np.array_equal(inked("8", 20.2), inked("8", 20.25))
    assert np.array_equal(inked("8", 20.25), inked("8", 20.25, ours=False))
    assert not np.array_equal(inked("8", 20.0), inked("8", 20.25))
    assert np.array_equal(inked("8", 20.0), inked("8", 19.9))


@pytest.mark.parametrize("text", ["占已评的比例，条里是个数", "1,234.50%", "第123镇", "A Township To Type"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_word_is_as_wide_as_in_the_svg(text: str, scale: float) -> None:
    register_fonts()
    letters = placed(Glyphs().font(face(FAMILY, 12, False)), text)
    ink = np.flatnonzero(inked(text, 20, scale=scale).any(axis=0))
    for at, edge in ((0, ink[0]), (-1, ink[-1] + 1)):
        _, x, _, (points, codes) = letters[at]
        points = points[np.asarray(codes) != Outline.CLOSEPOLY]
        outline = x + (points[:, 0].min() if at == 0 else points[:, 0].max())
        assert abs(20 + outline * 12 * scale / TextToPath.FONT_SCALE - edge) <= 1.5


def test_drawn_as_pixels_first_or_not_the_svg_is_the_same() -> None:
    def fresh() -> bytes:
        for known in (bitmaps._bitmap, _letter, _word):
            known.cache_clear()
        return draw("heat", "one place").svg()

    before = fresh()
    draw("heat", "one place").png(131)
    assert draw("heat", "one place").svg() == before == fresh()


def test_the_same_sheet_gives_the_same_pixels_remembered_or_not() -> None:
    chart = draw("movement", "city")
    first = chart.png(96)
    chart.png(192)
    bitmaps._bitmap.cache_clear()
    assert chart.png(96) == first == chart.png(96)


def test_what_is_remembered_is_bounded() -> None:
    draw("stars_by_township", "300 places").png()
    assert 0 < bitmaps._bitmap.cache_info().currsize <= bitmaps.MOST_BITMAPS
