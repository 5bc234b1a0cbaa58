"""Charts of every kind in every state, from a fixed seed: what tests draw and benchmarks measure."""

import random
from fractions import Fraction

from starrating.charts.chart import Chart, Heading
from starrating.charts.distribution import LevelLine, UnitTotal, draw_distribution
from starrating.charts.flow import Path, draw_flow
from starrating.charts.heat import Column, Part, Places, draw_heat
from starrating.charts.history import UnitYear, draw_history, pool_of
from starrating.charts.levels import StarCounts
from starrating.charts.movement import Moves, draw_movement
from starrating.charts.multiples import YearCounts, draw_multiples
from starrating.charts.progress import Done, draw_progress
from starrating.charts.stars_by_district import draw_stars_by_district
from starrating.charts.stars_by_township import draw_stars_by_township
from starrating.charts.style import Width
from starrating.charts.tile_map import DistrictShare, draw_tile_map, tianjin_tiles

HEADING = Heading("2025年度村和社区", "村社区", "数据：2025年度发布名单，2026年2月27日", sample=True)
LEVELS = ("无星", "三星", "四星", "五星")
REFERENCE = (1, 4, 4, 1)
LINES = (LevelLine(1, Fraction(70)), LevelLine(2, Fraction(80)), LevelLine(3, Fraction(90)))
STATES = ("empty", "one unit", "one place", "city", "300 places", "long names")
KINDS = ("stars_by_district", "stars_by_township", "movement", "distribution", "tile_map", "progress", "flow", "heat",
         "multiples", "history")  # fmt: skip
YEARS = (2021, 2022, 2023, 2024)

PLACES = {
    "empty": (),
    "one unit": ("天穆镇",),
    "one place": ("北辰区",),
    "city": tuple(tianjin_tiles()),
    "300 places": tuple(f"第{number}镇" for number in range(300)),
    "long names": (
        "白庙村农工商联合公司（村委会）",
        "天津市滨海新区中新天津生态城管理委员会街道办事处综合服务中心",
        "A Township Whose Name Is Written In Latin Letters Only",
        "北辰区",
    ),
}


def sizes(state: str, dice: random.Random) -> list[tuple[str, int]]:
    """The places of a state and how many units each has."""
    return [(place, 1 if state == "one unit" else dice.randint(20, 400)) for place in PLACES[state]]


def split(units: int, parts: int, dice: random.Random) -> tuple[int, ...]:
    """So many units in so many parts."""
    cuts = sorted(dice.randint(0, units) for _ in range(parts - 1))
    return tuple(end - start for start, end in zip([0, *cuts], [*cuts, units], strict=True))


def star_counts(state: str, levels: int = 4) -> list[StarCounts]:
    dice = random.Random(state)
    rows = []
    for place, units in sizes(state, dice):
        *counts, unrated = split(units, levels + 1, dice)
        rows.append(StarCounts(place, tuple(counts), unrated, dice.randint(0, units), dice.randint(0, units)))
    return rows


def moves(state: str) -> list[Moves]:
    dice = random.Random(state)
    return [Moves(place, *split(units, 5, dice)) for place, units in sizes(state, dice)]


def totals(state: str) -> list[UnitTotal]:
    dice = random.Random(state)
    units = sum(units for _, units in sizes(state, dice))
    return [UnitTotal(Fraction(dice.randint(5500, 10000), 100), dice.choice((0, 1, 2, 3, None))) for _ in range(units)]


def shares(state: str) -> list[DistrictShare]:
    dice = random.Random(state)
    return [DistrictShare(place, dice.randint(0, units), units) for place, units in sizes(state, dice)]


def done(state: str) -> list[Done]:
    dice = random.Random(state)
    rows = []
    for place, units in sizes(state, dice):
        filled, expected = dice.randint(0, units), dice.randint(0, 100)
        late = 100 * filled < (expected - 6) * units
        rows.append(Done(place, filled, units, dice.randint(0, units - filled), expected, late))
    return rows


def paths(state: str, years: int = len(YEARS)) -> list[Path]:
    """Ways through the years: of one unit one way."""
    dice = random.Random(state)
    units = sum(units for _, units in sizes(state, dice))
    found = [tuple(dice.choice((0, 1, 2, 3, 1, 2, None)) for _ in range(years)) for _ in range(min(units, 60))]
    if len(found) < 2:
        return [] if not found else [Path((1, 2, 2, 3)[-years:], 1)]
    return [Path(way, part) for way, part in zip(found, split(units, len(found), dice), strict=True)]


COLUMNS = tuple(Column(f"V{group}.{leaf}", "党组织建设") for group in range(1, 6) for leaf in range(1, 6))


def heat(state: str) -> list[Places]:
    dice = random.Random(state)
    rows = []
    for place, units in sizes(state, dice):
        fulls = [Fraction(units * dice.choice((0, 4, 5, 8))) for _ in COLUMNS]
        rows.append(Places(place, units, tuple(Part(full * dice.randint(0, 20) / 20, full) for full in fulls)))
    return rows


def year_counts(state: str) -> list[YearCounts]:
    dice = random.Random(state)
    rows = []
    for place, units in sizes(state, dice):
        for year in YEARS[dice.randint(0, 1) :]:
            *counts, unrated = split(units, len(LEVELS) + 1, dice)
            rows.append(YearCounts(year, StarCounts(place, tuple(counts), unrated)))
    return rows


def unit_years(state: str) -> list[UnitYear]:
    """A unit over as many years as the state has places, at most 30, some without a total, some without a pool."""
    dice = random.Random(state)
    rows = []
    for year in range(min(len(PLACES[state]), 30)):
        near = [Fraction(dice.randint(5500, 10000), 100) for _ in range(dice.randint(1, 40))]
        total = None if year % 7 == 3 else dice.choice(near)
        level = None if total is None else dice.randint(0, 3)
        rows.append(UnitYear(2000 + year, total, level, dice.randint(1, 40), pool_of(near) if year % 5 != 4 else None))
    return rows


def draw(kind: str, state: str, width: Width = Width.DESK) -> Chart:
    """The chart of that kind in that state."""
    match kind:
        case "stars_by_district":
            rows = star_counts(state)
            return draw_stars_by_district(rows, levels=LEVELS, heading=HEADING, width=width, reference=REFERENCE)
        case "stars_by_township":
            return draw_stars_by_township(star_counts(state), levels=LEVELS, heading=HEADING, width=width)
        case "movement":
            return draw_movement(moves(state), heading=HEADING, width=width)
        case "distribution":
            return draw_distribution(totals(state), levels=LEVELS, lines=LINES, heading=HEADING, width=width)
        case "progress":
            return draw_progress(done(state), what="地方", heading=HEADING, width=width)
        case "flow":
            return draw_flow(paths(state), years=YEARS, levels=LEVELS, heading=HEADING, width=width)
        case "heat":
            return draw_heat(heat(state), columns=COLUMNS, what="乡镇街道", heading=HEADING, width=width)
        case "multiples":
            return draw_multiples(year_counts(state), levels=LEVELS, heading=HEADING, width=width)
        case "history":
            return draw_history(unit_years(state), levels=LEVELS, heading=HEADING, width=width)
        case _:
            own = "北辰区" if state == "city" else None
            return draw_tile_map(shares(state), measure="晋星占比", heading=HEADING, own=own, width=width)


def every() -> list[tuple[str, str, Width]]:
    """Every kind in every state at both widths."""
    return [(kind, state, width) for kind in KINDS for state in STATES for width in Width]
