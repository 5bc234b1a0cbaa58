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
class Level:
    """A star level of the scheme; levels are data, never an enum."""

    code: str
    name: str
    stars: int


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
    """What follows: `what` is the number, line or word of the outcome; `within_days` for a measure."""

    outcome: Outcome
    what: Fraction | PayLine | str | Mapping[str, str]
    within_days: int | None = None


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
