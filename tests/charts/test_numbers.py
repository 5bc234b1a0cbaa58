"""The numbers beside a chart: they add up with what went in, findings say what is there, CSV runs nothing."""

import csv
import io
from decimal import Decimal
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starrating.charts.chart import Table, inert, percent, percent_cell, share_of
from starrating.charts.distribution import LevelLine, UnitTotal, draw_distribution
from starrating.charts.flow import Path, draw_flow
from starrating.charts.heat import Column, Part, Places, draw_heat
from starrating.charts.heat import added as added_places
from starrating.charts.history import UnitYear, draw_history, pool_of
from starrating.charts.levels import StarCounts, added, places
from starrating.charts.movement import Moves, draw_movement
from starrating.charts.multiples import YearCounts, draw_multiples
from starrating.charts.progress import Done, draw_progress
from starrating.charts.stars_by_district import draw_stars_by_district
from starrating.charts.stars_by_township import draw_stars_by_township
from starrating.charts.ticks import count_ticks, step_for
from starrating.charts.tile_map import DistrictShare, class_breaks, draw_tile_map, tianjin_tiles
from tests.charts.world import HEADING, KINDS, LEVELS, STATES, draw, moves, shares, star_counts, totals

counts = st.integers(0, 10_000)
star_rows = st.builds(
    StarCounts, st.text("北辰和平东西镇街", min_size=1, max_size=30), st.tuples(counts, counts, counts, counts), counts
)
fractions = st.builds(Fraction, st.integers(-200_000, 2_000_000), st.sampled_from((1, 7, 100, 84_000)))


@given(st.lists(st.lists(star_rows, min_size=1, max_size=6), min_size=1, max_size=5))
def test_townships_add_up_to_the_district_and_districts_to_the_city(city: list[list[StarCounts]]) -> None:
    districts = [added(townships, f"{place}区") for place, townships in enumerate(city)]
    for townships, district in zip(city, districts, strict=True):
        chart = draw_stars_by_township(townships, levels=LEVELS, heading=HEADING)
        if district.units:
            assert chart.table.total[1:7] == (*district.counts[::-1], district.unrated, district.units)
            assert _sums(chart.table, 1, 7) == chart.table.total[1:7]
    above = draw_stars_by_district(districts, levels=LEVELS, heading=HEADING)
    if any(row.units for row in districts):
        below = draw_stars_by_township([row for rows in city for row in rows], levels=LEVELS, heading=HEADING)
        assert above.table.total[1:7] == below.table.total[1:7]
        assert _sums(above.table, 1, 7) == above.table.total[1:7]


def _sums(table: Table, start: int, end: int) -> tuple[int, ...]:
    return tuple(sum(int(row[column]) for row in table.rows) for column in range(start, end))


@given(st.lists(st.builds(Moves, st.text("北辰", max_size=9), counts, counts, counts, counts, counts), max_size=9))
def test_movement_adds_up(rows: list[Moves]) -> None:
    table = draw_movement(rows, heading=HEADING).table
    if any(row.units - row.first for row in rows):
        assert _sums(table, 1, 7) == table.total[1:]
        assert table.total[-1] == sum(row.units for row in rows)


@given(
    st.lists(st.builds(UnitTotal, fractions, st.sampled_from((None, 0, 1, 2, 3))), min_size=1, max_size=60),
    st.lists(st.builds(LevelLine, st.integers(0, 3), fractions), max_size=4),
)
def test_every_total_is_in_one_step(rows: list[UnitTotal], lines: list[LevelLine]) -> None:
    chart = draw_distribution(rows, levels=LEVELS, lines=lines, heading=HEADING)
    assert len(chart.table.rows) <= 25
    assert chart.table.total[-1] == len(rows) == sum(int(row[-1]) for row in chart.table.rows)
    for row in chart.table.rows:
        start, end = Fraction(str(row[0])), Fraction(str(row[1]))
        assert row[-1] == sum(start <= unit.total < end for unit in rows)
        for level in range(4):
            assert row[5 - level] == sum(start <= unit.total < end and unit.level == level for unit in rows)


@given(st.lists(st.builds(Fraction, st.integers(0, 1000), st.just(1000)), min_size=1, max_size=20))
def test_classes_hold_every_share_and_limits_are_round(known: list[Fraction]) -> None:
    low, middle, high = class_breaks(known)
    assert min(known) < low < middle < high
    assert middle - low == high - middle
    assert max(known) <= high + (middle - low)
    assert (low * 1000).denominator == 1


@given(st.builds(Fraction, st.integers(1, 10**9), st.integers(1, 10**6)), st.integers(2, 30))
def test_a_step_is_the_smallest_round_one(span: Fraction, most: int) -> None:
    step = step_for(span, most)
    assert step * most >= span
    digits = str(step.numerator if step.denominator == 1 else step.denominator).strip("0")
    assert digits in {"1", "2", "5", "25", "125"} or step.denominator != 1
    assert step * most < span * 10


