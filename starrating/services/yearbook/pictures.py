"""The charts of a yearbook, drawn as those of dashboards are, from the counts that its tables show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from starrating.charts.boundary_map import draw_boundary_map
from starrating.charts.chart import Chart, Heading
from starrating.charts.distribution import LevelLine, UnitTotal, draw_distribution
from starrating.charts.flow import Path, draw_flow
from starrating.charts.heat import Column, draw_heat
from starrating.charts.levels import StarCounts
from starrating.charts.movement import Moves, draw_movement
from starrating.charts.multiples import YearCounts, draw_multiples
from starrating.charts.stars_by_district import draw_stars_by_district
from starrating.charts.stars_by_township import draw_stars_by_township
from starrating.charts.tile_map import DistrictShare, draw_tile_map, tianjin_tiles
from starrating.documents.report import Figure
from starrating.domain.proportion import least_totals, reference_of
from starrating.queries.dashboards import FOUR_STARS
from starrating.services.divisions.boundaries import outlines_of
from starrating.services.divisions.boundary_file import full_code
from starrating.services.publication.list_papers import is_invented
from starrating.services.rating.indicator_parts import judged
from starrating.services.rating.places_lost import FEWEST
from starrating.services.yearbook.facts import DOWN, FIRST, HELD, LOWEST, STRIPPED, UP, Facts, Rung, Tally, ladder_of
from starrating.services.yearbook.indicators import Group, groups_of, heat_of
from starrating.services.yearbook.reading import Source
from starrating.services.yearbook.words import NOUNS

MEASURE = "四星以上占比"


def figure_of(chart: Chart) -> Figure:
    """A chart as a report takes it."""
    heading = chart.heading
    return Figure(chart.title, heading.subject, heading.source, chart.alternative, chart.width, chart.height, chart.svg,
                  chart.png)  # fmt: skip


def heading_of(source: Source, kind: str = "", part: str = "") -> Heading:
    """What a chart is about; `part` names the districts where they are not all."""
    facts = source.facts
    noun = NOUNS[kind] if kind else "村社区"
    day = source.wanted.day
    where = f"数据：{facts.place}{facts.year}年度已发布的评定结果，截至{day.year}年{day.month}月{day.day}日"
    return Heading(f"{facts.place}{facts.year}年度{noun}{part}", noun, where, is_invented(facts.lists))


def stars_chart(source: Source) -> Chart:
    """The levels by district or township."""
    facts = source.facts
    heading = heading_of(source)
    if not facts.city:
        moved = facts.both.whole.compared
        rows = [_star_counts(row, moved) for row in facts.both.townships]
        return draw_stars_by_township(rows, levels=facts.names, heading=heading)
    found = reference_of([scheme for _, scheme in source.schemes])
    reference = found if found and len(found) == len(facts.names) else None
    rows = [_star_counts(row, False) for row in facts.both.districts]
    return draw_stars_by_district(rows, levels=facts.names, heading=heading, reference=reference)


def map_chart(source: Source) -> Chart:
    """The share of four stars and more by district: within boundaries where the office has a file, else as squares."""
    facts, known = source.facts, source.wanted.boundaries
    high = [at for at, (stars, _) in enumerate(facts.ladder) if stars >= FOUR_STARS]
    rows = facts.both.districts
    shares = [DistrictShare(row.name, sum(row.levels[at] for at in high), row.rated) for row in rows]
    heading, outlines = heading_of(source), outlines_of(known) if known else None
    if outlines is None:
        return draw_tile_map(shares, measure=MEASURE, heading=heading)
    codes = {row.name: full_code(row.code) for row in rows}
    return draw_boundary_map(shares, outlines=outlines, codes=codes, measure=MEASURE, heading=heading)


def has_map(source: Source) -> bool:
    """Whether there is a map to draw: of a city, and of one whose districts have squares or a file of boundaries."""
    drawn = source.wanted.boundaries is not None or any(
        row.name in tianjin_tiles() for row in source.facts.both.districts
    )
    return source.facts.city and drawn


def movement_chart(source: Source) -> Chart:
    """Who rose and fell, by district or township."""
    rows = source.facts.both.districts if source.facts.city else source.facts.both.townships
    moves = [Moves(row.name, row.moves[UP], row.moves[HELD] + row.moves[LOWEST], row.moves[DOWN], row.moves[STRIPPED],
                   row.moves[FIRST]) for row in rows]  # fmt: skip
    return draw_movement(moves, heading=heading_of(source))


def flow_chart(source: Source) -> Chart:
    """From which level to which, between the rating before and this one."""
    facts = source.facts
    at = {name: level for level, name in enumerate(facts.names)}
    ways = Counter((at.get(unit.previous), at.get(unit.level)) for unit in facts.units)
    paths = [Path(way, units) for way, units in sorted(ways.items(), key=str)]
    return draw_flow(paths, years=(facts.year - 1, facts.year), levels=facts.names, heading=heading_of(source))


def history_chart(source: Source) -> Chart:
    """Shares of the levels, year by year, of every district or township."""
    ladder = ladder_of(one for facts in source.years.values() for one in facts.lists)
    rows = []
    for year, facts in source.years.items():
        places = facts.both.districts if facts.city else facts.both.townships
        rows += [YearCounts(year, _on(ladder, facts, row)) for row in places]
    return draw_multiples(rows, levels=[name for _, name in ladder], heading=heading_of(source))


def kind_charts(source: Source, kind: str) -> Iterator[Chart]:
    """The distribution of totals and the heat map of indicators of a kind, over those with the same scheme."""
    groups = groups_of(source.cards, kind)
    if not groups or groups[0].units < FEWEST:
        return
    group = groups[0]
    part = "" if len(groups) == 1 else f"（按《{group.scheme.title}》评定的）"
    heading = heading_of(source, kind, part)
    yield _distribution(source, group, heading)
    rows = heat_of(group, _places(source))
    if rows:
        columns = [Column(leaf.node.code, leaf.node.name) for leaf in judged(group.cards[0].lost)]
        yield draw_heat(rows, columns=columns, what="区" if source.facts.city else "乡镇街道", heading=heading)


def _distribution(source: Source, group: Group, heading: Heading) -> Chart:
    levels = [level.name for level in group.scheme.levels]
    given = {unit.code: unit.level for unit in source.facts.units}
    rows: list[UnitTotal] = []
    pools: set[str] = set()
    for card in group.cards:
        pools.update(card.lost.pools)
        for at, unit in enumerate(card.lost.units):
            level = given.get(source.codes.get(unit, ""), "")
            total = card.lost.total.value(at) or Fraction(0)
            rows.append(UnitTotal(total, levels.index(level) if level in levels else None))
    lines = [LevelLine(*line) for line in least_totals(group.scheme, pools)]
    return draw_distribution(rows, levels=levels, lines=lines, heading=heading)


def _places(source: Source) -> dict[int, tuple[str, str]]:
    """Unit → its district in a city's, its township in a district's."""
    city = source.facts.city
    of = {
        unit.code: (unit.district_code, unit.district) if city else (unit.township_code, unit.township)
        for unit in source.facts.units
    }
    return {key: of[code] for key, code in source.codes.items() if code in of}


def _star_counts(row: Tally, moved: bool) -> StarCounts:
    return StarCounts(row.name, row.levels, row.unrated, row.moves[UP] if moved else None, row.fell if moved else None)


def _on(ladder: tuple[Rung, ...], facts: Facts, row: Tally) -> StarCounts:
    """A place's counts on the ladder of all years."""
    counts = dict(zip(facts.names, row.levels, strict=True))
    return StarCounts(row.name, tuple(counts.get(name, 0) for _, name in ladder), row.unrated)
