"""The public notice as a Word file, for offices that go on writing in it: the same words, the fonts that offices have.

Chinese letters take their font from `w:eastAsia`, which Word and WPS look at; without it both show another one. A file
of the same notice has the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.shared import Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from starrating.documents.typesetting import legible
from starrating.documents.word import (
    BODY,
    CELL,
    HEADING,
    TITLE,
    describe,
    in_font,
    number_pages,
    same_bytes,
    usual_font,
)

WIDTHS = {4: (70, 26, 26, 34), 6: (58, 22, 22, 26, 18, 14)}
"""Millimetres of the columns, without and with points and ranks."""


def notice_docx(content: dict[str, Any]) -> bytes:
    """The notice as a Word file; `content` is what `notice_content` gives."""
    said = legible(content)
    paper = Document()
    _set_up(paper, said)
    _line(paper, said["title"], TITLE, 22, align=WD_ALIGN_PARAGRAPH.CENTER)
    if said["sample"]:
        _line(paper, said["sample"], HEADING, 10.5, align=WD_ALIGN_PARAGRAPH.CENTER)
    for one in said["body"]:
        _line(paper, one["text"], HEADING if one["heading"] else BODY, 16, indent=True)
    _line(paper, f"附件：{said['annex']}", BODY, 16, indent=True)
    for name in [*said["issuers"], said["day"]]:
        _line(paper, name, BODY, 16, align=WD_ALIGN_PARAGRAPH.RIGHT)
    _line(paper, "附件", HEADING, 16).paragraph_format.page_break_before = True
    _line(paper, said["annex"], TITLE, 22, align=WD_ALIGN_PARAGRAPH.CENTER)
    for town in said["towns"]:
        _town(paper, town, said["columns"])
    _line(paper, said["note"], CELL, 9)
    return same_bytes(paper)


def _set_up(paper: Paper, said: dict[str, Any]) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    describe(paper, said["title"].replace("\n", ""), "、".join(said["issuers"]))
    usual_font(paper, "Normal", BODY)
    number_pages(paper, 14)


def _line(paper: Paper, text: str, font: str, size: float, *, align: Any = None, indent: bool = False) -> Paragraph:
    """A paragraph in one font, 28 points from line to line where it is body text."""
    one = paper.add_paragraph()
    one.alignment = align
    form = one.paragraph_format
    form.space_before = form.space_after = Pt(0)
    if size >= 16:
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(28 if size < 20 else 36)
    if indent:
        form.first_line_indent = Pt(2 * size)
    for number, part in enumerate(text.split("\n")):
        run = one.add_run()
        if number:
            run.add_break()
        run.add_text(part)
        in_font(run, font, size)
    return one


def _town(paper: Paper, town: dict[str, Any], columns: Sequence[str]) -> None:
    """A township's table: its name and the heads are repeated on every page that it reaches, no row is cut in two."""
    table = paper.add_table(rows=2, cols=len(columns))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    name = table.rows[0].cells[0].merge(table.rows[0].cells[-1])
    _fill(name, f"{town['name']}　{town['count']}", HEADING)
    for cell, text in zip(table.rows[1].cells, columns, strict=True):
        _fill(cell, text, HEADING)
    for row in table.rows:
        _mark(row, "w:tblHeader")
    for one in town["rows"]:
        cells = table.add_row().cells
        for number, (cell, text) in enumerate(zip(cells, [one["name"], *one["cells"]], strict=True)):
            _fill(cell, text, CELL, bold=one["top"] and number == 1, right=number > 3)
    _finish(table)
    _line(paper, "", CELL, 9)


def _finish(table: Table) -> None:
    widths = WIDTHS[len(table.columns)]
    for row in table.rows:
        _mark(row, "w:cantSplit")
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    for cell in table.rows[0].cells:
        cell.width = Mm(sum(widths))


def _fill(cell: _Cell, text: str, font: str, *, bold: bool = False, right: bool = False) -> None:
    line = cell.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else None
    line.paragraph_format.space_after = Pt(0)
    in_font(line.add_run(text), font, 10.5).bold = bold or None


def _mark(row: _Row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))
