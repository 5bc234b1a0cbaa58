"""Small multiples: for every district the shares of the levels year by year, all on one scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from starrating.charts.chart import Cell, Chart, Heading, Table, empty, finished, percent, share_of
from starrating.charts.levels import LISTED, MOST_ROWS, StarCounts, check_rows, places
from starrating.charts.panels import Panel, draw_panels
from starrating.charts.style import BARS_WIDE, PHONE_WIDE, Width
from starrating.wording.language import translate

NAME = "multiples"
MOST_YEARS = 6
"""How many years a panel shows; of more the last ones."""


DRAWN = 40
"""How many panels are drawn; the table has all."""


@dataclass(frozen=True, slots=True)
class YearCounts:
    """The counts of a place's levels in a year."""

    year: int
    counts: StarCounts


def draw_multiples(
    rows: Sequence[YearCounts], *, levels: Sequence[str], heading: Heading, width: Width = Width.DESK
) -> Chart:
    """A panel a place, in the order of the share of the highest level in the last year; `levels` lowest first."""
    check_rows([row.counts for row in rows[:MOST_ROWS]], levels)
    wide = PHONE_WIDE if width is Width.PHONE else BARS_WIDE
    header = (translate("地方"), translate("年度"), *reversed(levels), translate("未评"), translate("共"))
    if not any(row.counts.rated for row in rows):
        what = translate("还没有{noun}的星级").format(noun=heading.noun)
        to_do = translate("先做审定，结果确认以后这里就有图。")
        return empty(NAME, heading, wide, what=what, to_do=to_do, header=header)
    years = sorted({row.year for row in rows})[-MOST_YEARS:]
    by_place: dict[str, dict[int, StarCounts]] = {}
    for row in rows:
        if row.year in years:
            by_place.setdefault(row.counts.place, {})[row.year] = row.counts
    ordered = sorted(by_place, key=lambda place: (-_top_share(by_place[place], years[-1]), place))
    rows_of = {(place, year): at for at, (place, year) in enumerate(_table_order(by_place, ordered, years))}
    panels = [
        Panel(place, tuple(_shares(by_place[place].get(year)) for year in years),
              tuple(rows_of.get((place, year), 0) for year in years))
        for place in ordered[:DRAWN]
    ]  # fmt: skip
    body = draw_panels(wide, panels, years, levels, heading, len(ordered) - DRAWN)
    title = _finding(by_place, ordered, years, levels[-1])
    words = translate("小图组，{subject}，一处一格，一年一柱，按星级占比分段。{finding}。{rows}").format(
        subject=heading.subject, finding=title, rows=_listed(by_place, ordered, years[-1], levels[-1])
    )
    cells = tuple(_cells(by_place[place][year], year) for place, year in _table_order(by_place, ordered, years))
    return finished(NAME, heading, body, title=title, alternative=words, table=Table(header, cells))


def _table_order(
    by_place: Mapping[str, Mapping[int, StarCounts]], ordered: Sequence[str], years: Sequence[int]
) -> list[tuple[str, int]]:
    """Place and year of each row of the table."""
    return [(place, year) for place in ordered for year in years if year in by_place[place]]


def _shares(counts: StarCounts | None) -> tuple[int, ...] | None:
    return None if counts is None or not counts.rated else counts.counts


def _cells(counts: StarCounts, year: int) -> tuple[Cell, ...]:
    return (counts.place, year, *counts.counts[::-1], counts.unrated, counts.units)


def _top_share(found: Mapping[int, StarCounts], year: int) -> Fraction:
    counts = found.get(year)
    share = share_of(counts.top, counts.rated) if counts else None
    return Fraction(-1) if share is None else share


def _finding(
    by_place: Mapping[str, Mapping[int, StarCounts]], ordered: Sequence[str], years: Sequence[int], top: str
) -> str:
    if len(years) < 2:
        return _highest(by_place, ordered, years[0], top)
    last, before = years[-1], years[-2]
    more, fewer, same = list[str](), list[str](), list[str]()
    for place in ordered:
        now, then = by_place[place].get(last), by_place[place].get(before)
        if now and then and now.rated and then.rated:
            side = now.top * then.rated - then.top * now.rated
            (more if side > 0 else fewer if side < 0 else same).append(place)
    sides = (
        (translate("高的有{places}"), more), (translate("低的有{places}"), fewer),
        (translate("一样的有{places}"), same),
    )  # fmt: skip
    found = [sentence.format(places=places(side)) for sentence, side in sides if side]
    if not found:
        return _highest(by_place, ordered, last, top)
    if not more and not fewer:
        return translate("{level}占比各处都和{year}年度一样").format(level=top, year=before)
    sentence = translate("{level}占比和{year}年度比，{found}")
    return sentence.format(level=top, year=before, found=translate("，").join(found))


def _highest(by_place: Mapping[str, Mapping[int, StarCounts]], ordered: Sequence[str], year: int, top: str) -> str:
    """Who has the largest share in a year, where no place has another year to compare with."""
    shares = {place: _top_share(by_place[place], year) for place in ordered}
    most = max(shares.values())
    if most <= 0:
        return translate("{year}年度各处都没有{level}").format(year=year, level=top)
    having = places([place for place, share in shares.items() if share == most])
    sentence = translate("{year}年度{level}占比最高的是{places}（{share}）")
    return sentence.format(year=year, level=top, places=having, share=percent(most))


def _listed(by_place: Mapping[str, Mapping[int, StarCounts]], ordered: Sequence[str], year: int, top: str) -> str:
    if len(ordered) > LISTED:
        return translate("一共{count}行，数在图旁的表里。").format(count=len(ordered))
    sentence = translate("{place}{year}年度{level}{share}")
    said = (
        sentence.format(place=place, year=year, level=top, share=percent(share_of(counts.top, counts.rated)))
        for place in ordered if (counts := by_place[place].get(year))
    )  # fmt: skip
    return translate("；").join(said) + translate("。")
