"""What a district's detailed rules can say: the types of a scheme, as `rating-rules.md` names them.

Every number is a `Fraction`, exact as written. Levels are held by their index in `Scheme.levels` (0 = lowest)
wherever they are compared, and by their code where a person wrote them. Whether a scheme makes sense is decided in
`scheme_check`; a scheme that passes it can be rated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from starrating.domain.conditions import Condition, Subject
from starrating.domain.methods import Leaf, Missing


class NodeKind(StrEnum):
    """How a parent takes a node: a bonus is added beyond the full score, a penalty subtracted."""

    BASE = "base"
    BONUS = "bonus"
    PENALTY = "penalty"


class Aggregate(StrEnum):
    """How a group combines its children."""

    SUM = "sum"
    MEAN = "mean"
    MIN = "min"
    MAX = "max"
    GEOMETRIC = "geometric"


@dataclass(frozen=True, slots=True)
class Level:
    """A star level of the scheme; levels are data, never an enum."""

    code: str
    name: str
    stars: int


@dataclass(frozen=True, slots=True)
class Indicator:
    """A node of the indicator tree, its bounds resolved: `low`/`high` are None where it has none."""

    code: str
    name: str
    kind: NodeKind = NodeKind.BASE
    scale: Fraction = Fraction(1)
    weight: Fraction = Fraction(1)
    low: Fraction | None = None
    high: Fraction | None = None
    leaf: Leaf | None = None
    children: tuple[Indicator, ...] = ()
    aggregate: Aggregate = Aggregate.SUM
    present: int = 1
    source: str = ""
    evidence: str = ""
    basis: str = ""
    note: str = ""

    def walk(self) -> Iterator[Indicator]:
        """This node and all under it, parents first, in the scheme's order."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def may_be_excluded(self) -> bool:
        """True where some unit may have no result here."""
        if self.leaf is not None:
            return self.leaf.missing is Missing.EXCLUDE
        sure = sum(not child.may_be_excluded for child in self.children)
        return sure < self.present


class EffectKind(StrEnum):
    """What an override does to a unit's level."""

    VOID = "void"
    VOID_SCORED = "void_scored"
    SET = "set"
    CAP = "cap"
    FLOOR = "floor"
    DROP = "drop"


PREVIOUS = -1
"""In place of a level's index: last year's level of the unit."""


@dataclass(frozen=True, slots=True)
class Override:
    """A veto, a cap, a guarantee, a drop or a reason not to be rated; `level` is an index or `PREVIOUS`."""

    code: str
    name: str
    when: Condition
    effect: EffectKind
    level: int = 0
    steps: int = 0


@dataclass(frozen=True, slots=True)
class Movement:
    """How far a level may move from the previous one; None is no limit, levels are indices."""

    max_rise: int | None = None
    max_fall: int | None = None
    waive_rise: Condition | None = None
    no_previous: int | None = None
    look_back: int = 1


@dataclass(frozen=True, slots=True)
class Quota:
    """`share` of the units of the pool (or of those that could have level `of`), or a number of `places`."""

    share: Fraction | None = None
    places: int | None = None
    of: int | None = None


@dataclass(frozen=True, slots=True)
class LevelRule:
    """Who may take a level: quota (None: no limit), least total, and a condition."""

    quota: Quota | None = None
    least: Fraction | None = None
    requires: Condition | None = None


class Rounding(StrEnum):
    """How a quota's share of a pool becomes places."""

    DOWN = "down"
    NEAREST = "nearest"
    UP = "up"
    CUMULATIVE = "cumulative"


class Ties(StrEnum):
    """Whether a tied group at the edge of a quota is taken whole or left whole."""

    INCLUDE = "include"
    EXCLUDE = "exclude"


@dataclass(frozen=True, slots=True)
class RankKey:
    """One key of the ranking: descending, or ascending."""

    subject: Subject
    ascending: bool = False


TOTAL_DESCENDING = (RankKey(Subject.parse("total")),)


@dataclass(frozen=True, slots=True)
class Quotas:
    """Allocation by quotas and lines; `levels` by level index, `by_pool` already merged over them."""

    levels: Mapping[int, LevelRule]
    pool: tuple[str, ...] = ()
    rank_by: tuple[RankKey, ...] = TOTAL_DESCENDING
    ties: Ties = Ties.INCLUDE
    rounding: Rounding = Rounding.DOWN
    carry: bool = False
    bottom: Quota | None = None
    bottom_rounding: Rounding = Rounding.DOWN
    by_pool: Mapping[str, Mapping[int, LevelRule]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NamedStars:
    """Allocation by named stars: each root that reaches its points lights one."""

    lit: Mapping[str, Fraction]
    requires_total: Fraction | None = None
    pool: tuple[str, ...] = ()
    rank_by: tuple[RankKey, ...] = TOTAL_DESCENDING


Allocation = Quotas | NamedStars


class Bearer(StrEnum):
    """Whom a consequence is about."""

    DUAL_ROLE = "dual_role"
    SECRETARY = "secretary"
    DIRECTOR = "director"
    TEAM = "team"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class PayLine:
    """A pay coefficient on a straight line over a subject, times a factor."""

    of: Subject
    at: tuple[tuple[Fraction, Fraction], ...]
    times: Fraction = Fraction(1)


class Outcome(StrEnum):
    """The kinds of consequence."""

    PAY_COEFFICIENT = "pay_coefficient"
    ELIGIBLE = "eligible"
    MEASURE = "measure"
    HONOUR = "honour"
    FUND_SHARE = "fund_share"
    AT_MOST = "at_most"


@dataclass(frozen=True, slots=True)
class Effect:
    """What follows: `what` is the number, line or word of the outcome; the rest is for a measure.

    Of an admonition `period_months` is how long it lasts where nobody says otherwise, `ballot` whether one is held
    after it, `failed` the measure that follows a ballot that is lost.
    """

    outcome: Outcome
    what: Fraction | PayLine | str | Mapping[str, str]
    within_days: int | None = None
    period_months: int | None = None
    ballot: bool = False
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Consequence:
    """A rule of what follows for the leader, the team or the unit."""

    code: str
    name: str
    bearer: Bearer
    when: Condition
    effect: Effect
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """How the public notice is given."""

    days: int = 5
    working_days: bool = True
    show_scores: bool = True


@dataclass(frozen=True, slots=True)
class Scheme:
    """One assessed year's rules for one kind of unit."""

    code: str
    title: str
    year: int
    levels: tuple[Level, ...]
    indicators: tuple[Indicator, ...]
    allocation: Allocation
    applies_to: tuple[str, ...] = ()
    precision: int = 4
    decimals: int = 2
    full_score: Fraction | None = None
    overrides: tuple[Override, ...] = ()
    movement: Movement = Movement()
    consequences: tuple[Consequence, ...] = ()
    notice: Notice = Notice()

    def nodes(self) -> Iterator[Indicator]:
        """Every node of the tree, parents first, in the scheme's order."""
        for root in self.indicators:
            yield from root.walk()

    def leaves(self) -> Iterator[Indicator]:
        """Every leaf, in the scheme's order."""
        return (node for node in self.nodes() if node.leaf is not None)

    def node(self, code: str) -> Indicator:
        """The node of that code; `KeyError` where there is none."""
        for node in self.nodes():
            if node.code == code:
                return node
        raise KeyError(code)

    def level_index(self, code: str) -> int:
        """The position of a level among `levels`, 0 the lowest; `KeyError` where there is none."""
        for index, level in enumerate(self.levels):
            if level.code == code:
                return index
        raise KeyError(code)
