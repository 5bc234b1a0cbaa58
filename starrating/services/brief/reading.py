"""What a quarterly brief is made of, read at once; what it says is of the day on which it is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from starrating.domain.access import Place
from starrating.domain.faults import RuleError
from starrating.domain.scheme import Scheme
from starrating.domain.windows import Calendar, first_instant, last_instant
from starrating.queries.briefs import Happened, ValueCount, checks_of, events_between, values_of
from starrating.queries.cards import units_at
from starrating.queries.cycles import CycleRow, cycles
from starrating.queries.divisions import DivisionRow, children_of, path_of
from starrating.queries.objections import waiting_by_year
from starrating.queries.progress import texts_in, units_in
from starrating.queries.public_lists import PublicList
from starrating.queries.publications import lists, publications_of_year
from starrating.queries.standing import years_standing
from starrating.queries.windows import calendar_of
from starrating.services.clock import now
from starrating.services.rating.cards import Card, cards_in
from starrating.services.scoring.progress_lines import Line, by_kinds
from starrating.services.working_days import today
from starrating.services.yearbook.facts import KINDS
from starrating.services.yearbook.reading import LEVELS
from starrating.services.years.scheme_texts import read_kept

QUARTERS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of a year."""

    year: int
    number: int

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year + self.number // 4, 3 * self.number % 12 + 1, 1) - timedelta(days=1)

    @property
    def periods(self) -> tuple[str, ...]:
        """The periods of schemes that lie in it: the quarter itself and its months."""
        return (f"Q{self.number}", *(f"M{month:02d}" for month in range(3 * self.number - 2, 3 * self.number + 1)))


@dataclass(frozen=True, slots=True, eq=False)
class BriefSource:
    """All that a brief says."""

    division: DivisionRow
    city: str
    quarter: Quarter
    day: date
    at: datetime
    years: tuple[CycleRow, ...]
    """The year of the district, or of each of the city's districts."""
    lines: Mapping[str, tuple[Line, ...]]
    """Kind ('' for both) → the progress of each district."""
    calendar: Calendar | None
    """Of a district; a city's are those of its districts."""
    schemes: Mapping[str, tuple[Scheme, ...]]
    units: Mapping[str, int]
    values: tuple[ValueCount, ...]
    events: tuple[Happened, ...]
    checks: Mapping[str, int]
    waiting: tuple[int, int]
    objections: tuple[int, date | None]
    published: tuple[PublicList, ...]
    cards: tuple[Card, ...]
    cards_year: int
    names: Mapping[int, tuple[str, str]]
    """Unit → its name and where it is."""

    @property
    def whole_city(self) -> bool:
        """True of the city's, False of a district's."""
        return self.division.level == "municipality"


def brief_source(path: Sequence[DivisionRow], year: int, number: int) -> BriefSource:
    """Read everything that a brief says, of a division with those above it; refused where there is no such quarter."""
    own = checked(path, year, number)
    here, place, quarter = path[-1], Place(*(row.id for row in path)), Quarter(year, number)
    first, last = first_instant(quarter.first), last_instant(quarter.last)
    keys, at = [row.id for row in own], now()
    sizes, texts, standing = units_in(own), texts_in(keys), _cards(place, year)
    districts = [here] if here.level == "district" else children_of(here.id, "district")
    return BriefSource(
        here, path[0].name, quarter, today(), at, own,
        by_kinds(own, ("", *KINDS), at, (sizes, texts)),
        None if here.level == "municipality" else calendar_of(own[0]), _schemes(texts),
        {kind: sum(count for (_, one), count in sizes.items() if one == kind) for kind in KINDS},
        values_of(keys, quarter.periods), events_between(keys, first, last),
        *checks_of([place], first, last, at), _objections(keys), _published(districts, year), *standing,
        _names(place, districts if here.level == "municipality" else ()),
    )  # fmt: skip


def checked(path: Sequence[DivisionRow], year: int, number: int) -> tuple[CycleRow, ...]:
    """The years that the brief of a quarter is of; refused where there is no such quarter."""
    if not path or path[-1].level not in LEVELS:
        raise RuleError("yearbook.place")
    own = tuple(row for row in cycles([Place(*(row.id for row in path))]) if row.year == year)
    if number not in QUARTERS or not own:
        raise RuleError("brief.none", place=path[-1].name, year=year)
    return own


def quarters_for(division_id: int) -> tuple[int, ...]:
    """The years of which there can be a brief of a city or district, the newest first."""
    path = path_of(division_id)
    return tuple(dict.fromkeys(row.year for row in cycles([Place(*(row.id for row in path))])))


def _schemes(texts: Mapping[tuple[int, str], str]) -> dict[str, tuple[Scheme, ...]]:
    found: dict[str, dict[str, Scheme]] = {kind: {} for kind in KINDS}
    for (_, kind), text in texts.items():
        found[kind].setdefault(text, read_kept(text).scheme)
    return {kind: tuple(own.values()) for kind, own in found.items()}


def _objections(keys: list[int]) -> tuple[int, date | None]:
    waiting = waiting_by_year(keys).values()
    days = [one.due_on for one in waiting if one.due_on]
    return sum(one.count for one in waiting), min(days, default=None)


def _published(districts: Sequence[DivisionRow], year: int) -> tuple[PublicList, ...]:
    """The lists whose stars stand in the quarter: those of the year before, and of the year itself where it is over."""
    codes = {row.code for row in districts}
    return lists(head for head in publications_of_year(year - 1, year) if head.district_code in codes)


def _cards(place: Place, year: int) -> tuple[tuple[Card, ...], int]:
    """The cards of the last year up to this one whose results stand, and which year that is (0: none)."""
    known = next((one for one in years_standing([place]) if one <= year), 0)
    return (cards_in([place], known) if known else ()), known


def _names(place: Place, districts: Sequence[DivisionRow]) -> dict[int, tuple[str, str]]:
    above = {row.id: row.name for row in districts}
    return {key: (unit.name, above.get(unit.district_id, "") + unit.township)
            for key, unit in units_at([place]).items()}  # fmt: skip
