"""A pool of money through any course of approvals, reviews and changes: what is given and kept is the pool, always."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from starrating.domain.fund import PartState, parts_due, sliced, split

KEYS = st.tuples(st.integers(1, 6), st.sampled_from(["a", "b"]))
SHARES = st.dictionaries(KEYS, st.fractions(0, 5, max_denominator=1000), max_size=8)
YEARS = st.lists(st.tuples(st.integers(1, 10**9), SHARES, st.sets(KEYS)), max_size=6)


@settings(max_examples=60)
@given(st.integers(0, 10**12), SHARES)
def test_the_parts_are_the_pool_and_the_same_stars_get_the_same(
    pool: int, shares: dict[tuple[int, str], Fraction]
) -> None:
    found, whole = sliced(pool, shares), sum(shares.values(), Fraction(0))
    parts = {key: one.part for key, one in found.items()}
    assert parts == split(pool, shares)
    assert sum(parts.values()) == (pool if whole else 0)
    for key, share in shares.items():
        one = found[key]
        assert one.part >= 0
        assert 0 <= one.rest < 1
        assert one.floor + one.rest == (pool * share / whole if whole else 0)
        assert share or not one.part, "nobody with a share of 0 gets any"
        assert all(abs(one.part - parts[other]) <= 1 for other, same in shares.items() if same == share)
        assert all(one.part >= parts[other] for other, less in shares.items() if less < share and whole)
    assert sum(one.more for one in found.values()) == sum((one.rest for one in found.values()), Fraction(0))


@settings(max_examples=60)
@given(YEARS)
def test_what_is_given_and_what_is_kept_is_the_pool(
    years: list[tuple[int, dict[tuple[int, str], Fraction], set[tuple[int, str]]]],
) -> None:
    before: dict[tuple[int, str], int] = {}
    for pool, shares, waiting in years:
        parts = parts_due(pool, shares, waiting & set(shares), before)
        assert [one.key for one in parts] == sorted({*shares, *(key for key, money in before.items() if money)})
        if any(one.kept < 0 for one in parts):
            continue  # held back with more than its part: nothing is drafted then
        now = {one.key: one.before + one.difference for one in parts}
        assert all(money >= 0 for money in now.values())
        for one in parts:
            if one.state is PartState.KEPT:
                assert now[one.key] == before.get(one.key, 0), "nothing is given to it and nothing taken back"
            elif one.state is PartState.GONE:
                assert now[one.key] == 0
        kept = sum(one.kept for one in parts)
        assert sum(now.values()) + kept == (pool if sum(shares.values()) else 0)
        assert not any(one.difference for one in parts_due(pool, shares, waiting, now)), "nothing is due twice"
        before = now


def test_a_share_that_is_given_late_moves_nobody_else() -> None:
    shares = {(1, "a"): Fraction("1.1"), (2, "a"): Fraction("1.1"), (3, "b"): Fraction("0.5")}
    first = parts_due(10_000, shares, {(2, "a")}, {})
    assert [(one.part, one.difference, one.kept) for one in first] == [
        (4074, 4074, 0),
        (4074, 0, 4074),
        (1852, 1852, 0),
    ]
    given_now = {one.key: one.difference for one in first}
    later = parts_due(10_000, shares, set(), given_now)
    assert [one.difference for one in later] == [0, 4074, 0]
