"""How a raw value becomes points: the leaf methods of the rules' vocabulary, and what a leaf says beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from starrating.domain.conditions import Subject


class Missing(StrEnum):
    """What a blank value of a leaf means."""

    REJECT = "reject"
    ZERO = "zero"
    FULL = "full"
    EXCLUDE = "exclude"


class Over(StrEnum):
    """How the periods of a leaf combine into the year."""

    SUM = "sum"
    MEAN = "mean"
    MIN = "min"
    MAX = "max"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Direct:
    """The value itself; off `step` or outside the leaf's bounds it is an input error."""

    step: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """`start + each × value`; with `required`, the events counted are the missing ones."""

    each: Fraction
    start: Fraction = Fraction(0)
    required: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Cases:
    """As `Count`, summed over parts (`CODE.part`), each with a weight of its own."""

    each: Mapping[str, Fraction]
    start: Fraction = Fraction(0)
    required: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checklist:
    """`start` and the points of the items marked 1 (parts `CODE.item`)."""

    items: Mapping[str, Fraction]
    start: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Choice:
    """The points of the option named."""

    options: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Band:
    """One row of bands: the limit (`from`, `to` or `top`; none in an open last row) and its points."""

    limit: Fraction | None
    points: Fraction


@dataclass(frozen=True, slots=True)
class Bands:
    """The first row whose limit the value reaches: value ≥ `from`, or ≤ `to` where `downward`."""

    rows: tuple[Band, ...]
    downward: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line through the points `at`, flat outside; with `log`, straight in ln(value)."""

    at: tuple[tuple[Fraction, Fraction], ...]
    log: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """The value, clamped into the leaf's bounds."""


class RelativeTo(StrEnum):
    """What a relative leaf measures a unit against."""

    BEST = "best"
    MINMAX = "minmax"
    RANK = "rank"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Relative:
    """Points against the other rated units of the pool, or of the fields `within`."""

    to: RelativeTo
    lower_is_better: bool = False
    within: tuple[str, ...] | None = None
    each: Fraction = Fraction(0)
    bands: tuple[Band, ...] = ()


Method = Direct | Count | Cases | Checklist | Choice | Bands | Line | Value | Relative


@dataclass(frozen=True, slots=True)
class Leaf:
    """Where a leaf's value comes from and how it becomes points."""

    method: Method
    missing: Missing = Missing.REJECT
    periods: tuple[str, ...] = ()
    over: Over = Over.SUM
    of: Subject | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts whose columns make up the value (`CODE.part`), none for a plain leaf."""
        match self.method:
            case Cases(each=parts) | Checklist(items=parts):
                return tuple(parts)
        return ()

    @property
    def counts_events(self) -> bool:
        """True where the events of all periods are added before they become points."""
        return bool(self.periods) and self.over is Over.SUM and isinstance(self.method, Count | Cases | Checklist)

    @property
    def takes_text(self) -> bool:
        """True where the raw value is a label, not a number."""
        return isinstance(self.method, Choice)

    def columns(self, code: str) -> tuple[str, ...]:
        """The headers of the raw values, period by period, each period part by part; none with `of`."""
        if self.of is not None:
            return ()
        stems = [f"{code}.{part}" for part in self.parts] or [code]
        if not self.periods:
            return tuple(stems)
        return tuple(f"{stem}@{period}" for period in self.periods for stem in stems)
