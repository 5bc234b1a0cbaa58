"""What is known of the units so far, asked by subject: raw values at first, then points, total, rank and level.

`Facts` is the one place where a subject of the rules' vocabulary finds its column. It grows while a rating is worked
out; asking for what does not exist yet is a fault of the program, since the scheme's check has refused it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from starrating.domain.conditions import (
    AFTER_ALLOCATION,
    LEADER_MONTHS,
    LEADER_STREAKS,
    OF_A_NODE,
    STREAKS_BELOW,
    About,
    LevelColumn,
    Subject,
)
from starrating.domain.exact import Column, Mask, extreme, multiply
from starrating.domain.faults import InputFault
from starrating.domain.inputs import UNIT, Inputs, Labels
from starrating.domain.movement import previous_levels, streaks
from starrating.domain.scheme import Scheme

_T = TypeVar("_T")


@dataclass(slots=True, eq=False)
class Facts:
    """The columns of the units at `rows` of the inputs (None: all), and the faults found on the way.

    `evaluate` gives the points of a node; `rated` tells who counts for others where some are only measured. `results`
    holds the nodes' points as far as they are `kept` (None: all, and the periods' as `CODE@Q1`), `asides` what a
    relative leaf was measured against.
    """

    scheme: Scheme
    inputs: Inputs
    rows: NDArray[np.intp] | None = None
    evaluate: Callable[[Facts, str], Column] | None = None
    rated: Mask | None = None
    results: dict[str, Column] = field(default_factory=dict)
    kept: frozenset[str] | None = frozenset()
    asides: dict[str, Mapping[str, Column]] = field(default_factory=dict)
    total: Column | None = None
    rank: Column | None = None
    pool_sizes: NDArray[np.int64] | None = None
    level: NDArray[np.int8] | None = None
    faults: list[InputFault] = field(default_factory=list)
    _previous: NDArray[np.int8] | None = None
    _groups: dict[tuple[str, ...], Grouping] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.inputs) if self.rows is None else len(self.rows)

    def number(self, header: str) -> Column:
        """The numbers under a header; a column that the file does not have is blank."""
        column = self.inputs.numbers.get(header)
        if column is None:
            return Column(np.zeros(len(self), np.int64), present=np.zeros(len(self), bool))
        return (column if self.rows is None else column.take(self.rows)).widened()

    def word(self, header: str) -> Labels:
        """The words under a header; `unit` is the units' own names; a column that the file does not have is blank."""
        labels = self._names() if header == UNIT else self.inputs.words.get(header)
        if labels is None:
            return Labels(np.full(len(self), -1, np.int32), ())
        return labels if self.rows is None else Labels(labels.codes[self.rows], labels.names)

    def _names(self) -> Labels:
        return Labels(np.arange(len(self.inputs), dtype=np.int32), tuple(self.inputs.units))

    def previous(self) -> NDArray[np.int8]:
        """Each unit's previous level as an index, -1 for none."""
        if self._previous is None:
            levels = previous_levels(self.inputs.history, self.scheme, len(self.inputs))
            self._previous = levels if self.rows is None else levels[self.rows]
        return self._previous

    def grouping(self, fields: tuple[str, ...]) -> Grouping:
        """The units grouped by fields: those of a pool, or those a relative leaf compares within."""
        if fields not in self._groups:
            self._groups[fields] = _group([self.word(name) for name in fields], len(self))
        return self._groups[fields]

    def refuse(self, code: str, where: Mask, header: str, fact: Callable[[int], dict[str, Any]]) -> None:
        """Record a fault for each unit where `where`, with the facts of its row."""
        for row in np.flatnonzero(where)[:100]:
            original = int(row) if self.rows is None else int(self.rows[row])
            self.faults.append(InputFault(code, original, header, fact(int(row))))

    def subject(self, subject: Subject) -> Column | Labels | LevelColumn:
        """The column a subject names."""
        if subject.about in OF_A_NODE:
            return self._of_node(subject)
        if subject.about in AFTER_ALLOCATION:
            return self._of_level(subject)
        match subject.about:
            case About.UNIT:
                return self.word(subject.name)
            case About.LEADER | About.APPRAISAL:
                return self.word(str(subject))
            case About.FLAG:
                return self.number(str(subject)).filled(Fraction(0))
            case About.PREVIOUS:
                return self._levels(self.previous())
            case About.TOTAL:
                return _there(self.total)
            case About.RANK:
                return _there(self.rank)
        return self._rank_share()

    def header_of(self, subject: Subject) -> str:
        """The header under which a subject's value was written: for a value that is another's, that one's."""
        if subject.about is About.UNIT:
            return subject.name
        leaf = self.scheme.node(subject.name).leaf if subject.about is About.VALUE else None
        if leaf is None:
            return str(subject)
        return subject.name if leaf.of is None else self.header_of(leaf.of)

    def value(self, code: str) -> Column | Labels | LevelColumn:
        """The raw value of a leaf without parts and periods."""
        leaf = self.scheme.node(code).leaf
        assert leaf is not None
        if leaf.of is not None:
            return self.subject(leaf.of)
        return self.word(code) if leaf.takes_text else self.number(code)

    def points(self, code: str) -> Column:
        """The result of a node."""
        if code not in self.results:
            assert self.evaluate is not None
            self.results[code] = self.evaluate(self, code)
        return self.results[code]

    def change(self) -> Column:
        """Steps from the previous level to this year's, blank without a previous one."""
        previous, level = self.previous(), _there(self.level)
        return Column(level.astype(np.int64) - previous, present=(previous >= 0) & (level >= 0))

    def _rank_share(self) -> Column:
        """Rank / number rated in the pool, in the one unit that divides all pools."""
        rank, sizes = _there(self.rank), _there(self.pool_sizes)
        whole = lcm(*(int(size) for size in np.unique(np.maximum(sizes, 1))))
        return Column(
            multiply(rank.numbers, whole // np.maximum(sizes, 1).astype(object)), Fraction(1, whole), rank.present
        )

    def _levels(self, indices: NDArray[np.int8]) -> LevelColumn:
        order = {level.code: index for index, level in enumerate(self.scheme.levels)}
        return LevelColumn(Column(indices.astype(np.int64), present=indices >= 0), order)

    def _of_level(self, subject: Subject) -> Column | LevelColumn:
        match subject.about:
            case About.LEVEL:
                return self._levels(_there(self.level))
            case About.CHANGE:
                return self.change()
        return self._streak(subject)

    def _of_node(self, subject: Subject) -> Column | Labels | LevelColumn:
        match subject.about:
            case About.VALUE:
                return self.value(subject.name)
            case About.POINTS:
                return self.points(subject.name)
            case About.SHARE:
                high = self.scheme.node(subject.name).high
                assert high is not None
                column = self.points(subject.name)
                return Column(column.numbers, column.unit / high, column.present)
        children = [self.points(child.code) for child in self.scheme.node(subject.name).children]
        return extreme(children, np.minimum if subject.about is About.LOWEST else np.maximum)

    def _streak(self, subject: Subject) -> Column:
        reached = self.scheme.level_index(subject.name)
        rows = slice(None) if self.rows is None else self.rows
        history = {year: levels[rows] for year, levels in self.inputs.history.years.items()}
        below, own = subject.about in STREAKS_BELOW, subject.about in LEADER_STREAKS

        def counts(levels: NDArray[np.int8]) -> Mask:
            return levels < reached if below else levels >= reached

        level, months = _there(self.level), self.word(str(LEADER_MONTHS)).numbers()[0]

        def held(year: int) -> Mask:
            """Whose leader was in post at the end of an earlier year already."""
            return months.at_least(Fraction(12 * (self.scheme.year - year)))

        found = streaks(level, history, self.scheme, counts, held if own else None)
        return Column(found, present=(level >= 0) & (months.known | (not own)))


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """Units in groups: `ids` gives each unit's group, `names` the groups' fields joined with `/`."""

    ids: NDArray[np.int64]
    names: tuple[str, ...]


def _there(value: _T | None) -> _T:
    """`value`, which the order of the steps has made by now."""
    assert value is not None
    return value


def _group(columns: list[Labels], size: int) -> Grouping:
    """Groups numbered in the order of their names, so that nothing depends on the order of rows."""
    if not columns:
        return Grouping(np.zeros(size, dtype=np.int64), ("",))
    combined = np.zeros(size, dtype=np.int64)
    for labels in columns:
        combined = combined * (len(labels.names) + 1) + (labels.codes + 1)
        _, combined = np.unique(combined, return_inverse=True)
    first = np.full(int(combined.max(initial=-1)) + 1, -1, dtype=np.int64)
    first[combined[::-1]] = np.arange(size)[::-1]
    names = ["/".join(labels.name(int(row)) or "" for labels in columns) for row in first]
    order = sorted(range(len(names)), key=names.__getitem__)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return Grouping(place[combined], tuple(names[index] for index in order))
