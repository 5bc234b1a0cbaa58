"""The sections of a quarterly brief: sentences and tables, each case with its own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from fractions import Fraction

from starrating.documents.published_list import UNRATED, day_text
from starrating.documents.report import Block, Grid, Words
from starrating.domain.entry import Column, columns_of
from starrating.domain.spot_checks import SpotCheckState
from starrating.domain.windows import BEIJING, Stage
from starrating.domain.windows import STATES as OPEN_IN
from starrating.services.brief.reading import BriefSource
from starrating.services.scoring.progress_lines import Line
from starrating.services.yearbook.facts import KINDS
from starrating.services.yearbook.words import NOUNS, points, share
from starrating.vocabulary.calendar import STAGES, STATES
from starrating.wording.conditions import flag_name

NEAR = Fraction(1)
"""From how many points on a unit is near a line."""
MOST = 5
"""How many units near a line are named on each side."""
CELLS = ("应填", "已填", "已填占比", "按日程应到", "还没填")
SORTS = {"correction": "更正", "removal": "摘星", "lifting": "恢复"}


def progress(source: BriefSource) -> Iterator[Block]:
    """How much is filled in, against the calendar."""
    lines = [line for line in source.lines[""] if line.of]
    done, of = sum(line.done for line in lines), sum(line.of for line in lines)
    states = _states(source)
    yield Words(f"{source.quarter.year}年度在{states}。")
    if not of:
        yield Words("还没有分配指标，没有可填的得分。")
        return
    late = sorted({line.name for line in lines if line.late})
    ending = "" if not late else (
        f"比日程慢的有{'、'.join(late)}。" if source.whole_city else "比日程慢。"
    )  # fmt: skip
    required = sum(line.required for line in lines)
    blank = f"，其中不许空的还有{required:,}格" if required else ""
    yield Words(
        f"得分应填{of:,}格，已填{done:,}格，占{share(Fraction(done, of))}，没填{of - done:,}格{blank}。{ending}"
    )
    if source.whole_city:
        yield _districts(source)
        return
    rows = [(NOUNS[kind], *_cells(line)) for kind in KINDS for line in source.lines.get(kind, ()) if line.of]
    yield Grid("填报进度", ("类别", *CELLS), rows, (20, 17, 17, 17, 17, 17))


def due(source: BriefSource) -> Iterator[Block]:
    """The days of the stages, and what waits for an answer or a decision."""
    if source.calendar is not None:
        rows = [(STAGES[stage], _moment(window.opens), _moment(window.closes), _stands(source, stage))
                for stage, window in source.calendar.windows.items()]  # fmt: skip
        yield Grid("日程", ("事项", "开始", "截止", "现在"), rows, (30, 40, 40, 30), texts=4)
    waiting, late = source.waiting
    count, day = source.objections
    checks = f"没有办结的暗访问题{waiting:,}件" + (f"，其中{late:,}件到期没有说明" if late else "")
    objections = f"没有答复的异议{count:,}件" + (f"，最早的{day_text(day)}到期" if day else "")
    yield Words(f"{checks if waiting else '暗访发现的问题都已办结'}；{objections if count else '没有等着答复的异议'}。")


def values(source: BriefSource) -> Iterator[Block]:
    """The indicators that are entered for the quarter: how many cells are filled, what they say on average."""
    quarter = f"{source.quarter.year}年第{source.quarter.number}季度"
    found = False
    for kind in KINDS:
        rows = list(_value_rows(source, kind))
        if rows:
            found = True
            noun = NOUNS[kind]
            heads = ("代码", "指标", f"平均每个{noun}", "已填", "应填")
            yield Grid(f"{quarter}{noun}按季（月）填报的指标", heads, rows,
                       (12, 46, 62, 14, 14), texts=3)  # fmt: skip
    if not found:
        yield Words("办法里没有按季或按月填报的指标。")


def happened(source: BriefSource) -> Iterator[Block]:
    """Events and spot checks of the quarter."""
    every = sum(source.checks.values())
    counted = source.checks.get(SpotCheckState.COUNTED, 0)
    dropped = source.checks.get(SpotCheckState.WITHDRAWN, 0)
    left = every - counted - dropped
    parts = [(counted, "计入"), (dropped, "撤销"), (left, "正在办理")]
    said = "，".join(f"{word}{count:,}件" for count, word in parts if count)
    yield Words(f"本季度暗访发现问题{every:,}件，{said}。" if every else "本季度没有登记暗访发现的问题。")
    if not source.events:
        yield Words("本季度没有登记事项。")
        return
    rows = [(NOUNS[one.kind], _flag(source, one.kind, one.flag), f"{one.times:,}", f"{one.units:,}")
            for one in source.events]  # fmt: skip
    yield Grid("本季度登记的事项", ("类别", "事项", "次数", "涉及单位"), rows, (14, 84, 16, 20), texts=2)


def roster(source: BriefSource) -> Iterator[Block]:
    """What changed in the stars that stand: removals, corrections and liftings that took effect in the quarter."""
    first, last = source.quarter.first, source.quarter.last
    rows = [(one.on.isoformat(), f"{one.district if source.whole_city else ''}{one.township}{one.name}",
             f"{of.year}年度", SORTS[one.sort], one.before or UNRATED, one.after or UNRATED)
            for of in source.published for one in of.decisions if first <= one.on <= last]  # fmt: skip
    values = sum(each.count for of in source.published for each in of.corrections if first <= each.on <= last)
    corrected = f"更正得分{values:,}个，" if values else ""
    if not rows:
        yield Words(f"本季度{corrected}没有单位的星级有变动。")
        return
    counts = "，".join(f"{word}{count:,}个" for sort, word in SORTS.items()
                      if (count := sum(row[3] == word for row in rows)))  # fmt: skip
    yield Words(f"本季度{corrected}{len(rows):,}个单位的星级有变动：{counts}。")
    yield Grid("本季度变动的星级", ("生效日期", "单位", "年度", "事由", "原来", "现在"), sorted(rows),
               (22, 58, 18, 14, 14, 14), texts=6)  # fmt: skip


def near(source: BriefSource) -> Iterator[Block]:
    """Who is near a line by the last results that stand."""
    if not source.cards:
        yield Words("还没有审定的结果，说不出离线近的单位。")
        return
    for rises, what in ((True, "再得不到1分就能升一级的"), (False, "再丢不到1分就要降一级的")):
        found = sorted(_near(source, rises))
        head = f"按{source.cards_year}年度的结果，{what}有{len(found):,}个"
        yield Words(f"{head}{_named(found)}。" if found else f"按{source.cards_year}年度的结果，没有{what}。")


def _districts(source: BriefSource) -> Grid:
    """A city's districts: the step, the last days, how much is filled in."""
    own = {line.key: line for line in source.lines[""]}
    rows = [(row.district, STATES[row.state], _day(row.scoring_closes), _day(row.verification_closes),
             *_cells(own[str(row.id)])) for row in source.years if own[str(row.id)].of]  # fmt: skip
    return Grid("各区的日程和填报进度", ("区", "到哪一步", "评分截止", "复核截止", *CELLS), rows,
                (17, 14, 21, 21, 14, 14, 14, 16, 14), texts=4)  # fmt: skip


