"""Draws a finished sheet with matplotlib's Figure, never pyplot: as SVG for a page, as PNG to download and print.

Words become outlines in SVG, not text: a picture shown by `<img>`, downloaded or printed elsewhere then has the Chinese
characters of our font wherever it is opened. What a reader of the screen needs stands in `<title>` and `<desc>`, and
in the table beside the chart. The same sheet gives the same bytes, and no `style` attribute is left, so that the
picture may stand inside a page under a strict content security policy.
"""

from __future__ import annotations

import io
import re
import threading
import warnings
from functools import cache, lru_cache
from math import sqrt
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font
from matplotlib.path import Path as Outline
from matplotlib.transforms import Affine2D
from PIL import Image

from starrating.charts import bitmaps
from starrating.charts.glyphs import Glyphs, face
from starrating.charts.sheet import Drawing, Region, Shape, Word
from starrating.charts.style import PAPER

FAMILY = "Noto Sans CJK SC"
FONTS = Path(__file__).parent / "fonts"
POINTS_PER_INCH = 72
PIXELS_PER_INCH = 96
PNG_PIXELS, PNG_LEVEL = 8_000_000, 2
"""So many pixels at most, and how hard they are pressed: three hundred rows are drawn while somebody waits for them."""
DASHES = (3.0, 2.0)

_once = threading.Lock()

_STYLE = re.compile(r' style="([^"]*)"')
_COMMENT = re.compile(r"\s*<!--.*?-->", re.DOTALL)
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>\s*<defs>\s*<style.*?</style>\s*</defs>", re.DOTALL)
_HEAD = re.compile(r"^.*?<svg[^>]*>", re.DOTALL)
_ID = re.compile(r' id="([^"]*)"')
_LINK = re.compile(r'xlink:href="#([^"]*)"')
_GROUP = re.compile(r"[\n ]+")


def register_fonts() -> None:
    """Makes the fonts of the package known to matplotlib, once, before any other font of the same name."""
    with _once:
        _registered()


@cache
def _registered() -> None:
    ours = sorted(FONTS.glob("*.otf"))
    fontManager.ttflist[:] = [entry for entry in fontManager.ttflist if entry.name != FAMILY]
    for path in ours:
        fontManager.addfont(path)
    for weight in ("normal", "bold"):
        if Path(findfont(FontProperties(family=FAMILY, weight=weight), fallback_to_default=False)) not in ours:
            raise RuntimeError("the fonts of the charts are not the package's own")
    mpl.rcParams["svg.hashsalt"] = "starrating"
    mpl.rcParams["svg.fonttype"] = "path"


class _Ink(Artist):
    """Replays the marks of a sheet on whatever renderer the figure is drawn with."""

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self._drawing = drawing

    def draw(self, renderer: Any) -> None:
        """Every mark, in order."""
        scale, glyphs = renderer.points_to_pixels(1), Glyphs()
        vectors = getattr(renderer, "_vector_renderer", None)
        if vectors is not None:
            vectors._text2path = glyphs
        flip = Affine2D().scale(scale, -scale).translate(0, self._drawing.height * scale)
        for mark in self._drawing.marks:
            if isinstance(mark, Word):
                _write(renderer, mark, scale, glyphs if vectors is None else None)
            elif isinstance(mark, Region):
                _region(renderer, mark, flip, scale)
            else:
                _shape(renderer, mark, flip, scale)


def _write(renderer: Any, word: Word, scale: float, pixels: Glyphs | None) -> None:
    """A word as outlines, or as pixels where the picture is of them."""
    context = renderer.new_gc()
    context.set_foreground(word.colour)
    font = face(FAMILY, word.size, word.bold)
    if pixels is None:
        renderer.draw_text(context, word.x * scale, word.y * scale, word.text, font, 0, ismath=False)
    else:
        bitmaps.write(renderer, context, word, pixels.font(font), scale)
    context.restore()


