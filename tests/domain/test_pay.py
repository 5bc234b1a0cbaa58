"""The months and the money of a pay sheet, for every timetable of posts: nothing counted twice, nothing lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from starrating.domain.pay import POSTS, Paid, PayRole, Rates, Tenure, amount, still_due, tenures, vacant_months
from starrating.domain.posts import Post, PostKind

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
DAYS = st.dates(date(2024, 6, 1), date(2026, 6, 30))
RATES = st.builds(
    lambda base, performance, dual, secretary, director: Rates(
        base, performance, {PayRole.DUAL: dual, PayRole.SECRETARY: secretary, PayRole.DIRECTOR: director}
    ),
    *(st.integers(0, 999_999_999) for _ in range(2)), *(st.integers(0, 2000) for _ in range(3)),
)  # fmt: skip


@st.composite
def posts(draw: st.DrawFn) -> list[Post]:
    """Posts of a unit in any disorder: overlaps, gaps, several holders of one post."""
    found = []
    for _ in range(draw(st.integers(0, 6))):
        begins, long = draw(DAYS), draw(st.none() | st.integers(0, 500))
        ends = None if long is None else begins + timedelta(days=long)
        found.append(Post(draw(st.integers(1, 3)), 1, draw(st.sampled_from(PostKind)), begins, ends))
    return found


def months_of(found: tuple[Tenure, ...], kind: PostKind) -> int:
    """The months of a post, whoever held it."""
    return sum(one.months for one in found if kind in POSTS[one.role])


@given(posts())
def test_a_post_has_twelve_months_and_no_more(held: list[Post]) -> None:
    found = tenures(held, 2025)
    vacant = vacant_months(found)
    for kind in PostKind:
        days = [date(2025, month, 15) for month in range(1, 13)]
        expected = sum(any(one.kind is kind and one.held_on(day) for one in held) for day in days)
        assert months_of(found, kind) == expected <= 12
        assert vacant[kind] == 12 - expected
    for person in {one.person for one in found}:
        assert sum(one.months for one in found if one.person == person) <= 12


@given(DAYS, st.sampled_from(PostKind))
def test_a_hand_over_splits_a_year_without_rest(day: date, kind: PostKind) -> None:
    before = Post(1, 1, kind, date(2020, 1, 1), day - timedelta(days=1))
    found = tenures([before, Post(2, 1, kind, day)], 2025)
    assert months_of(found, kind) == 12
    first = sum(one.months for one in found if one.person == 1)
    assert first == sum(date(2025, month, 15) < day for month in range(1, 13))


def test_the_fifteenth_decides() -> None:
    held = [Post(1, 1, PostKind.SECRETARY, FIRST, date(2025, 5, 14)), Post(2, 1, PostKind.SECRETARY, date(2025, 5, 15)),
            Post(2, 1, PostKind.DIRECTOR, date(2025, 9, 16))]  # fmt: skip
    assert tenures(held, 2025) == (
        Tenure(1, 1, PayRole.SECRETARY, 4), Tenure(1, 2, PayRole.DUAL, 3), Tenure(1, 2, PayRole.SECRETARY, 5)
    )  # fmt: skip


def test_an_amount_by_hand() -> None:
    rates = Rates(6_000_000, 3_000_001, {PayRole.DUAL: 1000, PayRole.SECRETARY: 800, PayRole.DIRECTOR: 500})
    assert amount(rates, Fraction("1.2"), PayRole.DUAL, 12) == 9_600_001
    # 30 000.01 元 halved ends on half a 分, which goes up.
    assert amount(rates, Fraction(1), PayRole.DIRECTOR, 12) == 7_500_001
    assert amount(rates, Fraction("0.8"), PayRole.SECRETARY, 5) == 3_300_000


@given(RATES, st.fractions(0, 3, max_denominator=1000), st.sampled_from(PayRole), st.integers(1, 11))
def test_two_parts_of_a_year_make_the_year_but_for_one_rounding(
    rates: Rates, coefficient: Fraction, role: PayRole, months: int
) -> None:
    parts = [amount(rates, coefficient, role, one) for one in (months, 12 - months)]
    whole = amount(rates, coefficient, role, 12)
    assert all(isinstance(one, int) for one in (*parts, whole))
    assert abs(sum(parts) - whole) <= 1
    exact = (rates.base + rates.performance * coefficient * Fraction(rates.shares[role], 1000)) * Fraction(months, 12)
    assert Fraction(-1, 2) < parts[0] - exact <= Fraction(1, 2)


def test_nothing_is_taken_back_where_the_amount_is_unknown() -> None:
    """Neither of whoever has a row that waits, nor of a unit whose coefficient is open and where nobody is left."""
    was = Paid(1, 7, PayRole.SECRETARY, 12, "1", "甲", 500)
    assert still_due([was], [], {was.key}) == still_due([was], [], set(), {1}) == ()
    assert still_due([was], [replace(was, months=6, amount=250)], set(), {1}) == ()
    (back,) = still_due([was], [], {(1, 8, PayRole.SECRETARY), (2, 7, PayRole.SECRETARY)}, {2})
    assert (back.key, back.difference) == (was.key, -500)
    now = Paid(1, 7, PayRole.DUAL, 12, "1", "甲", 600)
    assert [one.difference for one in still_due([was], [now], set())] == [600, -500]
