"""Many rows in few statements, the same on both databases.

A statement a row is what a large import spends its time on. SQLite keeps a journal for every statement whose triggers
may refuse it, and copies each page it touches: one statement of many rows copies them once. PostgreSQL takes all rows
as one text in JSON, which is written and read faster than arrays of columns; where nothing is asked back and no row may
be left out, the stream of COPY. While one statement is at work, which needs no Python, the next one's rows are made.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import chain, islice
from time import sleep
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Dialect, String, Table, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from starrating.processors import anywhere
from starrating.queries.asking import connection_of
from starrating.services.compact_json import writer

Row = tuple[Any, ...]
Given = TypeVar("Given")
MOST_VALUES = 30_000
"""Values in one statement of SQLite, which takes 32,766 as it comes."""
MOST_ROWS = 20_000
"""Rows in one statement of PostgreSQL."""
FEW = 50
"""Rows that are made before another thread may go on."""
STREAMED = 200
"""From as many rows on PostgreSQL's COPY is worth its beginning."""
ROOM_KIB = 65_536
"""What SQLite may keep of a database in memory while it adds many rows: with the 2 MiB that it has by itself it writes
each page of an index again and again."""


_JSON = writer()


@contextmanager
def many_values() -> Iterator[None]:
    """Make very many values, none of which refers back to another, without looking for circles among them meanwhile.

    That search takes a third of the time of a large import. Where another thread is in such a block too, it is resumed
    when the first of them ends.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def add_rows(session: Session, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Add rows to a table, values in the order of the columns; every one is added, or the database says why not.

    Rows may be made while others are added, by what does not ask the database itself.
    """
    connection, rows = connection_of(session), iter(rows)
    first = list(islice(rows, STREAMED))
    if connection.dialect.name == "postgresql" and len(first) == STREAMED:
        _stream(connection, table, columns, chain(first, rows))
        return
    _insert(connection, table, columns, chain(first, rows), "")


def add_numbered(
    session: Session, table: Table, columns: Sequence[str], rows: Iterable[Row], count: int
) -> Sequence[int] | None:
    """Add so many rows that nobody else is expected to have added, each under a key (`id`) that the table gives it.

    The keys in the order of the rows; None, and no row added, where another one keeps one of them out. To ask for the
    keys beforehand lets the rows go in as a stream, and nothing is told row by row.
    """
    connection = connection_of(session)
    keys = _keys(connection, table, count)
    numbered = ((key, *row) for key, row in zip(keys, rows, strict=True))
    with suppress(IntegrityError), connection.begin_nested():
        add_rows(session, table, ("id", *columns), numbered)
        return keys
    return None


def add_new(
    session: Session, table: Table, columns: Sequence[str], rows: Iterable[Row], told: Sequence[str]
) -> list[Row]:
    """Add those rows that no other one keeps out; of each that was added, what it holds in the columns `told`."""
    end = f" ON CONFLICT DO NOTHING RETURNING {', '.join(told)}"
    return _insert(connection_of(session), table, columns, rows, end)


def change_rows(session: Session, statement: str, table: Table, given: Sequence[str], rows: Iterable[Row]) -> int:
    """Run an `UPDATE … FROM {given} WHERE …` with these rows as `given (column1, column2, …)`; how many were changed.

    `given` names columns of the table that hold what the rows give, for their types.
    """
    connection = connection_of(session)

    def change(part: Row, source: str) -> list[int]:
        return [connection.exec_driver_sql(statement.format(given=source), part).rowcount]

    return sum(_run(connection, _parts(connection, table, given, rows), change))


def _keys(connection: Connection, table: Table, count: int) -> Sequence[int]:
    """Keys for so many rows that are to be added: nobody else gets them."""
    if connection.dialect.name == "postgresql":
        given = text("SELECT nextval(pg_get_serial_sequence(:of, 'id')) FROM generate_series(1, :count)")
        return connection.execute(given, {"of": table.name, "count": count}).scalars().all()
    last = connection.execute(select(func.max(table.c.id))).scalar_one() or 0
    return range(last + 1, last + 1 + count)


def _insert(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Row], end: str) -> list[Row]:
    # Names are those of our own tables; whatever people typed is among the values.
    begin = f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT * FROM "  # nosec B608

    def insert(part: Row, source: str) -> list[Row]:
        found = connection.exec_driver_sql(f"{begin}{source} WHERE true{end}", part)
        return [tuple(row) for row in found] if end else []

    return _run(connection, _parts(connection, table, columns, rows), insert)


