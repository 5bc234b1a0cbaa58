"""The finding in a title is true where it is easily not: ties, one place, all the same, no change, years apart."""

from fractions import Fraction

import pytest

from starrating.charts.distribution import UnitTotal, draw_distribution
from starrating.charts.flow import Path, draw_flow
from starrating.charts.heat import Column, Part, Places, draw_heat
from starrating.charts.levels import StarCounts
from starrating.charts.measure import lines_of
from starrating.charts.movement import Moves, draw_movement
from starrating.charts.multiples import YearCounts, draw_multiples
from starrating.charts.progress import Done, draw_progress
from starrating.charts.sheet import Shape, Word
from starrating.charts.stars_by_township import draw_stars_by_township
from starrating.charts.style import NOTE, Width
from tests.charts.world import HEADING, KINDS, LEVELS, draw


def multiples(*rows: tuple[int, str, int, int]) -> str:
    counts = [YearCounts(year, StarCounts(place, (rest, 0, 0, top))) for year, place, top, rest in rows]
    return draw_multiples(counts, levels=LEVELS, heading=HEADING).title


def test_multiples_compare_with_the_year_that_there_is() -> None:
    assert multiples((2021, "甲区", 1, 9), (2024, "甲区", 2, 8)) == "五星占比和2021年度比，高的有甲区"
    assert (
        multiples((2023, "甲区", 1, 9), (2024, "甲区", 2, 8), (2023, "乙区", 3, 7), (2024, "乙区", 1, 9),
                  (2023, "丙区", 1, 1), (2024, "丙区", 2, 2))
        == "五星占比和2023年度比，高的有甲区，低的有乙区，一样的有丙区"
    )  # fmt: skip
    assert multiples((2023, "甲区", 1, 9), (2024, "甲区", 2, 18)) == "五星占比各处都和2023年度一样"


def test_multiples_without_two_years_say_who_has_most() -> None:
    assert multiples((2024, "甲区", 1, 9), (2024, "乙区", 2, 8)) == "2024年度五星占比最高的是乙区（20.0%）"
    assert multiples((2024, "甲区", 1, 9), (2024, "乙区", 2, 18)) == "2024年度五星占比最高的是乙区、甲区（10.0%）"
    assert multiples((2024, "甲区", 0, 9), (2024, "乙区", 0, 8)) == "2024年度各处都没有五星"
    assert multiples((2023, "甲区", 1, 9), (2024, "乙区", 2, 8)) == "2024年度五星占比最高的是乙区（20.0%）"


def test_movement_leaves_out_what_did_not_happen() -> None:
    assert draw_movement([Moves("甲镇", 0, 9, 1, 0)], heading=HEADING).title == "降星1个"
    assert draw_movement([Moves("甲镇", 2, 0, 0, 0)], heading=HEADING).title == "晋星2个"
    rows = [Moves("甲镇", 600, 9, 0, 1), Moves("乙镇", 600, 0, 0, 0)]
    assert draw_movement(rows, heading=HEADING).title == "晋星1,200个，取消星级1个，晋星最多在乙镇、甲镇（600个）"


def flow(*rows: Path) -> str:
    return draw_flow(rows, years=(2023, 2024), levels=LEVELS, heading=HEADING).title


def test_a_flow_leaves_out_what_did_not_happen() -> None:
    assert flow(Path((0, 1), 3)) == "2023到2024年度往上3个"
    assert flow(Path((1, 0), 3), Path((1, 1), 2000)) == "2023到2024年度往下3个，2,000个没有动"
    assert flow(Path((1, 1), 3)) == "2023到2024年度3个都没有动"
    rows = [Path((1, 1, None), 2), Path((None, None, 3), 1)]
    chart = draw_flow(rows, years=(2022, 2023, 2024), levels=LEVELS, heading=HEADING)
    assert chart.title == "2023和2024年度没有两年都评定的"


def heat(*rows: tuple[str, tuple[int, ...]]) -> str:
    columns = [Column(f"V{at}", "甲乙丙丁"[at]) for at in range(len(rows[0][1]))]
    places = [Places(name, 1, tuple(Part(Fraction(points), Fraction(10)) for points in own)) for name, own in rows]
    return draw_heat(places, columns=columns, what="镇", heading=HEADING).title


def test_a_heat_map_says_ties() -> None:
    assert heat(("东镇", (4, 4, 9))) == "V0甲、V1乙得分率最低，40.0%"
    assert heat(("东镇", (4, 4, 4, 9))) == "V0甲等3项得分率最低，40.0%"
    assert heat(("东镇", (4, 4)), ("西镇", (4, 4))) == "2项指标得分率一样，都是40.0%"
    assert heat(("东镇", (2, 9)), ("西镇", (2, 8))) == "V0甲得分率最低，20.0%"
    assert (
        heat(("东镇", (2, 9)), ("西镇", (2, 8)), ("南镇", (8, 8)))
        == "V0甲得分率最低，40.0%，最低的是东镇、西镇（20.0%）"
    )


def test_a_distribution_does_not_call_one_of_several_the_most() -> None:
    rows = [UnitTotal(Fraction(value), 1) for value in (80, 80, 90, 90, 95)]
    title = draw_distribution(rows, levels=LEVELS, lines=(), heading=HEADING).title
    assert title == "总分中位数90，最多的有2段，每段2个"


def test_of_one_township_nothing_is_the_most() -> None:
    def title(*rows: StarCounts) -> str:
        return draw_stars_by_township(rows, levels=LEVELS, heading=HEADING).title

    assert title(StarCounts("天穆镇", (1, 4, 4, 3), 0, 2, 5)) == "天穆镇有五星3个，降星和取消5个"
    assert title(StarCounts("天穆镇", (1, 4, 4, 3), 0, 2, 0)) == "天穆镇有五星3个"


@pytest.mark.parametrize(
    ("done", "of", "said"),
    [(99_999, 100_000, "一共填了99,999格，还差1格"), (1, 100_000, "一共填了1格，还差99,999格"), (0, 9, "一共填了0.0%"),
     (9, 9, "9格都填完了"), (1, 2, "一共填了50.0%")],
)  # fmt: skip
def test_progress_is_not_rounded_to_all_or_nothing(done: int, of: int, said: str) -> None:
    assert draw_progress([Done("甲部门", done, of)], what="部门", heading=HEADING).title == said


def test_a_number_keeps_what_it_counts_in_its_line() -> None:
    assert lines_of("往上20个，往下20个", 100, 13) == ("往上20个，", "往下20个")
    for width in range(60, 200, 7):
        for line in lines_of("2023到2024年度往上20个，往下20个，8个没有动，占12.5分", width, 13):
            assert not line.startswith(("个", "年", "度", "分"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", Width)
def test_the_source_below_an_empty_chart_is_clear_of_its_frame(kind: str, width: Width) -> None:
    alone = draw(kind, "empty", width).alone()
    bottom = max(y for mark in alone.marks if isinstance(mark, Shape) for _, y in mark.points)
    source = next(mark for mark in alone.marks if isinstance(mark, Word) and mark.text.startswith("数据"))
    assert source.y - NOTE > bottom
