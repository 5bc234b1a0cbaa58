"""Points against the others: the best, the range, the rank or the place among the rated units of a group.

Only rated units with a value count for others. A unit that is only measured (`void: scored`) is held against them and
changes nobody else's points; where there is nobody to hold it against, it stands alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from starrating.domain.exact import (
    Column,
    Integers,
    Mask,
    add,
    column_of,
    constant,
    dense,
    divide_half_up,
    rounded,
    sorted_by,
    times,
)
from starrating.domain.facts import Facts
from starrating.domain.methods import Relative, RelativeTo
from starrating.domain.scheme import Indicator


def relative_points(facts: Facts, node: Indicator, method: Relative, value: Column, header: str) -> Column:
    """The points of a relative leaf, rounded to the scheme's precision where they do not end before."""
    fields = method.within if method.within is not None else facts.scheme.allocation.pool
    groups = facts.grouping(fields).ids
    peers = value.known if facts.rated is None else value.known & facts.rated
    if method.to in (RelativeTo.PLACE, RelativeTo.RANK):
        rank, number = _ranks(method, value, groups, peers)
        _keep(facts, header, {"rank": Column(rank), "number": Column(number)})
        if method.to is RelativeTo.RANK:
            return _by_rank(method, Column(rank, present=value.present), number)
        return Column(rank - 1, present=value.present).affine(-method.each, _high(node))
    alone = value.known & ~peers & (np.bincount(groups[peers], minlength=_count(groups))[groups] == 0)
    best, worst = (
        np.where(alone, value.numbers, extreme) for extreme in _extremes(method, value.numbers, groups, peers)
    )
    _keep(facts, header, {"best": Column(best, value.unit), "worst": Column(worst, value.unit)})
    share = _against_best if method.to is RelativeTo.BEST else _within_range
    return share(method, value, best, worst).points(_high(node), facts.scheme.precision, value.present)


def _keep(facts: Facts, header: str, aside: dict[str, Column]) -> None:
    if facts.kept is None:
        facts.asides[header] = aside


def _high(node: Indicator) -> Fraction:
    assert node.high is not None
    return node.high


def _count(groups: NDArray[np.int64]) -> int:
    return int(groups.max(initial=-1)) + 1


def _extremes(method: Relative, numbers: Integers, groups: NDArray[np.int64], peers: Mask) -> tuple[Integers, Integers]:
    """Each unit's group's best and worst number among the peers (0 where there are none)."""
    chosen, compared = numbers[peers], dense(numbers[peers])
    ends = []
    for pick, start in ((np.minimum, np.iinfo(np.int64).max), (np.maximum, np.iinfo(np.int64).min)):
        extreme = np.full(_count(groups), start, dtype=np.int64)
        pick.at(extreme, groups[peers], compared)
        here = compared == extreme[groups[peers]]
        end = np.zeros(_count(groups), dtype=numbers.dtype)
        end[groups[peers][here]] = chosen[here]
        ends.append(end[groups])
    low, high = ends
    return (low, high) if method.lower_is_better else (high, low)


@dataclass(frozen=True, slots=True, eq=False)
class _Share:
    """A share of the full points: top / bottom where `measured`, all of them where `full`, else none."""

    top: Integers
    bottom: Integers
    measured: Mask
    full: Mask

    def points(self, high: Fraction, digits: int, present: Mask | None) -> Column:
        """`high` times the share, half up to `digits` places."""
        scaled = high * 10**digits
        divisor = times(np.where(self.measured, self.bottom, 1), scaled.denominator)
        numbers = divide_half_up(np.where(self.measured, self.top, 0), scaled.numerator, divisor)
        whole = constant(rounded(high, digits), len(numbers)).rounded(digits).numbers
        return Column(np.where(self.full, whole, numbers), Fraction(1, 10**digits), present)


def _against_best(method: Relative, value: Column, best: Integers, _worst: Integers) -> _Share:
    """Value / best (lower: best / value); a best of 0 or less gives all to its equals and nothing to the others."""
    numbers = value.numbers
    top, bottom = (best, numbers) if method.lower_is_better else (numbers, best)
    measured = np.asarray((best > 0) & (bottom > 0), dtype=bool)
    ahead = numbers <= best if method.lower_is_better else numbers >= best
    full = np.asarray(np.where(best > 0, ahead & (bottom <= 0), numbers == best), dtype=bool)
    return _Share(top, bottom, measured, full)


def _within_range(method: Relative, value: Column, best: Integers, worst: Integers) -> _Share:
    """Distance from the worst / the range; where all are equal, all to whoever is no worse."""
    sign = -1 if method.lower_is_better else 1
    top = times(add(value.numbers, -worst), sign)
    bottom = times(add(best, -worst), sign)
    equal = np.asarray(bottom == 0, dtype=bool)
    return _Share(top, bottom, ~equal, equal & np.asarray(top >= 0, dtype=bool))


def _ranks(
    method: Relative, value: Column, groups: NDArray[np.int64], peers: Mask
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Competition rank among the peers of the group (1 + the peers who are better), and how many peers there are."""
    key = dense(value.numbers) if method.lower_is_better else -dense(value.numbers)
    known = np.flatnonzero(value.known)
    order = known[sorted_by([groups[known], key[known]])]
    better: NDArray[np.int64] = np.cumsum(peers[order]) - peers[order]
    starts_group = np.append(True, groups[order][1:] != groups[order][:-1])[: len(order)]
    starts_tie = starts_group | np.append(True, key[order][1:] != key[order][:-1])[: len(order)]
    before_group = _last_at(better, starts_group)
    rank = np.ones(len(value), dtype=np.int64)
    rank[order] = _last_at(better, starts_tie) - before_group + 1
    number = np.bincount(groups[peers], minlength=_count(groups))[groups]
    return rank, np.maximum(number, 1)


def _last_at(values: NDArray[np.int64], marks: Mask) -> NDArray[np.int64]:
    """For each position the value at the latest marked position up to it."""
    return values[marks][np.cumsum(marks) - 1] if len(values) else values


def _by_rank(method: Relative, rank: Column, number: NDArray[np.int64]) -> Column:
    """The points of the first band whose `top` the share rank / number does not pass; the last takes the rest."""
    table = column_of([band.points for band in method.bands])
    points = np.full(len(rank), table.numbers[-1])
    for band, worth in zip(reversed(method.bands[:-1]), reversed(table.numbers[:-1]), strict=True):
        top = band.limit or Fraction(0)
        here = times(rank.numbers, top.denominator) <= times(number, top.numerator)
        points = np.where(here, worth, points)
    return Column(points, table.unit, rank.present)
