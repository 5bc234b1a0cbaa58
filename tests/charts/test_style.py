"""The look: what is written can be read, the ramp falls in lightness, lines break where they may."""

from itertools import pairwise

import matplotlib.font_manager as fonts
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from starrating.charts.canvas import FAMILY, FONTS, register_fonts
from starrating.charts.diverging import DOWN, OUT, UP
from starrating.charts.measure import ADVANCES, clean, lines_of, width_of
from starrating.charts.style import PAPER, TILES, contrast, luminance, star_fills, tile_fill


@pytest.mark.parametrize("count", range(1, 8))
def test_the_ramp_begins_at_the_top_and_falls(count: int) -> None:
    fills = star_fills(count)
    assert len(fills) == count
    assert fills[0].hatched
    assert fills[0].colour == PAPER
    assert [fill.hatched for fill in fills[1:]] == [False] * (count - 1)
    light = [luminance(fill.colour) for fill in fills]
    assert light == sorted(light, reverse=True)
    assert len(set(light)) == count
    assert count == 1 or fills[-1].colour == "#7D2B14"


def test_four_levels_have_the_colours_of_the_design() -> None:
    assert [fill.colour for fill in star_fills(4)] == [PAPER, "#F2D491", "#C8821F", "#7D2B14"]


@pytest.mark.parametrize(
    "fill", [*star_fills(7), *star_fills(6), *star_fills(5), *map(tile_fill, range(4)), UP, DOWN, OUT]
)
def test_what_is_written_on_a_fill_can_be_read(fill: object) -> None:
    assert contrast(fill.colour, fill.ink) >= 4.5  # type: ignore[attr-defined]


def test_light_fills_have_an_outline() -> None:
    assert all(fill.edge for fill in star_fills(7) if contrast(fill.colour, PAPER) < 1.5)


def test_the_classes_of_the_map_and_the_sides_fall_in_lightness() -> None:
    light = [luminance(colour) for colour in TILES]
    assert all(one > other for one, other in pairwise(light))
    assert luminance(DOWN.colour) > 3 * luminance(OUT.colour)


def test_the_fonts_are_the_package_s_own() -> None:
    register_fonts()
    register_fonts()
    for weight in ("normal", "bold"):
        found = fonts.findfont(fonts.FontProperties(family=FAMILY, weight=weight), fallback_to_default=False)
        assert found.startswith(str(FONTS))
    assert [entry.name for entry in fonts.fontManager.ttflist].count(FAMILY) == 2
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL-copyright.txt").read_text(encoding="utf-8")


def test_widths_are_those_of_the_font() -> None:
    font = TTFont(FONTS / "NotoSansSC-Regular-starrating.otf")
    glyphs, metrics = font.getBestCmap(), font["hmtx"]
    assert {letter: metrics[glyphs[ord(letter)]][0] / 1000 for letter in ADVANCES} == ADVANCES
    assert width_of("北辰区12", 10) == pytest.approx(30 + 11.1)


def test_the_font_has_every_character_of_every_sentence() -> None:
    from babel.messages.extract import extract_from_dir

    found = extract_from_dir(FONTS.parent, method_map=[("**.py", "python")], keywords={"_": None, "translate": None})
    letters = {letter for _, _, message, _, _ in found for letter in message}
    for name in ("Regular", "Bold"):
        glyphs = TTFont(FONTS / f"NotoSansSC-{name}-starrating.otf").getBestCmap()
        assert {letter for letter in letters | set("▲▼–…·") if ord(letter) not in glyphs} == set()


@given(st.text(), st.integers(30, 400))
def test_no_letter_is_lost_where_lines_break(text: str, limit: int) -> None:
    text = clean(text)
    lines = lines_of(text, limit, 13)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(len(line) <= 1 or width_of(line, 13) <= limit for line in lines)


def test_lines_are_balanced_and_keep_punctuation() -> None:
    assert lines_of("白庙村农工商联合公司（村委会）", 13 * 10, 13) == ("白庙村农工商联合", "公司（村委会）")
    assert lines_of("五星最多在甲，降星最多在乙", 13 * 7, 13)[0].endswith("，")
    assert lines_of("", 100, 13) == ("",)


def test_what_cannot_be_written_is_left_out() -> None:
    assert clean("a\x00\u202e\ud800b\ufeff\tc") == "ab c"
