"""A report as a paper: a cover or a head, sections of sentences, tables and charts; as PDF and as a Word file the same.

Its words are Chinese whoever asks for it, for it is one document. It is told what to say and adds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

TEMPLATE = "report.typ"


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph; `style` is `text`, `item` (one of a list), `head` (of what follows) or `note` (smaller)."""

    text: str
    style: str = "text"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: what it is of, its heads, its rows, the row that adds them up; `widths` are shares of the line.

    The first `texts` columns are texts, all others numbers, which stand on the right.
    """

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    total: Sequence[str] = ()
    texts: int = 1
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its finding above and its source below; drawn when it is asked for, anew each time."""

    title: str
    subject: str
    source: str
    alternative: str
    width: int
    height: int
    svg: Callable[[], bytes]
    png: Callable[[], bytes]
    """With title and source in it."""


Block = Words | Grid | Figure


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report with its heading."""

    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole paper; `cover` gives it a page with its title and a table of contents."""

    title: str
    subtitle: str
    issuers: Sequence[str]
    day: str
    mark: str
    sample: str
    note: str
    """What stands at the foot of every page."""
    cover: bool
    sections: Sequence[Section]

    def figures(self) -> Iterator[Figure]:
        """Every chart, in the order in which they stand."""
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Figure):
                    yield block


def report_data(report: Report) -> dict[str, Any]:
    """What the template is given; a chart is named by its place among them."""
    places = iter(range(len(list(report.figures()))))
    return {
        "title": report.title, "subtitle": report.subtitle, "issuers": list(report.issuers), "day": report.day,
        "mark": report.mark, "sample": report.sample, "note": report.note, "cover": report.cover,
        "sections": [
            {"title": section.title, "blocks": [_block(block, places) for block in section.blocks]}
            for section in report.sections
        ],
    }  # fmt: skip


def _block(block: Block, places: Iterator[int]) -> dict[str, Any]:
    match block:
        case Words():
            return {"kind": "words", "text": block.text, "style": block.style}
        case Grid():
            return {
                "kind": "grid", "title": block.title, "header": list(block.header),
                "rows": [list(row) for row in block.rows], "total": list(block.total), "widths": list(block.widths),
                "texts": block.texts, "note": block.note,
            }  # fmt: skip
        case Figure():
            return {
                "kind": "figure", "at": next(places), "title": block.title, "subject": block.subject,
                "source": block.source, "alternative": block.alternative, "width": block.width,
                "height": block.height,
            }  # fmt: skip
