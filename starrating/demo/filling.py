"""The demonstration's rows, put into the tables in bulk: cells with their first values, events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

import numpy as np
from sqlalchemy import Connection, insert, literal, select
from sqlalchemy.orm import Session

from starrating.demo.draw import ALL
from starrating.demo.noise import Chance
from starrating.demo.people import months_since_founding
from starrating.demo.raw_values import Columns
from starrating.models.events import EventRecord
from starrating.models.scores import ScoreCell, ScoreValue, ValueState

SOURCE = "demo"
REASON = "示例数据，随机生成"
FILLED = 9_000
"""How many of ten thousand cells are filled in the year that is still being scored."""
_FIELDS = frozenset({"unit", "name", "kind", "district", "township", "months"})
_COPY = "COPY score_cell (cycle_id, unit_id, header, version, state, value) FROM STDIN"
_INSERT = "INSERT INTO score_cell (cycle_id, unit_id, header, version, state, value) VALUES (?, ?, ?, ?, ?, ?)"
_EARLIEST = 1970 * 12

CellRow = tuple[int, int, str, int, str, str]


def value_headers(columns: Columns) -> tuple[str, ...]:
    """The columns that somebody enters: values and the appraisal, neither fields nor events nor what posts say."""
    return tuple(header for header in columns if header not in _FIELDS and not header.startswith(("flag.", "leader.")))


def cell_rows(columns: Columns, keys: Mapping[str, int], cycle_id: int, wanted: Sequence[int], *,
              year: int, whole: bool) -> Iterator[CellRow]:  # fmt: skip
    """A row for every value of the wanted rows, by unit; some are left out of a year that is not `whole`."""
    headers = value_headers(columns)
    codes = columns["unit"]
    if not whole:
        chance = Chance(np.array([int(codes[row]) for row in wanted], dtype=np.int64))
        left = {header: (chance.below(ALL, "filled", header, year) >= FILLED).tolist() for header in headers}
    for place, row in enumerate(wanted):
        unit = keys[codes[row]]
        for header in headers:
            value = columns[header][row]
            if value and (whole or not left[header][place]):
                yield cycle_id, unit, header, 1, ValueState.VALUE.value, value


def store_cells(session: Session, cycle_id: int, rows: Iterable[CellRow], at: datetime) -> int:
    """Put cells in and their first values beside them; how many."""
    kept = list(rows)
    _insert(session.connection(), kept)
    cells = select(
        ScoreCell.id, ScoreCell.version, ScoreCell.state, ScoreCell.value, literal(at, ScoreValue.at.type),
        literal(SOURCE), literal(REASON),
    ).where(ScoreCell.cycle_id == cycle_id).order_by(ScoreCell.id)  # fmt: skip
    into = ("cell_id", "version", "state", "value", "at", "source", "reason")
    session.execute(insert(ScoreValue).from_select(list(into), cells))
    return len(kept)


def _insert(connection: Connection, rows: Sequence[CellRow]) -> None:
    """The driver's own way in: COPY on PostgreSQL, one prepared statement on SQLite."""
    if connection.dialect.name == "postgresql":
        driver = connection.connection.driver_connection
        assert driver is not None
        with driver.cursor() as cursor, cursor.copy(_COPY) as copy:
            for row in rows:
                copy.write_row(row)
        return
    connection.exec_driver_sql(_INSERT, list(rows))


def store_events(session: Session, columns: Columns, keys: Mapping[str, int], cycle_id: int, wanted: Sequence[int],
                 at: datetime) -> int:  # fmt: skip
    """Put in what happened to the wanted rows; how many events."""
    flags = [header for header in columns if header.startswith("flag.")]
    rows = [
        {"cycle_id": cycle_id, "unit_id": keys[columns["unit"][row]], "flag": header.removeprefix("flag."),
         "count": int(columns[header][row]), "reason": REASON, "at": at, "withdrawn_reason": ""}
        for row in wanted for header in flags if columns[header][row] not in ("", "0")
    ]  # fmt: skip
    if rows:
        session.execute(insert(EventRecord), rows)
    return len(rows)


def founded_lately(codes: Sequence[str], year: int) -> dict[str, date]:
    """Unit → the first day of the month it was set up in, for the units that the demonstration sets up in its years."""
    months = months_since_founding(chance_of(codes), year)
    first = (year + 1) * 12 - months - 1
    return {code: first_of(month) for code, month in zip(codes, first.tolist(), strict=True) if month >= 2021 * 12}


def first_of(month: int) -> date:
    """The first day of a month that is counted from year 0."""
    month = max(month, _EARLIEST)
    return date(month // 12, month % 12 + 1, 1)


def chance_of(codes: Sequence[str]) -> Chance:
    """What is drawn for the units, each by its code."""
    return Chance(np.array([int(code) for code in codes], dtype=np.int64))
