"""The places of a picture that can be clicked: each shows the number of a cell, lies on the sheet and says it."""

import pytest

from starrating.charts.spots import said
from starrating.charts.style import Width
from tests.charts.world import KINDS, draw, every

SHARES = ("stars_by_district", "multiples")
"""Their bars are shares of what is rated."""
CLICKED = tuple(kind for kind in KINDS if kind != "progress")


@pytest.mark.parametrize(("kind", "state", "width"), [each for each in every() if each[1] != "300 places"])
def test_a_place_shows_the_number_of_a_cell(kind: str, state: str, width: Width) -> None:
    chart = draw(kind, state, width)
    for spot in chart.body.spots:
        assert all(-1 <= x <= chart.width + 1 and -3 <= y <= chart.height + 1 for x, y in spot.points)
        words = said(chart, spot)
        if spot.row >= 0:
            number = chart.table.rows[spot.row][spot.column]
            assert number != ""
            assert f"{number}" in words
            assert number or kind == "heat"
        assert words


@pytest.mark.parametrize("kind", CLICKED)
def test_every_number_of_the_picture_is_a_place_once(kind: str) -> None:
    chart = draw(kind, "city")
    cells = [(spot.row, spot.column) for spot in chart.body.spots]
    assert len(cells) == len(set(cells))
    assert len(cells) >= 8


@pytest.mark.parametrize("kind", ["stars_by_district", "stars_by_township", "flow", "multiples", "distribution"])
def test_the_places_add_up_to_the_table(kind: str) -> None:
    chart = draw(kind, "city")
    header = chart.table.header
    last = len(header) if kind == "flow" else header.index("共")
    shown = {(spot.row, spot.column) for spot in chart.body.spots if spot.row >= 0}
    first = {"flow": 4, "multiples": 2, "distribution": 2}.get(kind, 1)
    left_out = {header.index("未评")} if kind in SHARES else set()
    for at, row in enumerate(chart.table.rows):
        for column in range(first, last):
            assert ((at, column) in shown) == (row[column] != 0 and column not in left_out), (at, column)


def test_of_very_many_rows_a_bar_is_one_place() -> None:
    chart = draw("stars_by_township", "300 places")
    whole = chart.table.header.index("共")
    assert {spot.column for spot in chart.body.spots} == {whole}
    assert len(chart.body.spots) == len([row for row in chart.table.rows if row[whole]])
