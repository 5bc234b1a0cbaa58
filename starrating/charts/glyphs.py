"""Words as outlines, laid out once: what matplotlib would lay out anew for every word of every picture."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

MOST_WORDS, MOST_LETTERS = 4096, 2048
"""How many are remembered: a city's names and numbers; so a process does not grow with the pictures it draws."""
_EVEN = re.compile("[0-9\u4e00-\u9fff]+")
"""Letters that stand side by side as wide as they are: no pair of them is kerned or becomes one."""

Placed = tuple[str, float, float, Any]
"""A letter's name among the outlines, where it stands, and its outline."""


class Glyphs(TextToPath):
    """matplotlib's own outlines and places, from memory where they are known; one for each picture."""

    def __init__(self) -> None:
        super().__init__()
        self._fonts: dict[object, Any] = {}

    def _get_font(self, prop: FontProperties) -> Any:
        weight = prop.get_weight()
        if weight not in self._fonts:
            above: Any = super()
            self._fonts[weight] = above._get_font(prop)
        return self._fonts[weight]

    def get_glyphs_with_font(
        self,
        font: Any,
        s: str,
        glyph_map: Any = None,
        return_new_glyphs_only: bool = False,
        *,
        features: Any = None,
        language: Any = None,
    ) -> Any:
        """As of `TextToPath`; the fonts here are the package's two, told apart by their names."""
        known = {} if glyph_map is None else glyph_map
        new: dict[str, Any] = {} if return_new_glyphs_only else known
        letters = []
        for name, x, y, outline in placed(Font(font, self), s):
            letters.append((name, x, y, 1.0))
            if name not in known:
                new[name] = outline
        return letters, new, []

    def font(self, prop: FontProperties) -> Font:
        """The font of these properties."""
        return Font(self._get_font(prop), self)


def placed(font: Font, text: str) -> list[Placed]:
    """The letters of a word and where they stand, for a font of the size `TextToPath.FONT_SCALE`."""
    if not _EVEN.fullmatch(text):
        return _word(font, text)
    found, x = [], 0.0
    for letter in text:
        (name, _, _, outline), wide = _letter(font, letter)
        found.append((name, x, 0.0, outline))
        x += wide
    return found


class Font:
    """A font as a key of what is remembered: its name, whatever object reads it."""

    def __init__(self, font: Any, by: TextToPath) -> None:
        self.font, self.by = font, by

    def __hash__(self) -> int:
        return hash(self.font.postscript_name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Font) and self.font.postscript_name == other.font.postscript_name

    def placed(self, text: str) -> list[Placed]:
        """As matplotlib lays it out."""
        self.font.set_size(TextToPath.FONT_SCALE, TextToPath.DPI)
        letters, outlines, _ = TextToPath.get_glyphs_with_font(self.by, self.font, text)
        return [(name, float(x), float(y), outlines[name]) for name, x, y, _ in letters]


@lru_cache(maxsize=MOST_WORDS)
def _word(font: Font, text: str) -> list[Placed]:
    return font.placed(text)


@lru_cache(maxsize=MOST_LETTERS)
def _letter(font: Font, letter: str) -> tuple[Placed, float]:
    """A letter, and where the next one begins."""
    pair = font.placed(letter * 2)
    return pair[0], pair[1][1]


@lru_cache(maxsize=64)
def face(family: str, size: float, bold: bool) -> FontProperties:
    """A font by family, size and weight."""
    return FontProperties(family=family, size=size, weight="bold" if bold else "normal")
