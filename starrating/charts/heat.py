"""The heat map: which share of an indicator's full points each place has, the deeper the more is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from starrating.charts.cells import HeatCell, HeatRow, draw_cells
from starrating.charts.chart import Cell, Chart, Heading, Table, empty, finished, percent, percent_cell
from starrating.charts.levels import MOST_ROWS, places
from starrating.charts.style import BARS_WIDE, PHONE_WIDE, Width
from starrating.charts.tile_map import class_breaks, classes_of
from starrating.domain.exact import rounded
from starrating.wording.language import translate

NAME = "heat"
LISTED = 8
DRAWN = 40
"""How many rows are drawn; of more those with the lowest share of all points. The table has all."""
NAMED = 2
"""How many indicators that cost the same a title names."""


@dataclass(frozen=True, slots=True)
class Column:
    """An indicator: its code and name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Part:
    """The points that the units of a place have of an indicator, and those they could have."""

    points: Fraction
    full: Fraction
    share: Fraction | None = field(init=False, repr=False, compare=False)
    """The share, None where nothing could be had; worked out once, since a map asks for it at both widths."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "share", self.points / self.full if self.full else None)


@dataclass(frozen=True, slots=True)
class Places:
    """A place with its part of every indicator, in the order of the columns."""

    place: str
    units: int
    parts: tuple[Part, ...]


def draw_heat(
    rows: Sequence[Places], *, columns: Sequence[Column], what: str, heading: Heading, width: Width = Width.DESK
) -> Chart:
    """A row a place in the order given, a column an indicator; `what` is what the places are (`乡镇街道`)."""
    if len(rows) > MOST_ROWS or any(len(row.parts) != len(columns) for row in rows):
        raise ValueError(f"a heat map has at most {MOST_ROWS} rows with a part for each of {len(columns)} columns")
    wide = PHONE_WIDE if width is Width.PHONE else BARS_WIDE
    header = _header(what, columns)
    known = [part.share for row in rows for part in row.parts if part.share is not None]
    if not known:
        said, to_do = translate("还没有各项指标的得分"), translate("先做审定，结果确认以后这里就有图。")
        return empty(NAME, heading, wide, what=said, to_do=to_do, header=header)
    total = added(rows, translate("合计"))
    breaks = class_breaks(known)
    shown: list[tuple[int | None, Places]] = [(at, rows[at]) for at in _drawn(rows)]
    shown += [] if len(rows) == 1 else [(None, total)]
    shaded = {share: _cell(share, breaks) for share in {part.share for _, row in shown for part in row.parts}}
    cells = [HeatRow(row.place, tuple(shaded[part.share] for part in row.parts), at) for at, row in shown]
    body = draw_cells(wide, cells, [column.code for column in columns], _classes(breaks), heading,
                      len(rows) - DRAWN)  # fmt: skip
    title = _finding(rows, total, columns)
    words = translate(
        "热力图，{subject}，一行一个{what}，一列一项指标，数是得分占满分的百分比。{finding}。{columns}"
    ).format(subject=heading.subject, what=what, finding=title, columns=_listed(total, columns))
    table = Table(header, tuple(_cells(row) for row in rows), _cells(total))
    return finished(NAME, heading, body, title=title, alternative=words, table=table)


def added(rows: Sequence[Places], place: str) -> Places:
    """The rows added up, under another name."""
    parts = tuple(
        Part(sum((part.points for part in column), Fraction(0)), sum((part.full for part in column), Fraction(0)))
        for column in zip(*(row.parts for row in rows), strict=True)
    )
    return Places(place, sum(row.units for row in rows), parts)


def _classes(breaks: Sequence[Fraction]) -> list[str]:
    """The classes in words; nothing is above the full points."""
    said = classes_of(breaks)
    return [*said[:-1], "100%"] if breaks[-1] == 1 else said


def _drawn(rows: Sequence[Places]) -> list[int]:
    """Which rows are drawn, in the order given."""
    by_share = sorted(range(len(rows)), key=lambda at: (_all(rows[at]), at))
    return sorted(by_share[:DRAWN])


def _all(row: Places) -> Fraction:
    """The share of all points of a place."""
    full = sum((part.full for part in row.parts), Fraction(0))
    return sum((part.points for part in row.parts), Fraction(0)) / full if full else Fraction(2)


def _cell(share: Fraction | None, breaks: Sequence[Fraction]) -> HeatCell:
    if share is None:
        return HeatCell("／", None)
    # The deepest class is the lowest share: what is lost stands out.
    whole = rounded(100 * share, 0)
    return HeatCell(str(whole), len(breaks) - sum(share >= one for one in breaks))


def _header(what: str, columns: Sequence[Column]) -> tuple[str, ...]:
    return (what, translate("个数"), *(f"{column.code} {column.name}" for column in columns))


def _cells(row: Places) -> tuple[Cell, ...]:
    return (row.place, row.units, *(percent_cell(part.share) for part in row.parts))


def _finding(rows: Sequence[Places], total: Places, columns: Sequence[Column]) -> str:
    shares = {at: part.share for at, part in enumerate(total.parts) if part.share is not None}
    low = min(shares.values())
    if len(shares) > 1 and low == max(shares.values()):
        return translate("{count}项指标得分率一样，都是{share}").format(count=len(shares), share=percent(low))
    least = [at for at, share in shares.items() if share == low]
    name = _named([translate("{code}{name}").format(code=columns[at].code, name=columns[at].name) for at in least])
    finding = translate("{indicator}得分率最低，{share}").format(indicator=name, share=percent(low))
    known = {row.place: part for row in rows if (part := row.parts[least[0]].share) is not None}
    if len(least) > 1 or len(set(known.values())) < 2:
        return finding
    lowest = [place for place, part in known.items() if part == min(known.values())]
    ending = translate("最低的是{place}（{share}）").format(place=places(lowest), share=percent(known[lowest[0]]))
    return translate("，").join((finding, ending))


def _named(indicators: Sequence[str]) -> str:
    """One or two indicators; of more the first and how many."""
    if len(indicators) <= NAMED:
        return translate("、").join(indicators)
    return translate("{indicator}等{count}项").format(indicator=indicators[0], count=len(indicators))


def _listed(total: Places, columns: Sequence[Column]) -> str:
    shares = [(part.share, at) for at, part in enumerate(total.parts) if part.share is not None]
    sentence = translate("{code}{name}{share}")
    said = (
        sentence.format(code=columns[at].code, name=columns[at].name, share=percent(share))
        for share, at in sorted(shares)[:LISTED]
    )
    return translate("得分率低的有{columns}。").format(columns=translate("、").join(said))
