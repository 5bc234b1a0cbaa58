"""How much is filled in: a bar a row as long as the share done, a tick where the calendar has today; late is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from starrating.charts.bars import Column, Grid, draw_heads, rights_of
from starrating.charts.chart import Cell, Chart, Heading, Table, empty, finished, percent, percent_cell, share_of, stamp
from starrating.charts.legend import draw_legend
from starrating.charts.levels import LISTED, MOST_ROWS, places
from starrating.charts.sheet import Drawing, Sheet, middle
from starrating.charts.style import (
    BACKGROUND,
    BARS_WIDE,
    DEMOTED,
    INK_1,
    INK_2,
    INK_3,
    LINE_1,
    LINE_2,
    NOTE,
    PAPER,
    PHONE_WIDE,
    PROMOTED,
    SMALL,
    TEXT,
    Fill,
    Width,
)
from starrating.wording.language import mark as _
from starrating.wording.language import translate

NAME = "progress"
HEADER = (_("已填"), _("共"), _("还没填"), _("其中不许空"), _("完成（%）"), _("今天应到（%）"), _("日程"))
DONE, LATE = Fill(PROMOTED, PAPER), Fill(DEMOTED, INK_1)
TRACK, TICK = Fill(BACKGROUND, INK_1, edge=LINE_2), Fill(INK_1, PAPER)
TICKS = (0, 25, 50, 75, 100)
LEFT_AT = 3
"""The column of the table that counts what is still blank."""


@dataclass(frozen=True, slots=True)
class Done:
    """How many cells of a row are filled in, of how many; `required` are blank that may not stay so.

    `expected` is how many hundredths the calendar has today, None where it has no days; `late` is who is behind it.
    """

    name: str
    done: int
    of: int
    required: int = 0
    expected: int | None = None
    late: bool = False

    @property
    def left(self) -> int:
        """How many cells are blank."""
        return self.of - self.done


def draw_progress(rows: Sequence[Done], *, what: str, heading: Heading, width: Width = Width.DESK) -> Chart:
    """One bar a row, whoever is late and has least first; `what` the rows are stands over their names in the table."""
    if len(rows) > MOST_ROWS or any(not 0 <= row.done <= row.of for row in rows):
        raise ValueError(f"progress is drawn of at most {MOST_ROWS} rows with no more done than there is")
    wide = PHONE_WIDE if width is Width.PHONE else BARS_WIDE
    header = (what, *(translate(head) for head in HEADER))
    ordered = sorted((row for row in rows if row.of), key=order_of)
    if not ordered:
        nothing, to_do = translate("还没有要填的"), translate("先在“谁来填”里定好每一项由谁填，这里就有进度。")
        return empty(NAME, heading, wide, what=nothing, to_do=to_do, header=header)
    done, of = sum(row.done for row in ordered), sum(row.of for row in ordered)
    title = _finding(ordered, done, of)
    words = translate(
        "横条图，{subject}，每{noun}一条，长短是填完的比例，竖线是按日程今天应到的位置。{finding}。{rows}"
    ).format(subject=heading.subject, noun=heading.noun, finding=title, rows=_listed(ordered))
    total = _cells(Done(translate("合计"), done, of, sum(row.required for row in ordered)))
    table = Table(header, tuple(_cells(row) for row in ordered), (*total[:-2], "", ""))
    return finished(NAME, heading, _body(wide, ordered, heading), title=title, alternative=words, table=table)


def order_of(row: Done) -> tuple[object, ...]:
    """Where a row comes: whoever is late first, then whoever has least of it done; rows without cells are left out."""
    return (not row.late, share_of(row.done, row.of), -row.of, row.name)


def _cells(row: Done) -> tuple[Cell, ...]:
    expected: Cell = "" if row.expected is None else row.expected
    share = percent_cell(share_of(row.done, row.of))
    return (row.name, row.done, row.of, row.left, row.required, share, expected, _pace(row))


def _pace(row: Done) -> str:
    if row.late:
        return translate("落后日程")
    return "" if row.expected is None else translate("赶得上日程")


def _finding(rows: Sequence[Done], done: int, of: int) -> str:
    if done == of:
        return translate("{count}格都填完了").format(count=f"{of:,}")
    filled = _filled(done, of)
    late = [row.name for row in rows if row.late]
    if late:
        behind = translate("{places}落后日程").format(places=places(late))
        return translate("，").join((behind, filled))
    if any(row.expected is not None for row in rows):
        return translate("，").join((filled, translate("都赶得上日程")))
    return filled


def _filled(done: int, of: int) -> str:
    """How much is filled in; what is nearly all or nearly nothing is counted, not rounded."""
    share = percent(share_of(done, of))
    if done and share in (percent(Fraction(0)), percent(Fraction(1))):
        return translate("一共填了{done}格，还差{left}格").format(done=f"{done:,}", left=f"{of - done:,}")
    return translate("一共填了{share}").format(share=share)


def _listed(rows: Sequence[Done]) -> str:
    if len(rows) > LISTED:
        return translate("一共{count}行，数在图旁的表里。").format(count=len(rows))
    return translate("；").join(_in_words(row) for row in rows) + translate("。")


def _in_words(row: Done) -> str:
    share = percent(share_of(row.done, row.of))
    if row.expected is None:
        return translate("{place}：填了{share}").format(place=row.name, share=share)
    sentence = translate("{place}：填了{share}，今天应到{expected}%，{pace}")
    return sentence.format(place=row.name, share=share, expected=row.expected, pace=_pace(row))


def _body(wide: int, rows: Sequence[Done], heading: Heading) -> Drawing:
    """The bars of all rows from 0 to 100%, the tick of each, and its numbers."""
    sheet = Sheet(wide)
    top = draw_legend(sheet, _legend(rows), taken=stamp(sheet, heading))
    grid = Grid.of(wide, [row.name for row in rows], _columns(rows))
    top = draw_heads(sheet, grid, translate("填完的比例"), top)
    heights = [grid.height(len(grid.lines(row.name))) for row in rows]
    bottom = top + sum(heights)
    for share in TICKS:
        x = grid.left + (grid.right - grid.left) * share / 100
        align = "left" if share == 0 and grid.phone else "right" if share == TICKS[-1] else "middle"
        sheet.write(f"{share}%", x, bottom + 16, size=NOTE, colour=INK_3, align=align)
        if not grid.phone:
            sheet.line(((x, top), (x, bottom)), LINE_1)
    for place, (row, height) in enumerate(zip(rows, heights, strict=True)):
        _row(sheet, grid, row, place, (top, height))
        top += height
    return sheet.close(bottom + 24)


def _legend(rows: Sequence[Done]) -> list[tuple[Fill, str]]:
    late = sum(row.late for row in rows)
    if all(row.expected is None for row in rows):
        return [(DONE, translate("已填"))]
    return [
        (DONE, f"{translate('赶得上日程')} {len(rows) - late:,}"),
        (LATE, f"{translate('落后日程')} {late:,}"),
        (TICK, translate("竖线是今天应到的位置")),
    ]


def _columns(rows: Sequence[Done]) -> list[Column]:
    found = [
        Column(translate("完成"), tuple(percent(share_of(row.done, row.of)) for row in rows)),
        Column(translate("还没填"), tuple(f"{row.left:,}" for row in rows)),
    ]
    if any(row.late for row in rows):
        found.append(Column(translate("日程"), tuple(translate("落后") if row.late else "" for row in rows)))
    return found


def _row(sheet: Sheet, grid: Grid, row: Done, place: int, span: tuple[float, float]) -> None:
    top, height = span
    lines = grid.lines(row.name)
    first = top + (9 if grid.phone else height / 2 - 9 * (len(lines) - 1))
    for number, line in enumerate(lines):
        base = first + 18 * number + middle(TEXT)
        sheet.write(line, grid.names, base, align="left" if grid.phone else "right")
    bar = top + (18 * len(lines) + 2 if grid.phone else (height - grid.bar) / 2)
    _bar(sheet, grid, row, bar)
    sheet.spot(grid.left, bar - 3, grid.right - grid.left, grid.bar + 6, (place, LEFT_AT))
    if grid.phone:
        said = "  ".join(f"{one.head} {one.texts[place]}" for one in grid.columns if one.texts[place])
        sheet.write(said, grid.right, first + middle(SMALL), size=SMALL, colour=INK_2, align="right")
        return
    for column, right in zip(grid.columns, rights_of(sheet, grid.columns), strict=True):
        sheet.write(column.texts[place], right, top + height / 2 + middle(SMALL), size=SMALL, align="right")


def _bar(sheet: Sheet, grid: Grid, row: Done, top: float) -> None:
    """The whole as a pale track, what is done on it, and a tick with a pale edge where today is."""
    whole = grid.right - grid.left
    sheet.area(grid.left, top, whole, grid.bar, TRACK)
    if row.done:
        sheet.area(grid.left, top, max(whole * row.done / row.of, 1.5), grid.bar, LATE if row.late else DONE)
    if row.expected is None:
        return
    at = grid.left + (whole - 2) * row.expected / 100
    sheet.box(at - 1, top - 3, 4, grid.bar + 6, fill=PAPER)
    sheet.box(at, top - 3, 2, grid.bar + 6, fill=INK_1)
