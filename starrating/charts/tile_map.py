"""Tile map: one square a district about where it lies, without any boundary, in four classes of one share."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

from starrating.charts.chart import Cell, Chart, Heading, Table, empty, finished, percent, percent_cell, share_of
from starrating.charts.levels import MOST_ROWS, places
from starrating.charts.style import MAP_WIDE, PHONE_WIDE, TILES, Width
from starrating.charts.tiles import Tile, draw_tiles
from starrating.wording.language import translate

NAME = "tile_map"
TIANJIN = Path(__file__).parent / "tianjin_tiles.csv"

Tiles = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class DistrictShare:
    """How many of a district's units (`whole`) are meant (`part`)."""

    district: str
    part: int
    whole: int

    @property
    def share(self) -> Fraction | None:
        """The share, None where there are no units."""
        return share_of(self.part, self.whole)


@cache
def tianjin_tiles() -> Tiles:
    """The squares of the 16 districts of Tianjin: column and row of each."""
    with TIANJIN.open(encoding="utf-8", newline="") as file:
        return {row["district"]: (int(row["column"]), int(row["row"])) for row in csv.DictReader(file)}


def draw_tile_map(
    rows: Sequence[DistrictShare],
    *,
    measure: str,
    heading: Heading,
    own: str | None = None,
    tiles: Tiles | None = None,
    width: Width = Width.DESK,
) -> Chart:
    """A square for each district of the grid; those without a number stay blank, those off the grid are named below.

    Args:
        rows: parts and wholes of the districts, in any order.
        measure: what the share is called (`晋星占比`).
        heading: what the numbers are about.
        own: the district that is framed.
        tiles: column and row of each district; by default those of Tianjin.
        width: for which screen.
    """
    grid = tianjin_tiles() if tiles is None else tiles
    wide = PHONE_WIDE if width is Width.PHONE else MAP_WIDE
    read = read_shares(rows, measure, own)
    if not read.known or not grid:
        return without_shares(NAME, heading, wide, read)
    squares = [
        Tile(name, *grid[name], read.text(name), read.place(name), name == own, read.at(name))
        for name in sorted(grid, key=grid.__getitem__)
    ]
    off = [row.district for row in rows if row.district not in grid]
    body = draw_tiles(wide, squares, classes_of(read.breaks), off, heading)
    words = translate("方格图，{subject}，每区一格，不表示区界。{finding}。{rows}").format(
        subject=heading.subject, finding=read.finding, rows=read.listed
    )
    return finished(NAME, heading, body, title=read.finding, alternative=words, table=read.table)


@dataclass(frozen=True, slots=True)
class Shares:
    """The shares of districts, the highest first, with their classes, finding and table: what any map of them shows."""

    ordered: tuple[DistrictShare, ...]
    known: Mapping[str, Fraction]
    breaks: tuple[Fraction, ...]
    finding: str
    table: Table

    @property
    def listed(self) -> str:
        """All of them in words."""
        return _listed(self.ordered)

    def place(self, name: str) -> int | None:
        """The class of a district, None without a number."""
        share = self.known.get(name)
        return None if share is None else sum(share >= limit for limit in self.breaks)

    def text(self, name: str) -> str:
        """What stands in a district."""
        return percent(self.known[name]) if name in self.known else translate("没有数")

    def at(self, name: str) -> int | None:
        """The row of a district in the table, None where it has none."""
        return next((place for place, row in enumerate(self.ordered) if row.district == name), None)


def read_shares(rows: Sequence[DistrictShare], measure: str, own: str | None) -> Shares:
    """The shares that a map shows; without any number no finding and a table without rows."""
    if len(rows) > MOST_ROWS or any(not 0 <= row.part <= row.whole for row in rows):
        raise ValueError("a share is of 0 to all units of a district")
    known = {row.district: row.share for row in rows if row.share is not None}
    header = (translate("区"), translate("个数"), translate("共"), translate("{measure}（%）").format(measure=measure))
    if not known:
        return Shares((), known, (), "", Table(header, ()))
    ordered = sorted(rows, key=lambda row: (row.share is None, -(row.share or 0), row.district))
    total = DistrictShare(translate("合计"), sum(row.part for row in ordered), sum(row.whole for row in ordered))
    table = Table(header, tuple(_cells(row) for row in ordered), _cells(total))
    return Shares(tuple(ordered), known, class_breaks(list(known.values())), _finding(known, measure, own), table)


def without_shares(name: str, heading: Heading, wide: int, read: Shares) -> Chart:
    """The map of a city of which there is no number yet."""
    what, to_do = translate("还没有各区的数"), translate("先发布或审定一个区，这里就有图。")
    return empty(name, heading, wide, what=what, to_do=to_do, header=read.table.header)


def class_breaks(shares: Sequence[Fraction]) -> tuple[Fraction, Fraction, Fraction]:
    """Three round limits at equal steps between the lowest and the highest share: what is at a limit is above it."""
    low, high = min(shares) * 100, max(shares) * 100
    step = next(each for each in _steps(low, high) if (low // each + len(TILES)) * each >= high)
    first = (low // step + 1) * step
    return (first / 100, (first + step) / 100, (first + 2 * step) / 100)


def _steps(low: Fraction, high: Fraction) -> Iterator[Fraction]:
    """Round steps of percent from 0.1 on; 5 where all districts have one share."""
    powers = (Fraction(10) ** power for power in range(-1, 3))
    return (
        (power * factor for power in powers for factor in (1, 2, 3, 4, 5, 6, 8)) if low < high else iter([Fraction(5)])
    )


def classes_of(breaks: Sequence[Fraction]) -> list[str]:
    """The four classes between three limits in words, the lowest first."""
    low, middle, high = (_limit(share) for share in breaks)
    between = translate("{start}至{end}")
    return [
        translate("不到{end}").format(end=low),
        between.format(start=low, end=middle),
        between.format(start=middle, end=high),
        translate("{start}以上").format(start=high),
    ]


def _limit(share: Fraction) -> str:
    return percent(share).replace(".0%", "%")


def _finding(known: Mapping[str, Fraction], measure: str, own: str | None) -> str:
    if own is not None and own in known:
        share = known[own]
        rank = 1 + sum(other > share for other in known.values())
        tied = sum(other == share for other in known.values()) > 1
        sentence = (
            translate("{measure}{share}，全市并列第{rank}") if tied else translate("{measure}{share}，全市第{rank}")
        )
        finding = sentence.format(measure=measure, share=percent(share), rank=rank)
        return translate("{place}{finding}").format(place=own, finding=finding)
    most, least = max(known.values()), min(known.values())
    highest = places(sorted(name for name, share in known.items() if share == most))
    lowest = places(sorted(name for name, share in known.items() if share == least))
    if most == least:
        return translate("{places}{measure}{share}").format(places=highest, measure=measure, share=percent(most))
    sentence = translate("{measure}最高的是{high}（{most}），最低的是{low}（{least}）")
    return sentence.format(measure=measure, high=highest, most=percent(most), low=lowest, least=percent(least))


def _listed(rows: Sequence[DistrictShare]) -> str:
    sentence = translate("{place}{share}（{part}/{whole}）")
    said = (
        sentence.format(place=row.district, share=percent(row.share), part=row.part, whole=row.whole) for row in rows
    )
    return translate("、").join(said) + translate("。")


def _cells(row: DistrictShare) -> tuple[Cell, ...]:
    return (row.district, row.part, row.whole, percent_cell(row.share))
