"""Boundary map: the shares of the tile map in the outlines of a file that the office supplies, with its number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from starrating.charts.chart import Chart, Heading, empty, finished, stamp
from starrating.charts.legend import draw_legend
from starrating.charts.measure import clean, lines_of, width_of
from starrating.charts.outline import Outlines, Polygon, Projected, Room, extent_of, projected, simplified
from starrating.charts.sheet import Drawing, Point, Sheet, middle
from starrating.charts.style import (
    INK_1,
    INK_2,
    INK_3,
    MAP_WIDE,
    NOTE,
    PAPER,
    PHONE_WIDE,
    TEXT,
    UNRATED,
    Fill,
    Width,
    tile_fill,
)
from starrating.charts.tile_map import DistrictShare, classes_of, read_shares, without_shares
from starrating.wording.language import translate

NAME = "boundary_map"
HIGHEST = 520
SIDE = 26
"""What is left free on either side for numbers that stand beside the map."""
PITCH = 17
FRAME = Fill(PAPER, INK_1, edge=INK_1)
COARSE = 1.2
"""How much straighter than the picture the areas are that can be clicked, in pixels."""


@dataclass(frozen=True, slots=True)
class District:
    """A district: its code, what stands in it, its class (None: no number), whether framed, its row in the table."""

    name: str
    code: str
    text: str
    place: int | None
    framed: bool
    at: int | None

    @property
    def fill(self) -> Fill:
        """How it is filled."""
        return UNRATED if self.place is None else tile_fill(self.place)


def draw_boundary_map(
    rows: Sequence[DistrictShare],
    *,
    outlines: Outlines,
    codes: Mapping[str, str],
    measure: str,
    heading: Heading,
    own: str | None = None,
    width: Width = Width.DESK,
) -> Chart:
    """Every district in its outline; those that the file lacks are named below, their numbers stand in the table.

    Args:
        rows: parts and wholes of the districts, in any order.
        outlines: what the file holds.
        codes: the code in the file of every district of the city.
        measure: what the share is called (`晋星占比`).
        heading: what the numbers are about.
        own: the district that is framed.
        width: for which screen.
    """
    wide = PHONE_WIDE if width is Width.PHONE else MAP_WIDE
    read = read_shares(rows, measure, own)
    if not read.known:
        return without_shares(NAME, heading, wide, read)
    shown = {name: code for name, code in sorted(codes.items()) if code in outlines.districts}
    if not shown:
        what, to_do = translate("区界文件里没有本市的区"), translate("请看方格图；要画区界，请系统管理员换一份文件。")
        return empty(NAME, heading, wide, what=what, to_do=to_do, header=read.table.header)
    missing = sorted({*codes, *(row.district for row in rows)} - shown.keys())
    districts = [
        District(name, code, read.text(name), read.place(name), name == own, read.at(name))
        for name, code in shown.items()
    ]
    body = _laid_out(wide, districts, outlines, classes_of(read.breaks), missing, heading)
    words = translate("区界图，{subject}，审图号：{approval}。{finding}。{rows}").format(
        subject=heading.subject, approval=outlines.approval, finding=read.finding, rows=read.listed
    )
    return finished(
        NAME, heading, body, title=read.finding, alternative=words + _lacking(missing), table=read.table,
        drawn_from=outlines.digest,
    )  # fmt: skip


def _laid_out(
    wide: int,
    districts: Sequence[District],
    outlines: Outlines,
    classes: Sequence[str],
    missing: Sequence[str],
    heading: Heading,
) -> Drawing:
    """The map, its legend, the list of those whose names have no room, the approval number and who is missing."""
    sheet = Sheet(wide)
    top = 30.0 if stamp(sheet, heading) else 6.0
    codes = tuple(sorted(one.code for one in districts))
    shown = projected(outlines, codes, wide - 2 * SIDE, HIGHEST)
    placed = _placed(shown, (wide - shown.width) / 2, top)
    _areas(sheet, districts, placed)
    numbered, bottom = _named(sheet, districts, placed)
    bottom = draw_legend(sheet, _legend(districts, classes), top=max(top + shown.height, bottom) + 10)
    for number, one in enumerate(numbered, 1):
        words = f"{number}  {one.name}  {one.text}"
        bottom = sheet.paragraph(words, 0, bottom + 10, wide, size=NOTE, colour=INK_2) - 10
    since = outlines.since.isoformat()
    source = translate("审图号：{approval}。区界文件{since}导入。").format(approval=outlines.approval, since=since)
    notes = [source, _lacking(missing)]
    for words in filter(None, notes):
        bottom = sheet.paragraph(words, 0, bottom + 10, wide, size=NOTE, colour=INK_3) - 10
    return sheet.close(bottom)


def _lacking(missing: Sequence[str]) -> str:
    """Which districts have no outline; nothing where all have one."""
    words = translate("文件里没有界线的区：{places}。数在表里。")
    return words.format(places=translate("、").join(missing)) if missing else ""


def _placed(shown: Projected, left: float, top: float) -> dict[str, tuple[Polygon, ...]]:
    return {
        code: tuple([np.add(ring, (left, top)) for ring in polygon] for polygon in polygons)
        for code, polygons in shown.districts.items()
    }


def _areas(sheet: Sheet, districts: Sequence[District], placed: dict[str, tuple[Polygon, ...]]) -> None:
    """Fills first, then the lines on a light ground, so that they are seen beside dark and light; frames last."""
    rings = {one.name: [_points(ring) for part in placed[one.code] for ring in part] for one in districts}
    for one in districts:
        sheet.region(rings[one.name], fill=one.fill.colour, edge=PAPER, weight=2.2)
    for one in districts:
        sheet.region(rings[one.name], edge=INK_3, weight=0.8)
    for one in districts:
        if one.framed:
            sheet.region(rings[one.name], edge=INK_1, weight=3)
    # Smaller ones lie above larger ones, for a district may lie in another's hole.
    clicked = [(simplified(placed[one.code][0][0], COARSE), one) for one in districts if one.place is not None]
    for outer, one in sorted(clicked, key=lambda pair: -extent_of(pair[0])):
        if one.at is not None:
            sheet.spot_within(_points(outer), (one.at, 1))


def _points(ring: Any) -> tuple[Point, ...]:
    return tuple((float(x), float(y)) for x, y in ring)


def _named(
    sheet: Sheet, districts: Sequence[District], placed: dict[str, tuple[Polygon, ...]]
) -> tuple[list[District], float]:
    """Writes every name or number; gives those that have a number, in its order, and where those beside the map end."""
    numbered: list[District] = []
    beside: list[tuple[Point, str]] = []
    for one in districts:
        room = Room(placed[one.code])
        found = _fitting(one, room)
        if found is not None:
            _write(sheet, one, *found)
            continue
        numbered.append(one)
        number = str(len(numbered))
        at = room.box(width_of(number, NOTE) + 4, NOTE + 1)
        if at is None:
            beside.append((room.inner(), number))
        else:
            sheet.write(number, at[0], at[1] + middle(NOTE), size=NOTE, colour=one.fill.ink, align="middle")
    return numbered, _write_beside(sheet, beside)


def _fitting(one: District, room: Room) -> tuple[Point, tuple[str, ...], float] | None:
    """Where the name and the number have room, in which lines and size; the largest and shortest first."""
    name = clean(one.name)
    for size in (TEXT, NOTE):
        whole = width_of(name, size)
        for parts in (1, 2, 3):
            lines = (*lines_of(name, whole / parts + (size if parts > 1 else 0), size), one.text)
            wide = max(width_of(line, size, one.framed) for line in lines)
            at = room.box(wide + 6, len(lines) * (size + 4) + 2)
            if at is not None:
                return at, lines, size
    return None


def _write(sheet: Sheet, one: District, at: Point, lines: Sequence[str], size: float) -> None:
    pitch = size + 4
    first = at[1] - pitch * (len(lines) - 1) / 2 + middle(size)
    for place, line in enumerate(lines):
        bold = one.framed and place < len(lines) - 1
        sheet.write(line, at[0], first + pitch * place, size=size, colour=one.fill.ink, bold=bold, align="middle")


def _write_beside(sheet: Sheet, numbers: Sequence[tuple[Point, str]]) -> float:
    """Numbers at the nearer edge of the sheet, each with a line to its district; returns where they end."""
    ends = [0.0, 0.0]
    for (x, y), number in sorted(numbers, key=lambda pair: pair[0][1]):
        right = x >= sheet.width / 2
        level = ends[right] = max(y, ends[right] + PITCH if ends[right] else y)
        wide = width_of(number, NOTE)
        edge = sheet.width - wide - 5 if right else wide + 5
        sheet.line(((x, y), (edge, level)), INK_1, weight=0.8)
        sheet.box(x - 1.5, y - 1.5, 3, 3, fill=INK_1, edge=PAPER, weight=0.6)
        align = "right" if right else "left"
        sheet.write(number, sheet.width - 1 if right else 1, level + middle(NOTE), size=NOTE, align=align)
    return max(ends) + (PITCH if numbers else 0)


def _legend(districts: Sequence[District], classes: Sequence[str]) -> list[tuple[Fill, str]]:
    entries = [(tile_fill(place), text) for place, text in enumerate(classes)]
    if any(one.place is None for one in districts):
        entries.append((UNRATED, translate("没有数")))
    return [*entries, (FRAME, translate("粗框是本区"))] if any(one.framed for one in districts) else entries
