"""A published list as an official document (GB/T 9704-2012): the announcement, the list behind it, the imprint.

It is set for sealing and says so; no seal is drawn. What it says is what the editions say: it is told nothing else. Its
words are Chinese whoever asks for it, for it is one document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from starrating.documents.typesetting import typeset

TEMPLATE = "published_list.typ"
NOUNS: Mapping[str, str] = {"village": "村", "community": "社区"}
MOVES: Mapping[str, str] = {
    "up": "晋星", "held": "保星", "down": "降星", "stripped": "取消星级", "lowest": "仍在最低一级", "first": "首次评定",
}  # fmt: skip
SHORT_MOVES: Mapping[str, str] = {"up": "升", "down": "降", "stripped": "消", "first": "首"}
LEGEND = (
    "各乡镇街道先排星级，同星级按代码，从左到右。“升”为晋星，“降”为降星，后面的数是级数；“消”为取消星级，“首”为首次评定；"
    "空白为保星，或者仍在最低一级。"
)
UNRATED = "未评"
MOST_TITLES = 4
"""With more schemes the announcement does not name each."""
LONGEST_NAME = 10
"""Letters that fit into a line of the list."""
WHAT_IT_IS = re.compile(r"(?:社区)?居(?:委会|民委员会)$|村(?:委会|民委员会)$")
"""What the names of units end with; a name that is too long for a line is best broken before it."""
BRACKETED = re.compile(r"（[^（）]*）")
TO_BE_SEALED = "待用印"
SAMPLE = "示例数据，与真实村、社区无关"


@dataclass(frozen=True, slots=True)
class Line:
    """One unit: its level's name (empty where it was not rated), `place` from the highest (0), the one before."""

    name: str
    level: str
    place: int | None
    previous: str
    movement: str
    change: int | None


@dataclass(frozen=True, slots=True)
class Town:
    """The units of one township in the order in which they are printed."""

    name: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Part:
    """The list of one district and kind: an edition, with the names of its levels from the highest down."""

    district: str
    digest: str
    edition: int
    levels: Sequence[str]
    towns: Sequence[Town]

    @property
    def lines(self) -> list[Line]:
        """All its units."""
        return [line for town in self.towns for line in town.lines]


@dataclass(frozen=True, slots=True)
class Annex:
    """All lists of one kind."""

    kind: str
    parts: Sequence[Part]

    @property
    def levels(self) -> list[str]:
        """The names of all levels from the highest down; districts may have levels of their own."""
        places = {name: place for part in self.parts for place, name in enumerate(part.levels)}
        return sorted(places, key=places.__getitem__)

    @property
    def lines(self) -> list[Line]:
        """All its units."""
        return [line for part in self.parts for line in part.lines]


@dataclass(frozen=True, slots=True)
class Paper:
    """What the document is of, and who issues it.

    `whole` is how it calls its place (全区, 全市); `notice` the first and last day of the notice where there is one for
    all of it; `digest` that of the edition, or of the digests of all editions in it, one a line.
    """

    place: str
    whole: str
    year: int
    day: date
    issuers: Sequence[str]
    number: str
    schemes: Sequence[str]
    notice: tuple[date, date] | None
    annexes: Sequence[Annex]
    digest: str
    fingerprints: Sequence[str]
    address: str
    sample: bool
    restated: Sequence[str] = ()
    """What decisions changed since the first edition, each as a sentence."""


def list_pdf(paper: Paper) -> bytes:
    """The document as PDF."""
    return typeset(TEMPLATE, list_data(paper))


def list_data(paper: Paper) -> dict[str, Any]:
    """What the template is given."""
    nouns = "、".join(NOUNS[annex.kind] for annex in paper.annexes)
    mended = "更正后的" if paper.restated else ""
    return {
        "title": f"关于公布{paper.place}{paper.year}年度{nouns}\n{mended}星级评定结果的公告",
        "issuers": list(paper.issuers),
        "number": paper.number or f"　　　〔{paper.day.year}〕　　号",
        "mark": TO_BE_SEALED,
        "sample": SAMPLE if paper.sample else "",
        "body": _body(paper, nouns),
        "day": day_text(paper.day),
        "annexes": [_annex(paper, annex) for annex in paper.annexes],
        "parts": sum(len(annex.parts) for annex in paper.annexes),
        "check": {"title": "核验", "lines": _check(paper)},
        "imprint": [[paper.issuers[0], f"{day_text(paper.day)}印发"]],
        "note": f"摘要 {grouped(paper.digest, 8)}",
    }