def _shape(renderer: Any, shape: Shape, flip: Affine2D, scale: float) -> None:
    context = renderer.new_gc()
    context.set_linewidth(shape.weight * scale if shape.edge else 0)
    if shape.edge:
        context.set_foreground(shape.edge)
    if shape.dashed:
        context.set_dashes(0, [length * scale for length in DASHES])
    context.set_joinstyle("miter")
    context.set_capstyle("butt")
    context.set_snap(shape.closed or _straight(shape))
    points = [*shape.points, shape.points[0]] if shape.closed else list(shape.points)
    codes = [Outline.MOVETO, Outline.LINETO] * (len(points) // 2) if shape.pairs else None
    path = Outline(points, codes, closed=shape.closed)
    renderer.draw_path(context, path, flip, _paint(shape.fill) if shape.fill else None)
    context.restore()


def _region(renderer: Any, region: Region, flip: Affine2D, scale: float) -> None:
    context = renderer.new_gc()
    context.set_linewidth(region.weight * scale if region.edge else 0)
    if region.edge:
        context.set_foreground(region.edge)
    context.set_joinstyle("round")
    context.set_snap(False)
    points = [point for ring in region.rings for point in (*ring, ring[0])]
    codes = [
        code
        for ring in region.rings
        for code in (Outline.MOVETO, *[Outline.LINETO] * (len(ring) - 1), Outline.CLOSEPOLY)
    ]
    renderer.draw_path(context, Outline(points, codes), flip, _paint(region.fill) if region.fill else None)
    context.restore()


@lru_cache(maxsize=64)
def _paint(colour: str) -> tuple[float, ...]:
    return (*mpl.colors.to_rgb(colour), 1.0)


def _straight(shape: Shape) -> bool:
    """Whether a line runs along the grid of the pixels, where snapping makes it crisp."""
    return len({x for x, _ in shape.points}) == 1 or len({y for _, y in shape.points}) == 1


@cache
def letters() -> frozenset[str]:
    """Every character that the fonts of the package have."""
    register_fonts()
    maps = [get_font(str(path)).get_charmap() for path in sorted(FONTS.glob("*.otf"))]
    return frozenset.intersection(*(frozenset(map(chr, known)) for known in maps))


def _warn_of_missing(drawing: Drawing) -> None:
    """Says which characters will be seen as boxes: a test breaks on it, a server writes it to its log."""
    wanted = {letter for mark in drawing.marks if isinstance(mark, Word) for letter in mark.text}
    missing = sorted(wanted - letters())
    if missing:
        codes = ", ".join(f"U+{ord(letter):04X}" for letter in missing)
        warnings.warn(f"characters missing from the fonts of the charts: {codes}", stacklevel=3)


def _figure(drawing: Drawing) -> Figure:
    register_fonts()
    _warn_of_missing(drawing)
    size = (drawing.width / POINTS_PER_INCH, drawing.height / POINTS_PER_INCH)
    figure = Figure(figsize=size, dpi=POINTS_PER_INCH, facecolor=PAPER)
    figure.add_artist(_Ink(drawing))
    return figure


def draw_svg(drawing: Drawing, title: str, description: str, key: str) -> bytes:
    """The sheet as SVG, its ids beginning with `key` so that many charts may stand in one page."""
    canvas: Any = FigureCanvasSVG(_figure(drawing))
    stream = io.BytesIO()
    canvas.print_svg(stream, metadata={"Date": None, "Creator": None})
    return _plain(stream.getvalue().decode(), drawing, title, description, key).encode()


def draw_png(drawing: Drawing, dpi: int) -> bytes:
    """The sheet as PNG; at 96 dots an inch a pixel of the page is a pixel of the picture."""
    figure, dots = _figure(drawing), _dots(drawing, dpi)
    figure.set_dpi(dots * POINTS_PER_INCH / PIXELS_PER_INCH)
    stream = io.BytesIO()
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    drawn = Image.frombuffer("RGBA", canvas.get_width_height(physical=True), canvas.buffer_rgba())
    drawn.convert("RGB").save(stream, "PNG", dpi=(dots, dots), compress_level=PNG_LEVEL)
    del canvas.renderer  # a figure and its canvas hold one another: the pixels would wait for the collector of cycles
    return stream.getvalue()


def _dots(drawing: Drawing, dpi: int) -> int:
    """The dots an inch of a picture: fewer for a very long one, but never fewer than the page has."""
    pixels = drawing.width * drawing.height * (dpi / PIXELS_PER_INCH) ** 2
    return dpi if pixels <= PNG_PIXELS else max(int(dpi * sqrt(PNG_PIXELS / pixels)), min(dpi, PIXELS_PER_INCH))


def _plain(svg: str, drawing: Drawing, title: str, description: str, key: str) -> str:
    """matplotlib's SVG in pixels, with its title and description, without styles, comments and loose ids."""
    body = _METADATA.sub("", _COMMENT.sub("", _HEAD.sub("", svg, count=1)))
    used = set(_LINK.findall(body))
    body = _ID.sub(lambda found: f' id="{key}-{found[1]}"' if found[1] in used else "", body)
    body = _LINK.sub(lambda found: f'xlink:href="#{key}-{found[1]}"', body)
    body = _GROUP.sub(" ", _STYLE.sub(_attributes, body)).replace("> <", "><").strip()
    size = f'width="{drawing.width}" height="{drawing.height}" viewBox="0 0 {drawing.width} {drawing.height}"'
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    named = f'role="img" aria-labelledby="{key}-title {key}-desc" stroke-linejoin="round" stroke-linecap="butt"'
    words = f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-desc">{escape(description)}</desc>'
    return f"<svg {spaces} {size} {named}>{words}{body}\n"


def _attributes(found: re.Match[str]) -> str:
    """The declarations of a `style` as attributes: all that matplotlib writes here exist in both forms."""
    pairs = (part.split(":", 1) for part in found[1].split(";") if part.strip())
    return "".join(f' {name.strip()}="{value.strip()}"' for name, value in pairs)
