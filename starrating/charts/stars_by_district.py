"""Stars by district: shares of the levels with their counts, beside the proportion that is aimed at (1:4:4:1)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from starrating.charts.bars import Column, Row, draw_shares
from starrating.charts.chart import Chart, Heading, Table, empty, finished, percent, share_of
from starrating.charts.levels import StarCounts, added, cells_of, check_rows, header_of, legend_of, listed, places
from starrating.charts.style import BARS_WIDE, PHONE_WIDE, Width
from starrating.wording.language import translate

NAME = "stars_by_district"


def draw_stars_by_district(
    rows: Sequence[StarCounts],
    *,
    levels: Sequence[str],
    heading: Heading,
    width: Width = Width.DESK,
    reference: Sequence[int] | None = None,
) -> Chart:
    """One bar a district, ordered by the share of the highest level.

    Args:
        rows: counts of each district; the order does not matter.
        levels: the names of the levels, lowest first.
        heading: what the numbers are about.
        width: for which screen.
        reference: the proportion aimed at, lowest level first, such as (1, 4, 4, 1); None for none.
    """
    check_rows(rows, levels)
    wide = PHONE_WIDE if width is Width.PHONE else BARS_WIDE
    header = header_of(translate("区"), levels, False)
    ordered = sorted(rows, key=_order)
    if not any(row.units for row in ordered):
        what, to_do = translate("还没有星级结果"), translate("先做审定，结果确认以后这里就有图。")
        return empty(NAME, heading, wide, what=what, to_do=to_do, header=header)
    total = added(ordered, translate("合计"))
    columns = _columns(ordered, levels[-1])
    body = draw_shares(
        wide, [Row(row.place, row.counts) for row in ordered], columns, legend_of(total, levels), reference, heading
    )
    title = _finding(ordered, levels[-1])
    words = translate("横条图，{subject}，每区一条，按星级分段。{finding}。{rows}").format(
        subject=heading.subject, finding=title, rows=listed(ordered, levels)
    )
    table = Table(header, tuple(cells_of(row, False) for row in ordered), cells_of(total, False))
    return finished(NAME, heading, body, title=title, alternative=words, table=table)


def _order(row: StarCounts) -> tuple[object, ...]:
    """Largest share of the highest level first, then of the next; places without any rated unit last."""
    shares = tuple(-Fraction(count, row.rated) for count in reversed(row.counts)) if row.rated else ()
    return (not row.rated, shares, row.place)


def _columns(rows: Sequence[StarCounts], top: str) -> list[Column]:
    shares = tuple(percent(share_of(row.top, row.rated)) for row in rows)
    columns = [Column(translate("{level}占比").format(level=top), shares)]
    if any(row.unrated for row in rows):
        columns.append(Column(translate("未评"), tuple(f"{row.unrated:,}" for row in rows)))
    return [*columns, Column(translate("共"), tuple(f"{row.units:,}" for row in rows))]


def _finding(rows: Sequence[StarCounts], top: str) -> str:
    shares = {row.place: Fraction(row.top, row.rated) for row in rows if row.rated}
    if not shares:
        return translate("都还没有评")
    most, least = max(shares.values()), min(shares.values())
    highest = [place for place, share in shares.items() if share == most]
    lowest = [place for place, share in shares.items() if share == least]
    if not most:
        return translate("{places}没有{level}").format(places=places(highest), level=top)
    if len(shares) == 1:
        count = next(row.top for row in rows if row.rated)
        sentence = translate("{place}有{level}{count}个，占已评的{share}")
        return sentence.format(place=highest[0], level=top, count=f"{count:,}", share=percent(most))
    if most == least:
        return translate("各区{level}占比一样，都是{share}").format(level=top, share=percent(most))
    sentence = translate("{level}占比最高的是{high}（{most}），最低的是{low}（{least}）")
    return sentence.format(
        level=top, high=places(highest), most=percent(most), low=places(lowest), least=percent(least)
    )
