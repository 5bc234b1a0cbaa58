"""The yearbook's counts add up, and its sentences say what its tables say, in every case."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from starrating.queries.public_lists import PublicUnit
from starrating.services.yearbook.facts import MOVES, Facts, facts_of
from starrating.services.yearbook.findings import against_reference, findings, lists_left, movement, stars
from starrating.services.yearbook.tables import history_table, level_tables, move_tables, unit_tables
from tests.services.yearbook_lists import LEVELS, lists_of, unit

levels = st.sampled_from(("", *LEVELS))
places = st.tuples(st.sampled_from(("东区", "西区", "南区")), st.sampled_from(("一镇", "二镇")),
                   st.sampled_from(("village", "community")), levels, levels)  # fmt: skip


def facts(units: Sequence[PublicUnit], *, city: bool = True, year: int = 2025) -> Facts:
    return facts_of("某市" if city else "东区", city, year, lists_of(units, year))


def told(units: Sequence[PublicUnit], *, city: bool = True, missing: Sequence[str] = ()) -> list[str]:
    return findings(facts(units, city=city), missing, {"village": (1, 4, 4, 1), "community": None})


def numbers(text: str) -> list[int]:
    return [int(one.replace(",", "")) for one in re.findall(r"(?<![\d.])(\d[\d,]*)个", text)]


def whole(cells: Sequence[str]) -> list[int]:
    return [int(one.replace(",", "")) for one in cells]


@given(st.lists(places, min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_a_city_is_the_sum_of_its_districts_and_of_its_townships(drawn: list[tuple[str, str, str, str, str]]) -> None:
    units = [unit(town, level, before, district=district, kind=kind, number=at)
             for at, (district, town, kind, level, before) in enumerate(drawn)]  # fmt: skip
    found = facts(units)
    assert sum(one.whole.units for one in found.kinds) == found.both.whole.units == len(units)
    for counts in found.counts:
        for rows in (counts.districts, counts.townships):
            for name in ("levels", "moves"):
                assert [sum(column) for column in zip(*(getattr(row, name) for row in rows), strict=True)] == list(
                    getattr(counts.whole, name)
                )
        for grid in (*level_tables(found, counts), *move_tables(found, counts)):
            last = 3 + len(LEVELS) if "变动" not in grid.title else 2 + len(MOVES)
            columns = zip(*(whole(row[1:last]) for row in grid.rows), strict=True)
            assert [sum(column) for column in columns] == whole(grid.total[1:last])


@given(st.lists(places, min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_the_numbers_of_sentences_are_those_of_the_tables(drawn: list[tuple[str, str, str, str, str]]) -> None:
    units = [unit(town, level, before, district=district, kind=kind, number=at)
             for at, (district, town, kind, level, before) in enumerate(drawn)]  # fmt: skip
    found = facts(units)
    for counts in found.kinds:
        total = next(iter(level_tables(found, counts))).total
        rated, given_levels, unrated = whole(total[1:2])[0], whole(total[2:6]), whole(total[6:7])[0]
        said = stars(found, counts)
        if rated:
            some = [count for at, count in enumerate(given_levels) if count or at == 0]
            assert numbers(said) == [rated, *some, *([unrated] if unrated else [])]
            for share in (cell for at, cell in enumerate(total[7:]) if given_levels[at]):
                assert share in said
        moves = dict(zip(MOVES, whole(next(iter(move_tables(found, counts))).total[1:8]), strict=True))
        if found.both.whole.moved and counts.whole.compared:
            expected = [moves["up"], moves["down"], moves["stripped"]] if counts.whole.moved else []
            expected += [moves[one] for one in ("held", "lowest", "first") if moves[one]]
            assert numbers(movement(counts)) == expected


@given(st.lists(places, min_size=1, max_size=40))
@settings(max_examples=40, deadline=None)
def test_every_unit_stands_in_the_list_once(drawn: list[tuple[str, str, str, str, str]]) -> None:
    units = [unit(town, level, before, name=f"第{at}村", district=district, kind=kind, number=at)
             for at, (district, town, kind, level, before) in enumerate(drawn)]  # fmt: skip
    rows = [row for block in unit_tables(facts(units)) for row in getattr(block, "rows", ())]
    assert sum(int(row[1]) for row in rows) == len(units)
    names = [name.partition("（")[0] for row in rows for name in row[2].split("、")]
    assert sorted(names) == sorted(one.name for one in units)


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ((), "某市2个区都发布了2025年度的评定结果，共村2个。"),
        (("西区",), "某市3个区中，2个区发布了2025年度的评定结果，共村2个。没有发布的是西区，本报告的数不含这个区。"),
        (("西区", "北区"),
         "某市4个区中，2个区发布了2025年度的评定结果，共村2个。没有发布的是西区、北区，本报告的数不含这些区。"),
    ],
)  # fmt: skip
def test_districts_that_have_not_published_are_named(missing: tuple[str, ...], expected: str) -> None:
    units = [unit("一镇", "五星", "五星"), unit("一镇", "四星", "五星", district="南区")]
    assert told(units, missing=missing)[0] == expected


def test_a_first_year_has_nothing_to_compare() -> None:
    said = told([unit("一镇", level, number=at) for at, level in enumerate(LEVELS)], city=False)
    assert "村是第一次评定，没有上次的星级可比。" in said
    assert not any("升得最多" in one or "变动最多" in one for one in said)


def test_nobody_moved() -> None:
    said = told([unit("一镇", level, level, number=at) for at, level in enumerate(LEVELS)], city=False)
    assert "与上次评定相比，村没有晋星的，也没有降星和取消星级的；保持原星级3个，仍在最低一级1个。" in said


def test_one_that_rose_is_named_and_many_are_counted() -> None:
    one = [unit("一镇", "五星", "三星", name="乙村"), unit("二镇", "四星", "四星", number=1)]
    assert "升得最多的升2级，是一镇乙村（三星到五星）。" in told(one, city=False)
    assert "没有降星和取消星级的村和社区。" in told(one, city=False)
    assert "升得最多的升2级，是东区一镇乙村（三星到五星）。" in told(one)
    many = [unit("一镇", "五星", "三星", number=at) for at in range(4)]
    assert "升得最多的升2级，有4个。" in told(many, city=False)


def test_equal_townships_are_named_together() -> None:
    moved = [unit(f"{name}镇", "五星", "四星", number=at) for at, name in enumerate("甲乙")]
    said = told([*moved, unit("丙镇", "四星", "四星")], city=False)
    assert any("按乡镇街道看，星级变动最多的是" in one and one.endswith("镇，各有1个。") for one in said)
    alone = told([moved[0], unit("丙镇", "四星", "四星")], city=False)
    assert "按乡镇街道看，星级变动最多的是甲镇，有1个（晋星1个，降星和取消星级0个）。" in alone


def test_the_highest_share_by_place() -> None:
    units = [unit("甲镇", "五星"), unit("乙镇", "五星"), unit("乙镇", "四星", number=1)]
    assert "五星占比最高的是甲镇（100.0%），最低的是乙镇（50.0%）。" in told(units, city=False)
    assert "各乡镇街道五星的占比一样，都是100.0%。" in told(units[:2], city=False)
    assert "五星占比最高的是甲镇（100.0%），乙镇没有五星。" in told([units[0], units[2]], city=False)


def test_the_shares_beside_the_proportion() -> None:
    right = [unit("一镇", level, number=at) for at, level in enumerate(
        ["五星"] + ["四星"] * 4 + ["三星"] * 4 + ["无星"])]  # fmt: skip
    found = facts(right)
    assert against_reference(found, found.kinds[0], (1, 4, 4, 1)) == [
        "办法定的比例是1∶4∶4∶1（五星、四星、三星、无星），村的实际占比与此一致。"
    ]
    other = facts([*right[1:], unit("一镇", "三星", number=11)])
    assert against_reference(other, other.kinds[0], (1, 4, 4, 1)) == [
        "办法定的比例是1∶4∶4∶1（五星、四星、三星、无星），村的实际占比与此相比，五星低10.0个百分点，三星高10.0个百分点。"
    ]
    assert against_reference(found, found.kinds[0], None) == []
    assert against_reference(found, found.kinds[0], (1, 2)) == []


def test_nobody_was_rated() -> None:
    said = told([unit("一镇", "", "五星")], city=False)
    assert "村1个，都没有参加评定。" in said
    assert "村没有可比的星级。" in said


def test_years_side_by_side() -> None:
    before = facts([unit("一镇", "五星")], city=False, year=2024)
    now = facts([unit("一镇", "四星", "五星"), unit("一镇", "", number=1)], city=False)
    grid = history_table({2024: before, 2025: now})
    assert [row[0] for row in grid.rows] == ["2024年度", "2025年度"]
    assert grid.rows[1][2:] == ("1", "0", "1", "0", "0", "1", "0", "1")


def test_a_kind_that_is_still_to_be_published_is_said() -> None:
    units = [unit("一镇", LEVELS[0], "", kind="village")]
    assert lists_left(facts(units), ()) == []
    city = lists_left(facts(units), [("东区", "community"), ("西区", "village")])
    assert city == ["东区的社区、西区的村的评定结果还没有发布，本报告的数不含在内。"]
    assert lists_left(facts(units, city=False), [("东区", "community")])[0].startswith("社区的评定结果还没有发布")
