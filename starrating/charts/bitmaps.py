"""Words as pixels: every letter is rasterised once for its size, and stands where it stands in the SVG."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.ft2font import LoadFlags, RenderMode
from matplotlib.textpath import TextToPath

from starrating.charts.glyphs import Font, placed
from starrating.charts.sheet import Word

MOST_BITMAPS = 4096
"""How many letters are remembered, of some hundred bytes each."""
PHASES = 4
"""A letter begins at a quarter of a pixel; its baseline lies on a whole one, where it is crisp."""
WHOLE, UNIT = 0x10000, 0x40
"""How FreeType counts: a matrix in parts of 65,536, lengths in parts of 64."""


def write(renderer: Any, context: Any, word: Word, font: Font, scale: float) -> None:
    """The letters of a word, from memory where they are known, on a picture of so many pixels a pixel of the sheet."""
    size, canvas = word.size * scale, renderer._renderer
    start, base = word.x * scale, round(word.y * scale)
    for name, x, _, _ in placed(font, word.text):
        at, phase = divmod(round((start + x * size / TextToPath.FONT_SCALE) * PHASES), PHASES)
        left, top, pixels = _bitmap(font, int(name.rpartition("-")[2], 16), size, phase)
        if pixels.size:
            canvas.draw_text_image(pixels, at + left, base - top + pixels.shape[0], 0, context)


@lru_cache(maxsize=MOST_BITMAPS)
def _bitmap(font: Font, glyph: int, size: float, phase: int) -> tuple[int, int, Any]:
    """A letter's pixels, and where they stand from its origin: to the right, and up to the upper edge."""
    font.font.set_size(size, TextToPath.DPI)
    font.font._set_transform([[WHOLE, 0], [0, WHOLE]], [round(UNIT * phase / PHASES), 0])
    drawn = font.font._render_glyph(glyph, LoadFlags.DEFAULT, RenderMode.NORMAL)
    return int(drawn.left), int(drawn.top), np.array(drawn.buffer)
