"""A report as a Word file, for offices that go on writing in it: the same sections, words and numbers as the PDF.

Tables are written as XML at once: a city's has some thousand rows, and the library looks at all of them for each.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from starrating.documents.report import Report, report_data
from starrating.documents.typesetting import legible
from starrating.documents.word import (
    BODY,
    CELL,
    HEADING,
    LATIN,
    TITLE,
    describe,
    in_font,
    mark_field,
    number_pages,
    same_bytes,
    usual_font,
)

WIDTH, HIGHEST = 166, 215
"""Millimetres of a line, and how high a picture may be."""
TWENTIETHS = 1440 / 25.4
"""What Word measures in, to a millimetre."""
SIZES = {"text": 12, "item": 12, "note": 9}
RULES = "".join(
    f'<w:{side} w:val="single" w:sz="{weight}" w:color="{colour}"/>'
    for side, weight, colour in (("top", 8, "404040"), ("bottom", 8, "404040"), ("insideH", 4, "A6A6A6"))
)


def report_docx(report: Report) -> bytes:
    """The report as a Word file."""
    said = legible(report_data(report))
    pictures = iter(report.figures())
    paper = Document()
    _set_up(paper, said)
    _opening(paper, said)
    for section in said["sections"]:
        _heading(paper, section["title"], 1)
        for block in section["blocks"]:
            match block["kind"]:
                case "words":
                    _words(paper, block)
                case "grid":
                    _grid(paper, block)
                case "figure":
                    _figure(paper, block, next(pictures).png())
    return same_bytes(paper)


def _set_up(paper: Paper, said: dict[str, Any]) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(24), Mm(22)
    section.left_margin = section.right_margin = Mm(22)
    describe(paper, said["title"].replace("\n", ""), "、".join(said["issuers"]))
    usual_font(paper, "Normal", BODY)
    for level, size in ((1, 15), (2, 12)):
        usual_font(paper, f"Heading {level}", HEADING)
        font = paper.styles[f"Heading {level}"].font
        font.size, font.bold, font.color.rgb = Pt(size), level == 2, RGBColor(0, 0, 0)
    number_pages(paper, 10.5)


def _opening(paper: Paper, said: dict[str, Any]) -> None:
    """The marks and the title; a cover has a page of its own and the contents behind it."""
    middle = WD_ALIGN_PARAGRAPH.CENTER
    marks = "　".join(one for one in (said["sample"], said["mark"]) if one)
    if marks:
        _line(paper, f"【{marks}】", HEADING, 10.5)
    title = _line(paper, said["title"], TITLE, 26 if said["cover"] else 20, align=middle)
    if said["subtitle"]:
        _line(paper, said["subtitle"], BODY, 11, align=middle)
    if not said["cover"]:
        return
    title.paragraph_format.space_before, title.paragraph_format.space_after = Mm(60), Mm(90)
    for one in (*said["issuers"], said["day"]):
        _line(paper, one, BODY, 15, align=middle)
    _line(paper, "目录", HEADING, 15).paragraph_format.page_break_before = True
    _contents(paper, [section["title"] for section in said["sections"]])
    _line(paper, said["note"], CELL, 9)


def _contents(paper: Paper, titles: Sequence[str]) -> None:
    """A table of contents that the program brings up to date; until then the titles as they stand."""
    for number, title in enumerate(titles):
        line = paper.add_paragraph()
        line.paragraph_format.space_after = Pt(6)
        if number == 0:
            mark_field(line.add_run(), "begin", 'TOC \\o "1-1" \\h')
            mark_field(line.add_run(), "separate")
        in_font(line.add_run(title), BODY, 12)
        if number == len(titles) - 1:
            mark_field(line.add_run(), "end")


def _heading(paper: Paper, text: str, level: int) -> None:
    head = paper.add_heading(level=level)
    head.paragraph_format.space_before, head.paragraph_format.space_after = Pt(18 if level == 1 else 12), Pt(6)
    head.add_run(text)


def _words(paper: Paper, block: dict[str, Any]) -> None:
    style = block["style"]
    if style == "head":
        _heading(paper, block["text"], 2)
        return
    line = _line(paper, f"·　{block['text']}" if style == "item" else block["text"], CELL if style == "note" else BODY,
                 SIZES[style])  # fmt: skip
    form = line.paragraph_format
    form.space_after = Pt(5)
    if style == "item":
        form.left_indent, form.first_line_indent = Pt(20), Pt(-20)
    elif style == "text":
        form.first_line_indent = Pt(24)


def _line(paper: Paper, text: str, font: str, size: float, *, align: Any = None) -> Paragraph:
    one = paper.add_paragraph()
    one.alignment = align
    one.paragraph_format.space_after = Pt(2)
    for number, part in enumerate(text.split("\n")):
        run = one.add_run()
        if number:
            run.add_break()
        run.add_text(part)
        in_font(run, font, size)
    return one


def _figure(paper: Paper, block: dict[str, Any], png: bytes) -> None:
    """The picture, its finding, subject and source in it; its alternative text for those who do not see it."""
    high = WIDTH * block["height"] / block["width"]
    width = WIDTH if high <= HIGHEST else WIDTH * HIGHEST / high
    line = paper.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    picture = line.add_run().add_picture(io.BytesIO(png), width=Mm(width))
    known = picture._inline.docPr
    known.set("name", block["title"][:200])
    known.set("descr", block["alternative"])


def _grid(paper: Paper, block: dict[str, Any]) -> None:
    head = _line(paper, block["title"], HEADING, 10.5)
    head.paragraph_format.space_before, head.paragraph_format.keep_with_next = Pt(8), True
    paper.element.body.insert_element_before(parse_xml(_table(block)), "w:sectPr")
    _line(paper, block["note"], CELL, 8.5)


def _table(block: dict[str, Any]) -> str:
    """A table: its head repeated on every page that it reaches, no row cut in two."""
    shares, texts = block["widths"], block["texts"]
    widths = [round(WIDTH * TWENTIETHS * share / sum(shares)) for share in shares]
    size = 15 if len(shares) > 11 else 18
    rows = [_row(block["header"], widths, len(widths), size, head=True)]
    rows += (_row(row, widths, texts, size) for row in block["rows"])
    rows += [_row(block["total"], widths, texts, size, bold=True)] if block["total"] else []
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    inset = "".join(f'<w:{side} w:w="40" w:type="dxa"/>' for side in ("left", "right"))
    form = (
        f'<w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{RULES}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{inset}</w:tblCellMar></w:tblPr>'
    )
    return f"<w:tbl {nsdecls('w')}>{form}<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _row(
    cells: Sequence[str], widths: Sequence[int], texts: int, size: int, *, head: bool = False, bold: bool = False
) -> str:
    made = "".join(_cells(cells, widths, texts, size, bold=head or bold))
    form = "<w:cantSplit/>" + ("<w:tblHeader/>" if head else "")
    return f"<w:tr><w:trPr>{form}</w:trPr>{made}</w:tr>"


def _cells(cells: Sequence[str], widths: Sequence[int], texts: int, size: int, *, bold: bool) -> Iterator[str]:
    font = f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{HEADING if bold else CELL}"/>'
    letters = f'<w:rPr>{font}<w:sz w:val="{size}"/></w:rPr>'
    for at, (text, width) in enumerate(zip(cells, widths, strict=True)):
        side = "left" if at < texts else "right"
        form = f'<w:pPr><w:spacing w:before="20" w:after="20"/><w:jc w:val="{side}"/></w:pPr>'
        words = f'<w:r>{letters}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
        yield f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p>{form}{words}</w:p></w:tc>'