def test_ticks_are_whole() -> None:
    assert count_ticks(5, 5) == [0, 1, 2, 3, 4, 5]
    assert count_ticks(31, 5) == [0, 10, 20, 30]
    assert count_ticks(1, 4) == [0, 1]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", STATES)
def test_a_table_is_rectangular_and_its_csv_the_same(kind: str, state: str) -> None:
    chart = draw(kind, state)
    rows = [*chart.table.rows, *([chart.table.total] if chart.table.total else [])]
    assert {len(row) for row in rows} <= {len(chart.table.header)}
    read = list(csv.reader(io.StringIO(chart.csv(), newline="")))
    assert read == [list(chart.table.header), *([str(cell) for cell in row] for row in rows)]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"])
def test_no_cell_is_a_formula(start: str) -> None:
    assert inert(f"{start}1") == f"'{start}1"
    chart = draw_stars_by_township([StarCounts(f"{start}村", (1, 2, 3, 4))], levels=LEVELS, heading=HEADING)
    assert f"'{start}村" in chart.csv()


def test_numbers_stay_numbers() -> None:
    assert [inert(cell) for cell in (-3, Decimal("-0.5"), 12)] == ["-3", "-0.5", "12"]


def test_a_percentage_is_rounded_half_up_from_the_exact_share() -> None:
    assert percent(share_of(1, 2000)) == "0.1%"
    assert percent(share_of(12, 123)) == "9.8%"
    assert percent(share_of(0, 0)) == "–"


@pytest.mark.parametrize("kind", KINDS)
def test_the_empty_chart_says_what_to_do(kind: str) -> None:
    chart = draw(kind, "empty")
    assert chart.title.startswith("还没有")
    assert "先" in chart.alternative
    assert chart.table.rows == ()
    assert len(chart.csv().splitlines()) == 1


def test_zeros_are_as_good_as_nothing() -> None:
    chart = draw_stars_by_district([StarCounts("北辰区", (0, 0, 0, 0))], levels=LEVELS, heading=HEADING)
    assert chart.title == "还没有星级结果"


def district(*rows: StarCounts) -> str:
    return draw_stars_by_district(rows, levels=LEVELS, heading=HEADING).title


def test_findings_by_district() -> None:
    one = StarCounts("北辰区", (1, 4, 4, 1))
    assert district(one) == "北辰区有五星1个，占已评的10.0%"
    assert district(one, StarCounts("和平区", (1, 4, 4, 1))) == "各区五星占比一样，都是10.0%"
    assert (
        district(one, StarCounts("和平区", (5, 4, 1, 0))) == "五星占比最高的是北辰区（10.0%），最低的是和平区（0.0%）"
    )
    assert district(StarCounts("和平区", (5, 4, 1, 0))) == "和平区没有五星"
    assert district(StarCounts("和平区", (0, 0, 0, 0), 9)) == "都还没有评"


def township(*rows: StarCounts) -> str:
    return draw_stars_by_township(rows, levels=LEVELS, heading=HEADING).title


def test_findings_by_township() -> None:
    one = StarCounts("天穆镇", (1, 4, 4, 3), 0, 2, 5)
    assert (
        township(one, StarCounts("双口镇", (1, 1, 1, 1), 0, 0, 0))
        == "五星最多在天穆镇（3个），降星和取消最多也在天穆镇（5个）"
    )
    assert township(one, StarCounts("双口镇", (1, 1, 1, 3))) == "五星最多在天穆镇、双口镇（3个）"
    assert township(StarCounts("双口镇", (1, 1, 1, 0))) == "双口镇没有五星"
    assert township(StarCounts("双口镇", (0, 0, 0, 0), 3)) == "都还没有评"


def test_findings_of_movement() -> None:
    rows = [Moves("甲镇", 3, 9, 1, 0), Moves("乙镇", 1, 9, 0, 2)]
    assert draw_movement(rows, heading=HEADING).title == "晋星4个，降星1个，取消星级2个，晋星最多在甲镇（3个）"
    assert draw_movement([Moves("甲镇", 0, 9, 0, 0)], heading=HEADING).title == "9个都保持上年星级"
    assert draw_movement([Moves("甲镇", 0, 0, 0, 0, 7)], heading=HEADING).title == "还没有可比的两年"


