"""What a scheme aims at, as charts and reports show it: the proportion of its levels, the least totals of each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from math import lcm

from starrating.domain.scheme import Quotas, Scheme


def reference_of(schemes: Sequence[Scheme]) -> tuple[int, ...] | None:
    """The proportion that all schemes aim at, lowest level first, such as 1:4:4:1; None where they name none."""
    found = {_proportion(scheme) for scheme in schemes}
    return found.pop() if len(found) == 1 else None


def least_totals(scheme: Scheme, pools: Collection[str]) -> tuple[tuple[int, Fraction], ...]:
    """Level and least total of those that have one; a pool of its own brings its own where it is the only one."""
    if not isinstance(scheme.allocation, Quotas):
        return ()
    rules = scheme.allocation.levels
    if len(pools) == 1:
        rules = scheme.allocation.by_pool.get(next(iter(pools)), rules)
    return tuple((level, rule.least) for level, rule in sorted(rules.items()) if rule.least is not None)


def _proportion(scheme: Scheme) -> tuple[int, ...] | None:
    rules = scheme.allocation
    if not isinstance(rules, Quotas):
        return None
    shares = {level: rule.quota.share for level, rule in rules.levels.items() if rule.quota and rule.quota.share}
    if rules.bottom is not None and rules.bottom.share:
        shares[0] = rules.bottom.share
    left = [level for level in range(len(scheme.levels)) if level not in shares]
    if len(left) != 1:
        return None
    rest = 1 - sum(shares.values(), Fraction(0))
    if rest <= 0:
        return None
    shares[left[0]] = rest
    unit = lcm(*(share.denominator for share in shares.values()))
    return tuple(int(shares[level] * unit) for level in range(len(scheme.levels)))
