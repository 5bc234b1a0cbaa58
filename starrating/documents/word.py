"""What Word files of this package have in common: fonts of both scripts, page numbers, the same bytes every time.

Chinese letters take their font from `w:eastAsia`, which Word and WPS look at; without it both show another one.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.run import Run

LATIN = "Times New Roman"
TITLE, BODY, HEADING, CELL = "方正小标宋简体", "仿宋_GB2312", "黑体", "宋体"
"""What GB/T 9704-2012 names; an office has its own licences, nothing of them is in the file."""
MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""What the file says of when it was made: its content has its own days, and the clock has no part in it."""


def in_font(run: Run, font: str, size: float) -> Run:
    """A run whose Chinese letters are in a font too."""
    run.font.name, run.font.size = LATIN, Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run


def usual_font(paper: Paper, style: str, font: str) -> None:
    """The faces of a style in both scripts."""
    usual = paper.styles[style].element.get_or_add_rPr().get_or_add_rFonts()
    for name, face in (("w:ascii", LATIN), ("w:hAnsi", LATIN), ("w:eastAsia", font)):
        usual.set(qn(name), face)
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        usual.attrib.pop(qn(name), None)


def describe(paper: Paper, title: str, author: str) -> None:
    """The properties of a file, without a clock and without a person."""
    known = paper.core_properties
    known.title, known.author = title, author
    known.comments, known.last_modified_by = "", ""
    known.created = known.modified = MADE


def number_pages(paper: Paper, size: float) -> None:
    """— 1 — in the middle of the foot."""
    foot = paper.sections[0].footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    in_font(foot.add_run("— "), CELL, size)
    field(in_font(foot.add_run(), CELL, size), "PAGE")
    in_font(foot.add_run(" —"), CELL, size)


def field(run: Run, instruction: str) -> None:
    """A field that the program works out when it shows the file."""
    mark_field(run, "begin", instruction)
    mark_field(run, "end")


def mark_field(run: Run, kind: str, instruction: str = "") -> None:
    """The `begin` of a field with its instruction, the `separate` before what it shows by now, or its `end`."""
    part = OxmlElement("w:fldChar")
    part.set(qn("w:fldCharType"), kind)
    run._element.append(part)
    if instruction:
        text = OxmlElement("w:instrText")
        text.set(qn("xml:space"), "preserve")
        text.text = instruction
        run._element.append(text)


def same_bytes(paper: Paper) -> bytes:
    """The file packed anew in the order of its parts, each with the same day, whenever it is made."""
    made, packed = io.BytesIO(), io.BytesIO()
    paper.save(made)
    with ZipFile(made) as parts, ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name in parts.namelist():
            member = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = ZIP_DEFLATED
            archive.writestr(member, parts.read(name))
    return packed.getvalue()
