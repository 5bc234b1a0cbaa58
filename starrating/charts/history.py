"""A unit's totals over the years against the middle half of its pool, each year with its star."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from starrating.charts.chart import Cell, Chart, Heading, Table, empty, finished, number_cell
from starrating.charts.lines import Point, draw_lines
from starrating.charts.style import BARS_WIDE, PHONE_WIDE, Width, star_fills
from starrating.domain.exact import rounded
from starrating.domain.figures import plain
from starrating.wording.language import translate

NAME = "history"
MOST_YEARS = {Width.DESK: 12, Width.PHONE: 6}
"""How many years are drawn; of more the last ones. The table has all."""


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool's totals: how many units, the quarter below, the middle, the quarter above."""

    units: int
    lower: Fraction
    median: Fraction
    upper: Fraction


@dataclass(frozen=True, slots=True)
class UnitYear:
    """A unit's year: its total and level (index, lowest 0; None not rated), its rank and pool, as far as known."""

    year: int
    total: Fraction | None
    level: int | None
    rank: int | None = None
    pool: Pool | None = None


def pool_of(totals: Sequence[Fraction]) -> Pool | None:
    """The quarters of some totals: of n in order the ⌈n/4⌉th, the mean of the middle two, the ⌈n/4⌉th from above."""
    ordered = sorted(totals)
    if not ordered:
        return None
    quarter, half = (len(ordered) + 3) // 4 - 1, len(ordered) // 2
    median = (ordered[half] + ordered[-half - 1]) / 2
    return Pool(len(ordered), ordered[quarter], median, ordered[-quarter - 1])


def draw_history(
    rows: Sequence[UnitYear], *, levels: Sequence[str], heading: Heading, width: Width = Width.DESK
) -> Chart:
    """A line through the unit's totals over a band of its pool; `levels` are names, lowest first."""
    star_fills(len(levels))
    if any(row.level is not None and not 0 <= row.level < len(levels) for row in rows):
        raise ValueError(f"a level is not one of the {len(levels)}")
    wide = PHONE_WIDE if width is Width.PHONE else BARS_WIDE
    ordered = sorted(rows, key=lambda row: row.year)
    if not any(row.total is not None for row in ordered):
        what, to_do = translate("还没有总分"), translate("先录入得分，再试算一次。")
        return empty(NAME, heading, wide, what=what, to_do=to_do, header=_header())
    drawn = [
        Point(row.year, row.total, row.level, (row.pool.lower, row.pool.median, row.pool.upper) if row.pool else None)
        for row in ordered[-MOST_YEARS[width] :]
    ]
    body = draw_lines(wide, drawn, levels, heading, len(ordered) - len(drawn))
    title = _finding(ordered)
    words = translate(
        "折线图，{subject}，一年一点，底下的宽带是同类的中间一半，虚线是同类的中位数。{finding}。{rows}"
    ).format(subject=heading.subject, finding=title, rows=_listed(ordered, levels))
    table = Table(_header(), tuple(_cells(row, levels) for row in ordered))
    return finished(NAME, heading, body, title=title, alternative=words, table=table)


def _header() -> tuple[str, ...]:
    return (
        translate("年度"), translate("星级"), translate("总分"), translate("名次"), translate("同类个数"),
        translate("同类下四分位"), translate("同类中位数"), translate("同类上四分位"),
    )  # fmt: skip


def _star(row: UnitYear, levels: Sequence[str]) -> str:
    return translate("未评") if row.level is None else levels[row.level]


def _cells(row: UnitYear, levels: Sequence[str]) -> tuple[Cell, ...]:
    pool: tuple[Cell, ...] = ("", "", "", "")
    if row.pool is not None:
        pool = (row.pool.units, *(number_cell(one) for one in (row.pool.lower, row.pool.median, row.pool.upper)))
    total = "" if row.total is None else number_cell(row.total)
    return (row.year, _star(row, levels), total, row.rank if row.rank is not None else "", *pool)


def _finding(rows: Sequence[UnitYear]) -> str:
    last = next(row for row in reversed(rows) if row.total is not None)
    assert last.total is not None
    if last.pool is None:
        return translate("{year}年度{total}分").format(year=last.year, total=_said(last.total))
    gap = last.total - last.pool.median
    if not gap:
        return translate("{year}年度{total}分，正好是同类的中位数").format(year=last.year, total=_said(last.total))
    sentence = (
        translate("{year}年度{total}分，比同类中位数高{gap}分") if gap > 0
        else translate("{year}年度{total}分，比同类中位数低{gap}分")
    )  # fmt: skip
    return sentence.format(year=last.year, total=_said(last.total), gap=_said(abs(gap)))


def _said(points: Fraction) -> str:
    return plain(rounded(points, 2))


def _listed(rows: Sequence[UnitYear], levels: Sequence[str]) -> str:
    known = translate("{year}年度{star}，{total}分")
    blank = translate("{year}年度{star}")
    said = (
        (blank if row.total is None else known).format(
            year=row.year, star=_star(row, levels), total="" if row.total is None else _said(row.total)
        )
        for row in rows
    )
    return translate("；").join(said) + translate("。")