def _states(source: BriefSource) -> str:
    if not source.whole_city:
        return f"“{STATES[source.years[0].state]}”这一步"
    counts = {state: sum(row.state == state for row in source.years) for state in STATES}
    return "，在".join(f"“{STATES[state]}”这一步的有{count}个区" for state, count in counts.items() if count)


def _cells(line: Line) -> tuple[str, ...]:
    expected = "–" if line.expected is None else f"{line.expected}%"
    return (f"{line.of:,}", f"{line.done:,}", share(Fraction(line.done, line.of)), expected, f"{line.of - line.done:,}")


def _day(at: datetime | None) -> str:
    return "没有定" if at is None else at.astimezone(BEIJING).date().isoformat()


def _moment(at: datetime | None) -> str:
    if at is None:
        return "没有定"
    here = at.astimezone(BEIJING)
    return f"{day_text(here.date())}{'24时' if here.hour == 23 and here.minute == 59 else f'{here:%H:%M}'}"


def _stands(source: BriefSource, stage: Stage) -> str:
    assert source.calendar is not None
    window, state = source.calendar.window(stage), source.calendar.state
    if window.closes is not None and source.at > window.closes:
        return "已截止"
    if window.opens is not None and source.at < window.opens:
        return "没有开始"
    return "正在进行" if state in OPEN_IN[stage] else "不在这一步"


def _value_rows(source: BriefSource, kind: str) -> Iterator[tuple[str, ...]]:
    counts: dict[str, list[tuple[str, int]]] = {}
    for one in source.values:
        if one.kind == kind:
            counts.setdefault(one.header, []).append((one.value, one.cells))
    units = source.units.get(kind, 0)
    seen: set[str] = set()
    for scheme in source.schemes.get(kind, ()):
        for node in scheme.leaves():
            columns = [column for column in columns_of(node) if column.period in source.quarter.periods]
            if columns and node.code not in seen:
                seen.add(node.code)
                filled = sum(cells for column in columns for _, cells in counts.get(column.header, ()))
                means = [text for column in columns if (text := _mean(column, counts.get(column.header, ())))]
                yield (node.code, node.name, "，".join(means) or "–", f"{filled:,}", f"{units * len(columns):,}")


def _mean(column: Column, found: Iterable[tuple[str, int]]) -> str:
    """The mean of a column with the name of its part; of words, or of nothing, none."""
    total, cells = Fraction(0), 0
    for value, count in found:
        try:
            total += Fraction(value) * count if value else 0
        except ValueError:
            return ""
        cells += count if value else 0
    period = f"{int(column.period[1:])}月" if column.period.startswith("M") else ""
    return f"{column.part}{period}{points(total / cells)}" if cells else ""


def _flag(source: BriefSource, kind: str, flag: str) -> str:
    """An event as its scheme calls it."""
    for scheme in source.schemes.get(kind, ()):
        name = flag_name(flag, scheme, codes=False)
        if "flag." not in name:
            return name
    return f"办法里没有名称的事项（{flag}）"


def _near(source: BriefSource, rises: bool) -> Iterator[tuple[Fraction, str, str]]:
    for card in source.cards:
        for one in card.near:
            if one.rises is rises and one.points < NEAR and one.unit_id in source.names:
                name, where = source.names[one.unit_id]
                yield one.points, where, name


def _named(found: list[tuple[Fraction, str, str]]) -> str:
    said = "、".join(f"{where}{name}（{_gap(gap)}）" for gap, where, name in found[:MOST])
    return f"：{said}" + (f"等{len(found):,}个" if len(found) > MOST else "")


def _gap(gap: Fraction) -> str:
    return f"{points(gap)}分" if points(gap) != points(Fraction(0)) else "不到0.01分"
