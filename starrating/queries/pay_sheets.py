"""Reading pay sheets that were drafted or confirmed: those of a township, one, and sums by township and district."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from starrating.domain.access import Place
from starrating.domain.pay import SheetState
from starrating.extensions import db
from starrating.models.divisions import Division
from starrating.models.pay import PaySheet
from starrating.models.people import Person
from starrating.queries import staying
from starrating.queries.staying import SheetRow


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
    return staying.sheets_of(staying.PAY, township_id, year)


def sheet_of(sheet_id: int) -> SheetRow | None:
    """One sheet."""
    return staying.sheet_of(staying.PAY, sheet_id)


def place_of_sheet(sheet_id: int) -> Place | None:
    """The place of a sheet: that of its township."""
    return staying.place_of_sheet(staying.PAY, sheet_id)


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
