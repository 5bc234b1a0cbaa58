"""The quarterly brief as files: what holds when it is made, in the background; set once for the same content."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from starrating.documents.published_list import SAMPLE, day_text
from starrating.documents.report import Report, Section, report_data
from starrating.extensions import db
from starrating.queries.cycles import SAMPLE as SAMPLE_WORD
from starrating.queries.divisions import DivisionRow
from starrating.services import jobs
from starrating.services.brief.reading import BriefSource, Quarter, brief_source, checked
from starrating.services.brief.sections import due, happened, near, progress, roster, values
from starrating.services.clock import now
from starrating.services.jobs import Progress, Step
from starrating.services.publication.list_papers import usual_issuers
from starrating.services.yearbook.files import ENDINGS, endings_kept, files, kept, looks
from starrating.wording.language import speaking

LAYOUT = "brief/1"
"""Counts up when the brief says or shows something else of the same data."""
INTERNAL = "内部资料，不得公开"
PARTS = (
    ("进度", progress), ("到期的事", due), ("本季度的指标", values), ("事项和暗访", happened), ("星级变动", roster),
    ("离线近的单位", near),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BriefMade:
    """A brief that was made: when, and the digest of all that it says."""

    at: datetime
    digest: str


def begin(path: Sequence[DivisionRow], year: int, number: int) -> bool:
    """Make both files in the background, of what holds now; False where that is under way already."""
    of = tuple(path)
    checked(of, year, number)
    return jobs.begin(job_of(of[-1], year, number), lambda step: _made(of, year, number, step))


def progress_of(here: DivisionRow, year: int, number: int) -> Progress:
    """How far the brief of a quarter is."""
    return jobs.progress(job_of(here, year, number))


def last_made(progress: Progress) -> BriefMade | None:
    """The brief that was made last, whether another one is under way or not; None where there is none."""
    at, _, digest = progress.made.partition(" ")
    return BriefMade(datetime.fromisoformat(at), digest) if digest else None


def kept_file(made: BriefMade, ending: str) -> bytes | None:
    """The file of a brief that was made; None where it has to be made again."""
    return kept(_key(made.digest), ending)


def endings_made(made: BriefMade | None) -> tuple[str, ...]:
    """As what a brief that was made is still there to download."""
    return endings_kept(_key(made.digest)) if made else ()


def brief_file(path: Sequence[DivisionRow], year: int, number: int, ending: str) -> tuple[str, bytes]:
    """What the brief of a quarter is called, and its file as of now."""
    report = _report(path, year, number)
    return name_of(path[-1], Quarter(year, number)), files(_key(_digest(report)), (ending,), lambda: report, _quiet)[0]


def job_of(here: DivisionRow, year: int, number: int) -> str:
    """What is being made: two databases that keep their papers in one folder do not read each other's."""
    return f"{LAYOUT}\n{db.engine.url.render_as_string()}\n{here.code} {year} {number}"


def _made(path: Sequence[DivisionRow], year: int, number: int, step: Step) -> str:
    """Both files of what holds at the moment that it gives back, with their digest."""
    step("counting")
    at, report = now(), _report(path, year, number)
    digest = _digest(report)
    files(_key(digest), ENDINGS, lambda: report, step)
    return f"{at.isoformat()} {digest}"


def _report(path: Sequence[DivisionRow], year: int, number: int) -> Report:
    with speaking("zh"):
        return brief(brief_source(path, year, number))


def _digest(report: Report) -> str:
    return sha256(json.dumps(report_data(report), ensure_ascii=True, sort_keys=True).encode()).hexdigest()


def _key(digest: str) -> str:
    """What the files of a brief follow from: what it says, and how it is drawn and set."""
    return "\n".join((LAYOUT, looks(), digest))


def _quiet(_step: str) -> None:
    """Nobody waits to be told."""


def name_of(here: DivisionRow, quarter: Quarter) -> str:
    """What a brief's file is called, without an ending."""
    return f"{here.name}{quarter.year}年第{quarter.number}季度评星定级简报"


def brief(source: BriefSource) -> Report:
    """All that a brief says."""
    quarter, here = source.quarter, source.division
    sample = any(SAMPLE_WORD in scheme.title for own in source.schemes.values() for scheme in own)
    return Report(
        f"{here.name}村社区评星定级季度简报", f"{quarter.year}年第{quarter.number}季度　编制日期{day_text(source.day)}",
        usual_issuers(source.city, "" if source.whole_city else here.name), day_text(source.day), INTERNAL,
        SAMPLE if sample else "", f"{name_of(here, quarter)}　{INTERNAL}", False,
        [Section(f"{number}、{title}", list(make(source)))
         for number, (title, make) in zip("一二三四五六", PARTS, strict=True)],
    )  # fmt: skip
