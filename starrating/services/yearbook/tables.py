"""The tables of a yearbook: levels, shares and movement by place, indicators by kind, every unit by township."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from starrating.documents.published_list import SHORT_MOVES, UNRATED
from starrating.documents.report import Block, Grid, Words
from starrating.queries.public_lists import PublicList, PublicUnit
from starrating.services.yearbook.facts import MOVES, UP, Counts, Facts, Tally
from starrating.services.yearbook.indicators import IndicatorRow
from starrating.services.yearbook.words import NOUNS, points, share, signed

TOTAL = "合计"
MOVE_HEADS = ("晋星", "保星", "仍最低", "降星", "取消", "首次", "未评")
"""In the order of `MOVES`."""
LEGEND = (
    "名称后的“升”为晋星，“降”为降星，后面的数是级数；“消”为取消星级，“首”为首次评定；"
    "没有注明的为保持原星级，或者仍在最低一级。"
)


def level_tables(facts: Facts, counts: Counts) -> Iterator[Grid]:
    """The levels with their shares, by district in a city's, by township."""
    for what, rows in _groups(facts, counts):
        yield _levels(facts, counts, rows, what)


def move_tables(facts: Facts, counts: Counts) -> Iterator[Grid]:
    """The movement, by district in a city's, by township."""
    for what, rows in _groups(facts, counts):
        yield _moves(facts, counts, rows, what)


def history_table(years: Mapping[int, Facts]) -> Grid:
    """The whole, year by year; a year that has no such level has nothing there."""
    ladder = sorted({rung for facts in years.values() for rung in facts.ladder}, reverse=True)
    rows = []
    for year, facts in years.items():
        whole = facts.both.whole
        counts = dict(zip(facts.names, whole.levels, strict=True))
        levels = [f"{counts[name]:,}" if name in counts else "–" for _, name in ladder]
        rows.append((f"{year}年度", f"{len(facts.both.districts)}", f"{whole.rated:,}", *levels, f"{whole.unrated:,}",
                     f"{whole.moves[UP]:,}", f"{whole.fell:,}"))  # fmt: skip
    header = ("年度", "区", "评定数", *(name for _, name in ladder), UNRATED, "晋星", "降星和取消")
    return Grid("历年村和社区的星级", header, rows, (20, 8, 14, *(13 for _ in ladder), 12, 12, 18),
                note="各年度按当年已发布的名单计算，以后更正的按更正以后的星级。")  # fmt: skip


def indicator_table(facts: Facts, kind: str, rows: Sequence[IndicatorRow]) -> Grid:
    """Share of points of every indicator, beside the year before."""
    noun = NOUNS[kind]
    return Grid(
        f"{facts.year}年度{noun}各项指标得分率",
        ("代码", "指标", "评定数", "满分", "平均得分", "得分率", "上年平均", "比上年"),
        [
            (row.code, row.name, f"{row.units:,}", points(row.full), points(row.mean), share(row.part.share),
             "–" if row.before is None else points(row.before),
             "–" if row.before is None else signed(row.mean - row.before))
            for row in rows
        ],
        (10, 44, 12, 11, 13, 12, 13, 12), texts=2,
        note="得分率是得分占满分的百分比；加分和扣分项目不列。上年没有同一项指标，或者满分不同的，不作比较。",
    )  # fmt: skip


def unit_tables(facts: Facts) -> Iterator[Block]:
    """Every unit under its township and level, with its change."""
    yield Words(LEGEND, "note")
    for one in facts.lists:
        if not one.units:
            continue
        place = f"{one.district if facts.city else ''}{NOUNS[one.kind]}"
        yield Words(f"{place}（{len(one.units):,}个）", "head")
        for (_, name), units in groupby(one.units, key=lambda unit: (unit.township_code, unit.township)):
            yield _township(one, name, list(units))


def _groups(facts: Facts, counts: Counts) -> Iterator[tuple[str, Sequence[Tally]]]:
    """A city's townships are many: they stand once, for both kinds together."""
    if facts.city:
        yield "区", counts.districts
    if not facts.city or not counts.kind or len(facts.kinds) == 1:
        yield "乡镇街道", counts.townships


def _levels(facts: Facts, counts: Counts, rows: Sequence[Tally], what: str) -> Grid:
    names, noun = list(reversed(facts.names)), NOUNS[counts.kind]
    return Grid(
        f"{facts.year}年度各{what}{noun}的星级", (what, "评定数", *names, UNRATED, *(f"{name}占比" for name in names)),
        [_level_cells(facts, row) for row in rows],
        (30, 12, *(11 for _ in names), 10, *(14 for _ in names)), _level_cells(facts, counts.whole, TOTAL),
        note="占比按参加评定的计算，保留一位小数，各项之和可能与100%略有出入。",
    )  # fmt: skip


def _level_cells(facts: Facts, row: Tally, name: str = "") -> tuple[str, ...]:
    ladder = range(len(facts.names) - 1, -1, -1)
    counts = (f"{row.levels[level]:,}" for level in ladder)
    shares = (share(row.share(level)) for level in ladder)
    return (name or _name(facts, row), f"{row.rated:,}", *counts, f"{row.unrated:,}", *shares)


def _moves(facts: Facts, counts: Counts, rows: Sequence[Tally], what: str) -> Grid:
    noun = NOUNS[counts.kind]
    return Grid(
        f"{facts.year}年度各{what}{noun}的星级变动", (what, *MOVE_HEADS, "共"),
        [_move_cells(row, _name(facts, row)) for row in rows], (40, *(13 for _ in MOVES), 13),
        _move_cells(counts.whole, TOTAL),
        note="与上次评定相比。“仍最低”是上次和这次都在最低一级，“取消”是取消星级，“首次”是首次评定。",
    )  # fmt: skip


def _move_cells(row: Tally, name: str) -> tuple[str, ...]:
    return (name, *(f"{count:,}" for count in row.moves), f"{row.units:,}")


def _name(facts: Facts, row: Tally) -> str:
    return f"{row.above} {row.name}" if facts.city and row.above else row.name


def _township(one: PublicList, name: str, units: Sequence[PublicUnit]) -> Grid:
    rows = []
    for level in (*one.levels, ""):
        own = [unit for unit in units if unit.level == level]
        if own:
            rows.append((level or UNRATED, str(len(own)), "、".join(_unit(unit) for unit in own)))
    return Grid(f"{name}　{len(units):,}个", ("星级", "个数", "名单"), rows, (14, 9, 120), texts=3)


def _unit(unit: PublicUnit) -> str:
    moved = SHORT_MOVES.get(unit.movement, "") if unit.level else ""
    steps = str(abs(unit.change)) if unit.change and unit.movement in ("up", "down") else ""
    said = [one for one in (f"{moved}{steps}", f"已更正，原{unit.was}" if unit.was else "") if one]
    return f"{unit.name}（{'，'.join(said)}）" if said else unit.name
