"""A public notice as PDF and as a Word file: what its stored text says, of the whole district or of one township."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.metadata import version
from itertools import groupby

from flask import current_app

from starrating.documents.notice_paper import TEMPLATE, NoticeLine, NoticePaper, NoticeTown, notice_content
from starrating.documents.notice_word import notice_docx
from starrating.documents.published_list import Line
from starrating.domain.notice import days_of
from starrating.queries.divisions import city_of
from starrating.queries.public_lists import PublicList, PublicUnit
from starrating.queries.publications import NoticeHead
from starrating.services.objections.objectors import takes_objections
from starrating.services.publication.list_papers import is_invented, usual_issuers
from starrating.services.publication.orders import Order, pdf_order
from starrating.services.working_days import office_days

LAYOUT = "notice_word/2"
"""Counts up when the Word file's looks change: what was made before is then not handed out again."""
PDF, WORD = "pdf", "docx"


def notice_file(paper: NoticePaper, ending: str) -> Order:
    """The paper as PDF or as a Word file."""
    content = notice_content(paper)
    lines = sum(len(town.lines) for town in paper.towns)
    if ending == PDF:
        return pdf_order(TEMPLATE, content, lines)
    said = json.dumps(content, ensure_ascii=True, sort_keys=True)
    return Order(f"{LAYOUT} {version('python-docx')}\n{said}", WORD, lines, lambda: notice_docx(content))


def notice_paper(head: NoticeHead, shown: PublicList, digest: str, township: str, address: str) -> NoticePaper | None:
    """What the paper of a notice says; `township` narrows its list, None where there is no such township."""
    units = [unit for unit in shown.units if township in ("", unit.township_code)]
    if not units:
        return None
    works = office_days() if shown.working_days else None
    city = city_of(head.district_code)
    return NoticePaper(
        district=head.district, town=units[0].township if township else "", kind=head.kind, year=head.year,
        scheme=shown.scheme, first=head.opens_on, last=head.closes_on, working=shown.working_days,
        days=days_of(head.opens_on, head.closes_on, works), contact=head.contact,
        answer_days=current_app.config["OBJECTION_DAYS"], levels=shown.levels, show_scores=shown.show_scores,
        towns=_towns(units), issuers=usual_issuers(city, head.district), digest=digest, address=address,
        individuals=bool(address) and takes_objections(), sample=is_invented([shown]),
    )  # fmt: skip


def name_of(paper: NoticePaper) -> str:
    """What its file is called, without an ending."""
    return f"{paper.district}{paper.town}{paper.year}年度{paper.noun}星级评定结果公示"


def _towns(units: Sequence[PublicUnit]) -> list[NoticeTown]:
    groups = groupby(units, key=lambda unit: (unit.township_code, unit.township))
    return [NoticeTown(name, [_line(unit) for unit in own]) for (_code, name), own in groups]


def _line(unit: PublicUnit) -> NoticeLine:
    line = Line(unit.name, unit.level, unit.place, unit.previous, unit.movement, unit.change)
    return NoticeLine(line, unit.total, unit.rank)
