"""What may be wrong with scores as they come in: hints for people, never a reason to change a value by itself.

A value stands out by its robust z-score: its distance from the median in units of 1.4826 × the median absolute
deviation, which for bell-shaped values is the standard deviation and which a few wild values cannot stretch. Where half
of the values or more are one and the same that deviation is 0, and the mean distance from the median × 1.2533 stands in
for it, with a higher limit. All sums are exact fractions; the limits are constants here and are printed on the page.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from math import ceil, floor, lcm
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)

AS_DEVIATION = Fraction(14826, 10000)
"""What makes the median absolute deviation comparable with a standard deviation."""
MEAN_AS_DEVIATION = Fraction(12533, 10000)
"""The same for the mean distance from the median (√(π/2)), which is used where the median of the distances is 0."""
FAR = Fraction(7, 2)
"""The robust z-score from which a value stands out (Iglewicz and Hoaglin's 3.5)."""
FAR_FROM_SAME = Fraction(6)
"""The z-score by mean distances from which a value stands out among equal ones: one alone among the fewest, not two."""
APART = Fraction(5, 2)
"""The robust z-score from which a group's average is called mild or strict."""
NOTICEABLE = Fraction(5, 100)
"""The share of the full points by which such an average must differ from the others' at least."""
FAR_APART = Fraction(25, 100)
"""The share of the full points by which groups differ that are too few, or too equal, for a z-score."""
FEWEST = 8
"""Fewer values than these are compared with nobody."""
FEWEST_GROUPS = 5
RARE = 20
"""Where most values are one or do not change, what is far is worth a look if at most one in so many is, or just one."""
FEWEST_ALIKE = 5
"""So many units of a township with one and the same value are worth a look, where the others' differ."""
FEWEST_COPIED = 10
FEWEST_DISTINCT = 3


class Check(StrEnum):
    """What is looked for."""

    EMPTY = "empty"
    OUTLIER = "outlier"
    OFF_HISTORY = "off_history"
    LENIENT = "lenient"
    STRICT = "strict"
    ALIKE = "alike"
    COPIED = "copied"
    NO_EVIDENCE = "no_evidence"
    REVIEW_LENIENT = "review_lenient"
    REVIEW_STRICT = "review_strict"


class Measure(StrEnum):
    """What a value was found far by."""

    MEDIAN = "median"
    """The median of the distances: the robust z-score."""
    MEAN = "mean"
    """The mean of the distances, where half of the values or more are one and the same."""
    DIFFERENCE = "difference"
    """The difference alone, where there are too few to say how far they usually lie apart."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of some values and how far they usually lie from it (as a standard deviation)."""

    median: Fraction
    deviation: Fraction
    measure: Measure = Measure.MEDIAN

    def score(self, value: Fraction) -> Fraction:
        """The robust z-score of a value."""
        return (value - self.median) / self.deviation


@dataclass(frozen=True, slots=True)
class Standing:
    """A value that stands out: what it is, the middle of the others, its z-score and by which measure."""

    value: Fraction
    median: Fraction
    score: Fraction
    measure: Measure = Measure.MEDIAN


@dataclass(frozen=True, slots=True)
class Average:
    """A group whose average share of the full points is far from those of the other groups."""

    average: Fraction
    median: Fraction
    score: Fraction
    values: int
    measure: Measure = Measure.MEDIAN


@dataclass(frozen=True, slots=True)
class Against:
    """A group whose average share of the full points is far from what was verified of the same."""

    average: Fraction
    verified: Fraction
    values: int


def median(values: Sequence[Fraction]) -> Fraction:
    """The middle value, or the mean of the two in the middle; there must be one at least."""
    scale = _scale(values)
    return Fraction(_middle(sorted(_whole(value, scale) for value in values)), scale)


def spread_of(values: Sequence[Fraction], fewest: int = FEWEST) -> Spread | None:
    """Middle and usual distance; None where there are too few, or half of them or more are one and the same."""
    if len(values) < fewest:
        return None
    scale = _scale(values)
    return _spread([_whole(value, scale) for value in values], scale)


def outliers(values: Mapping[Key, Fraction]) -> Iterator[tuple[Key, Standing]]:
    """The values of a column that stand out among all of them."""
    if len(values) >= FEWEST:
        scale = _scale(values.values())
        yield from _far({key: _whole(value, scale) for key, value in values.items()}, scale)


def off_history(now: Mapping[Key, Fraction], before: Mapping[Key, Fraction]) -> Iterator[tuple[Key, Standing]]:
    """The units whose change since last year stands out among all changes; `Standing` holds changes.

    Where half of the units or more did not change at all, a change stands out that is as large as half of the range of
    all values, if no more than one unit in twenty changed so much.
    """
    if len(now.keys() & before.keys()) < FEWEST:
        return
    scale = _scale([*now.values(), *before.values()])
    whole = {key: (_whole(value, scale), _whole(before[key], scale)) for key, value in now.items() if key in before}
    changes = {key: after - earlier for key, (after, earlier) in whole.items()}
    if _spread(list(changes.values()), scale) is not None:
        yield from _far(changes, scale)
        return
    middle, ends = _middle(sorted(changes.values())), [value for pair in whole.values() for value in pair]
    reach = max(ends) - min(ends)
    far = {key: change for key, change in changes.items() if change != middle and abs(change - middle) * 2 >= reach}
    if len(far) * RARE <= len(changes):
        for key, change in far.items():
            yield key, Standing(Fraction(change, scale), Fraction(middle, scale), Fraction(0))


def _scale(values: Iterable[Fraction]) -> int:
    """How many units of a number stand for one, so that all values and even quarters of them are whole."""
    return 4 * lcm(*{value.denominator for value in values})


def _whole(value: Fraction, scale: int) -> int:
    return value.numerator * (scale // value.denominator)


def _middle(ordered: Sequence[int]) -> int:
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) // 2


def _spread(values: Sequence[int], scale: int) -> Spread | None:
    middle = _middle(sorted(values))
    deviation = _middle(sorted(abs(value - middle) for value in values))
    return Spread(Fraction(middle, scale), Fraction(deviation, scale) * AS_DEVIATION) if deviation else None


def _mean_spread(values: Sequence[int], scale: int) -> Spread | None:
    """The middle of values of which half or more are one, with their mean distance from it; None where all are one."""
    middle = _middle(sorted(values))
    total = sum(abs(value - middle) for value in values)
    usual = Fraction(total, scale * len(values)) * MEAN_AS_DEVIATION
    return Spread(Fraction(middle, scale), usual, Measure.MEAN) if total else None


def _between(spread: Spread, far: Fraction | int, scale: int) -> range:
    """The whole values that are nearer to the middle than so many usual distances."""
    low, high = (scale * (spread.median + sign * far * spread.deviation) for sign in (-1, 1))
    return range(floor(low) + 1, ceil(high))


def _far_from_same(values: Mapping[Key, int], scale: int) -> Iterator[tuple[Key, Standing]]:
    """What is far from the one value that half of the units or more have, if hardly anybody is."""
    spread = _mean_spread(list(values.values()), scale)
    if spread is None:
        return
    near = _between(spread, FAR_FROM_SAME, scale)
    far = {key: Fraction(value, scale) for key, value in values.items() if value not in near}
    if len(far) == 1 or len(far) * RARE <= len(values):
        for key, exact in far.items():
            yield key, Standing(exact, spread.median, spread.score(exact), spread.measure)


def _far(values: Mapping[Key, int], scale: int) -> Iterator[tuple[Key, Standing]]:
    spread = _spread(list(values.values()), scale)
    if spread is None:
        yield from _far_from_same(values, scale)
        return
    inside = _between(spread, FAR, scale)
    for key, value in values.items():
        if value not in inside:
            exact = Fraction(value, scale)
            yield key, Standing(exact, spread.median, spread.score(exact))


def averages_apart(shares: Mapping[Key, Sequence[Fraction]]) -> Iterator[tuple[Key, Average]]:
    """The groups whose average share of the full points is markedly above or below those of the others."""
    means = _means(shares)
    if len(means) < FEWEST_GROUPS:
        return
    scale = _scale(means.values())
    whole = [_whole(mean, scale) for mean in means.values()]
    spread = _spread(whole, scale) or _mean_spread(whole, scale)
    if spread is None:
        return
    for key, mean in means.items():
        score, apart = spread.score(mean), abs(mean - spread.median)
        equal = spread.measure is Measure.MEAN and apart >= FAR_APART
        if equal or (abs(score) >= APART and apart >= NOTICEABLE):
            yield key, Average(mean, spread.median, score, len(shares[key]), spread.measure)


def averages_differ(shares: Mapping[Key, Sequence[Fraction]]) -> Iterator[tuple[Key, Average]]:
    """Of groups too few for a z-score, those whose average is a quarter of the full points off that of the others."""
    means = _means(shares)
    if not 2 <= len(means) < FEWEST_GROUPS:
        return
    for key, mean in means.items():
        others = median([one for other, one in means.items() if other != key])
        if abs(mean - others) >= FAR_APART:
            yield key, Average(mean, others, Fraction(0), len(shares[key]), Measure.DIFFERENCE)


def _means(shares: Mapping[Key, Sequence[Fraction]]) -> dict[Key, Fraction]:
    """The averages of the groups that have values enough."""
    return {key: sum(values, Fraction(0)) / len(values) for key, values in shares.items() if len(values) >= FEWEST}


def averages_against(pairs: Mapping[Key, Sequence[tuple[Fraction, Fraction]]]) -> Iterator[tuple[Key, Against]]:
    """The groups whose shares (the first of each pair) are on average markedly off the verified ones (the second).

    What was verified is the measure, so a group needs no others to be compared with.
    """
    for key, own in pairs.items():
        if len(own) < FEWEST:
            continue
        average, verified = (sum((pair[side] for pair in own), Fraction(0)) / len(own) for side in (0, 1))
        if abs(average - verified) >= NOTICEABLE:
            yield key, Against(average, verified, len(own))


def alike(values: Mapping[Key, str], groups: Mapping[Key, int]) -> Iterator[tuple[int, str, int]]:
    """Group, value, number: groups whose units all have one value that less than half of the other units have."""
    whole = Counter(values.values())
    by_group: dict[int, list[str]] = defaultdict(list)
    for key, value in values.items():
        by_group[groups[key]].append(value)
    for group, own in by_group.items():
        elsewhere = len(values) - len(own)
        if len(own) < FEWEST_ALIKE or elsewhere < FEWEST or len(set(own)) > 1:
            continue
        if (whole[own[0]] - len(own)) * 2 < elsewhere:
            yield group, own[0], len(own)


def copied(columns: Mapping[str, Mapping[Key, str]]) -> Iterator[tuple[str, str, int]]:
    """Pairs of columns that say the same of every unit, though they say different things of different units."""
    same: dict[frozenset[tuple[Key, str]], list[str]] = defaultdict(list)
    for header, values in columns.items():
        if len(values) >= FEWEST_COPIED and len(set(values.values())) >= FEWEST_DISTINCT:
            same[frozenset(values.items())].append(header)
    for content, headers in same.items():
        yield from ((one, other, len(content)) for one, other in combinations(headers, 2))
