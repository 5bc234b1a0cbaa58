"""Stars by township within a district: counts of the levels, and beside them who rose and who fell."""

from __future__ import annotations

from collections.abc import Sequence

from starrating.charts.bars import Column, Row, draw_counts
from starrating.charts.chart import Chart, Heading, Table, empty, finished
from starrating.charts.levels import (
    StarCounts,
    added,
    cells_of,
    check_rows,
    header_of,
    legend_of,
    listed,
    places,
    with_most,
)
from starrating.charts.style import BARS_WIDE, PHONE_WIDE, Width
from starrating.wording.language import translate

NAME = "stars_by_township"


def draw_stars_by_township(
    rows: Sequence[StarCounts], *, levels: Sequence[str], heading: Heading, width: Width = Width.DESK
) -> Chart:
    """One bar a township, the one with most units first; `levels` are names, lowest first."""
    check_rows(rows, levels)
    wide = PHONE_WIDE if width is Width.PHONE else BARS_WIDE
    moves = bool(rows) and all(row.promoted is not None and row.fell is not None for row in rows)
    header = header_of(translate("乡镇街道"), levels, moves)
    ordered = sorted(rows, key=lambda row: (-row.units, tuple(-count for count in reversed(row.counts)), row.place))
    if not any(row.units for row in ordered):
        what = translate("还没有{noun}的星级").format(noun=heading.noun)
        return empty(
            NAME, heading, wide, what=what, to_do=translate("先做审定，结果确认以后这里就有图。"), header=header
        )
    total = added(ordered, translate("合计"))
    bars = [Row(row.place, row.counts, row.unrated) for row in ordered]
    unit = translate("{noun}数（个）").format(noun=heading.noun)
    body = draw_counts(wide, bars, _columns(ordered, moves), legend_of(total, levels), unit, heading)
    title = _finding(ordered, levels[-1], moves)
    words = translate("横条图，{subject}，每个乡镇街道一条，按星级分段。{finding}。{rows}").format(
        subject=heading.subject, finding=title, rows=listed(ordered, levels)
    )
    table = Table(header, tuple(cells_of(row, moves) for row in ordered), cells_of(total, moves))
    return finished(NAME, heading, body, title=title, alternative=words, table=table)


def _columns(rows: Sequence[StarCounts], moves: bool) -> list[Column]:
    columns = [Column(translate("共"), tuple(f"{row.units:,}" for row in rows))]
    if moves:
        columns.append(Column(translate("晋星"), tuple(str(row.promoted) for row in rows)))
        columns.append(Column(translate("降、取消"), tuple(str(row.fell) for row in rows)))
    return columns


def _finding(rows: Sequence[StarCounts], top: str, moves: bool) -> str:
    if not any(row.rated for row in rows):
        return translate("都还没有评")
    if len(rows) == 1 and rows[0].top:
        return _of_one(rows[0], top, moves)
    most, having = with_most(rows, lambda row: row.top)
    if most:
        finding = translate("{level}最多在{places}（{count}个）").format(
            level=top, places=places(having), count=f"{most:,}"
        )
    else:
        finding = translate("{places}没有{level}").format(places=places(having), level=top)
    fell, falling = with_most(rows, lambda row: row.fell or 0) if moves else (0, [])
    if not fell:
        return finding
    also = translate("也") if falling == having and most else ""
    ending = translate("降星和取消最多{also}在{places}（{count}个）").format(
        also=also, places=places(falling), count=f"{fell:,}"
    )
    return translate("，").join((finding, ending))


def _of_one(row: StarCounts, top: str, moves: bool) -> str:
    """Of one place nothing is the most."""
    finding = translate("{place}有{level}{count}个").format(place=row.place, level=top, count=f"{row.top:,}")
    if not moves or not row.fell:
        return finding
    ending = translate("降星和取消{count}个").format(count=f"{row.fell:,}")
    return translate("，").join((finding, ending))
