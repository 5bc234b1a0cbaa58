"""The demonstration's rows, put into the tables in bulk: cells with their first values, events, leaders' posts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

import numpy as np
from sqlalchemy import Connection, insert, literal, select
from sqlalchemy.orm import Session

from starrating.demo.draw import ALL
from starrating.demo.noise import Chance
from starrating.demo.people import holds_both_posts, months_in_post, months_since_founding
from starrating.demo.raw_values import Columns
from starrating.models.events import EventRecord
from starrating.models.people import Person, Post
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
    months = months_since_founding(_chance(codes), year)
    first = (year + 1) * 12 - months - 1
    return {code: _first_of(month) for code, month in zip(codes, first.tolist(), strict=True) if month >= 2021 * 12}


def store_posts(session: Session, keys: Mapping[str, int], years: Sequence[int]) -> int:
    """Give every unit its leaders over the years; about nine units of ten have one person in both posts."""
    codes = sorted(keys)
    chance = _chance(codes)
    both = holds_both_posts(chance).tolist()
    starts = _starts(chance, years)
    people: list[dict[str, object]] = []
    posts: list[dict[str, object]] = []
    for place, code in enumerate(codes):
        terms = sorted({int(column[place]) for column in starts})
        for number, first in enumerate(terms):
            ends = _first_of(terms[number + 1]) - timedelta(days=1) if number + 1 < len(terms) else None
            term = {"unit_id": keys[code], "begins_on": _first_of(first), "ends_on": ends}
            secretary = _person(people)
            posts.append({**term, "person_id": secretary, "kind": "secretary"})
            posts.append({**term, "person_id": secretary if both[place] else _person(people), "kind": "director"})
    session.execute(insert(Person), people)
    session.execute(insert(Post), posts)
    return len(posts)


def _starts(chance: Chance, years: Sequence[int]) -> list[list[int]]:
    """For each year the month in which each unit's secretary of that year began, counted from year 0."""
    found = []
    for year in years:
        founded = np.maximum(months_since_founding(chance, year), 0)
        found.append(((year + 1) * 12 - months_in_post(chance, year, founded) - 1).tolist())
    return found


def _person(people: list[dict[str, object]]) -> int:
    """One more invented person; tables are empty, so that keys count from 1."""
    people.append({"id": len(people) + 1, "name": f"示例{len(people) + 1:05d}"})
    return len(people)


def _first_of(month: int) -> date:
    month = max(month, _EARLIEST)
    return date(month // 12, month % 12 + 1, 1)


def _chance(codes: Sequence[str]) -> Chance:
    return Chance(np.array([int(code) for code in codes], dtype=np.int64))
