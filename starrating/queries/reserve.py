"""Reading the reserve list: a place's entries, its rule, units without enough, the checks of those who are on it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from starrating.domain.access import Place
from starrating.domain.posts import PostKind
from starrating.domain.reserve import ReserveState
from starrating.extensions import db
from starrating.models.accounts import Account
from starrating.models.divisions import Division, Unit
from starrating.models.eligibility import EligibilityCheck
from starrating.models.people import Person
from starrating.models.reserve import ReserveEntry, ReserveRule
from starrating.queries.eligibility import Summed, checks_by_id, summed
from starrating.queries.pages import SIZE, Page, offset_of
from starrating.queries.places import units_within


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry of the reserve list with whoever acted on it."""

    id: int
    person_id: int
    name: str
    birth_year: int | None
    unit_id: int
    unit: str
    township: str
    district: str
    place: Place
    kind: PostKind
    state: ReserveState
    nominator: str
    nominated_on: date
    nominated_by: int
    nominated_name: str
    reviewed_by: int | None
    reviewed_name: str
    reviewed_at: datetime | None
    confirmed_name: str
    confirmed_at: datetime | None
    ended_on: date | None
    ending: str
    reason: str
    version: int


@dataclass(frozen=True, slots=True)
class RuleRow:
    """The rule of a district that holds: how many each unit needs, the bound of age where there is one."""

    district_id: int
    version: int
    least: int
    oldest: int | None


def rules_of(district_ids: Collection[int]) -> dict[int, RuleRow]:
    """District → the rule that holds; districts without one are left out."""
    last = (
        select(ReserveRule.district_id, func.max(ReserveRule.version).label("version"))
        .where(ReserveRule.district_id.in_(district_ids)).group_by(ReserveRule.district_id).subquery()
    )  # fmt: skip
    rows = db.session.execute(
        select(ReserveRule.district_id, ReserveRule.version, ReserveRule.least, ReserveRule.oldest)
        .join(last, (last.c.district_id == ReserveRule.district_id) & (last.c.version == ReserveRule.version))
    )  # fmt: skip
    return {row[0]: RuleRow(*row) for row in rows}


def entries_page(places: Iterable[Place], state: str, page: int = 1) -> Page[EntryRow]:
    """A page of the entries within the places, in one state or in any that has not ended, by unit."""
    wanted = [units_within(places), _in(state)]
    counted = select(func.count()).select_from(ReserveEntry).join(Unit, Unit.id == ReserveEntry.unit_id)
    total = db.session.scalar(counted.where(*wanted)) or 0
    number = min(max(page, 1), max(1, -(-total // SIZE)))
    return Page(_entries(wanted, SIZE, offset_of(number)), number, total)


def all_entries(places: Iterable[Place], state: str) -> tuple[EntryRow, ...]:
    """All of them, for a file."""
    return _entries([units_within(places), _in(state)])


def entry(entry_id: int) -> EntryRow | None:
    """One entry."""
    return next(iter(_entries([ReserveEntry.id == entry_id])), None)


def entries_of_person(person_id: int, places: Iterable[Place] | None = None) -> tuple[EntryRow, ...]:
    """Where a person is or was on the list, all of it or within the places."""
    within = () if places is None else (units_within(places),)
    return _entries([ReserveEntry.person_id == person_id, *within])


def entries_named(name: str, places: Iterable[Place]) -> tuple[EntryRow, ...]:
    """The entries within the places of all people of exactly that name."""
    return _entries([Person.name == name, Person.merged_into_id.is_(None), units_within(places)])


def place_of_entry(entry_id: int) -> Place | None:
    """The unit of an entry."""
    found = entry(entry_id)
    return found.place if found else None


def states_of(places: Iterable[Place]) -> dict[str, int]:
    """How many entries there are in each state, and under "" how many have not ended."""
    rows = db.session.execute(
        select(ReserveEntry.state, func.count()).join(Unit, Unit.id == ReserveEntry.unit_id)
        .where(units_within(places)).group_by(ReserveEntry.state)
    )  # fmt: skip
    found: dict[str, int] = {row[0]: row[1] for row in rows}
    told = {state.value: found.get(state.value, 0) for state in ReserveState}
    return {"": sum(told.values()) - told[ReserveState.ENDED]} | told


def to_confirm(place: Place, account_id: int) -> Select[int]:
    """The question how many entries within a place the district has to confirm that an account had no part in."""
    own = or_(ReserveEntry.nominated_by == account_id, ReserveEntry.reviewed_by == account_id)
    counted = select(func.count()).select_from(ReserveEntry).join(Unit, Unit.id == ReserveEntry.unit_id)
    return counted.where(units_within([place]), ReserveEntry.state == ReserveState.REVIEWED, ~own)


def confirmed_by_unit(places: Iterable[Place]) -> dict[int, int]:
    """Unit → how many are confirmed there."""
    rows = db.session.execute(
        select(ReserveEntry.unit_id, func.count()).join(Unit, Unit.id == ReserveEntry.unit_id)
        .where(units_within(places), ReserveEntry.state == ReserveState.CONFIRMED).group_by(ReserveEntry.unit_id)
    )  # fmt: skip
    return {row[0]: row[1] for row in rows}


def latest_checks(person_ids: Collection[int], places: Iterable[Place]) -> dict[int, Summed]:
    """Person → the latest eligibility check within the places, with what it comes to."""
    keys = db.session.scalars(
        select(func.max(EligibilityCheck.id)).join(Unit, Unit.id == EligibilityCheck.unit_id)
        .where(EligibilityCheck.person_id.in_(person_ids), units_within(places)).group_by(EligibilityCheck.person_id)
    ).all()  # fmt: skip
    return {one.check.person_id: one for one in summed(tuple(checks_by_id(keys).values()))}


def _in(state: str) -> ColumnElement[bool]:
    return ReserveEntry.state == state if state else ReserveEntry.state != ReserveState.ENDED


def _entries(wanted: list[ColumnElement[bool]], limit: int | None = None, offset: int = 0) -> tuple[EntryRow, ...]:
    township, district = aliased(Division), aliased(Division)
    first, second, third = aliased(Account), aliased(Account), aliased(Account)
    rows = db.session.execute(
        select(
            ReserveEntry, Person.name, Person.birth_year, Unit.name, township.name, district.name, district.parent_id,
            district.id, township.id, first.display_name, func.coalesce(second.display_name, ""),
            func.coalesce(third.display_name, ""),
        )
        .join(Person, Person.id == ReserveEntry.person_id)
        .join(Unit, Unit.id == ReserveEntry.unit_id)
        .join(township, township.id == Unit.township_id)
        .join(district, district.id == Unit.district_id)
        .join(first, first.id == ReserveEntry.nominated_by)
        .outerjoin(second, second.id == ReserveEntry.reviewed_by)
        .outerjoin(third, third.id == ReserveEntry.confirmed_by)
        .where(*wanted)
        .order_by(Unit.code, ReserveEntry.id)
        .limit(limit)
        .offset(offset)
    )  # fmt: skip
    return tuple(_entry(row) for row in rows)


def _entry(row: Any) -> EntryRow:
    one: ReserveEntry = row[0]
    place = Place(row[6], row[7], row[8], one.unit_id)
    return EntryRow(
        one.id, one.person_id, row[1], row[2], one.unit_id, row[3], row[4], row[5], place, PostKind(one.kind),
        ReserveState(one.state), one.nominator, one.nominated_on, one.nominated_by, row[9], one.reviewed_by, row[10],
        one.reviewed_at, row[11], one.confirmed_at, one.ended_on, one.ending, one.reason, one.version,
    )  # fmt: skip
