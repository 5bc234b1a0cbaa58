"""Every kind of chart of the same made-up units: what it shows of the city is what its districts and townships show.

Each chart is drawn from the list of units of a place alone, once for the city and once for each part of it; the numbers
in its table are counted from the list again.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from starrating.charts.boundary_map import draw_boundary_map
from starrating.charts.chart import Chart, Table, percent_cell, share_of
from starrating.charts.distribution import UnitTotal, draw_distribution
from starrating.charts.flow import Path, draw_flow
from starrating.charts.heat import Column, Part, Places, draw_heat
from starrating.charts.heat import added as added_places
from starrating.charts.history import UnitYear, draw_history, pool_of
from starrating.charts.levels import StarCounts
from starrating.charts.movement import Moves, draw_movement
from starrating.charts.multiples import YearCounts, draw_multiples
from starrating.charts.progress import Done, draw_progress
from starrating.charts.stars_by_district import draw_stars_by_district
from starrating.charts.stars_by_township import draw_stars_by_township
from starrating.charts.tile_map import DistrictShare, draw_tile_map
from tests.charts.made_up import codes_of, outlines
from tests.charts.world import HEADING, KINDS, LEVELS

DISTRICTS = ("北辰区", "和平区", "南开区")
TILES = {name: (place, 0) for place, name in enumerate(DISTRICTS)}
OUTLINES = outlines(len(DISTRICTS))
FOUR_STARS = 2
COLUMNS = (Column("V1", "党建"), Column("V2", "发展"))
FULL = (Fraction(10), Fraction(5))


@dataclass(frozen=True)
class Unit:
    """A unit with all that charts count of it: its levels in two years, lowest 0, None not rated."""

    district: str
    town: str
    before: int | None
    now: int | None
    total: Fraction
    points: tuple[Fraction, Fraction]
    filled: int

    @property
    def township(self) -> str:
        return f"{self.district}{self.town}"

    @property
    def move(self) -> str:
        if self.now is None:
            return ""
        if self.before is None:
            return "first"
        if self.now == 0 < self.before:
            return "stripped"
        return "up" if self.now > self.before else "down" if self.now < self.before else "held"


levels = st.sampled_from((None, 0, 1, 2, 3))
units = st.lists(
    st.builds(
        Unit, st.sampled_from(DISTRICTS), st.sampled_from(("一镇", "二镇")), levels, levels,
        st.fractions(0, 110, max_denominator=9),
        st.tuples(*(st.fractions(0, full, max_denominator=4) for full in FULL)), st.integers(0, 2),
    ),
    min_size=1, max_size=40,
)  # fmt: skip
FEW = settings(max_examples=12)
"""Each example lays out up to ten charts."""
By = Callable[[Unit], str]
BY: tuple[By, ...] = (lambda unit: unit.district, lambda unit: unit.township)


def by(key: By, rows: Iterable[Unit]) -> dict[str, list[Unit]]:
    found: dict[str, list[Unit]] = {}
    for unit in rows:
        found.setdefault(key(unit), []).append(unit)
    return found


def stars(place: str, rows: Sequence[Unit], year: str = "now") -> StarCounts:
    count = Counter(getattr(unit, year) for unit in rows)
    moved = Counter(unit.move for unit in rows)
    return StarCounts(
        place, tuple(count[level] for level in range(4)), count[None], moved["up"], moved["down"] + moved["stripped"]
    )


def moves(place: str, rows: Sequence[Unit]) -> Moves:
    count = Counter(unit.move for unit in rows)
    return Moves(place, *(count[move] for move in ("up", "held", "down", "stripped", "first")))


def row_of(table: Table, place: str) -> tuple[object, ...]:
    return next(row for row in table.rows if row[0] == place)


def sums(table: Table, start: int, end: int) -> list[int]:
    return [sum(int(row[column]) for row in table.rows) for column in range(start, end)]


def levels_of(rows: Sequence[Unit], year: str = "now") -> list[int]:
    """How many have each level, the highest first, and how many none."""
    count = Counter(getattr(unit, year) for unit in rows)
    return [*(count[level] for level in (3, 2, 1, 0)), count[None]]


SEEN = {"stars_by_district", "stars_by_township", "movement", "distribution", "tile_map", "progress", "flow", "heat",
        "multiples", "history"}  # fmt: skip


def test_no_kind_is_left_out() -> None:
    assert set(KINDS) == SEEN


@FEW
@given(units)
def test_stars_are_those_of_the_list(rows: list[Unit]) -> None:
    for key in BY:
        parts = by(key, rows)
        counted = [stars(place, own) for place, own in parts.items()]
        for chart in (
            draw_stars_by_district(counted, levels=LEVELS, heading=HEADING),
            draw_stars_by_township(counted, levels=LEVELS, heading=HEADING),
        ):
            assert list(chart.table.total[1:7]) == [*levels_of(rows), len(rows)] == sums(chart.table, 1, 7)
            for place, own in parts.items():
                assert list(row_of(chart.table, place)[1:7]) == [*levels_of(own), len(own)]


@FEW
@given(units)
def test_who_moved_is_in_the_list(rows: list[Unit]) -> None:
    whole = Counter(unit.move for unit in rows)
    for key in BY:
        parts = by(key, rows)
        table = draw_movement([moves(place, own) for place, own in parts.items()], heading=HEADING).table
        if not any(whole[move] for move in ("up", "held", "down", "stripped")):
            assert table.rows == ()
            continue
        counts = [whole[move] for move in ("up", "held", "down", "stripped", "first")]
        assert list(table.total[1:6]) == counts == sums(table, 1, 6)
        for place, own in parts.items():
            count = Counter(unit.move for unit in own)
            assert list(row_of(table, place)[1:6]) == [
                count[move] for move in ("up", "held", "down", "stripped", "first")
            ]


@FEW
@given(units)
def test_both_maps_show_the_units_of_the_list(rows: list[Unit]) -> None:
    parts = by(BY[0], rows)
    shares = [
        DistrictShare(
            place,
            sum(unit.now is not None and unit.now >= FOUR_STARS for unit in own),
            sum(unit.now is not None for unit in own),
        )
        for place, own in parts.items()
    ]
    tiles = draw_tile_map(shares, measure="占比", heading=HEADING, tiles=TILES)
    mapped = draw_boundary_map(shares, outlines=OUTLINES, codes=codes_of(DISTRICTS), measure="占比", heading=HEADING)
    assert tiles.table == mapped.table
    rated = [unit for unit in rows if unit.now is not None]
    assert sums(tiles.table, 1, 3) == ([sum((unit.now or 0) >= FOUR_STARS for unit in rated), len(rated)])
    for row in tiles.table.rows:
        own = [unit for unit in rated if unit.district == row[0]]
        high = sum((unit.now or 0) >= FOUR_STARS for unit in own)
        assert row[1:] == (high, len(own), percent_cell(share_of(high, len(own))))


@FEW
@given(units)
def test_every_total_of_the_list_is_in_one_step_whichever_place_is_drawn(rows: list[Unit]) -> None:
    def count(own: Sequence[Unit]) -> list[int]:
        chart = draw_distribution([UnitTotal(unit.total, unit.now) for unit in own], levels=LEVELS, lines=(),
                                  heading=HEADING)  # fmt: skip
        found = sums(chart.table, 2, 8)
        assert found == [*levels_of(own), len(own)]
        return found

    whole = count(rows)
    for key in BY:
        assert [sum(column) for column in zip(*map(count, by(key, rows).values()), strict=True)] == whole


@FEW
@given(units)
def test_flows_of_the_parts_are_the_flow_of_the_whole(rows: list[Unit]) -> None:
    def ways(own: Sequence[Unit]) -> Counter[tuple[object, ...]]:
        paths = [Path(way, many) for way, many in Counter((unit.before, unit.now) for unit in own).items()]
        chart = draw_flow(paths, years=(2023, 2024), levels=LEVELS, heading=HEADING)
        return Counter({row[:4]: int(row[4]) for row in chart.table.rows})

    def comparable(own: Sequence[Unit]) -> bool:
        return any(unit.before is not None and unit.now is not None for unit in own)

    names: dict[int | None, str] = {None: "未评"}
    names.update(enumerate(LEVELS))
    counted = Counter(
        (2023, 2024, names[unit.before], names[unit.now])
        for unit in rows if (unit.before, unit.now) != (None, None)
    )  # fmt: skip
    assert ways(rows) == (counted if comparable(rows) else Counter())
    for key in BY:
        parts = by(key, rows).values()
        if all(map(comparable, parts)):
            assert sum(map(ways, parts), Counter[tuple[object, ...]]()) == counted


@FEW
@given(units)
def test_the_shares_of_points_are_those_of_the_list(rows: list[Unit]) -> None:
    def places(own: Sequence[Unit], name: str) -> Places:
        each = [Places(name, 1, tuple(Part(points, full) for points, full in zip(unit.points, FULL, strict=True)))
                for unit in own]  # fmt: skip
        return added_places(each, name)

    for key in BY:
        parts = by(key, rows)
        table = draw_heat([places(own, place) for place, own in parts.items()], columns=COLUMNS, what="地方",
                          heading=HEADING).table  # fmt: skip
        for row, own in ((table.total, rows), *((row_of(table, place), own) for place, own in parts.items())):
            exact = [sum(unit.points[at] for unit in own) / (full * len(own)) for at, full in enumerate(FULL)]
            if len(parts) > 1 or row != table.total:
                assert row[1:] == (len(own), *map(percent_cell, exact))


@FEW
@given(units)
def test_small_multiples_are_those_of_the_list(rows: list[Unit]) -> None:
    for key in BY:
        parts = by(key, rows)
        counted = [
            YearCounts(year, stars(place, own, name))
            for place, own in parts.items() for year, name in ((2023, "before"), (2024, "now"))
        ]  # fmt: skip
        table = draw_multiples(counted, levels=LEVELS, heading=HEADING).table
        for row in table.rows:
            name = "before" if row[1] == 2023 else "now"
            own = parts[str(row[0])]
            assert list(row[2:]) == [*levels_of(own, name), len(own)]
        if table.rows:
            assert len(table.rows) == 2 * len(parts)
            both = [a + b for a, b in zip(levels_of(rows, "before"), levels_of(rows), strict=True)]
            assert sums(table, 2, 7) == both


@FEW
@given(units)
def test_what_is_filled_in_adds_up(rows: list[Unit]) -> None:
    for key in BY:
        parts = by(key, rows)
        done = [Done(place, sum(unit.filled for unit in own), 2 * len(own)) for place, own in parts.items()]
        table = draw_progress(done, what="地方", heading=HEADING).table
        filled, of = sum(unit.filled for unit in rows), 2 * len(rows)
        assert list(table.total[1:4]) == [filled, of, of - filled] == sums(table, 1, 4)
        for place, own in parts.items():
            assert row_of(table, place)[1:3] == (sum(unit.filled for unit in own), 2 * len(own))


@FEW
@given(units)
def test_a_history_counts_the_units_of_its_pool(rows: list[Unit]) -> None:
    def chart(own: Sequence[Unit]) -> Chart:
        one = own[0]
        rank = 1 + sum(unit.total > one.total for unit in own)
        pool = pool_of([unit.total for unit in own])
        return draw_history([UnitYear(2024, one.total, one.now, rank, pool)], levels=LEVELS, heading=HEADING)

    for own in (rows, *by(BY[0], rows).values(), *by(BY[1], rows).values()):
        ((_, _, _, rank, size, lower, median, upper),) = chart(own).table.rows
        assert size == len(own)
        assert rank == 1 + sum(unit.total > own[0].total for unit in own)
        assert Fraction(str(lower)) <= Fraction(str(median)) <= Fraction(str(upper))
