"""Hints about values: what stands out does, what does not does not, and no order or scale changes that."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from starrating.domain.oddities import (
    FAR,
    FAR_APART,
    FEWEST,
    Measure,
    alike,
    averages_apart,
    averages_differ,
    copied,
    median,
    off_history,
    outliers,
    spread_of,
)

NUMBERS = st.lists(st.fractions(-1000, 1000, max_denominator=100), min_size=1, max_size=30)


def column(*values: Fraction | int | str) -> dict[int, Fraction]:
    return {place: Fraction(value) for place, value in enumerate(values)}


class TestSpread:
    def test_of_a_known_column(self) -> None:
        spread = spread_of(list(column(1, 2, 3, 4, 5, 6, 7, 8, 9).values()))
        assert spread is not None
        assert (spread.median, spread.deviation) == (Fraction(5), Fraction("2.9652"))
        assert spread.score(Fraction(0)) == Fraction(-5) / Fraction("2.9652")

    def test_too_few_or_too_alike_are_compared_with_nobody(self) -> None:
        assert spread_of([Fraction(one) for one in range(7)]) is None
        assert spread_of([Fraction(one) for one in (5, 5, 5, 5, 5, 5, 7, 9)]) is None

    @given(NUMBERS)
    def test_the_median_has_half_on_either_side(self, values: list[Fraction]) -> None:
        middle = median(values)
        assert sum(one < middle for one in values) * 2 <= len(values)
        assert sum(one > middle for one in values) * 2 <= len(values)


class TestOutliers:
    def test_the_wild_one_and_no_other(self) -> None:
        found = dict(outliers(column(8, 9, 9, 10, 10, 10, 11, 11, 12, 40)))
        assert list(found) == [9]
        assert (found[9].value, found[9].median) == (Fraction(40), Fraction(10))
        assert found[9].score == Fraction(30) / Fraction("1.4826")

    def test_one_on_the_limit_stands_out_and_one_just_inside_does_not(self) -> None:
        base = [8, 9, 9, 10, 10, 11, 11, 12]
        limit = 10 + FAR * Fraction("1.4826")
        inside = dict(outliers({**column(*base, 10), 99: limit - Fraction(1, 10**9)}))
        assert inside == {}
        assert list(dict(outliers({**column(*base, 10), 99: limit}))) == [99]

    def test_rare_counts_are_no_outliers(self) -> None:
        assert dict(outliers(column(0, 0, 0, 0, 0, 0, 0, 0, 3, 5))) == {}

    def test_one_empty_yard_among_full_marks(self) -> None:
        """Half of the values or more are one: the mean distance stands in for the median of the distances."""
        [(key, one)] = outliers(column(*[10] * 40, 0))
        assert (key, one.value, one.median, one.measure) == (40, Fraction(0), Fraction(10), Measure.MEAN)
        assert one.score == Fraction(-10) / (Fraction(10, 41) * Fraction("1.2533"))
        found = outliers(column(*[10] * 30, *("9.5", "9", "8.5") * 8, 0))
        assert list(dict(found)) == [54], "full marks, and some below"

    def test_what_one_in_twenty_is_far_is_told_and_what_more_are_is_not(self) -> None:
        assert list(dict(outliers(column(*[10] * 38, 0, 0)))) == [38, 39]
        assert dict(outliers(column(*[10] * 37, 0, 0, 0))) == {}

    @given(st.integers(FEWEST - 1, 60), st.fractions(-99, 99, max_denominator=50), st.fractions(-99, 99))
    def test_one_far_among_equal_ones_is_found_and_equal_ones_never(
        self, size: int, same: Fraction, far: Fraction
    ) -> None:
        assert dict(outliers(column(*[same] * (size + 1)))) == {}
        found = dict(outliers({**column(*[same] * size), size: far}))
        assert list(found) == ([] if far == same else [size])

    @given(NUMBERS, st.fractions(1, 50, max_denominator=10), st.fractions(-50, 50, max_denominator=10))
    def test_scale_and_shift_change_nothing(self, values: list[Fraction], scale: Fraction, shift: Fraction) -> None:
        plain = dict(enumerate(values))
        moved = {key: value * scale + shift for key, value in plain.items()}
        assert dict(outliers(plain)).keys() == dict(outliers(moved)).keys()


class TestHistory:
    def test_a_jump_where_others_moved_a_little(self) -> None:
        before = column(*[10] * 9)
        found = dict(off_history(column(9, 10, 10, 11, 11, 11, 12, 12, 30), before))
        assert list(found) == [8]
        assert found[8].value == 20

    def test_a_jump_where_most_did_not_move(self) -> None:
        before = column(*range(20))
        now = {**before, 3: Fraction(19), 4: Fraction(5)}
        assert list(dict(off_history(now, before))) == [3]

    def test_a_jump_that_many_make_is_none(self) -> None:
        before = column(*[0] * 30)
        assert dict(off_history({**before, 1: Fraction(1), 2: Fraction(1)}, before)) == {}
        assert list(dict(off_history({**before, 1: Fraction(1)}, before))) == [1]

    def test_units_without_a_year_before_are_left_out(self) -> None:
        assert dict(off_history(column(*range(20)), column(1, 2, 3))) == {}


class TestGroups:
    def test_a_mild_and_a_strict_group(self) -> None:
        shares = {name: [Fraction(80 + offset, 100)] * 8 for offset, name in enumerate("abcdef")}
        found = dict(averages_apart({**shares, "mild": [Fraction(1)] * 8, "strict": [Fraction(1, 2)] * 8}))
        assert {name: one.score > 0 for name, one in found.items()} == {"mild": True, "strict": False}
        assert found["strict"].average == Fraction(1, 2)

    def test_a_small_difference_is_no_matter_however_even_the_others_are(self) -> None:
        shares = {name: [Fraction(800 + offset, 1000)] * 8 for offset, name in enumerate("abcdef")}
        assert dict(averages_apart({**shares, "g": [Fraction(84, 100)] * 8})) == {}

    def test_groups_with_few_values_and_few_groups_are_not_compared(self) -> None:
        few = {name: [Fraction(one, 10)] * 8 for one, name in enumerate("abcd", 1)}
        assert dict(averages_apart(few)) == {}
        assert dict(averages_apart({**few, "e": [Fraction(1)] * 7})) == {}

    def test_one_strict_group_among_equal_ones(self) -> None:
        shares = {name: [Fraction(80, 100)] * 8 for name in "abcd"} | {"strict": [Fraction(20, 100)] * 8}
        [(name, one)] = averages_apart(shares)
        assert (name, one.average, one.median, one.measure) == ("strict", Fraction(1, 5), Fraction(4, 5), Measure.MEAN)
        assert one.score == Fraction(-60) / (Fraction(60, 5) * Fraction("1.2533"))
        two = shares | {"d": [Fraction(20, 100)] * 8}
        assert sorted(dict(averages_apart(two))) == ["d", "strict"], "a quarter of the full points needs no score"
        assert dict(averages_apart({name: [Fraction(1)] * 8 for name in "abcdef"})) == {}

    def test_few_groups_are_told_by_their_difference(self) -> None:
        found = dict(averages_differ({"mild": [Fraction(95, 100)] * 8, "strict": [Fraction(40, 100)] * 8}))
        assert {name: (one.average, one.median) for name, one in found.items()} == {
            "mild": (Fraction(95, 100), Fraction(40, 100)), "strict": (Fraction(40, 100), Fraction(95, 100)),
        }  # fmt: skip
        assert {one.measure for one in found.values()} == {Measure.DIFFERENCE}
        three = {name: [Fraction(80, 100)] * 8 for name in "ab"}
        assert list(dict(averages_differ({**three, "c": [Fraction(80, 100) - FAR_APART] * 8}))) == ["c"]
        assert dict(averages_differ({**three, "c": [Fraction(56, 100)] * 8})) == {}
        assert dict(averages_differ({"a": [Fraction(1)] * 8, "b": [Fraction(0)] * 7})) == {}, "too few values"
        assert dict(averages_differ({name: [Fraction(one, 5)] * 8 for one, name in enumerate("abcde")})) == {}

    def test_one_number_in_a_whole_township(self) -> None:
        groups = {place: place // 5 for place in range(25)}
        texts = {place: str(place % 5) for place in range(25)} | dict.fromkeys(range(5), "3")
        assert list(alike(texts, groups)) == [(0, "3", 5)]
        assert list(alike(dict.fromkeys(range(25), "3"), groups)) == []

    def test_a_column_pasted_twice(self) -> None:
        one = {place: str(place % 4) for place in range(12)}
        other = {**one, 3: "9"}
        assert list(copied({"A": one, "B": dict(reversed(one.items())), "C": other})) == [("A", "B", 12)]
        assert list(copied({"A": dict.fromkeys(range(12), "0"), "B": dict.fromkeys(range(12), "0")})) == []
