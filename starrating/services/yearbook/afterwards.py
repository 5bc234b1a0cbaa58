"""What came of the results: objections and how they ended, corrections and removals after publication, in numbers."""

from __future__ import annotations

from collections.abc import Iterator

from starrating.documents.report import Block, Grid, Words
from starrating.domain.objections import OPEN, ObjectionState
from starrating.services.yearbook.reading import Source
from starrating.services.yearbook.words import NOUNS

ENDS = (
    ("成立", (ObjectionState.UPHELD,)), ("部分成立", (ObjectionState.PARTLY_UPHELD,)),
    ("不成立", (ObjectionState.REJECTED,)), ("撤回", (ObjectionState.WITHDRAWN,)), ("正在办理", OPEN),
)  # fmt: skip
SORTS = {"correction": "更正", "removal": "摘星", "lifting": "恢复"}
"""What a decision after publication is, by its sort."""


def afterwards(source: Source) -> Iterator[Block]:
    """The sentences, and a table of the decisions by district where there are any."""
    yield Words(objections_text(source))
    yield Words(decisions_text(source))
    rows = [row for one in source.facts.lists if any(row := _row(source, one.district, one.kind))]
    if any(any(cell != "0" for cell in row[2:]) for row in rows):
        total = ["合计", "", *(f"{sum(int(row[at].replace(',', '')) for row in rows):,}" for at in range(2, 6))]
        yield Grid("发布以后的决定", ("区", "类别", "更正的数", *(f"{word}的单位" for word in SORTS.values())), rows,
                   (30, 14, 18, 20, 20, 20), total, texts=2)  # fmt: skip


def objections_text(source: Source) -> str:
    """How many objections there were and how they ended."""
    found = source.wanted.objections
    every = sum(found.values())
    if not every:
        return f"{source.facts.year}年度的评定结果没有收到异议。"
    ends = [(word, sum(found.get(state, 0) for state in states)) for word, states in ENDS]
    said = "，".join(f"{word}{count:,}件" for word, count in ends if count)
    return f"{source.facts.year}年度的评定结果共收到异议{every:,}件，其中{said}。"


def decisions_text(source: Source) -> str:
    """How much was corrected and removed after publication."""
    values = sum(each.count for one in source.facts.lists for each in one.corrections)
    sorts = {sort: sum(each.sort == sort for one in source.facts.lists for each in one.decisions) for sort in SORTS}
    said = [f"更正得分{values:,}个"] if values else []
    said += [f"因更正改变星级的{sorts['correction']:,}个"] if sorts["correction"] else []
    said += [f"摘星{sorts['removal']:,}个"] if sorts["removal"] else []
    said += [f"摘星后恢复{sorts['lifting']:,}个"] if sorts["lifting"] else []
    if not said:
        return "名单发布以后没有更正，也没有摘星。"
    return f"名单发布以后，{'，'.join(said)}；本报告按更正以后的星级计算。"


def _row(source: Source, district: str, kind: str) -> tuple[str, ...]:
    own = [one for one in source.facts.lists if (one.district, one.kind) == (district, kind)]
    values = sum(each.count for one in own for each in one.corrections)
    counts = (sum(each.sort == sort for one in own for each in one.decisions) for sort in SORTS)
    return (district, NOUNS[kind], f"{values:,}", *(f"{count:,}" for count in counts))
