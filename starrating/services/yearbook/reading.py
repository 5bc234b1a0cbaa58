"""What a yearbook is made of, read at once: lists of the years, schemes, cards of the published runs, objections.

`wanted` is cheap and says by a digest of its own whether anything of it has changed; `source_of` reads all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from flask import current_app

from starrating.domain.access import Place
from starrating.domain.faults import RuleError
from starrating.domain.scheme import Scheme
from starrating.queries.boundaries import Supplied, supplied
from starrating.queries.cards import CardRow, cards_standing
from starrating.queries.divisions import DivisionRow, children_of, path_of
from starrating.queries.publications import PublicationHead, lists
from starrating.queries.yearbook import codes_of, heads_until, lists_expected, objections_of, years_of
from starrating.services.publication.list_papers import day_of
from starrating.services.rating.cards import Card, cards_in
from starrating.services.yearbook.facts import KINDS, Facts, facts_of
from starrating.services.years.scheme_texts import read_kept

LEVELS = ("municipality", "district")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A yearbook that can be made: whose, of which year, from which lists."""

    division: DivisionRow
    city: str
    place: Place
    year: int
    heads: Mapping[int, tuple[PublicationHead, ...]]
    """Year → the lists that stand, up to the yearbook's own."""
    missing: tuple[str, ...]
    """The districts without a published list of the year."""
    partly: tuple[tuple[str, str], ...]
    """(District, kind) of the lists that are not published of districts that published another one."""
    objections: Mapping[str, int]
    address: str
    """Where lists are verified, empty where that is not known."""
    codes: Mapping[int, str]
    """Key → code of the districts that the yearbook is about."""
    boundaries: Supplied | None = None
    """The office's file of boundaries, which a city's map is drawn from; None where the map is one of squares."""

    @property
    def whole_city(self) -> bool:
        """True of the city's, False of a district's."""
        return self.division.level == "municipality"

    @property
    def day(self) -> date:
        """The day of the last of its lists."""
        return max(day_of(head) for head in self.heads[self.year])

    @property
    def name(self) -> str:
        """What its file is called, without an ending."""
        return f"{self.division.name}{self.year}年度村社区评星定级年报"

    @property
    def digest(self) -> str:
        """Changes with everything that is in the yearbook, and with nothing else."""
        said = [self.city, self.division.code, self.division.name, str(self.year), self.address, *self.missing]
        said += [f"{name} {kind}" for name, kind in self.partly]
        said += [f"{state}={count}" for state, count in sorted(self.objections.items())]
        if self.boundaries is not None:
            said.append(
                f"{self.boundaries.digest} {self.boundaries.approval} {self.boundaries.imported_at.isoformat()}"
            )
        said += [f"{year} {head.digest} {head.district}" for year, heads in self.heads.items() for head in heads]
        return sha256("\n".join(said).encode()).hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """All of it, read."""

    wanted: Wanted
    facts: Facts
    years: Mapping[int, Facts]
    """Every year up to the yearbook's own, this one among them."""
    schemes: tuple[tuple[CardRow, Scheme], ...]
    """The schemes of the published runs, each once, villages first."""
    cards: tuple[Card, ...]
    before: tuple[Card, ...]
    codes: Mapping[int, str]

    @property
    def last_year(self) -> Facts | None:
        """The year before, where lists of it were published."""
        return self.years.get(self.facts.year - 1)


def years_for(division_id: int) -> tuple[int, ...]:
    """The years of which there can be a yearbook of a division, the newest first."""
    return years_of(division_id)


def wanted(division_id: int, year: int) -> Wanted:
    """The yearbook of a division and year; refused where nothing of it was published."""
    path = path_of(division_id)
    if not path or path[-1].level not in LEVELS:
        raise RuleError("yearbook.place")
    here = path[-1]
    districts = _districts(here)
    heads = heads_until(year, {row.code for row in districts})
    if year not in heads:
        raise RuleError("yearbook.unpublished", place=here.name, year=year)
    published = {(head.district_code, head.kind) for head in heads[year]}
    some = {code for code, _ in published}
    left = lists_expected(year, some) - published
    return Wanted(
        here, path[0].name, Place(*(row.id for row in path)), year, heads,
        tuple(row.name for row in districts if row.code not in some),
        tuple((row.name, kind) for row in districts for kind in KINDS if (row.code, kind) in left),
        objections_of(year, published), verifying_address(), {row.id: row.code for row in districts},
        supplied() if here.level == "municipality" else None,
    )  # fmt: skip


def verifying_address() -> str:
    """Where anybody verifies a list, as papers print it; empty where the office has not said under which address."""
    base = str(current_app.config.get("PUBLIC_ADDRESS") or "")
    return f"{base}/public/verify" if base else ""


def source_of(asked: Wanted) -> Source:
    """Read everything that the yearbook says."""
    years = {
        year: facts_of(asked.division.name, asked.whole_city, year, lists(heads)) for year, heads in asked.heads.items()
    }
    rows = [row for row in cards_standing([asked.place], asked.year) if _published(row, asked, asked.year)]
    schemes = {(row.kind, row.digest): (row, read_kept(row.text).scheme) for row in rows}
    return Source(asked, years[asked.year], years, tuple(schemes.values()), _cards(asked, asked.year),
                  _cards(asked, asked.year - 1), codes_of([asked.place]))  # fmt: skip


def _cards(asked: Wanted, year: int) -> tuple[Card, ...]:
    if year not in asked.heads:
        return ()
    return tuple(card for card in cards_in([asked.place], year) if _published(card.run, asked, year))


def _published(row: CardRow, asked: Wanted, year: int) -> bool:
    """True of a run whose list was published: what is still in notice is no part of a yearbook."""
    codes = {head.district_code for head in asked.heads[year] if head.kind == row.kind}
    return asked.codes.get(row.district_id) in codes


def _districts(here: DivisionRow) -> Sequence[DivisionRow]:
    """The districts that a yearbook of a division is about."""
    return [here] if here.level == "district" else children_of(here.id, "district")
