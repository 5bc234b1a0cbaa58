"""Every chart in every state: drawn without a warning, the same bytes each time, SVG that may stand in a page."""

import io
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from starrating.charts.chart import Chart
from starrating.charts.distribution import UnitTotal, draw_distribution
from starrating.charts.levels import StarCounts
from starrating.charts.measure import width_of
from starrating.charts.sheet import Shape, Word
from starrating.charts.stars_by_district import draw_stars_by_district
from starrating.charts.stars_by_township import draw_stars_by_township
from starrating.charts.style import Width, star_fills
from starrating.charts.tile_map import draw_tile_map
from tests.charts.world import HEADING, LEVELS, LINES, REFERENCE, draw, every, shares, star_counts, totals

SVG = "{http://www.w3.org/2000/svg}"
ROOT = Path(__file__).resolve().parents[2]
RAMP = {fill.colour for fill in star_fills(4)[1:]}
ALLOWED_TAGS = {"svg", "title", "desc", "g", "path", "use", "defs"}


def colours_of(chart: Chart) -> set[str]:
    """The colours of what is filled."""
    return {mark.fill for mark in chart.body.marks if isinstance(mark, Shape) and mark.fill}


def words_of(chart: Chart) -> list[str]:
    return [mark.text for mark in chart.body.marks if isinstance(mark, Word)]


@pytest.mark.parametrize(("kind", "state", "width"), every())
def test_a_chart_is_drawn(kind: str, state: str, width: Width) -> None:
    chart = draw(kind, state, width)
    root = ET.fromstring(chart.svg())
    assert root[0].tag == f"{SVG}title"
    assert root[0].text == chart.title
    assert root[1].tag == f"{SVG}desc"
    assert root[1].text == chart.alternative
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= ALLOWED_TAGS
    assert (root.get("width"), root.get("height")) == (str(chart.width), str(chart.height))
    assert chart.width == 358 if width is Width.PHONE else chart.width > 358
    with Image.open(io.BytesIO(chart.png(96))) as picture:
        assert picture.format == "PNG"
        assert picture.width == chart.width + 32


@pytest.mark.parametrize(("kind", "state", "width"), every())
def test_everything_lies_on_the_sheet(kind: str, state: str, width: Width) -> None:
    alone = draw(kind, state, width).alone()
    for mark in alone.marks:
        if isinstance(mark, Word):
            assert mark.x >= 0, mark
            assert mark.x + width_of(mark.text, mark.size, mark.bold) <= alone.width, mark
            assert 0 < mark.y < alone.height, mark
        else:
            assert all(-1 <= x <= alone.width and -1 <= y <= alone.height for x, y in mark.points), mark


@pytest.mark.parametrize(("kind", "state", "width"), [each for each in every() if each[1] != "300 places"])
def test_no_word_covers_another(kind: str, state: str, width: Width) -> None:
    words = [mark for mark in draw(kind, state, width).alone().marks if isinstance(mark, Word)]
    boxes = [(w.x, w.x + width_of(w.text, w.size, w.bold), w.y - 0.7 * w.size, w.y, w.text) for w in words]
    for place, (left, right, top, bottom, text) in enumerate(boxes):
        for other in boxes[place + 1 :]:
            apart = right <= other[0] + 0.5 or other[1] <= left + 0.5 or bottom <= other[2] or other[3] <= top
            assert apart, (text, other[4])


@pytest.mark.parametrize("kind", ["stars_by_district", "movement", "tile_map"])
def test_the_same_rows_give_the_same_bytes(kind: str) -> None:
    one, other = draw(kind, "city"), draw(kind, "city")
    assert one.digest == other.digest
    assert one.svg() == other.svg()
    assert one.png(96) == other.png(96)


def test_the_bytes_are_the_same_in_another_process() -> None:
    code = (
        "import hashlib; from tests.charts.world import draw; chart = draw('movement', 'city');"
        "print(chart.digest, hashlib.sha256(chart.svg() + chart.png(96)).hexdigest())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={
                "PYTHONHASHSEED": seed,
                "TZ": zone,
                "PYTHONUTF8": "1",
                "HOME": str(ROOT / "build"),
                "MPLCONFIGDIR": "",
            },
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai"))
    }
    assert len(runs) == 1


def test_the_order_of_rows_does_not_matter() -> None:
    rows = star_counts("city")
    one = draw_stars_by_district(rows, levels=LEVELS, heading=HEADING)
    assert one.digest == draw_stars_by_district(rows[::-1], levels=LEVELS, heading=HEADING).digest


def test_the_digest_covers_numbers_and_words() -> None:
    rows = star_counts("city")
    charts = [
        draw_stars_by_district(rows, levels=LEVELS, heading=HEADING),
        draw_stars_by_district(rows, levels=LEVELS, heading=HEADING, width=Width.PHONE),
        draw_stars_by_district(rows, levels=LEVELS, heading=HEADING, reference=REFERENCE),
        draw_stars_by_district(rows, levels=LEVELS, heading=replace(HEADING, source="别处")),
        draw_stars_by_district(rows, levels=LEVELS, heading=replace(HEADING, sample=False)),
        draw_stars_by_district([replace(rows[0], unrated=99), *rows[1:]], levels=LEVELS, heading=HEADING),
        draw_stars_by_district([replace(rows[0], place="别处"), *rows[1:]], levels=LEVELS, heading=HEADING),
    ]
    assert len({chart.digest for chart in charts}) == len(charts)


