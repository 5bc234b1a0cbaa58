"""The one look of all charts: colours, the ramp of the stars, sizes; every number here is in CSS pixels."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

INK_1, INK_2, INK_3 = "#1B2530", "#46525E", "#5F6B76"
LINE_1, LINE_2, LINE_3 = "#DDE3E7", "#B9C3CA", "#7A8690"
PAPER, BACKGROUND = "#FFFFFF", "#F5F7F8"
STAR_EDGE = "#8A6A2C"

STARS = ("#7D2B14", "#C8821F", "#F2D491", "#F9EBCB")
MORE_STARS = {
    5: ("#7D2B14", "#A2561A", "#C8821F", "#F2D491", "#F9EBCB"),
    6: ("#7D2B14", "#A2561A", "#C8821F", "#E0AC58", "#F2D491", "#F9EBCB"),
}
"""The ramp where a scheme fills more levels than there are colours: steps between, lightness still falling in order."""

PROMOTED, DEMOTED, STRIPPED = "#0E5A70", "#E59A63", "#8E0F2E"
"""Never red against green; the two that go down differ in lightness, the side says the direction."""

TILES = ("#EAF3F5", "#B9D8DF", "#5E9DAD", "#0E5A70")
TILE_EDGE = "#5E9DAD"

GAP = 2
NOTE, SMALL, TEXT, TITLE = 12, 12, 13, 16
HATCH_STEP = 6


class Width(StrEnum):
    """For which screen a chart is drawn: a page 1366 wide, or a phone, which is drawn anew and never shrunk."""

    DESK = "desk"
    PHONE = "phone"


BARS_WIDE, MAP_WIDE, PHONE_WIDE = 686, 424, 358


@dataclass(frozen=True, slots=True)
class Fill:
    """How an area is filled: a colour and what may be written on it, an outline, hatched, dashed."""

    colour: str
    ink: str
    edge: str | None = None
    hatched: bool = False
    dashed: bool = False


HOLLOW = Fill(PAPER, INK_1, edge=INK_3, hatched=True)
UNRATED = Fill(PAPER, INK_2, edge=INK_3, dashed=True)


def star_fills(levels: int) -> tuple[Fill, ...]:
    """The fills of so many levels, lowest first: hollow and hatched, then the ramp taken from the top.

    Raises:
        ValueError: where there are no levels, or more than seven.
    """
    if not 1 <= levels <= 7:
        raise ValueError(f"a chart shows 1 to 7 levels, not {levels}")
    filled = levels - 1
    ramp = STARS[:filled] if filled <= len(STARS) else MORE_STARS[filled]
    return (HOLLOW, *(star_fill(colour) for colour in reversed(ramp)))


def star_fill(colour: str) -> Fill:
    """One colour of the ramp, with ink that can be read on it; light ones have an outline."""
    light = luminance(colour) > 0.45
    return Fill(colour, PAPER if contrast(colour, PAPER) >= 4.5 else INK_1, edge=STAR_EDGE if light else None)


def tile_fill(index: int) -> Fill:
    """The fill of a class of the tile map."""
    return Fill(TILES[index], PAPER if index == len(TILES) - 1 else INK_1, edge=TILE_EDGE)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2.2 defines it, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
