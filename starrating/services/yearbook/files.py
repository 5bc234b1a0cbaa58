"""A yearbook as files: made once for the same content, kept with the other papers, made anew when that changes."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version

from starrating.charts.chart import DRAWING_VERSION
from starrating.documents.report import TEMPLATE, Report, report_data
from starrating.documents.report_word import report_docx
from starrating.services import jobs
from starrating.services.drawn import drawn, is_kept, known, pdf_with_pictures, setting
from starrating.services.jobs import Step
from starrating.services.yearbook.book import yearbook
from starrating.services.yearbook.reading import Wanted, source_of
from starrating.wording.language import speaking

LAYOUT = "yearbook/2"
"""Counts up when the yearbook says or shows something else of the same data."""
PDF, WORD = "pdf", "docx"


def yearbook_file(asked: Wanted, ending: str = PDF, step: Step = lambda _: None) -> bytes:
    """The yearbook as a file; `step` is told what is being done where it has to be made."""
    return files(key_of(asked), (ending,), lambda: _report(asked, step), step)[0]


def kept_file(asked: Wanted, ending: str = PDF) -> bytes | None:
    """The file as it is kept; None where it has to be made first."""
    return kept(key_of(asked), ending)


def begin(asked: Wanted) -> bool:
    """Make all files in the background; False where that is under way already."""
    key = key_of(asked)

    def work(step: Step) -> None:
        files(key, ENDINGS, lambda: _report(asked, step), step)

    return jobs.begin(key, work)


def key_of(asked: Wanted) -> str:
    """What the files of a yearbook follow from: its content, and how it is put together, drawn and set."""
    return "\n".join((LAYOUT, looks(), asked.digest))


def looks() -> str:
    """How reports are drawn and set."""
    return f"{DRAWING_VERSION} {version('python-docx')}\n{setting()}"


def kept(key: str, ending: str) -> bytes | None:
    """The file of a report under its key as it is kept; None where it is not."""
    return known(*_named(key, ending))


def endings_kept(key: str) -> tuple[str, ...]:
    """As what a report is kept under its key, without reading it."""
    return tuple(ending for ending in ENDINGS if is_kept(*_named(key, ending)))


def files(key: str, endings: tuple[str, ...], make: Callable[[], Report], step: Step) -> list[bytes]:
    """The files of a report under its key: those that are kept, the others made, the report put together once."""
    there = {ending: kept(key, ending) for ending in endings}
    report = make() if any(file is None for file in there.values()) else None
    found = []
    for ending, file in there.items():
        if file is not None:
            found.append(file)
        elif report is not None:
            step(ending)
            found.append(drawn(*_named(key, ending), _writer(report, ending)))
    return found


def _named(key: str, ending: str) -> tuple[str, str]:
    return f"{key}\n{ending}", ending


def _report(asked: Wanted, step: Step) -> Report:
    step("reading")
    with speaking("zh"):
        return yearbook(source_of(asked), step)


def _writer(report: Report, ending: str) -> Callable[[], bytes]:
    return lambda: WRITERS[ending](report)


def _pdf(report: Report) -> bytes:
    return pdf_with_pictures(TEMPLATE, report_data(report), [one.svg().decode() for one in report.figures()])


WRITERS: dict[str, Callable[[Report], bytes]] = {PDF: _pdf, WORD: report_docx}
ENDINGS = tuple(WRITERS)
"""What a yearbook can be made as."""
