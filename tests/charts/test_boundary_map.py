"""The boundary map in its five states: what it says, where its words and areas lie, how it is told by its file."""

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from starrating.charts.boundary_map import draw_boundary_map
from starrating.charts.chart import Chart
from starrating.charts.measure import width_of
from starrating.charts.outline import MOST_POINTS, Room, projected, simplified
from starrating.charts.sheet import Region, Word
from starrating.charts.spots import said
from starrating.charts.style import TILES, Width
from starrating.charts.tile_map import draw_tile_map
from tests.charts.made_up import APPROVAL, SINCE, codes_of, content_of, feature, outlines, read
from tests.charts.world import HEADING, PLACES, shares

STATES = {"empty": 16, "one place": 1, "city": 16, "long names": 4, "missing": 11}
"""How many districts the file of a state has."""


def drawn(state: str, width: Width = Width.DESK, **more: Any) -> Chart:
    of = "city" if state == "missing" else state
    given = {"outlines": outlines(STATES[state]), "codes": codes_of(PLACES[of] or PLACES["city"]), **more}
    return draw_boundary_map(shares(of), measure="晋星占比", heading=HEADING, width=width, **given)


def words_of(chart: Chart) -> str:
    return " ".join(mark.text for mark in chart.body.marks if isinstance(mark, Word))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("width", Width)
def test_words_and_areas_lie_on_the_sheet_and_no_word_on_another(state: str, width: Width) -> None:
    chart = drawn(state, width)
    alone = chart.alone()
    words = [mark for mark in alone.marks if isinstance(mark, Word)]
    boxes = [(w.x, w.x + width_of(w.text, w.size, w.bold), w.y - 0.7 * w.size, w.y) for w in words]
    for place, (left, right, top, bottom) in enumerate(boxes):
        assert left >= 0
        assert right <= alone.width
        for other in boxes[place + 1 :]:
            assert right <= other[0] + 0.5 or other[1] <= left + 0.5 or bottom <= other[2] or other[3] <= top
    for mark in alone.marks:
        if isinstance(mark, Region):
            assert all(0 <= x <= alone.width and 0 <= y <= alone.height for x, y in mark.points)
    root = ET.fromstring(chart.svg())
    assert root[1].text == chart.alternative
    assert chart.png(96).startswith(b"\x89PNG")


@pytest.mark.parametrize("state", STATES)
def test_it_says_what_the_tile_map_says_and_its_number(state: str) -> None:
    chart = drawn(state)
    tiles = draw_tile_map(shares("city" if state == "missing" else state), measure="晋星占比", heading=HEADING)
    if state in ("city", "missing", "empty"):
        assert (chart.title, chart.table) == (tiles.title, tiles.table)
    if state == "empty":
        assert not any(isinstance(mark, Region) for mark in chart.body.marks)
        return
    assert f"审图号：{APPROVAL}" in words_of(chart)
    assert SINCE.isoformat() in words_of(chart)
    assert APPROVAL in chart.alternative
    assert {mark.fill for mark in chart.body.marks if isinstance(mark, Region) and mark.fill} <= set(TILES)


def test_every_district_leads_to_its_number_and_a_missing_one_is_named() -> None:
    chart = drawn("missing")
    places = {chart.table.rows[spot.row][0] for spot in chart.body.spots}
    left = set(PLACES["city"]) - places
    assert len(places) == 11
    for name in left:
        assert name in words_of(chart).partition("文件里没有界线的区")[2]
        assert name in chart.alternative.partition("文件里没有界线的区")[2]
    for spot in chart.body.spots:
        row = chart.table.rows[spot.row]
        assert said(chart, spot) == f"{row[0]}{row[3]}%（{row[1]}/{row[2]}）"
    assert len(drawn("city").body.spots) == 16


def test_without_any_district_of_the_city_it_says_so() -> None:
    chart = drawn("city", codes=dict.fromkeys(PLACES["city"], "110101000000"))
    assert chart.title == "区界文件里没有本市的区"
    assert not chart.body.spots


def test_the_digest_is_that_of_the_file_too() -> None:
    one = outlines(16)
    digests = {drawn("city", outlines=of).digest for of in (one, replace(one, digest="0" * 64), replace(one))}
    assert len(digests) == 2
    assert drawn("city", outlines=replace(one, approval="示S(2026)002号")).digest not in digests


def test_a_district_smaller_than_a_dot_and_one_that_crosses_itself_are_drawn() -> None:
    dot = [[[104.0, 30.0], [104.0000001, 30.0], [104.0, 30.0000001], [104.0, 30.0]]]
    bow = [[[100, 30], [103, 33], [103, 30], [100, 33], [100, 30]]]
    content = content_of({"type": "FeatureCollection", "features": [feature(0, dot), feature(1, bow)]})
    chart = draw_boundary_map(
        shares("long names")[:2], outlines=read(content), codes=codes_of(PLACES["long names"][:2]), measure="占比",
        heading=HEADING,
    )  # fmt: skip
    regions = [mark for mark in chart.body.marks if isinstance(mark, Region) and mark.fill]
    assert len(regions) == 2
    assert all(np.ptp(np.array(mark.points), axis=0).min() >= 2 for mark in regions)
    assert len(chart.body.spots) == 2


def test_a_very_fine_file_is_drawn_with_few_points() -> None:
    fine = outlines(16, 2_000)
    assert sum(len(ring) for parts in fine.districts.values() for part in parts for ring in part) > 100_000
    shown = projected(fine, tuple(sorted(fine.districts)), 372, 520)
    assert sum(len(ring) for parts in shown.districts.values() for part in parts for ring in part) <= MOST_POINTS
    assert shown.width <= 372.001
    assert shown.height <= 520.001


def test_a_simplified_ring_keeps_its_corners_and_stays_near() -> None:
    side = np.linspace(0, 100, 400, endpoint=False)
    square = np.vstack((
        np.column_stack((side, 0 * side)), np.column_stack((0 * side + 100, side)),
        np.column_stack((100 - side, 0 * side + 100)), np.column_stack((0 * side, 100 - side)),
    ))  # fmt: skip
    assert {tuple(point) for point in simplified(square, 0.35)} == {(0, 0), (100, 0), (100, 100), (0, 100)}


def test_words_have_room_beside_a_hole_but_not_in_it() -> None:
    outer = np.array([(0, 0), (100, 0), (100, 100), (0, 100)], dtype=float)
    hole = np.array([(10, 10), (10, 98), (98, 98), (98, 10)], dtype=float)
    assert Room([[outer]]).box(60, 20) == (50, 50)
    assert Room([[outer, hole]]).box(60, 20) is None
    found = Room([[outer, hole]]).box(60, 6)
    assert found is not None
    assert found[1] < 10