def day_text(day: date) -> str:
    """A day as documents write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def grouped(digest: str, size: int = 4) -> str:
    """A digest in groups that an eye can follow."""
    return " ".join(digest[at : at + size] for at in range(0, len(digest), size))


def balanced(name: str, longest: int = LONGEST_NAME) -> str:
    """A name that is too long for one line of a table: broken before 社区居委会 and the like, else in equal lines."""
    lines = -(-len(name) // longest)
    if lines == 2:
        at = _break_of(name, longest)
        return f"{name[:at]}\n{name[at:]}"
    size = max(1, -(-len(name) // max(1, lines)))
    return "\n".join(name[at : at + size] for at in range(0, len(name), size))


def _break_of(name: str, longest: int) -> int:
    """Where a name goes on in its second line: never inside of brackets that fit into a line."""
    fits = range(len(name) - longest, longest + 1)
    ending = WHAT_IT_IS.search(name)
    if ending and ending.start() in fits:
        return ending.start()
    middle = -(-len(name) // 2)
    held = {at for one in BRACKETED.finditer(name) for at in range(one.start() + 1, one.end())}
    return min((at for at in fits if at not in held), key=lambda at: (abs(at - middle), -at), default=middle)


def counts_text(lines: Sequence[Line], levels: Sequence[str], noun: str) -> str:
    """How many have each star, as such documents write it; one that nobody has is said too."""
    rated = [line for line in lines if line.place is not None]
    found = "、".join(f"{name}{noun}{sum(line.level == name for line in rated)}个" for name in levels)
    left = len(lines) - len(rated)
    return f"参加评定的{noun}{len(rated)}个，其中{found}" + (f"；未评的{noun}{left}个" if left else "")


def moves_text(lines: Sequence[Line], noun: str) -> str:
    """How many rose, stayed and fell."""
    counts = {name: sum(line.movement == code for line in lines) for code, name in MOVES.items()}
    found = "、".join(f"{name}{count}个" for name, count in counts.items() if count)
    return f"{noun}{found}" if found else f"{noun}没有变动"


def _body(paper: Paper, nouns: str) -> list[dict[str, Any]]:
    few = len(paper.schemes) <= MOST_TITLES
    titles = "".join(f"《{title}》" for title in paper.schemes) if few else "各区的评定办法"
    shown = ""
    if paper.notice:
        first, last = paper.notice
        until = day_text(last) if last.year != first.year else day_text(last).partition("年")[2]
        shown = f"，{day_text(first)}至{until}公示"
    counts = "。".join(counts_text(annex.lines, annex.levels, NOUNS[annex.kind]) for annex in paper.annexes)
    moves = "；".join(moves_text(annex.lines, NOUNS[annex.kind]) for annex in paper.annexes)
    told = (
        (False, f"根据{titles}，经审定{shown}，现将{paper.place}{paper.year}年度{nouns}星级评定结果公布如下。"),
        (True, "一、评定结果"),
        (False, f"{paper.whole}{counts}。"),
        (True, "二、星级变动"),
        (False, f"与上次评定相比，{moves}。"),
        (True, "三、名单的核验"),
        (
            False,
            "名单的电子原文已经签名，并与上一份名单相接，任何人都可以核对。本件与电子原文不一致的，以电子原文为准。",
        ),
    )
    restated = [(True, "四、发布以后的更正"), *((False, one) for one in paper.restated)] if paper.restated else []
    return [{"heading": heading, "text": text} for heading, text in (*told, *restated)]


def _annex(paper: Paper, annex: Annex) -> dict[str, Any]:
    noun = NOUNS[annex.kind]
    return {
        "title": f"{paper.place}{paper.year}年度{noun}星级名单",
        "facts": [f"{counts_text(annex.lines, annex.levels, noun)}。", LEGEND],
        "columns": [noun, f"{paper.year}年度", "上次", "变动"],
        "districts": [_part(part, noun) for part in annex.parts],
    }


def _part(part: Part, noun: str) -> dict[str, Any]:
    towns = [{"name": town.name, "count": f"{len(town.lines)}个{noun}", "rows": [_row(line) for line in town.lines]}
             for town in part.towns]  # fmt: skip
    return {
        "name": part.district, "count": counts_text(part.lines, part.levels, noun),
        "note": f"第{part.edition}版，摘要 {grouped(part.digest, 8)}", "towns": towns,
    }  # fmt: skip


def _row(line: Line) -> dict[str, Any]:
    moved = SHORT_MOVES.get(line.movement, "")
    steps = str(abs(line.change)) if line.change and line.movement in ("up", "down") else ""
    return {
        "name": balanced(line.name),
        "level": line.level or UNRATED,
        "top": line.place == 0,
        "previous": line.previous,
        "moved": moved + steps,
    }


def _check(paper: Paper) -> list[str]:
    parts = [part for annex in paper.annexes for part in annex.parts]
    one = len(parts) == 1
    what = f"第{parts[0].edition}版" if one else f"共{len(parts)}份名单，各有各的摘要，印在各区名称下面"
    digest = "名单摘要（SHA-256）" if one else "总摘要（上述各摘要每行一个，依次排列后的SHA-256）"
    keys = "、".join(paper.fingerprints)
    where = f"核验网址：{paper.address}。" if paper.address else ""
    return [
        f"{what}。{digest}：", grouped(paper.digest[:32]), grouped(paper.digest[32:]),
        *([f"签名 Ed25519，公钥指纹 {keys}。"] if keys else []),
        f"{where}本件是待用印的版面，不含印章；未盖章的，以摘要和签名为准。",
    ]  # fmt: skip
