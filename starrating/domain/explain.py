"""One unit's result in words and sums, read from the columns of the rating: nothing is computed a second time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from starrating.domain.conditions import LevelColumn
from starrating.domain.exact import Column
from starrating.domain.facts import Facts
from starrating.domain.figures import signed, texts
from starrating.domain.marks import MarkBook, PoolMarks
from starrating.domain.rating import Rating
from starrating.domain.scheme import Indicator
from starrating.domain.steps import group_steps, leaf_steps, year_steps

_CHUNK = 2048
"""Units explained at a time, so that memory does not grow with their number."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One period of a leaf (or its year): the raw values by header, the sum that was done, the points."""

    values: Mapping[str, str | None]
    steps: str
    points: str | None


@dataclass(frozen=True, slots=True)
class NodeResult:
    """One node's result for a unit: its points (None where excluded) and how they came about.

    A group has `steps`, the sum of its children; a leaf has an entry for the year or one for each period.
    """

    node: Indicator
    depth: int
    points: str | None
    steps: str = ""
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class StandingOfUnit:
    """Where a rated unit stands: its pool, the values of the rank keys, the levels that bound it, its stars lit."""

    pool: PoolMarks
    keys: tuple[tuple[str, str | None], ...]
    ceiling: str
    floor: str
    lit: int | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that a person needs to redo a unit's sum by hand; `steps` is the total's. Levels are codes, None for none.

    A unit that was `rated_before` may still have no `previous` level: the rule looks back only so many years.
    """

    unit: str
    status: str
    total: str | None
    rank: int | None
    level: str | None
    previous: str | None
    rated_before: bool
    change: str | None
    reasons: tuple[str, ...]
    consequences: tuple[str, ...]
    nodes: tuple[NodeResult, ...]
    steps: str
    standing: StandingOfUnit | None


def explain(rating: Rating, rows: Sequence[int] | NDArray[Any]) -> Iterator[Explanation]:
    """The explanations of the units at `rows`; the rating must have kept every node (`keep_all`)."""
    marks = MarkBook(rating)
    wanted = np.asarray(rows, dtype=np.intp)
    for start in range(0, len(wanted), _CHUNK):
        sheets = _Sheets(rating, wanted[start : start + _CHUNK])
        for position in range(len(sheets)):
            yield sheets.explanation(position, marks)


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(text.split(";")) if text else ()


def _written(facts: Facts, subject: Any, rows: NDArray[np.intp]) -> list[str | None]:
    """A subject of some units written out: numbers plain, levels by code, words as they are."""
    column = facts.subject(subject)
    if isinstance(column, Column):
        return texts(column, rows)
    if isinstance(column, LevelColumn):
        codes = list(column.order)
        return [None if index < 0 else codes[index] for index in column.indices.numbers[rows]]
    return [column.name(int(row)) for row in rows]


class _Sheets:
    """The score sheets of some units: every node's points and how they came about, node by node."""

    def __init__(self, rating: Rating, rows: NDArray[np.intp]) -> None:
        self.rating, self.wanted = rating, rows
        self.facts = facts = rating.standing.facts
        place = np.full(len(rating.inputs), -1, dtype=np.intp)
        place[np.arange(len(rating.inputs)) if facts.rows is None else facts.rows] = np.arange(len(facts))
        self.rows = place[rows][place[rows] >= 0]
        self.sheet_of = np.cumsum(place[rows] >= 0) - 1
        self.columns = [(node, depth, self._lines(node)) for node, depth in _with_depth(rating.scheme.indicators, 0)]
        keys = rating.scheme.allocation.rank_by
        self.keys = [(key.subject, _written(facts, key.subject, self.rows)) for key in keys]
        self.totals = texts(rating.total, rows, rating.scheme.decimals)
        along = np.full(len(facts), -1, dtype=np.intp)
        along[rating.standing.ranking.order] = np.arange(len(rating.standing.ranking.order))
        self.along = along[self.rows]

    def __len__(self) -> int:
        return len(self.wanted)

    def explanation(self, position: int, marks: MarkBook) -> Explanation:
        """The explanation of the unit at a position of the rows asked for."""
        rating, row = self.rating, int(self.wanted[position])
        codes = [level.code for level in rating.scheme.levels]
        level, previous = int(rating.level[row]), int(rating.previous[row])
        rated, scored = level >= 0, not rating.voids.true[row]
        sheet = int(self.sheet_of[position])
        nodes = self._nodes(sheet) if scored else ()
        return Explanation(
            unit=rating.inputs.units[row],
            status="rated" if rated else "void",
            total=self.totals[position],
            rank=int(rating.rank[row]) or None,
            level=codes[level] if rated else None,
            previous=codes[previous] if previous >= 0 else None,
            rated_before=any(levels[row] >= 0 for levels in rating.inputs.history.years.values()),
            change=signed(level - previous) if rated and previous >= 0 else None,
            reasons=_listed(rating.reasons.name(row)),
            consequences=_listed(rating.consequences.name(row)),
            nodes=nodes,
            steps=group_steps(None, [(result.node, result.points) for result in nodes if not result.depth]),
            standing=self._standing(sheet, marks.of_pool(int(rating.pool.codes[row]))) if rated else None,
        )

    def _standing(self, sheet: int, pool: PoolMarks) -> StandingOfUnit:
        codes = [level.code for level in self.rating.scheme.levels]
        standing, along = self.rating.standing, int(self.along[sheet])
        row = standing.ranking.order[along]
        lit = standing.allocated.lit
        return StandingOfUnit(
            pool=pool,
            keys=tuple((str(subject), written[sheet]) for subject, written in self.keys),
            ceiling=codes[standing.allocated.ceiling[along]],
            floor=codes[standing.limits.floor[row]],
            lit=None if lit is None else int(lit[along]),
        )

    def _nodes(self, sheet: int) -> tuple[NodeResult, ...]:
        points = {node.code: column[sheet] for node, _, (column, _) in self.columns}
        return tuple(
            NodeResult(
                node=node,
                depth=depth,
                points=points[node.code],
                steps=group_steps(node, _children(node.children, points)) if node.children else "",
                entries=tuple(entries[sheet]) if entries else (),
            )
            for node, depth, (_, entries) in self.columns
        )

    def _lines(self, node: Indicator) -> tuple[list[str | None], list[list[Entry]]]:
        points = self._points(node.code)
        if node.leaf is None:
            return points, []
        values = [self._values(node, period) for period in node.leaf.periods or ("",)]
        if node.leaf.counts_events:
            return points, [[self._year(node, values, row, points[row])] for row in range(len(self.rows))]
        if not node.leaf.periods:
            aside = self._aside(self.facts.header_of(node.leaf.of) if node.leaf.of else node.code)
            return points, [[_entry(node, values[0], aside, row, points)] for row in range(len(self.rows))]
        stems = [f"{node.code}@{period}" for period in node.leaf.periods]
        by_period = [(self._aside(stem), self._points(stem)) for stem in stems]
        return points, [
            [_entry(node, value, aside, row, own) for value, (aside, own) in zip(values, by_period, strict=True)]
            for row in range(len(self.rows))
        ]

    def _points(self, code: str) -> list[str | None]:
        return texts(self.facts.results[code], self.rows, self.facts.scheme.precision)

    def _values(self, node: Indicator, period: str) -> dict[str, list[str | None]]:
        """The raw values of a leaf in one period by header, one a part."""
        leaf = node.leaf
        assert leaf is not None
        if leaf.of is not None:
            return {str(leaf.of): _written(self.facts, leaf.of, self.rows)}
        suffix = f"@{period}" if period else ""
        stems = [f"{node.code}.{part}" for part in leaf.parts] or [node.code]
        return {stem + suffix: self._raw(stem + suffix, leaf.takes_text) for stem in stems}

    def _raw(self, header: str, words: bool) -> list[str | None]:
        if words:
            labels = self.facts.word(header)
            return [labels.name(int(row)) for row in self.rows]
        return texts(self.facts.number(header), self.rows)

    def _aside(self, header: str) -> dict[str, list[str | None]]:
        return {name: texts(column, self.rows) for name, column in self.facts.asides.get(header, {}).items()}

    def _year(self, node: Indicator, values: list[dict[str, list[str | None]]], row: int, points: str | None) -> Entry:
        periods = [[column[row] for column in period.values()] for period in values]
        named = {header: column[row] for period in values for header, column in period.items()}
        return Entry(named, year_steps(node, periods), points)


def _entry(
    node: Indicator,
    values: Mapping[str, list[str | None]],
    aside: Mapping[str, list[str | None]],
    row: int,
    points: list[str | None],
) -> Entry:
    named = {header: column[row] for header, column in values.items()}
    held = {name: column[row] for name, column in aside.items()}
    return Entry(named, leaf_steps(node, list(named.values()), held), points[row])


def _children(nodes: Sequence[Indicator], points: Mapping[str, str | None]) -> list[tuple[Indicator, str | None]]:
    return [(node, points[node.code]) for node in nodes]


def _with_depth(nodes: Sequence[Indicator], depth: int) -> Iterator[tuple[Indicator, int]]:
    for node in nodes:
        yield node, depth
        yield from _with_depth(node.children, depth + 1)