def test_findings_of_the_distribution() -> None:
    def title(*values: str) -> str:
        rows = [UnitTotal(Fraction(value), 1) for value in values]
        return draw_distribution(rows, levels=LEVELS, lines=(), heading=HEADING).title

    assert title("93.4") == "只有1个村社区，总分93.4"
    assert title("80", "81", "100") == "总分中位数81，最多的有3段，每段1个"
    assert title("80", "100", "100") == "总分中位数100，最多的一段是100至101（2个）"
    lines = (LevelLine(3, Fraction(90)),)
    chart = draw_distribution([UnitTotal(Fraction(90), 3)] * 2, levels=LEVELS, lines=lines, heading=HEADING)
    assert "五星线90分，够线的2个" in chart.alternative


def test_findings_of_the_map() -> None:
    rows = [DistrictShare("北辰区", 1, 10), DistrictShare("和平区", 2, 10), DistrictShare("南开区", 1, 10)]

    def title(*some: DistrictShare, own: str | None = None) -> str:
        return draw_tile_map(some, measure="晋星占比", heading=HEADING, own=own).title

    assert title(*rows) == "晋星占比最高的是和平区（20.0%），最低的是北辰区、南开区（10.0%）"
    assert title(*rows, own="和平区") == "和平区晋星占比20.0%，全市第1"
    assert title(*rows, own="北辰区") == "北辰区晋星占比10.0%，全市并列第2"
    assert title(rows[0]) == "北辰区晋星占比10.0%"
    assert title(DistrictShare("北辰区", 0, 0)) == "还没有各区的数"


def test_districts_without_a_tile_are_named() -> None:
    chart = draw_tile_map([DistrictShare("雄安区", 1, 3)], measure="占比", heading=HEADING)
    assert "雄安区" in chart.csv()
    assert any("雄安区" in str(mark) for mark in chart.body.marks)


def test_the_tiles_are_the_16_districts() -> None:
    assert len(tianjin_tiles()) == len(set(tianjin_tiles().values())) == 16


def test_few_long_names_in_a_title() -> None:
    assert places(["甲", "乙", "丙"]) == "甲、乙、丙"
    assert places(["甲", "乙", "丙", "丁"]) == "甲、乙、丙等4处"
    assert places(["长" * 20, "短" * 20]) == f"{'长' * 20}等2处"


def test_the_words_list_every_place_or_point_to_the_table() -> None:
    few, many = draw("stars_by_district", "city"), draw("stars_by_township", "300 places")
    assert all(row.place in few.alternative for row in star_counts("city"))
    assert "一共300行" in many.alternative
    assert all(row.place in draw("movement", "city").alternative for row in moves("city"))
    assert all(row.district in draw("tile_map", "city").alternative for row in shares("city"))
    assert f"共{len(totals('city'))}个" in draw("distribution", "city").alternative


def test_progress_says_who_is_late_and_adds_up() -> None:
    rows = [Done("甲部门", 10, 100, 5, 60, late=True), Done("乙部门", 58, 100, 0, 60), Done("丙部门", 0, 0, 0, 60)]
    chart = draw_progress(rows, what="部门", heading=HEADING)
    assert chart.title == "甲部门落后日程，一共填了34.0%"
    assert [row[0] for row in chart.table.rows] == ["甲部门", "乙部门"], "what has nothing to fill in is no row"
    assert chart.table.rows[0] == ("甲部门", 10, 100, 90, 5, Decimal("10.0"), 60, "落后日程")
    assert chart.table.total[1:5] == (68, 200, 132, 5)
    assert "甲部门：填了10.0%，今天应到60%，落后日程" in chart.alternative
    assert "乙部门：填了58.0%，今天应到60%，赶得上日程" in chart.alternative


def test_progress_without_days_has_no_pace() -> None:
    chart = draw_progress([Done("甲部门", 1, 3)], what="部门", heading=HEADING)
    assert chart.title == "一共填了33.3%"
    assert chart.table.rows[0][-2:] == ("", "")
    assert "日程" not in chart.alternative.replace("按日程今天应到的位置", "")
    full = draw_progress([Done("甲部门", 3, 3, expected=100)], what="部门", heading=HEADING)
    assert full.title == "3格都填完了"
    with pytest.raises(ValueError, match="no more done than there is"):
        draw_progress([Done("甲部门", 4, 3)], what="部门", heading=HEADING)


ways = st.lists(
    st.builds(Path, st.tuples(*[st.sampled_from((None, 0, 1, 2, 3))] * 3), st.integers(0, 500)), max_size=20
)


@given(ways)
def test_a_flow_adds_up_with_the_stars_of_both_its_years(rows: list[Path]) -> None:
    chart = draw_flow(rows, years=(2021, 2022, 2023), levels=LEVELS, heading=HEADING)
    names = (*LEVELS, "未评")
    for at, (before, after) in enumerate(((2021, 2022), (2022, 2023))):
        own = [row for row in chart.table.rows if row[:2] == (before, after)]
        for place, name in enumerate(names):
            level = None if place == len(LEVELS) else place
            there = sum(row.units for row in rows if row.levels[at] == level
                        and (level is not None or row.levels[at + 1] is not None))  # fmt: skip
            then = sum(row.units for row in rows if row.levels[at + 1] == level
                       and (level is not None or row.levels[at] is not None))  # fmt: skip
            if chart.table.rows:
                assert sum(int(row[4]) for row in own if row[2] == name) == there
                assert sum(int(row[4]) for row in own if row[3] == name) == then


