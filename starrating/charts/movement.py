"""Movement since last year: who rose to the right, who fell and who lost all stars to the left of one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starrating.charts.chart import Cell, Chart, Heading, Table, empty, finished
from starrating.charts.diverging import Sides, draw_sides
from starrating.charts.levels import LISTED, MOST_ROWS, places
from starrating.charts.style import BARS_WIDE, PHONE_WIDE, Width
from starrating.wording.language import mark as _
from starrating.wording.language import translate

NAME = "movement"
HEADER = (_("地方"), _("晋星"), _("保星"), _("降星"), _("取消星级"), _("首次评定"), _("共"))


@dataclass(frozen=True, slots=True)
class Moves:
    """How the units of a place moved against last year; `first` are those that had no level then."""

    place: str
    promoted: int
    held: int
    demoted: int
    stripped: int
    first: int = 0

    @property
    def numbers(self) -> tuple[int, int, int, int, int]:
        """The counts in the order of the table."""
        return (self.promoted, self.held, self.demoted, self.stripped, self.first)

    @property
    def units(self) -> int:
        """All units of the place."""
        return sum(self.numbers)

    @property
    def fell(self) -> int:
        """Those that lost a star or all."""
        return self.demoted + self.stripped


def draw_movement(rows: Sequence[Moves], *, heading: Heading, width: Width = Width.DESK) -> Chart:
    """One row a place, the one where most units rose first; `rows` in any order."""
    if len(rows) > MOST_ROWS or any(min(row.numbers) < 0 for row in rows):
        raise ValueError(f"movement is drawn of at most {MOST_ROWS} rows without negative counts")
    wide = PHONE_WIDE if width is Width.PHONE else BARS_WIDE
    ordered = sorted(rows, key=lambda row: (-row.promoted, row.fell, row.place))
    if not any(row.units - row.first for row in ordered):
        what, to_do = translate("还没有可比的两年"), translate("先导入上年的星级，再做今年的审定。")
        return empty(NAME, heading, wide, what=what, to_do=to_do, header=_header())
    total = Moves(translate("合计"), *(sum(column) for column in zip(*(row.numbers for row in ordered), strict=True)))
    body = draw_sides(wide, [_sides(row) for row in ordered], _sides(total), heading)
    title = _finding(ordered, total)
    words = translate("左右横条图，{subject}，右边是晋星，左边是降星和取消星级。{finding}。{rows}").format(
        subject=heading.subject, finding=title, rows=_listed(ordered)
    )
    table = Table(_header(), tuple(_cells(row) for row in ordered), _cells(total))
    return finished(NAME, heading, body, title=title, alternative=words, table=table)


def _sides(row: Moves) -> Sides:
    return Sides(row.place, row.promoted, row.demoted, row.stripped, row.held, row.first)


def _header() -> tuple[str, ...]:
    return tuple(translate(name) for name in HEADER)


def _cells(row: Moves) -> tuple[Cell, ...]:
    return (row.place, *row.numbers, row.units)


def _finding(rows: Sequence[Moves], total: Moves) -> str:
    if not total.promoted and not total.fell:
        return translate("{count}个都保持上年星级").format(count=f"{total.held:,}")
    counts = (
        (translate("晋星{count}个"), total.promoted), (translate("降星{count}个"), total.demoted),
        (translate("取消星级{count}个"), total.stripped),
    )  # fmt: skip
    finding = translate("，").join(sentence.format(count=f"{count:,}") for sentence, count in counts if count)
    most = max(row.promoted for row in rows)
    if len(rows) == 1 or not most:
        return finding
    having = places([row.place for row in rows if row.promoted == most])
    return translate("，").join(
        (finding, translate("晋星最多在{places}（{count}个）").format(places=having, count=f"{most:,}"))
    )


def _listed(rows: Sequence[Moves]) -> str:
    if len(rows) > LISTED:
        return translate("一共{count}行，数在图旁的表里。").format(count=len(rows))
    sentence = translate(
        "{place}：晋星{promoted}个、保星{held}个、降星{demoted}个、取消星级{stripped}个、首次评定{first}个"
    )
    said = (
        sentence.format(
            place=row.place,
            promoted=row.promoted,
            held=row.held,
            demoted=row.demoted,
            stripped=row.stripped,
            first=row.first,
        )
        for row in rows
    )
    return translate("；").join(said) + translate("。")