def _run(connection: Connection, parts: Iterator[tuple[Any, ...]], do: Callable[..., list[Given]]) -> list[Given]:
    """Do each part, and make the next one meanwhile; nothing is at work any more when this returns or fails."""
    ahead = list(islice(parts, 2))
    if len(ahead) < 2:
        return [one for part in ahead for one in do(*part)]
    found: list[Given] = []
    with anywhere(), _room(connection), ThreadPoolExecutor(1) as beside:
        doing = beside.submit(do, *ahead[0])
        for part in chain(ahead[1:], parts):
            found += doing.result()
            doing = beside.submit(do, *part)
        found += doing.result()
    return found


@contextmanager
def _room(connection: Connection) -> Iterator[None]:
    """Let SQLite keep more in memory for the block."""
    if connection.dialect.name != "sqlite":
        yield
        return
    before = int(connection.exec_driver_sql("PRAGMA cache_size").scalar_one())
    connection.exec_driver_sql(f"PRAGMA cache_size = -{ROOM_KIB}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size = {before}")


def _parts(
    connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Row]
) -> Iterator[tuple[Row, str]]:
    """The values of each statement, and what stands for them in its text: a table `given (column1, column2, …)`."""
    dialect, rows = connection.dialect, iter(rows)
    if dialect.name == "postgresql":
        source = _from_json(dialect, table, tuple(columns))
        while part := _next(rows, MOST_ROWS):
            yield (_JSON(part),), source
        return
    # A value that stands in many rows, as the instant of an act does, is looked at once.
    adapt = {at: lru_cache(maxsize=16)(one) for at, one in _adapting(dialect, table, tuple(columns)).items()}
    while part := _next(rows, MOST_VALUES // len(columns)):
        values = list(chain.from_iterable(part))
        for at, adapted in adapt.items():
            values[at :: len(columns)] = [adapted(value) for value in values[at :: len(columns)]]
        yield tuple(values), _values(len(part), len(columns))


def _next(rows: Iterator[Row], most: int) -> list[Row]:
    """The next rows, at most so many.

    After every few of them the thread that adds the last ones may go on, if it waits for the interpreter: otherwise it
    would wait for the interval at which threads change, and the database with it.
    """
    found: list[Row] = []
    while few := list(islice(rows, min(FEW, most - len(found)))):
        found += few
        sleep(0)
    return found


@lru_cache(maxsize=64)
def _from_json(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> str:
    """What stands for rows on PostgreSQL: one text, a list of lists in JSON."""
    types = [_type(table.c[name], dialect) for name in columns]
    given = ", ".join(f"(one ->> {at})::{kind} AS column{at + 1}" for at, kind in enumerate(types))
    return f"(SELECT {given} FROM json_array_elements(%s::json) AS one) AS given"  # nosec B608


def _type(column: Column[Any], dialect: Dialect) -> str:
    """The type of a column on PostgreSQL; texts without their length, to which a cast would silently cut them."""
    return "TEXT" if isinstance(column.type, String) else column.type.compile(dialect)


@lru_cache(maxsize=64)
def _values(rows: int, columns: int) -> str:
    one = f"({', '.join('?' * columns)})"
    return f"(VALUES {', '.join([one] * rows)}) AS given"


@lru_cache(maxsize=64)
def _adapting(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> dict[int, Callable[[Any], Any]]:
    """Place of a column → what makes of its values what SQLite's driver takes: instants become texts."""
    found = {at: table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for at, name in enumerate(columns)}
    return {at: adapt for at, adapt in found.items() if adapt}


def _stream(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Add rows by COPY. What a statement has to look up of its rows in other tables it does at its end, so that there
    are several of them: the rows of the next one are made meanwhile."""
    driver: Any = connection.connection.driver_connection
    command = f"COPY {table.name} ({', '.join(columns)}) FROM STDIN"

    def copy(part: list[Row]) -> list[None]:
        try:
            with driver.cursor() as cursor, cursor.copy(command) as stream:
                for row in part:
                    stream.write_row(row)
        except driver.IntegrityError as fault:
            raise IntegrityError(command, None, fault) from fault
        return []

    rows = iter(rows)
    _run(connection, iter(lambda: (_next(rows, MOST_ROWS),), ([],)), copy)
