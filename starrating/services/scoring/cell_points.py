"""What the values of an indicator are worth, unit by unit, worked out by the engine itself.

A unit whose cells are not all filled in has no points yet, nor has an indicator that is measured against other units:
those are known only when everybody's values are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from starrating.domain.entry import Entry, EntryState, columns_of
from starrating.domain.exact import column_of
from starrating.domain.facts import Facts
from starrating.domain.figures import plain
from starrating.domain.inputs import Inputs, decimal, labels_of
from starrating.domain.methods import Bands, Missing, Relative
from starrating.domain.points import leaf_result
from starrating.domain.scheme import Indicator, Scheme

Entries = Mapping[str, Entry]
"""What stands in a unit's cells, by header."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """How much more it takes to reach the next better row of bands, and its points."""

    more: Fraction
    points: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class _Measure:
    """An indicator of a scheme, told from others by which objects they are: comparing them would cost more."""

    scheme: Scheme
    node: Indicator

    def __hash__(self) -> int:
        return hash((id(self.scheme), id(self.node)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Measure) and self.scheme is other.scheme and self.node is other.node


def points_of(scheme: Scheme, node: Indicator, units: Sequence[Entries]) -> list[str]:
    """The points of the indicator for each unit; empty where it has none, or not yet."""
    if len(units) == 1:
        (entries,) = units
        return [_points_of_one(_Measure(scheme, node), tuple(entries.get(header) for header in _headers(node)))]
    return _worked_out(scheme, node, units)


@lru_cache(maxsize=4_096)
def _points_of_one(measure: _Measure, entries: tuple[Entry | None, ...]) -> str:
    """The points of one unit, kept: whoever saves a cell is told its points, and most cells say the same few things."""
    said = {header: one for header, one in zip(_headers(measure.node), entries, strict=True) if one is not None}
    return _worked_out(measure.scheme, measure.node, [said])[0]


def _worked_out(scheme: Scheme, node: Indicator, units: Sequence[Entries]) -> list[str]:
    leaf = node.leaf
    if leaf is None or isinstance(leaf.method, Relative):
        return [""] * len(units)
    ready = [index for index, entries in enumerate(units) if _complete(node, entries)]
    found = [""] * len(units)
    if not ready:
        return found
    facts = Facts(scheme, _inputs(node, [units[index] for index in ready]))
    column = leaf_result(facts, node)
    wrong = {fault.row for fault in facts.faults}
    for row, index in enumerate(ready):
        value = column.value(row)
        found[index] = "" if value is None or row in wrong else plain(value)
    return found


def next_step(node: Indicator, entry: Entry) -> NextStep | None:
    """The next better row of bands that rise with the value."""
    method = node.leaf.method if node.leaf else None
    value = decimal(entry.value) if entry.state is EntryState.VALUE else None
    if not isinstance(method, Bands) or method.downward or value is None:
        return None
    above = [row for row in method.rows if row.limit is not None and row.limit > value]
    nearest = min(above, key=lambda row: row.limit or Fraction(0), default=None)
    if nearest is None or nearest.limit is None:
        return None
    return NextStep(nearest.limit - value, nearest.points)


def _complete(node: Indicator, entries: Entries) -> bool:
    """True where the indicator can be worked out: nothing is blank, or blanks have a meaning of their own."""
    states = [entries[header].state if header in entries else EntryState.BLANK for header in _headers(node)]
    if all(state is EntryState.BLANK for state in states):
        return node.leaf is not None and node.leaf.missing in (Missing.FULL, Missing.ZERO)
    if all(state is EntryState.NOT_APPLICABLE for state in states):
        return False
    return EntryState.BLANK not in states or (node.leaf is not None and node.leaf.missing is not Missing.REJECT)


def _headers(node: Indicator) -> list[str]:
    return [column.header for column in columns_of(node)]


def _inputs(node: Indicator, units: Sequence[Entries]) -> Inputs:
    texts = {header: [_text(entries.get(header)) for entries in units] for header in _headers(node)}
    names = [str(row) for row in range(len(units))]
    if node.leaf is not None and node.leaf.takes_text:
        return Inputs(names, {}, {header: labels_of([text or None for text in row]) for header, row in texts.items()})
    numbers = {header: column_of([decimal(text) for text in row]) for header, row in texts.items()}
    return Inputs(names, numbers, {})


def _text(entry: Entry | None) -> str:
    return entry.value if entry is not None else ""
