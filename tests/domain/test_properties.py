"""What must hold of every allocation: order and names do not matter, better is never worse, quotas bind."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor

from hypothesis import given, settings
from hypothesis import strategies as st

from starrating.domain.conditions import Operator, Subject, Test
from starrating.domain.exact import column_of
from starrating.domain.inputs import Inputs, labels_of
from starrating.domain.methods import Direct, Leaf
from starrating.domain.rating import Rating, rate
from starrating.domain.scheme import (
    EffectKind,
    Indicator,
    Level,
    LevelRule,
    Override,
    Quota,
    Quotas,
    RankKey,
    Rounding,
    Scheme,
    Ties,
)

LEVELS = tuple(Level(code, code, stars) for stars, code in enumerate(("none", "three", "four", "five")))


@dataclass(frozen=True)
class Village:
    name: str
    district: str
    first: Fraction
    second: Fraction
    weak: int
    honoured: int


HALVES = st.integers(0, 20).map(lambda halves: Fraction(halves, 2))
VILLAGES = st.lists(
    st.tuples(st.sampled_from("东西"), HALVES, HALVES, st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=24
).map(lambda rows: [Village(f"v{place:02d}", *row) for place, row in enumerate(rows)])

QUOTA = st.one_of(
    st.none(),
    st.integers(0, 8).map(lambda places: Quota(places=places)),
    st.integers(0, 100).map(lambda percent: Quota(share=Fraction(percent, 100))),
)
LEVEL_RULE = st.builds(LevelRule, quota=QUOTA, least=st.one_of(st.none(), HALVES))


@st.composite
def schemes(draw: st.DrawFn) -> Scheme:
    direct = Leaf(Direct(step=Fraction(1, 2)))
    leaves = tuple(Indicator(code, code, low=Fraction(0), high=Fraction(10), leaf=direct) for code in ("A", "B"))
    keys = (RankKey(Subject.parse("total")), RankKey(Subject.parse("points.A")))
    allocation = Quotas(
        levels={index: draw(LEVEL_RULE) for index in draw(st.sets(st.integers(1, 3)))},
        pool=("district",),
        rank_by=keys[: draw(st.integers(1, 2))],
        ties=draw(st.sampled_from(Ties)),
        rounding=draw(st.sampled_from(Rounding)),
        carry=draw(st.booleans()),
        bottom=draw(st.one_of(st.none(), st.integers(0, 30).map(lambda part: Quota(share=Fraction(part, 100))))),
    )
    weak = Test(Subject.parse("flag.weak"), Operator.AT_LEAST, (Fraction(1),))
    honoured = Test(Subject.parse("flag.honoured"), Operator.AT_LEAST, (Fraction(1),))
    overrides = (
        Override("weak", "weak", weak, EffectKind.CAP, level=1),
        Override("honoured", "honoured", honoured, EffectKind.FLOOR, level=2),
    )
    return Scheme("test", "test", 2024, LEVELS, leaves, allocation, overrides=overrides[: draw(st.integers(0, 2))])


def rating_of(scheme: Scheme, villages: Sequence[Village]) -> Rating:
    numbers = {
        "A": column_of([village.first for village in villages]),
        "B": column_of([village.second for village in villages]),
        "flag.weak": column_of([Fraction(village.weak) for village in villages]),
        "flag.honoured": column_of([Fraction(village.honoured) for village in villages]),
    }
    words = {"district": labels_of([village.district for village in villages])}
    return rate(scheme, Inputs([village.name for village in villages], numbers, words))


Result = tuple[int, int, Fraction | None, str | None]


def results(scheme: Scheme, villages: Sequence[Village]) -> dict[str, Result]:
    rating = rating_of(scheme, villages)
    return {
        village.name: (
            int(rating.level[row]),
            int(rating.rank[row]),
            rating.total.value(row),
            rating.reasons.name(row),
        )
        for row, village in enumerate(villages)
    }


@given(schemes(), VILLAGES, st.randoms(use_true_random=False))
def test_neither_order_nor_names_matter(scheme: Scheme, villages: list[Village], dice: st.DataObject) -> None:
    before = results(scheme, villages)
    renamed = [replace(village, name=f"z{99 - place:02d}") for place, village in enumerate(villages)]
    back = {new.name: old.name for new, old in zip(renamed, villages, strict=True)}
    dice.shuffle(renamed)  # type: ignore[attr-defined]
    after = {back[name]: result for name, result in results(scheme, renamed).items()}
    assert after == before


@given(schemes(), VILLAGES, st.data())
def test_a_better_score_never_costs_a_star(scheme: Scheme, villages: list[Village], data: st.DataObject) -> None:
    """True of `include` only: with `exclude` a better score may make a tie that closes a level for both."""
    assert isinstance(scheme.allocation, Quotas)
    scheme = replace(scheme, allocation=replace(scheme.allocation, ties=Ties.INCLUDE))
    place = data.draw(st.integers(0, len(villages) - 1))
    better = replace(villages[place], first=data.draw(HALVES.filter(lambda score: score >= villages[place].first)))
    before = results(scheme, villages)[better.name][0]
    after = results(scheme, [*villages[:place], better, *villages[place + 1 :]])[better.name][0]
    assert after >= before


@given(schemes(), VILLAGES)
def test_quotas_are_exceeded_by_ties_and_guarantees_only(scheme: Scheme, villages: list[Village]) -> None:
    rating = rating_of(scheme, villages)
    assert isinstance(scheme.allocation, Quotas)
    ranking, allocated = rating.standing.ranking, rating.standing.allocated
    for index, placing in allocated.placings.items():
        for pool in range(ranking.pools):
            room = int(placing.places[pool] - placing.guaranteed[pool])
            taken = int(placing.taken[pool])
            inside = [p for p in range(len(ranking.order)) if ranking.pool[p] == pool and allocated.level[p] == index]
            assert len(inside) == taken + int(placing.guaranteed[pool])
            if taken <= max(room, 0):
                continue
            assert scheme.allocation.ties is Ties.INCLUDE
            last_tie = max(ranking.tie[p] for p in inside if placing.candidates[p])
            tied = sum(ranking.tie[p] == last_tie and bool(placing.candidates[p]) for p in inside)
            assert taken - tied < room


@given(schemes(), VILLAGES)
def test_whoever_stands_above_has_no_less(scheme: Scheme, villages: list[Village]) -> None:
    """Without overrides and conditions a better rank never has a lower level, and equals are treated alike."""
    rating = rating_of(replace(scheme, overrides=()), villages)
    by_pool = defaultdict(list)
    for row, village in enumerate(villages):
        by_pool[village.district].append((int(rating.rank[row]), int(rating.level[row])))
    for pool in by_pool.values():
        levels = [level for _, level in sorted(pool, key=lambda pair: (pair[0], -pair[1]))]
        assert levels == sorted(levels, reverse=True)
        for rank in {rank for rank, _ in pool}:
            assert len({level for other, level in pool if other == rank}) == 1


@given(VILLAGES, st.lists(st.integers(1, 60), min_size=3, max_size=3))
def test_cumulative_rounding_fills_the_pool(villages: list[Village], parts: list[int]) -> None:
    """With one share a level down from the top, as many units have at least a level as the shares add up to."""
    whole = sum(parts) + 10
    shares = {index: Quota(share=Fraction(part, whole)) for index, part in zip((3, 2, 1), parts, strict=True)}
    distinct = [
        replace(village, first=Fraction(place % 21, 2), second=Fraction(place // 21))
        for place, village in enumerate(villages)
    ]
    leaf = Leaf(Direct())
    leaves = tuple(Indicator(code, code, low=Fraction(0), high=Fraction(10), leaf=leaf) for code in ("A", "B"))
    keys = (RankKey(Subject.parse("points.B")), RankKey(Subject.parse("points.A")))
    rules = Quotas({level: LevelRule(quota) for level, quota in shares.items()}, ("district",), keys)
    scheme = Scheme("t", "t", 2024, LEVELS, leaves, replace(rules, rounding=Rounding.CUMULATIVE))
    rating = rating_of(scheme, distinct)
    sizes = Counter(village.district for village in distinct)
    for district, size in sizes.items():
        levels = [int(rating.level[row]) for row, village in enumerate(distinct) if village.district == district]
        for index in (3, 2, 1):
            share = sum((quota.share or Fraction(0) for level, quota in shares.items() if level >= index), Fraction(0))
            assert sum(level >= index for level in levels) == floor(share * size)


@settings(max_examples=30)
@given(schemes(), VILLAGES)
def test_rating_again_gives_the_same(scheme: Scheme, villages: list[Village]) -> None:
    inputs = rating_of(scheme, villages).inputs
    first, second = rate(scheme, inputs), rate(scheme, inputs, keep_all=True)
    assert list(first.level) == list(second.level)
    assert [first.reasons.name(row) for row in range(len(villages))] == [
        second.reasons.name(row) for row in range(len(villages))
    ]
