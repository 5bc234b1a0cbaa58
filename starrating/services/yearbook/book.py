"""The yearbook as a whole: its sections in their order, made of the findings, charts and tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from starrating.charts.chart import Chart
from starrating.documents.published_list import SAMPLE, day_text, grouped
from starrating.documents.report import Block, Figure, Report, Section, Words
from starrating.domain.proportion import reference_of
from starrating.services.jobs import Step
from starrating.services.publication.list_papers import is_invented, usual_issuers
from starrating.services.yearbook.afterwards import afterwards
from starrating.services.yearbook.findings import findings
from starrating.services.yearbook.indicators import IndicatorRow, dearest, indicator_rows
from starrating.services.yearbook.method import checking, method, schemes
from starrating.services.yearbook.pictures import (
    figure_of,
    flow_chart,
    has_map,
    history_chart,
    kind_charts,
    map_chart,
    movement_chart,
    stars_chart,
)
from starrating.services.yearbook.reading import Source
from starrating.services.yearbook.tables import history_table, indicator_table, level_tables, move_tables, unit_tables
from starrating.services.yearbook.words import NOUNS, named, points

DRAFT = "据已发布的名单编制，待审定"


def yearbook(source: Source, step: Step = lambda _: None) -> Report:
    """All that the yearbook says."""
    facts, asked = source.facts, source.wanted
    step("writing")
    rows = {counts.kind: indicator_rows(source.cards, source.before, counts.kind) for counts in facts.kinds}
    told = [
        ("主要情况", _findings(source, rows)), ("星级分布", _stars(source, step)),
        ("升降情况", _movement(source, step)), ("历年比较", _history(source, step)),
        ("总分和各项指标", _indicators(source, rows, step)), ("异议、更正和摘星", list(afterwards(source))),
        ("星级怎样评定", list(method(source))), ("办法目录", list(schemes(source))),
        ("怎样核对", list(checking(source))), ("附：各村社区的星级", list(unit_tables(facts))),
    ]  # fmt: skip
    district = "" if asked.whole_city else asked.division.name
    return Report(
        f"{facts.place}{facts.year}年度\n村社区评星定级年报", "", usual_issuers(asked.city, district),
        day_text(asked.day), DRAFT, SAMPLE if is_invented(facts.lists) else "",
        f"{facts.place}{facts.year}年度年报　摘要 {grouped(asked.digest[:16], 8)}", True,
        [Section(f"{number}、{title}" if number else title, blocks)
         for number, (title, blocks) in zip((*"一二三四五六七八九", ""), told, strict=True)],
    )  # fmt: skip


def dearest_text(kind: str, rows: tuple[IndicatorRow, ...], year: int) -> str:
    """Which indicator loses most points against the year before, on average."""
    noun = NOUNS[kind]
    found = dearest(rows)
    if not rows:
        return f"{noun}没有可以公布的各项指标得分。"
    if found is None:
        return f"{noun}没有{year - 1}年度同样的指标，各项指标不作比较。"
    lost, those = found
    if lost <= 0:
        return f"与{year - 1}年度相比，{noun}各项指标的平均得分都没有下降。"
    which = named([f"“{one.code} {one.name}”" for one in those], "项")
    if points(lost) == points(lost - lost):
        return f"与{year - 1}年度相比，{noun}平均得分下降最多的指标是{which}，不到0.01分。"
    return f"与{year - 1}年度相比，{noun}平均得分下降最多的指标是{which}，平均每个少得{points(lost)}分。"


def _findings(source: Source, rows: dict[str, tuple[IndicatorRow, ...]]) -> list[Block]:
    facts = source.facts
    references = {
        counts.kind: reference_of([scheme for row, scheme in source.schemes if row.kind == counts.kind])
        for counts in facts.kinds
    }
    told = findings(facts, source.wanted.missing, references, source.wanted.partly)
    told += [dearest_text(kind, found, facts.year) for kind, found in rows.items()]
    return [Words(text, "item") for text in told]


def _stars(source: Source, step: Step) -> list[Block]:
    facts = source.facts
    several = facts.counts if len(facts.kinds) > 1 else facts.kinds
    charts = [stars_chart, map_chart] if has_map(source) else [stars_chart]
    return [*_drawn(charts, source, step), *(grid for one in several for grid in level_tables(facts, one))]


def _movement(source: Source, step: Step) -> list[Block]:
    facts = source.facts
    if not facts.both.whole.compared:
        return [Words("这是第一次评定，没有上次的星级可比，升降从下一年起统计。")]
    several = facts.counts if len(facts.kinds) > 1 else facts.kinds
    return [*_drawn([movement_chart, flow_chart], source, step),
            *(grid for one in several for grid in move_tables(facts, one))]  # fmt: skip


def _history(source: Source, step: Step) -> list[Block]:
    if len(source.years) < 2:
        return [Words("只有一个年度发布过名单，历年的比较从下一年起。")]
    return [*_drawn([history_chart], source, step), history_table(source.years)]


def _drawn(charts: Sequence[Callable[[Source], Chart]], source: Source, step: Step) -> Iterator[Figure]:
    for draw in charts:
        chart = draw(source)
        step(f"chart {chart.name}")
        yield figure_of(chart)


def _indicators(source: Source, rows: dict[str, tuple[IndicatorRow, ...]], step: Step) -> list[Block]:
    found: list[Block] = []
    for kind, own in rows.items():
        for chart in kind_charts(source, kind):
            step(f"chart {chart.name}")
            found.append(figure_of(chart))
        if own:
            found.append(indicator_table(source.facts, kind, own))
        else:
            noun = NOUNS[kind]
            found.append(Words(f"参加评定的{noun}不足5个，或者没有留下各项指标的得分，不列{noun}的总分和指标。"))
    return found
