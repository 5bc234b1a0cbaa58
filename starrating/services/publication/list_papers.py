"""Published lists as an official document and as a workbook: what the editions say, in other clothes.

Both are made of the stored texts of editions and of nothing else, so that nothing can be in them that is not public.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import groupby
from typing import TypeVar

from starrating.documents.list_workbook import COLUMNS, Listed, list_workbook
from starrating.documents.published_list import (
    MOVES,
    NOUNS,
    SAMPLE,
    TEMPLATE,
    UNRATED,
    Annex,
    Line,
    Paper,
    Part,
    Town,
    day_text,
    list_data,
)
from starrating.queries.cycles import SAMPLE as SAMPLE_WORD
from starrating.queries.divisions import city_of
from starrating.queries.editions import fingerprint
from starrating.queries.public_lists import PublicList, PublicUnit
from starrating.queries.publications import PublicationHead, lists, publications_of_year
from starrating.services.publication.orders import Order, pdf_order
from starrating.services.working_days import BEIJING

Said = TypeVar("Said")
HEADINGS = tuple(name for name, _width in COLUMNS)
LAYOUT = "list_workbook/2"
"""Counts up when the workbook's columns or looks change: what was made before is then not handed out again."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The editions that a paper is of; `district` is empty for the whole city."""

    year: int
    district: str
    heads: tuple[PublicationHead, ...]

    @property
    def digest(self) -> str:
        """That of the one edition, or of the digests of all of them, one a line."""
        digests = [head.digest for head in self.heads]
        return digests[0] if len(digests) == 1 else sha256("".join(f"{one}\n" for one in digests).encode()).hexdigest()

    @property
    def name(self) -> str:
        """What its file is called, without an ending."""
        return self.named("星级名单")

    def named(self, what: str) -> str:
        """What another paper of the same editions is called."""
        place = self.heads[0].district if self.district else city_of(self.heads[0].district_code)
        return f"{place}{self.year}年度{'、'.join(self.kinds.values())}{what}"

    @property
    def kinds(self) -> dict[str, str]:
        """The kinds that are in it, villages first, each with its word."""
        return {kind: noun for kind, noun in NOUNS.items() if any(head.kind == kind for head in self.heads)}


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who issues a document and its number; empty parts are the usual names and a space to be filled in."""

    issuers: tuple[str, ...] = ()
    number: str = ""


def chosen(year: int, district: str = "", kind: str = "") -> Chosen | None:
    """The editions of a year that stand, of a district or the city, of one kind or both; None where there are none."""
    heads = [head for head in publications_of_year(year) if district in ("", head.district_code)]
    heads = [head for head in heads if kind in ("", head.kind)]
    heads.sort(key=lambda head: (head.kind != "village", head.district_code))
    return Chosen(year, district, tuple(heads)) if heads else None


def document(wanted: Chosen, letterhead: Letterhead, address: str) -> Order:
    """The document as PDF; `address` is where lists are verified, empty where that is not known."""
    return pdf_order(TEMPLATE, list_data(_paper(wanted, letterhead, address)), _lines(wanted))


def workbook(wanted: Chosen) -> Order:
    """The list as a workbook."""
    what = f"{LAYOUT} {wanted.name} {wanted.digest}"
    return Order(what, "xlsx", _lines(wanted), lambda: _workbook(wanted))


def _lines(wanted: Chosen) -> int:
    """How many units are listed."""
    return sum(len(one.units) for one in lists(wanted.heads))


def _workbook(wanted: Chosen) -> bytes:
    found = lists(wanted.heads)
    sample = SAMPLE if is_invented(found) else ""
    editions = [(head.district, NOUNS[head.kind], str(head.edition), day_of(head).isoformat(), head.digest,
                 "、".join(one.issuers), one.number, one.restates)
                for head, one in zip(wanted.heads, found, strict=True)]  # fmt: skip
    day = max(day_of(head) for head in wanted.heads)
    return list_workbook(Listed(wanted.name, day, _rows(wanted.year, found), editions, sample, _decided(found)))


def _decided(found: Iterable[PublicList]) -> list[tuple[str, ...]]:
    """The lines of what was decided after publication: of corrected values, then of the units that moved."""
    rows: list[tuple[str, ...]] = []
    for one in found:
        noun = NOUNS[one.kind]
        for each in one.corrections:
            head, tail = (one.district, noun), (each.on.isoformat(), str(each.edition), each.reason, each.ground)
            rows += [(*head, value.unit, value.code, f"{value.header} {value.name}".strip(), value.before, value.after,
                      *tail) for value in each.values]  # fmt: skip
            rows += [] if each.values else [(*head, "", "", f"更正{each.count}个数", "", "", *tail)]
        rows += [(one.district, noun, each.name, each.code, "星级", each.before or UNRATED, each.after or UNRATED,
                  each.on.isoformat(), str(each.edition), each.reason, each.ground)
                 for each in one.decisions]  # fmt: skip
    return rows


def restated_text(unit: PublicUnit) -> str:
    """The mark of a unit whose star another stands for than the first edition said."""
    return f"已更正，原{unit.was}" if unit.was else ""


def moved_text(unit: PublicUnit) -> str:
    """A movement in words, its steps as a number that follows a word."""
    name = MOVES.get(unit.movement, "")
    return f"{name}{abs(unit.change)}级" if unit.change and unit.movement in ("up", "down") else name


def row_of(year: int, unit: PublicUnit) -> tuple[str, ...]:
    """A unit's line of a table, in the order of the workbook's columns."""
    return (str(year), unit.district, unit.township, NOUNS[unit.kind], unit.name, unit.code, unit.level or UNRATED,
            unit.previous, moved_text(unit), unit.total, str(unit.rank or ""), restated_text(unit))  # fmt: skip


def _rows(year: int, found: Iterable[PublicList]) -> Iterator[tuple[str, ...]]:
    return (row_of(year, unit) for one in found for unit in one.units)


def _paper(wanted: Chosen, letterhead: Letterhead, address: str) -> Paper:
    found = lists(wanted.heads)
    city, first = city_of(wanted.heads[0].district_code), wanted.heads[0]
    notices = {(one.opened, one.closed) for one in found}
    return Paper(
        place=first.district if wanted.district else city, whole="全区" if wanted.district else "全市",
        year=wanted.year, day=max(day_of(head) for head in wanted.heads),
        issuers=letterhead.issuers or _only(found, lambda one: one.issuers)
        or usual_issuers(city, first.district if wanted.district else ""),
        number=letterhead.number or _only(found, lambda one: one.number) or "", restated=_restated(found),
        schemes=list(dict.fromkeys(one.scheme for one in found)),
        notice=next(iter(notices)) if len(notices) == 1 else None,
        annexes=[_annex(kind, wanted.heads, found) for kind in wanted.kinds], digest=wanted.digest,
        fingerprints=list(dict.fromkeys(fingerprint(head.public_key) for head in wanted.heads if head.public_key)),
        address=address, sample=is_invented(found),
    )  # fmt: skip


def _only(found: Sequence[PublicList], said: Callable[[PublicList], Said]) -> Said | None:
    """What all lists say alike of who issued them; nothing for the lists of several offices."""
    every = {said(one) for one in found}
    return next(iter(every)) if len(every) == 1 else None


def _restated(found: Iterable[PublicList]) -> list[str]:
    """A sentence for everything that decisions changed since the first edition, as a document says it."""
    said = []
    for one in found:
        said += [f"{one.district}{NOUNS[one.kind]}名单第{each.edition}版更正{each.count}个数，自{day_text(each.on)}起："
                 f"{each.reason}（依据：{each.ground}）。" for each in one.corrections]  # fmt: skip
        said += [f"{each.township}{each.name}由{each.before or UNRATED}改为{each.after or UNRATED}，"
                 f"自{day_text(each.on)}起：{each.reason}（依据：{each.ground}）。"
                 for each in one.decisions]  # fmt: skip
    return said


def usual_issuers(city: str, district: str) -> tuple[str, ...]:
    """Who usually issues such a list: the organisation department and the civil affairs bureau of the place."""
    return (f"中共{city}{district}委组织部", f"{city}{district}民政局")


def _annex(kind: str, heads: Sequence[PublicationHead], found: Sequence[PublicList]) -> Annex:
    pairs = [(head, one) for head, one in zip(heads, found, strict=True) if head.kind == kind]
    return Annex(kind, [Part(head.district, head.digest, head.edition, one.levels, _towns(one)) for head, one in pairs])


def _towns(one: PublicList) -> list[Town]:
    groups = groupby(one.units, key=lambda unit: (unit.township_code, unit.township))
    return [Town(name, [_line(unit) for unit in units]) for (_code, name), units in groups]


def _line(unit: PublicUnit) -> Line:
    return Line(unit.name, unit.level, unit.place, unit.previous, unit.movement, unit.change)


def is_invented(found: Iterable[PublicList]) -> bool:
    """True where a demonstration scheme is among those of the lists."""
    return any(SAMPLE_WORD in one.scheme for one in found)


def day_of(head: PublicationHead) -> date:
    """The day in Beijing on which an edition was published."""
    return head.published_at.astimezone(BEIJING).date()
