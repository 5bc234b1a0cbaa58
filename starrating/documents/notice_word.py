"""The public notice as a Word file, for offices that go on writing in it: the same words, the fonts that offices have.

Chinese letters take their font from `w:eastAsia`, which Word and WPS look at; without it both show another one. A file
of the same notice has the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as Paper
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from starrating.documents.typesetting import legible

LATIN = "Times New Roman"
TITLE, BODY, HEADING, CELL = "方正小标宋简体", "仿宋_GB2312", "黑体", "宋体"
"""What GB/T 9704-2012 names; an office has its own licences, nothing of them is in the file."""
MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""What the file says of when it was made: its content has its own days, and the clock has no part in it."""
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
    return _same_bytes(paper)


def _set_up(paper: Paper, said: dict[str, Any]) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    known = paper.core_properties
    known.title, known.author = said["title"].replace("\n", ""), "、".join(said["issuers"])
    known.comments, known.last_modified_by = "", ""
    known.created = known.modified = MADE
    usual = paper.styles["Normal"].element.get_or_add_rPr().get_or_add_rFonts()
    for name, font in (("w:ascii", LATIN), ("w:hAnsi", LATIN), ("w:eastAsia", BODY)):
        usual.set(qn(name), font)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _in_font(foot.add_run("— "), CELL, 14)
    _page_number(_in_font(foot.add_run(), CELL, 14))
    _in_font(foot.add_run(" —"), CELL, 14)


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
        _in_font(run, font, size)
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
    _in_font(line.add_run(text), font, 10.5).bold = bold or None


def _in_font(run: Run, font: str, size: float) -> Run:
    """A run whose Chinese letters are in a font too."""
    run.font.name, run.font.size = LATIN, Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run


def _mark(row: _Row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _page_number(run: Run) -> None:
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.text = text
        run._element.append(part)


def _same_bytes(paper: Paper) -> bytes:
    """The file packed anew in the order of its parts, each with the same day, whenever it is made."""
    made, packed = io.BytesIO(), io.BytesIO()
    paper.save(made)
    with ZipFile(made) as parts, ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name in parts.namelist():
            member = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = ZIP_DEFLATED
            archive.writestr(member, parts.read(name))
    return packed.getvalue()
