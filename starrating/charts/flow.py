"""The flow of stars: from which level to which the units of a place went, between two years or over several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starrating.charts.alluvial import Band, Stack, draw_alluvial
from starrating.charts.chart import Cell, Chart, Heading, Table, empty, finished
from starrating.charts.levels import LISTED
from starrating.charts.style import BARS_WIDE, PHONE_WIDE, Width, star_fills
from starrating.wording.language import translate

NAME = "flow"
MOST_YEARS = {Width.DESK: 6, Width.PHONE: 3}
"""How many years stand side by side; of more the last ones."""

Place = int | None
"""A level as an index, lowest 0; None where a unit was not rated in a year."""


@dataclass(frozen=True, slots=True)
class Path:
    """How many units had these levels, one a year."""

    levels: tuple[Place, ...]
    units: int


@dataclass(frozen=True, slots=True)
class _Step:
    """What went from one year to the next: (from, to) → units."""

    before: int
    after: int
    counts: Mapping[tuple[Place, Place], int]

    def moved(self, sign: int) -> int:
        """How many rose (1), kept their level (0) or fell (-1), of those that had a level in both years."""
        return sum(
            units for (start, end), units in self.counts.items()
            if start is not None and end is not None and (end > start) - (end < start) == sign
        )  # fmt: skip


def draw_flow(
    paths: Sequence[Path],
    *,
    years: Sequence[int],
    levels: Sequence[str],
    heading: Heading,
    width: Width = Width.DESK,
) -> Chart:
    """A column a year, its levels from the highest down, and between two columns a band for each way that was gone.

    `levels` are names, lowest first; a unit that is rated in none of the years does not count.
    """
    star_fills(len(levels))
    if any(len(path.levels) != len(years) or path.units < 0 for path in paths):
        raise ValueError(f"a path has a level for each of the {len(years)} years")
    wide = PHONE_WIDE if width is Width.PHONE else BARS_WIDE
    shown = years[-MOST_YEARS[width] :]
    kept = Counter[tuple[Place, ...]]()
    for path in paths:
        kept[path.levels[-len(shown) :]] += path.units
    kept = Counter({way: units for way, units in kept.items() if units and any(one is not None for one in way)})
    steps = [_step(kept, shown, at) for at in range(len(shown) - 1)]
    if not any(step.moved(sign) for step in steps for sign in (-1, 0, 1)):
        what, to_do = translate("还没有可比的两年"), translate("先导入上年的星级，再做今年的审定。")
        return empty(NAME, heading, wide, what=what, to_do=to_do, header=_header())
    names = (*levels, translate("未评"))
    body = draw_alluvial(wide, _stacks(kept, shown, len(levels)), _bands(steps, len(levels)), names, heading)
    title = _finding(steps[-1])
    rows = tuple(row for step in steps for row in _rows(step, names))
    words = translate("流向图，{subject}，一年一列，按星级分段，带子是从哪一级到哪一级。{finding}。{rows}").format(
        subject=heading.subject, finding=title, rows=_listed(rows)
    )
    return finished(NAME, heading, body, title=title, alternative=words, table=Table(_header(), rows))


def _header() -> tuple[str, ...]:
    return (translate("从哪年"), translate("到哪年"), translate("原来"), translate("后来"), translate("个数"))


def _step(kept: Mapping[tuple[Place, ...], int], years: Sequence[int], at: int) -> _Step:
    counts = Counter[tuple[Place, Place]]()
    for way, units in kept.items():
        if way[at] is not None or way[at + 1] is not None:
            counts[way[at], way[at + 1]] += units
    return _Step(years[at], years[at + 1], counts)


def _order(place: Place, levels: int) -> int:
    """From the top: the highest level, …, the lowest, not rated."""
    return levels if place is None else levels - 1 - place


def _stacks(kept: Mapping[tuple[Place, ...], int], years: Sequence[int], levels: int) -> list[Stack]:
    """Each year's counts, from the highest level down, what is not rated last."""
    found = []
    for at, year in enumerate(years):
        counts = [0] * (levels + 1)
        for way, units in kept.items():
            counts[_order(way[at], levels)] += units
        found.append(Stack(str(year), tuple(counts)))
    return found


def _bands(steps: Sequence[_Step], levels: int) -> list[list[Band]]:
    return [
        sorted(
            (Band(_order(start, levels), _order(end, levels), units, _way(start, end))
             for (start, end), units in step.counts.items()),
            key=lambda band: (band.start, band.end),
        )
        for step in steps
    ]  # fmt: skip


def _way(start: Place, end: Place) -> int:
    if start is None or end is None:
        return 0
    return (end > start) - (end < start)


def _rows(step: _Step, names: Sequence[str]) -> list[tuple[Cell, ...]]:
    levels = len(names) - 1
    ordered = sorted(step.counts.items(), key=lambda one: (_order(one[0][0], levels), _order(one[0][1], levels)))
    return [
        (step.before, step.after, names[levels if start is None else start], names[levels if end is None else end],
         units)
        for (start, end), units in ordered
    ]  # fmt: skip


def _finding(last: _Step) -> str:
    up, held, down = last.moved(1), last.moved(0), last.moved(-1)
    if not up and not down and not held:
        return translate("{before}和{after}年度没有两年都评定的").format(before=last.before, after=last.after)
    if not up and not down:
        return translate("{before}到{after}年度{held}个都没有动").format(
            before=last.before, after=last.after, held=f"{held:,}"
        )
    counts = (
        (translate("往上{count}个"), up), (translate("往下{count}个"), down), (translate("{count}个没有动"), held),
    )  # fmt: skip
    moves = translate("，").join(sentence.format(count=f"{count:,}") for sentence, count in counts if count)
    return translate("{before}到{after}年度{moves}").format(before=last.before, after=last.after, moves=moves)


def _listed(rows: Sequence[tuple[Cell, ...]]) -> str:
    if len(rows) > LISTED:
        return translate("一共{count}行，数在图旁的表里。").format(count=len(rows))
    sentence = translate("{before}年{start}到{after}年{end}{units}个")
    said = (sentence.format(before=row[0], after=row[1], start=row[2], end=row[3], units=row[4]) for row in rows)
    return translate("；").join(said) + translate("。")