def test_a_flow_says_who_went_where() -> None:
    rows = [Path((0, 1), 3), Path((1, 1), 5), Path((2, 1), 2), Path((None, 3), 1), Path((None, None), 9)]
    chart = draw_flow(rows, years=(2023, 2024), levels=LEVELS, heading=HEADING)
    assert chart.title == "2023到2024年度往上3个，往下2个，5个没有动"
    assert chart.table.rows == (
        (2023, 2024, "四星", "三星", 2), (2023, 2024, "三星", "三星", 5), (2023, 2024, "无星", "三星", 3),
        (2023, 2024, "未评", "五星", 1),
    )  # fmt: skip
    assert "2023年无星到2024年三星3个" in chart.alternative
    with pytest.raises(ValueError, match="each of the 2 years"):
        draw_flow([Path((1,), 3)], years=(2023, 2024), levels=LEVELS, heading=HEADING)


parts = st.builds(Part, st.fractions(0, 300, max_denominator=7), st.just(Fraction(300)))
heat_rows = st.lists(st.builds(Places, st.text("北辰和", min_size=1), st.integers(1, 40), st.tuples(parts, parts)),
                     min_size=1, max_size=6)  # fmt: skip


@given(st.lists(heat_rows, min_size=1, max_size=4))
def test_the_points_of_townships_add_up_to_the_districts(city: list[list[Places]]) -> None:
    columns = (Column("V1", "党建"), Column("V2", "发展"))
    districts = [added_places(rows, "区") for rows in city]
    whole = added_places([row for rows in city for row in rows], "市")
    assert added_places(districts, "市") == whole
    chart = draw_heat(districts, columns=columns, what="区", heading=HEADING)
    assert chart.table.total[1] == whole.units == sum(int(row[1]) for row in chart.table.rows)
    assert list(chart.table.total[2:]) == [percent_cell(part.share) for part in whole.parts]


def test_a_heat_map_names_the_weakest_indicator_and_place() -> None:
    rows = [Places("甲镇", 2, (Part(Fraction(9), Fraction(10)), Part(Fraction(5), Fraction(10)))),
            Places("乙镇", 1, (Part(Fraction(5), Fraction(5)), Part(Fraction(1), Fraction(5))))]  # fmt: skip
    chart = draw_heat(rows, columns=(Column("V1", "党建"), Column("V2", "发展")), what="镇", heading=HEADING)
    assert chart.title == "V2发展得分率最低，40.0%，最低的是乙镇（20.0%）"
    assert chart.table.total == ("合计", 3, Decimal("93.3"), Decimal("40.0"))


@given(st.lists(st.builds(YearCounts, st.integers(2020, 2023), star_rows), max_size=12))
def test_small_multiples_show_every_count_once(rows: list[YearCounts]) -> None:
    kept = {(row.year, row.counts.place): row for row in rows}
    chart = draw_multiples(list(kept.values()), levels=LEVELS, heading=HEADING)
    if chart.table.rows:
        for year in {row.year for row in kept.values()}:
            shown = [row for row in chart.table.rows if row[1] == year]
            assert sum(int(row[-1]) for row in shown) == sum(
                one.counts.units for one in kept.values() if one.year == year
            )


@given(st.lists(fractions, min_size=1, max_size=40))
def test_the_quarters_of_a_pool_hold_at_least_their_part(totals: list[Fraction]) -> None:
    pool = pool_of(totals)
    assert pool is not None
    assert pool.lower <= pool.median <= pool.upper
    assert 4 * sum(one <= pool.lower for one in totals) >= len(totals)
    assert 4 * sum(one >= pool.upper for one in totals) >= len(totals)
    assert pool.median == median(totals)


def test_a_history_says_how_far_from_the_middle() -> None:
    pool = pool_of([Fraction(70), Fraction(80), Fraction(90)])
    rows = [UnitYear(2023, Fraction(75), 1, 2, pool), UnitYear(2024, Fraction("85.5"), 2, 2, pool)]
    chart = draw_history(rows, levels=LEVELS, heading=HEADING)
    assert chart.title == "2024年度85.5分，比同类中位数高5.5分"
    assert chart.table.rows[0] == (2023, "三星", Decimal(75), 2, 3, Decimal(70), Decimal(80), Decimal(90))
    assert pool_of([]) is None
