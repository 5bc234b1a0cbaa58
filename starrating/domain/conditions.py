"""The one condition language: what is asked of a unit, answered for all units at once.

A subject without a value makes its test false. Numbers compare exactly, levels by their order, words as text, or as
numbers where the test is a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

import numpy as np

from starrating.domain.exact import Column, Mask
from starrating.domain.figures import plain
from starrating.domain.inputs import Labels, decimal


class About(StrEnum):
    """What a subject looks at."""

    TOTAL = "total"
    POINTS = "points"
    VALUE = "value"
    SHARE = "share"
    LOWEST = "lowest"
    HIGHEST = "highest"
    FLAG = "flag"
    UNIT = "unit"
    LEADER = "leader"
    APPRAISAL = "appraisal"
    PREVIOUS = "previous"
    LEVEL = "level"
    CHANGE = "change"
    STREAK = "streak"
    STREAK_BELOW = "streak_below"
    LEADER_STREAK = "leader_streak"
    LEADER_STREAK_BELOW = "leader_streak_below"
    RANK = "rank"
    RANK_SHARE = "rank_share"


WITHOUT_NAME = frozenset(
    (About.TOTAL, About.APPRAISAL, About.PREVIOUS, About.LEVEL, About.CHANGE, About.RANK, About.RANK_SHARE)
)
OF_A_NODE = frozenset((About.POINTS, About.VALUE, About.SHARE, About.LOWEST, About.HIGHEST))
STREAKS: Mapping[About, About] = {
    About.STREAK: About.LEADER_STREAK,
    About.STREAK_BELOW: About.LEADER_STREAK_BELOW,
}
"""The unit's streak → the same of the years at whose end the leader of today was in post already."""
STREAKS_BELOW = frozenset((About.STREAK_BELOW, About.LEADER_STREAK_BELOW))
LEADER_STREAKS = frozenset(STREAKS.values())
ALL_STREAKS = LEADER_STREAKS | frozenset(STREAKS)
AFTER_ALLOCATION = ALL_STREAKS | {About.LEVEL, About.CHANGE}
BEFORE_POOLS = frozenset((About.FLAG, About.UNIT, About.LEADER, About.APPRAISAL, About.PREVIOUS, About.VALUE))
LEVELS = frozenset((About.PREVIOUS, About.LEVEL))
WORDS = frozenset((About.UNIT, About.LEADER, About.APPRAISAL))


@dataclass(frozen=True, slots=True)
class Subject:
    """What a test looks at: `points.V1` is about POINTS, named V1."""

    about: About
    name: str = ""

    @classmethod
    def parse(cls, text: str) -> Subject:
        """The subject that `text` names; `ValueError` where it names none."""
        about, dot, name = text.partition(".")
        subject = cls(About(about), name)
        if (subject.about in WITHOUT_NAME) == bool(dot) or (dot and not name):
            raise ValueError(text)
        return subject

    def __str__(self) -> str:
        return f"{self.about}.{self.name}" if self.name else str(self.about)


LEADER_MONTHS = Subject(About.LEADER, "months")
"""Whole months for which the leader has been secretary without a gap."""


class Operator(StrEnum):
    """How a value is compared; IS and NOT take one or several values."""

    IS = "is"
    NOT = "not"
    AT_LEAST = "at_least"
    ABOVE = "above"
    AT_MOST = "at_most"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of a subject; numbers are `Fraction`, everything else text."""

    __test__ = False  # not a test of pytest's

    subject: Subject
    operator: Operator
    values: tuple[Fraction | str, ...]


@dataclass(frozen=True, slots=True)
class All:
    """Every one of the conditions holds; none is always true."""

    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the conditions holds."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    condition: Condition


Condition = Test | All | AnyOf | Not

ALWAYS = All()


def tests_in(condition: Condition) -> Iterator[Test]:
    """Every test of a condition, in the order written."""
    match condition:
        case Test():
            yield condition
        case All(conditions) | AnyOf(conditions):
            for inner in conditions:
                yield from tests_in(inner)
        case Not(inner):
            yield from tests_in(inner)


@dataclass(frozen=True, slots=True, eq=False)
class LevelColumn:
    """Levels of all units as indices, negative for none; `order` gives each code's index."""

    indices: Column
    order: Mapping[str, int]


class Answers(Protocol):
    """Who can be asked for the column of a subject."""

    def subject(self, subject: Subject) -> Column | Labels | LevelColumn:
        """The column of a subject for all units."""

    def __len__(self) -> int:
        """How many units there are."""


def holds(condition: Condition, answers: Answers) -> Mask:
    """For which units a condition holds."""
    match condition:
        case Test():
            return _test_holds(condition, answers)
        case All(conditions):
            mask = np.ones(len(answers), dtype=bool)
            for inner in conditions:
                mask &= holds(inner, answers)
            return mask
        case AnyOf(conditions):
            mask = np.zeros(len(answers), dtype=bool)
            for inner in conditions:
                mask |= holds(inner, answers)
            return mask
        case Not(inner):
            return ~holds(inner, answers)


def _test_holds(test: Test, answers: Answers) -> Mask:
    column = answers.subject(test.subject)
    if isinstance(column, LevelColumn):
        limits = tuple(Fraction(column.order[str(value)]) for value in test.values)
        return _compare(column.indices, test.operator, limits)
    if isinstance(column, Column):
        return _compare(column, test.operator, tuple(number(value) for value in test.values))
    if test.operator in (Operator.IS, Operator.NOT):
        return _words_are(column, test)
    return _compare(column.numbers()[0], test.operator, tuple(number(value) for value in test.values))


def _compare(column: Column, operator: Operator, limits: tuple[Fraction, ...]) -> Mask:
    match operator:
        case Operator.AT_LEAST:
            return column.at_least(limits[0])
        case Operator.ABOVE:
            return column.above(limits[0])
        case Operator.AT_MOST:
            return column.at_most(limits[0])
        case Operator.BELOW:
            return column.below(limits[0])
    mask = np.zeros(len(column), dtype=bool)
    for limit in limits:
        mask |= column.equals(limit)
    return column.known & ~mask if operator is Operator.NOT else mask


def _words_are(column: Labels, test: Test) -> Mask:
    chosen = np.array([any(_same(name, value) for value in test.values) for name in column.names], dtype=bool)
    mask = column.matching(chosen)
    return column.known & ~mask if test.operator is Operator.NOT else mask


def _same(word: str, value: Fraction | str) -> bool:
    return word == value if isinstance(value, str) else decimal(word) == value


def number(value: Fraction | str) -> Fraction:
    """A test's value as a number; text that is none was refused when the scheme was checked."""
    return value if isinstance(value, Fraction) else Fraction(value)


def written(condition: Condition) -> str:
    """A condition in the words of the rules' vocabulary: `share.V1 at_least 0.9 and not (flag.weak is 1)`."""
    match condition:
        case Test(subject, operator, values):
            texts = [plain(value) if isinstance(value, Fraction) else value for value in values]
            return f"{subject} {operator} {' or '.join(texts)}"
        case Not(inner):
            return f"not ({written(inner)})"
        case All(conditions):
            return " and ".join(map(written, conditions)) or "always"
        case AnyOf(conditions):
            return f"({' or '.join(map(written, conditions))})"