def test_two_charts_may_stand_in_one_page() -> None:
    charts = [draw("movement", "city"), draw("movement", "one place"), draw("tile_map", "city")]
    ids = [found for chart in charts for found in re.findall(rb' id="([^"]+)"', chart.svg())]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("kind", "state"), [("stars_by_district", "city"), ("tile_map", "one place")])
def test_nothing_that_a_strict_page_refuses(kind: str, state: str) -> None:
    svg = draw(kind, state).svg().decode()
    assert "style" not in svg.partition("</desc>")[2]
    assert "<!--" not in svg
    assert "<script" not in svg
    assert not re.search(r'(?:href|src)="[^#]', svg)
    assert "atplotlib" not in svg


HOSTILE = ("<script>alert(1)</script>", "a\x00b\x1bc", "--> ]]>", "$\\frac{1}{2}$", "=1+1", "\ud83d村", "&amp;\"'")


@pytest.mark.parametrize("place", range(len(HOSTILE)))
def test_hostile_names_are_words(place: int) -> None:
    name = HOSTILE[place]
    chart = draw_stars_by_township([StarCounts(name, (0, 1, 0, 2))], levels=LEVELS, heading=HEADING)
    root = ET.fromstring(chart.svg())
    assert "script" not in {element.tag.removeprefix(SVG) for element in root.iter()}
    chart.png(96)


def test_a_missing_character_is_an_error_here() -> None:
    chart = draw_stars_by_township([StarCounts("🦄村", (0, 1, 0, 2))], levels=LEVELS, heading=HEADING)
    with pytest.warns(UserWarning, match="U.1F984"):
        chart.svg()


@pytest.mark.parametrize("count", range(1, 8))
@pytest.mark.parametrize("width", Width)
def test_any_number_of_levels(count: int, width: Width) -> None:
    names = tuple(f"第{number}级" for number in range(count))
    rows = star_counts("city", count)
    by_district = draw_stars_by_district(rows, levels=names, heading=HEADING, width=width)
    by_township = draw_stars_by_township(rows, levels=names, heading=HEADING, width=width)
    units = [UnitTotal(row.total, None if row.level is None else row.level % count) for row in totals("one place")]
    columns = draw_distribution(units, levels=names, lines=(), heading=HEADING, width=width)
    for chart in (by_district, by_township, columns):
        ET.fromstring(chart.svg())
        assert {fill.colour for fill in star_fills(count)} <= colours_of(chart)


def test_too_much_is_refused() -> None:
    with pytest.raises(ValueError, match="levels"):
        draw_stars_by_district([], levels=("一",) * 8, heading=HEADING)
    with pytest.raises(ValueError, match="400 rows"):
        draw_stars_by_township([StarCounts("镇", (1, 2, 3, 4))] * 401, levels=LEVELS, heading=HEADING)
    with pytest.raises(ValueError, match="do not fit"):
        draw_stars_by_township([StarCounts("镇", (1, 2, 3))], levels=LEVELS, heading=HEADING)
    with pytest.raises(ValueError, match="do not fit"):
        draw_stars_by_township([StarCounts("镇", (1, 2, 3, -4))], levels=LEVELS, heading=HEADING)
    with pytest.raises(ValueError, match="dots an inch"):
        draw("movement", "one unit").png(4000)


def test_the_longest_names_of_the_most_rows_are_still_a_picture() -> None:
    rows = [StarCounts(f"{number}{'天津市滨海新区中新生态城' * 6}", (1, 1, 1, 1)) for number in range(400)]
    chart = draw_stars_by_township(rows, levels=LEVELS, heading=HEADING)
    with Image.open(io.BytesIO(chart.png())) as picture:
        assert picture.height <= 30_000


def test_a_name_is_never_cut() -> None:
    name = "天津市滨海新区中新天津生态城管理委员会街道办事处综合服务中心"
    for width in Width:
        chart = draw_stars_by_township([StarCounts(name, (0, 0, 1, 0))], levels=LEVELS, heading=HEADING, width=width)
        assert name in "".join(words_of(chart))
        mapped = draw_tile_map(
            shares("city"), measure="占比", heading=HEADING, tiles={name: (0, 0), "北辰区": (7, 0)}, width=width
        )
        assert name in "".join(words_of(mapped))


def test_invented_numbers_are_marked() -> None:
    rows = star_counts("city")
    for sample in (True, False):
        heading = replace(HEADING, sample=sample)
        marked = [
            draw_stars_by_district(rows, levels=LEVELS, heading=heading),
            draw_distribution(totals("city"), levels=LEVELS, lines=LINES, heading=heading),
            draw_tile_map(shares("city"), measure="占比", heading=heading),
        ]
        assert {"示例" in words_of(chart) for chart in marked} == {sample}


def test_stars_fall_in_lightness_in_grey_print() -> None:
    chart = draw_stars_by_district([StarCounts("北辰区", (10, 40, 40, 10))], levels=LEVELS, heading=HEADING)
    with Image.open(io.BytesIO(chart.png(96))) as picture:
        grey = picture.convert("L")
    bars = [mark.points for mark in chart.alone().marks if isinstance(mark, Shape) and mark.fill in RAMP]
    light = [grey.crop((x, y, x + 1, y + 1)).tobytes()[0] for x, y in (_inside(points) for points in bars[-3:])]
    assert light[0] + 30 < light[1] < light[2] - 30


def _inside(points: tuple[tuple[float, float], ...]) -> tuple[int, int]:
    """A pixel near the upper left corner of an area."""
    return int(points[0][0]) + 4, int(points[0][1]) + 5
