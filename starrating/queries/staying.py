"""Reading sheets that two people make and nothing changes after: those of pay, those of reward money."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from starrating.domain.access import Place
from starrating.domain.pay import SheetState
from starrating.extensions import db
from starrating.models.accounts import Account
from starrating.models.cases import ConsequenceCase
from starrating.models.divisions import Division, Unit
from starrating.models.pay import FundSheet, PaySheet
from starrating.queries.places import place_of_division


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of sheets: its table, and the column of the division that a sheet is of."""

    table: type[PaySheet | FundSheet]
    of: InstrumentedAttribute[int]


PAY = Sort(PaySheet, PaySheet.township_id)
FUND = Sort(FundSheet, FundSheet.district_id)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A sheet with who drafted and who confirmed it; `text` holds its rows."""

    id: int
    division_id: int
    division: str
    parent_id: int
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


def sheets_of(sort: Sort, division_id: int, year: int) -> tuple[SheetRow, ...]:
    """The sheets of a division and year in their order."""
    table = sort.table
    rows = db.session.execute(_rows(sort).where(sort.of == division_id, table.year == year).order_by(table.number))
    return tuple(_row(row) for row in rows)


def sheet_of(sort: Sort, sheet_id: int) -> SheetRow | None:
    """One sheet."""
    row = db.session.execute(_rows(sort).where(sort.table.id == sheet_id)).one_or_none()
    return _row(row) if row else None


def every_sheet(sort: Sort) -> Iterable[SheetRow]:
    """Every sheet there is, division by division, year by year, in their order: what a check reads."""
    table = sort.table
    return map(_row, db.session.execute(_rows(sort).order_by(sort.of, table.year, table.number)))


def place_of_sheet(sort: Sort, sheet_id: int) -> Place | None:
    """The place of a sheet: that of its division."""
    division = db.session.scalar(select(sort.of).where(sort.table.id == sheet_id))
    return None if division is None else place_of_division(division)


def place_of_fund(fund_id: int) -> Place | None:
    """The place of a sheet of reward money: its district."""
    return place_of_sheet(FUND, fund_id)


def years_of_cases(case_ids: Collection[int]) -> dict[int, tuple[int, str]]:
    """Case → its cycle and the kind of its unit: by which scheme it was opened."""
    rows = db.session.execute(
        select(ConsequenceCase.id, ConsequenceCase.cycle_id, Unit.kind)
        .join(Unit, Unit.id == ConsequenceCase.unit_id)
        .where(ConsequenceCase.id.in_(case_ids))
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _rows(sort: Sort) -> Any:
    first, second, table = aliased(Account), aliased(Account), sort.table
    return (
        select(
            table.id, sort.of, Division.name, Division.parent_id, table.year, table.number, table.state, table.version,
            table.text, table.digest, table.total, table.reason, table.drafted_by, first.display_name,
            table.drafted_at, func.coalesce(second.display_name, ""), table.confirmed_at,
        )
        .join(Division, Division.id == sort.of)
        .join(first, first.id == table.drafted_by)
        .outerjoin(second, second.id == table.confirmed_by)
    )  # fmt: skip


def _row(row: Any) -> SheetRow:
    said = list(row)
    said[6] = SheetState(row[6])
    return SheetRow(*said)
