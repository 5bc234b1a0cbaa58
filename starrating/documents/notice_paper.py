"""A public notice as a paper: what was determined, for which days it is shown, how to object, the list by township.

Its words are Chinese whoever asks for it, for it is one document; as PDF and as a Word file it says the same. Points
and ranks stand in it where the scheme shows them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from starrating.documents.published_list import (
    MOVES,
    NOUNS,
    SAMPLE,
    UNRATED,
    Line,
    balanced,
    counts_text,
    day_text,
    grouped,
)

TEMPLATE = "notice.typ"
LONGEST_NAME = 15
"""Letters that fit into a line of the list."""


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One unit with its points and rank, empty where the scheme keeps them back."""

    line: Line
    total: str
    rank: int | None


@dataclass(frozen=True, slots=True)
class NoticeTown:
    """The units of one township in the order in which they are printed."""

    name: str
    lines: Sequence[NoticeLine]


@dataclass(frozen=True, slots=True)
class NoticePaper:
    """What a notice says: `days` are those that count, `working` whether they are working days; `town` where its
    list is that of one township alone.

    `contact` is where to object, empty where the office did not say; `answer_days` the working days for an answer;
    `address` the page on which a receipt is looked up, empty where it is not known; `individuals` whether the page of
    the notice takes signed objections of individuals.
    """

    district: str
    town: str
    kind: str
    year: int
    scheme: str
    first: date
    last: date
    days: Sequence[date]
    working: bool
    contact: str
    answer_days: int
    levels: Sequence[str]
    show_scores: bool
    towns: Sequence[NoticeTown]
    issuers: Sequence[str]
    digest: str
    address: str
    individuals: bool
    sample: bool

    @property
    def noun(self) -> str:
        """What a unit of the list is called."""
        return NOUNS[self.kind]


def notice_content(paper: NoticePaper) -> dict[str, Any]:
    """What the paper says, in the order in which it says it."""
    noun = paper.noun
    return {
        "title": f"关于{paper.district}{paper.year}年度{noun}\n星级评定结果的公示",
        "issuers": list(paper.issuers),
        "day": day_text(paper.first),
        "sample": SAMPLE if paper.sample else "",
        "body": [{"heading": heading, "text": text} for heading, text in _body(paper)],
        "annex": f"{paper.district}{paper.town}{paper.year}年度{noun}星级评定结果",
        "columns": [noun, "星级", "上次", "变动", *(["总分", "名次"] if paper.show_scores else [])],
        "towns": [
            {"name": town.name, "count": f"{len(town.lines)}个{noun}",
             "rows": [_row(one, scores=paper.show_scores) for one in town.lines]}
            for town in paper.towns
        ],
        "note": f"公示摘要 {grouped(paper.digest, 8)}",
    }  # fmt: skip


def _body(paper: NoticePaper) -> Sequence[tuple[bool, str]]:
    noun = paper.noun
    lines = [one.line for town in paper.towns for one in town.lines]
    given = f"受理的地点和电话：{paper.contact}。" if paper.contact else ""
    looked = f"，凭回执号和查询码可以在{paper.address}查办到哪一步" if paper.address else ""
    result = (
        f"根据《{paper.scheme}》，{paper.district}对{noun}作了{paper.year}年度星级评定。"
        f"{paper.town or '全区'}{counts_text(lines, paper.levels, noun)}。现将结果公示，请群众监督。"
    )
    signed = "个人署名的也可以在网上的公示页提，不用登录；" if paper.individuals else ""
    how = (
        f"公示期内，单位和个人都可以提出。村、社区用自己的账号在网上提；{signed}个人和其他单位当面、书面或打电话向"
        f"{'、'.join(paper.issuers)}提出，写明是哪个{noun}、什么事、什么时间、哪里不对。{given}"
    )
    then = (
        f"收到后登记，给回执{looked}；{paper.answer_days}个工作日内查清并答复，由没有参与评定的人办。"
        "异议成立的重新计算，并说明因此变动的其他单位。提异议的人，办理的人要保密。"
    )
    return ((False, result), (True, "一、公示时间"), (False, _days(paper)), (True, "二、怎样提出异议"), (False, how),
            (False, then))  # fmt: skip


def _days(paper: NoticePaper) -> str:
    """The days in words; those that count are named where weekends or holidays lie between them."""
    whole = f"{day_text(paper.first)}至{day_text(paper.last)}24时，共{len(paper.days)}"
    if not paper.working:
        return f"{whole}天。"
    named = "、".join(f"{day.month}月{day.day}日" for day in paper.days)
    return f"{whole}个工作日（{named}）。工作日按国家公布的节假日和调休安排计算，开始的那一天计入。"


def _row(one: NoticeLine, *, scores: bool) -> dict[str, Any]:
    line = one.line
    steps = str(abs(line.change)) if line.change and line.movement in ("up", "down") else ""
    moved = MOVES.get(line.movement, "") + (f"{steps}级" if steps else "")
    return {
        "name": balanced(line.name, LONGEST_NAME), "top": line.place == 0,
        "cells": [line.level or UNRATED, line.previous, moved,
                  *([one.total, str(one.rank or "")] if scores else [])],
    }  # fmt: skip
