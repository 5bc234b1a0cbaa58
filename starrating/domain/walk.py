"""What was known of one unit, kept as words, and the walk through a condition with it: what holds, what misses by what.

The values are those of the rating itself, subject by subject, so that whatever followed can be worked out again from
them alone, by the same code that found it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from starrating.domain.conditions import (
    LEVELS,
    STREAKS,
    WORDS,
    About,
    All,
    AnyOf,
    Condition,
    LevelColumn,
    Not,
    Operator,
    Subject,
    Test,
    holds,
    number,
    tests_in,
)
from starrating.domain.consequences import consequences
from starrating.domain.exact import Column, column_of
from starrating.domain.facts import Facts
from starrating.domain.figures import plain
from starrating.domain.inputs import Labels, labels_of
from starrating.domain.scheme import PayLine, Scheme

DUAL_ROLE = Subject(About.LEADER, "dual_role")

Values = Mapping[str, str | None]
"""Subject → its value as a word, in the shortest form of a number; None where it has none."""


def subjects_asked(scheme: Scheme) -> tuple[Subject, ...]:
    """Every subject that the scheme's consequences look at, in their order; beside a unit's streak its leader's own."""
    found: dict[Subject, None] = {Subject(About.LEVEL): None, DUAL_ROLE: None}
    for entry in scheme.consequences:
        found |= dict.fromkeys(test.subject for test in tests_in(entry.when))
        if isinstance(entry.effect.what, PayLine):
            found[entry.effect.what.of] = None
    beside = [Subject(STREAKS[one.about], one.name) for one in found if one.about in STREAKS]
    return tuple(dict.fromkeys((*found, *beside)))


def columns_said(facts: Facts, subjects: Iterable[Subject]) -> dict[str, list[str | None]]:
    """Subject → its value for every row of the facts."""
    return {str(one): _said(facts.subject(one)) for one in subjects}


def _said(column: Column | Labels | LevelColumn) -> list[str | None]:
    if isinstance(column, Labels):
        return [column.name(row) for row in range(len(column))]
    if isinstance(column, LevelColumn):
        codes = sorted(column.order, key=column.order.__getitem__)
        known = [column.indices.value(row) for row in range(len(column.indices))]
        return [None if one is None else codes[int(one)] for one in known]
    numbers = [column.value(row) for row in range(len(column))]
    return [None if one is None else _written(one) for one in numbers]


def _written(value: Fraction) -> str:
    """A number exactly: as a decimal where it is one, else as a fraction (a rank in its pool, say)."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return plain(value) if rest == 1 else str(value)


@dataclass(frozen=True, slots=True)
class Remembered:
    """One unit's values, asked as the rules ask columns."""

    scheme: Scheme
    values: Values

    def __len__(self) -> int:
        return 1

    def word(self, header: str) -> Labels:
        """The word of a subject."""
        return labels_of([self.values.get(header)])

    def subject(self, subject: Subject) -> Column | Labels | LevelColumn:
        """The column of a subject, of one row."""
        said = self.values.get(str(subject))
        if subject.about in LEVELS:
            order = {level.code: index for index, level in enumerate(self.scheme.levels)}
            return LevelColumn(column_of([None if said is None else Fraction(order[said])]), order)
        if subject.about in WORDS or self._takes_text(subject):
            return labels_of([said])
        return column_of([None if said is None else Fraction(said)])

    def _takes_text(self, subject: Subject) -> bool:
        leaf = self.scheme.node(subject.name).leaf if subject.about is About.VALUE else None
        if leaf is None:
            return False
        return leaf.of.about in WORDS if leaf.of is not None else leaf.takes_text


def codes_again(remembered: Remembered, *, voided: bool) -> tuple[str, ...]:
    """The codes of what follows, worked out again from what is remembered."""
    found = consequences(remembered, np.array([voided])).name(0)
    return tuple(found.split(";")) if found else ()


@dataclass(frozen=True, slots=True)
class Walked:
    """A part of a condition with what was found: whether it holds, the value it was asked of, how far it misses.

    `beside` is the leader's own where the value is the unit's streak. `misses` counts the tests that would have to turn
    out otherwise, the fewest that suffice.
    """

    condition: Condition
    met: bool
    misses: int
    value: str | None = None
    short: Fraction | None = None
    """How much is missing where a number or a level is too low (or, below 0, too high); None elsewhere."""
    parts: tuple[Walked, ...] = ()
    beside: str | None = None


def walk(condition: Condition, remembered: Remembered) -> Walked:
    """A condition, part by part, with the values behind it."""
    met = bool(holds(condition, remembered)[0])
    match condition:
        case Test():
            value, subject = remembered.values.get(str(condition.subject)), condition.subject
            own = STREAKS.get(subject.about)
            beside = None if own is None else remembered.values.get(str(Subject(own, subject.name)))
            short = None if met else _short(condition, remembered)
            return Walked(condition, met, int(not met), value, short, beside=beside)
        case All(conditions):
            parts = tuple(walk(one, remembered) for one in conditions)
            return Walked(condition, met, sum(one.misses for one in parts), parts=parts)
        case AnyOf(conditions):
            parts = tuple(walk(one, remembered) for one in conditions)
            return Walked(condition, met, min((one.misses for one in parts), default=1), parts=parts)
        case Not(inner):
            return Walked(condition, met, int(not met), parts=(walk(inner, remembered),))


def _short(test: Test, remembered: Remembered) -> Fraction | None:
    """By how much a test of a bound misses; for levels in steps."""
    if test.operator in (Operator.IS, Operator.NOT):
        return None
    column = remembered.subject(test.subject)
    if isinstance(column, LevelColumn):
        limit, value = Fraction(column.order[str(test.values[0])]), column.indices.value(0)
    else:
        held = column.numbers()[0] if isinstance(column, Labels) else column
        limit, value = number(test.values[0]), held.value(0)
    return None if value is None else limit - value
