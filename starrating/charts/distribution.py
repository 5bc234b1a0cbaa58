"""Distribution of totals: how many units have which total, coloured by their level, against the lines of the levels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from starrating.charts.chart import Cell, Chart, Heading, Table, empty, finished, number_cell
from starrating.charts.columns import Bin, draw_columns
from starrating.charts.style import BARS_WIDE, PHONE_WIDE, Width, star_fills
from starrating.charts.ticks import step_for
from starrating.domain.exact import rounded
from starrating.domain.figures import plain
from starrating.wording.language import translate

NAME = "distribution"
MOST_BINS = 24


@dataclass(frozen=True, slots=True)
class UnitTotal:
    """A unit's exact total and its level as an index, lowest 0; None where it is not rated."""

    total: Fraction
    level: int | None = None


@dataclass(frozen=True, slots=True)
class LevelLine:
    """The least total of a level."""

    level: int
    least: Fraction


def draw_distribution(
    rows: Sequence[UnitTotal],
    *,
    levels: Sequence[str],
    lines: Sequence[LevelLine],
    heading: Heading,
    width: Width = Width.DESK,
) -> Chart:
    """Columns over equal steps of the total; `levels` are names, lowest first, `lines` may be empty."""
    names = tuple(levels)
    star_fills(len(names))
    if any(row.level is not None and not 0 <= row.level < len(names) for row in rows):
        raise ValueError(f"a level is not one of the {len(names)}")
    wide = PHONE_WIDE if width is Width.PHONE else BARS_WIDE
    if not rows:
        what, to_do = translate("还没有总分"), translate("先录入得分，再试算一次。")
        return empty(NAME, heading, wide, what=what, to_do=to_do, header=_header(names))
    bins = _bins(rows, lines, len(names))
    drawn = sorted((line.least, names[line.level]) for line in lines)
    body = draw_columns(wide, bins, drawn, names, heading)
    title = _finding(rows, bins, heading)
    words = translate("柱形图，{subject}的总分分布，共{count}个。{finding}。{lines}").format(
        subject=heading.subject, count=len(rows), finding=title, lines=_lines_in_words(rows, drawn)
    )
    table = Table(_header(names), tuple(_cells(each) for each in bins), _total(bins))
    return finished(NAME, heading, body, title=title, alternative=words, table=table)


def _bins(rows: Sequence[UnitTotal], lines: Sequence[LevelLine], levels: int) -> tuple[Bin, ...]:
    """Steps that begin at a multiple of their width and hold every total and every line; empty ones stay."""
    totals = {row.total.as_integer_ratio() for row in rows}
    values = [Fraction(*total) for total in totals] + [line.least for line in lines]
    low, high = min(values), max(values)
    step = step_for((high - low) * MOST_BINS / (MOST_BINS - 2), MOST_BINS)
    first, last = low // step, high // step
    up, down = step.denominator, step.numerator
    counts = Counter((row.total.numerator * up // (row.total.denominator * down), row.level) for row in rows)
    return tuple(
        Bin(
            place * step,
            (place + 1) * step,
            tuple(counts[place, level] for level in range(levels)),
            counts[place, None],
        )
        for place in range(first, last + 1)
    )


def _header(names: Sequence[str]) -> tuple[str, ...]:
    words = (translate("总分从（含）"), translate("到（不含）"))
    return (*words, *reversed(names), translate("未评"), translate("共"))


def _cells(each: Bin) -> tuple[Cell, ...]:
    return (number_cell(each.start), number_cell(each.end), *each.counts[::-1], each.unrated, each.units)


def _total(bins: Sequence[Bin]) -> tuple[Cell, ...]:
    counts = tuple(sum(column) for column in zip(*(each.counts for each in bins), strict=True))[::-1]
    unrated, units = sum(each.unrated for each in bins), sum(each.units for each in bins)
    return (translate("合计"), "", *counts, unrated, units)


def _finding(rows: Sequence[UnitTotal], bins: Sequence[Bin], heading: Heading) -> str:
    median = plain(rounded(_median([row.total for row in rows]), 2))
    if len(rows) == 1:
        return translate("只有1个{noun}，总分{total}").format(noun=heading.noun, total=median)
    most = max(bins, key=lambda each: each.units)
    tied = sum(each.units == most.units for each in bins)
    if tied > 1:
        sentence = translate("总分中位数{median}，最多的有{tied}段，每段{count}个")
        return sentence.format(median=median, tied=tied, count=f"{most.units:,}")
    sentence = translate("总分中位数{median}，最多的一段是{start}至{end}（{count}个）")
    return sentence.format(median=median, start=plain(most.start), end=plain(most.end), count=f"{most.units:,}")


def _median(values: Sequence[Fraction]) -> Fraction:
    unit = lcm(*{value.denominator for value in values})
    ordered = [
        Fraction(whole, unit) for whole in _middle(sorted(v.numerator * (unit // v.denominator) for v in values))
    ]
    return sum(ordered, Fraction(0)) / len(ordered)


def _middle(ordered: Sequence[int]) -> Sequence[int]:
    """The one or two numbers in the middle."""
    half = len(ordered) // 2
    return ordered[half : half + 1] if len(ordered) % 2 else ordered[half - 1 : half + 1]


def _reaching(totals: Counter[tuple[int, int]], least: Fraction) -> int:
    """How many units have a total of at least so much; each total is compared once."""
    return sum(units for (over, under), units in totals.items() if over * least.denominator >= least.numerator * under)


def _lines_in_words(rows: Sequence[UnitTotal], lines: Sequence[tuple[Fraction, str]]) -> str:
    if not lines:
        return translate("没有分数线。")
    totals = Counter(row.total.as_integer_ratio() for row in rows)
    sentence = translate("{level}线{points}分，够线的{count}个")
    said = (
        sentence.format(level=name, points=plain(least), count=_reaching(totals, least))
        for least, name in reversed(lines)
    )
    return translate("；").join(said) + translate("。")
