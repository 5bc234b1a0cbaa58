"""Words laid out from memory stand where matplotlib puts them."""

from typing import Any

import pytest
from matplotlib.textpath import TextToPath

from starrating.charts.canvas import FAMILY, register_fonts
from starrating.charts.glyphs import MOST_LETTERS, MOST_WORDS, Glyphs, _letter, _word, face
from tests.charts.world import PLACES, draw

WORDS = ("第123镇", "天津市滨海新区", "1,234", "2024年五星12个", "和平区（15.6%）", "V1.1", "1020304050", "五",
         "“数”里；", *PLACES["long names"])  # fmt: skip


def places(by: Any, word: str, bold: bool, known: Any = None) -> tuple[list[Any], Any]:
    by_font: Any = TextToPath()
    font = by_font._get_font(face(FAMILY, 13, bold))
    letters, outlines, rects = by.get_glyphs_with_font(font, word, known, known is not None)
    assert rects == []
    return [(name, round(x, 4), round(y, 4), scale) for name, x, y, scale in letters], outlines


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("word", WORDS)
def test_letters_stand_where_matplotlib_puts_them(word: str, bold: bool) -> None:
    register_fonts()
    ours, outlines = places(Glyphs(), word, bold)
    theirs, drawn = places(TextToPath(), word, bold)
    assert ours == theirs
    assert {name: outline[0].tolist() for name, outline in outlines.items()} == {
        name: outline[0].tolist() for name, outline in drawn.items()
    }
    again, new = places(Glyphs(), word, bold, dict(outlines))
    assert (again, new) == (ours, {})


def test_bold_letters_are_other_letters() -> None:
    register_fonts()
    assert places(Glyphs(), "五星", True)[0] != places(Glyphs(), "五星", False)[0]


def test_what_is_remembered_is_bounded() -> None:
    draw("movement", "300 places").svg()
    assert 0 < _word.cache_info().currsize <= MOST_WORDS
    assert 0 < _letter.cache_info().currsize <= MOST_LETTERS
