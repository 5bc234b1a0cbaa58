"""Reading pay sheets that were drafted or confirmed: those of a township, one, and sums by township and district."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from starrating.domain.access import Place
from starrating.domain.pay import SheetState
from starrating.extensions import db
from starrating.models.accounts import Account
from starrating.models.divisions import Division
from starrating.models.pay import PaySheet
from starrating.models.people import Person
from starrating.queries.places import place_of_division


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A sheet with who drafted and who confirmed it; `text` holds its rows."""

    id: int
    township_id: int
    township: str
    district_id: int
    year: int
    number: int
    state: SheetState
    version: int
    text: str
    digest: str
    total: int
    reason: str
    drafted_by: int
    drafter: str
    drafted_at: datetime
    confirmer: str
    confirmed_at: datetime | None

    @property
    def confirmed(self) -> bool:
        """True where a second person has confirmed it."""
        return self.state is SheetState.CONFIRMED


@dataclass(frozen=True, slots=True)
class SheetSum:
    """What the confirmed sheets of a township come to, how many they are, and whether one waits for a second person."""

    confirmed: int
    total: int
    waiting: bool


@dataclass(frozen=True, slots=True)
class DistrictSum:
    """What a district has confirmed of a year: townships, how many with a sheet, how many wait, the sum in 分."""

    id: int
    name: str
    townships: int
    done: int
    waiting: int
    total: int


def sheets_of(township_id: int, year: int) -> tuple[SheetRow, ...]:
    """The sheets of a township and year in their order."""
    rows = db.session.execute(
        _rows().where(PaySheet.township_id == township_id, PaySheet.year == year).order_by(PaySheet.number)
    )
    return tuple(_row(row) for row in rows)


def sheet_of(sheet_id: int) -> SheetRow | None:
    """One sheet."""
    row = db.session.execute(_rows().where(PaySheet.id == sheet_id)).one_or_none()
    return _row(row) if row else None


def place_of_sheet(sheet_id: int) -> Place | None:
    """The place of a sheet: that of its township."""
    township = db.session.scalar(select(PaySheet.township_id).where(PaySheet.id == sheet_id))
    return None if township is None else place_of_division(township)


def sums_of(township_ids: Collection[int], year: int) -> dict[int, SheetSum]:
    """Township → what its sheets of a year come to; those without one are left out."""
    confirmed = PaySheet.state == SheetState.CONFIRMED
    rows = db.session.execute(
        select(PaySheet.township_id, func.sum(case((confirmed, 1), else_=0)),
               func.sum(case((confirmed, PaySheet.total), else_=0)), func.count())
        .where(PaySheet.township_id.in_(township_ids), PaySheet.year == year)
        .group_by(PaySheet.township_id)
    )  # fmt: skip
    return {row[0]: SheetSum(int(row[1]), int(row[2]), int(row[3]) > int(row[1])) for row in rows}


def sums_by_district(municipality_id: int, year: int) -> tuple[DistrictSum, ...]:
    """Every district of a city with what it has confirmed of a year, in the order of codes; no person is in it."""
    township = aliased(Division)
    rows = db.session.execute(
        select(Division.id, Division.name, township.id)
        .outerjoin(township, township.parent_id == Division.id)
        .where(Division.parent_id == municipality_id)
        .order_by(Division.code, township.code)
    ).all()
    sums = sums_of({row[2] for row in rows if row[2]}, year)
    found: dict[int, tuple[str, list[SheetSum | None]]] = {}
    for row in rows:
        within = found.setdefault(row[0], (row[1], []))[1]
        if row[2]:
            within.append(sums.get(row[2]))
    return tuple(_summed(key, name, within) for key, (name, within) in found.items())


def people_standing(ids: Collection[int]) -> dict[int, tuple[int, str]]:
    """Person → who they are now: the record they were merged into, and its name in clear."""
    kept = {row.id: row for row in db.session.execute(
        select(Person.id, Person.name, Person.merged_into_id).where(Person.id.in_(ids)))}  # fmt: skip
    merged = {row.merged_into_id for row in kept.values() if row.merged_into_id is not None}
    last = people_standing(merged) if merged else {}
    return {key: last.get(row.merged_into_id or 0, (row.id, row.name)) for key, row in kept.items()}


def _summed(key: int, name: str, within: list[SheetSum | None]) -> DistrictSum:
    there = [one for one in within if one is not None]
    done = sum(1 for one in there if one.confirmed)
    return DistrictSum(key, name, len(within), done, sum(one.waiting for one in there), sum(one.total for one in there))


def _rows() -> Any:
    first, second = aliased(Account), aliased(Account)
    return (
        select(
            PaySheet.id, PaySheet.township_id, Division.name, Division.parent_id, PaySheet.year, PaySheet.number,
            PaySheet.state, PaySheet.version, PaySheet.text, PaySheet.digest, PaySheet.total, PaySheet.reason,
            PaySheet.drafted_by, first.display_name, PaySheet.drafted_at, func.coalesce(second.display_name, ""),
            PaySheet.confirmed_at,
        )
        .join(Division, Division.id == PaySheet.township_id)
        .join(first, first.id == PaySheet.drafted_by)
        .outerjoin(second, second.id == PaySheet.confirmed_by)
    )  # fmt: skip


def _row(row: Any) -> SheetRow:
    said = list(row)
    said[6] = SheetState(row[6])
    return SheetRow(*said)
