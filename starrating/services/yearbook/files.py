"""The yearbook as a file: made once for the same content, kept with the other papers, made anew when that changes."""

from __future__ import annotations

from collections.abc import Callable

from starrating.charts.chart import DRAWING_VERSION
from starrating.documents.report import TEMPLATE, Report, report_data
from starrating.services.drawn import drawn, known, pdf_with_pictures, setting
from starrating.services.yearbook.book import Step, yearbook
from starrating.services.yearbook.reading import Wanted, source_of
from starrating.wording.language import speaking

LAYOUT = "yearbook/1"
"""Counts up when the yearbook says or shows something else of the same data."""
PDF = "pdf"


def yearbook_file(asked: Wanted, ending: str = PDF, step: Step = lambda _: None) -> bytes:
    """The yearbook as a file; `step` is told what is being done where it has to be made."""
    return drawn(_key(asked, ending), ending, lambda: _made(asked, ending, step))


def kept_file(asked: Wanted, ending: str = PDF) -> bytes | None:
    """The file as it is kept; None where it has to be made first."""
    return known(_key(asked, ending), ending)


def _key(asked: Wanted, ending: str) -> str:
    return "\n".join((LAYOUT, str(DRAWING_VERSION), setting(), ending, asked.digest))


def _made(asked: Wanted, ending: str, step: Step) -> bytes:
    step("读取名单和得分")
    with speaking("zh"):
        report = yearbook(source_of(asked), step)
        step("排版")
        return WRITERS[ending](report)


def _pdf(report: Report) -> bytes:
    return pdf_with_pictures(TEMPLATE, report_data(report), [one.svg().decode() for one in report.figures()])


WRITERS: dict[str, Callable[[Report], bytes]] = {PDF: _pdf}
ENDINGS = tuple(WRITERS)
"""What a yearbook can be made as."""
