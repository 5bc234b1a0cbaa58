"""Lays out squares on a grid with a name and a number in each, and the classes of their colours below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from starrating.charts.chart import Heading, stamp
from starrating.charts.legend import LINE, draw_legend
from starrating.charts.measure import clean, lines_of, width_of
from starrating.charts.sheet import Drawing as Finished
from starrating.charts.sheet import Sheet, middle
from starrating.charts.style import INK_1, INK_3, NOTE, PAPER, TEXT, UNRATED, Fill, tile_fill
from starrating.wording.language import translate

LARGEST = 70
FRAME = Fill(PAPER, INK_1, edge=INK_1)


@dataclass(frozen=True, slots=True)
class Tile:
    """A square: where it lies, what stands in it, its class from 0 up (None: no number), framed or not.

    `at` is its row in the table, None where the table has none.
    """

    name: str
    column: int
    row: int
    text: str
    place: int | None
    framed: bool
    at: int | None = None


def draw_tiles(
    wide: int, tiles: Sequence[Tile], classes: Sequence[str], off: Sequence[str], heading: Heading
) -> Finished:
    """All squares, the framed one last so that its frame lies above its neighbours."""
    sheet = Sheet(wide)
    stamped = stamp(sheet, heading)
    columns, rows = (max(places) + 1 for places in zip(*((tile.column, tile.row) for tile in tiles), strict=True))
    side = min((wide - 6) // columns, LARGEST)
    left, top = (wide - side * columns) / 2, 4.0
    if stamped and any(tile.row == 0 and left + (tile.column + 1) * side > wide - stamped for tile in tiles):
        top += 26
    numbered = [tile.name for tile in tiles if not _fitting(tile.name, side - 2)]
    for tile in sorted(tiles, key=lambda tile: tile.framed):
        number = numbered.index(tile.name) + 1 if tile.name in numbered else None
        _tile(sheet, tile, number, (left + tile.column * side, top + tile.row * side), side - 2)
    bottom = draw_legend(sheet, _legend(tiles, classes), top=top + rows * side + 8)
    for place, name in enumerate(numbered, 1):
        bottom = sheet.paragraph(f"{place}  {name}", 0, bottom + 10, wide, size=NOTE, colour=INK_3) - 10
    note = translate("格子示意方位，不表示区界。")
    bottom = sheet.paragraph(note, 0, bottom + 10, wide, size=NOTE, colour=INK_3)
    if off:
        words = translate("图上没有格子的：{places}。数在表里。").format(places=translate("、").join(off))
        bottom = sheet.paragraph(words, 0, bottom, wide, size=NOTE, colour=INK_3)
    return sheet.close(bottom - LINE / 2)


def _legend(tiles: Sequence[Tile], classes: Sequence[str]) -> list[tuple[Fill, str]]:
    entries = [(tile_fill(place), text) for place, text in enumerate(classes)]
    if any(tile.place is None for tile in tiles):
        entries.append((UNRATED, translate("没有数")))
    return [*entries, (FRAME, translate("粗框是本区"))] if any(tile.framed for tile in tiles) else entries


def _tile(sheet: Sheet, tile: Tile, number: int | None, at: tuple[float, float], side: float) -> None:
    x, y = at
    fill = UNRATED if tile.place is None else tile_fill(tile.place)
    sheet.area(x, y, side, side, fill)
    if tile.framed:
        sheet.box(x - 0.5, y - 0.5, side + 1, side + 1, edge=INK_1, weight=3)
    if tile.at is not None and tile.place is not None:
        sheet.spot(x, y, side, side, (tile.at, 1))
    lines = _fitting(tile.name, side) if number is None else (str(number),)
    pitch = TEXT + 4
    first = y + side / 2 - pitch * len(lines) / 2
    for place, line in enumerate((*lines, tile.text)):
        is_name = place < len(lines)
        size = TEXT if is_name or side >= 52 else 11
        base = first + pitch * place + middle(size)
        sheet.write(line, x + side / 2, base, size=size, colour=fill.ink, bold=tile.framed and is_name, align="middle")


def _fitting(name: str, side: float) -> tuple[str, ...]:
    """The name in lines that leave room for the number below them; nothing where it does not fit."""
    limit = side - 8
    lines = lines_of(clean(name), limit, TEXT)
    whole = all(width_of(word, TEXT) <= limit for word in re.findall("[!-~]+", name))
    return lines if whole and (len(lines) + 1) * (TEXT + 4) <= side else ()
