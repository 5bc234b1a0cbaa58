"""The quarterly brief as a file: what holds on the day on which it is asked for, set once for the same content."""

from __future__ import annotations

import json
from collections.abc import Sequence

from starrating.documents.published_list import SAMPLE, day_text
from starrating.documents.report import Report, Section, report_data
from starrating.queries.cycles import SAMPLE as SAMPLE_WORD
from starrating.queries.divisions import DivisionRow
from starrating.services.brief.reading import BriefSource, brief_source
from starrating.services.brief.sections import due, happened, near, progress, roster, values
from starrating.services.drawn import drawn
from starrating.services.list_papers import usual_issuers
from starrating.services.yearbook.files import WRITERS, looks
from starrating.wording.language import speaking

INTERNAL = "内部资料，不得公开"
PARTS = (
    ("进度", progress), ("到期的事", due), ("本季度的指标", values), ("事项和暗访", happened), ("星级变动", roster),
    ("离线近的单位", near),
)  # fmt: skip


def brief_file(path: Sequence[DivisionRow], year: int, number: int, ending: str) -> tuple[str, bytes]:
    """What the brief of a quarter is called, and its file; `path` is the division with those above it."""
    with speaking("zh"):
        source = brief_source(path, year, number)
        report = brief(source)
    said = json.dumps(report_data(report), ensure_ascii=True, sort_keys=True)
    return name_of(source), drawn(f"{looks()}\n{ending}\n{said}", ending, lambda: WRITERS[ending](report))


def name_of(source: BriefSource) -> str:
    """What a brief's file is called, without an ending."""
    return f"{source.division.name}{source.quarter.year}年第{source.quarter.number}季度评星定级简报"


def brief(source: BriefSource) -> Report:
    """All that a brief says."""
    quarter, here = source.quarter, source.division
    sample = any(SAMPLE_WORD in scheme.title for own in source.schemes.values() for scheme in own)
    return Report(
        f"{here.name}村社区评星定级季度简报", f"{quarter.year}年第{quarter.number}季度　编制日期{day_text(source.day)}",
        usual_issuers(source.city, "" if source.whole_city else here.name), day_text(source.day), INTERNAL,
        SAMPLE if sample else "", f"{name_of(source)}　{INTERNAL}", False,
        [Section(f"{number}、{title}", list(make(source)))
         for number, (title, make) in zip("一二三四五六", PARTS, strict=True)],
    )  # fmt: skip
