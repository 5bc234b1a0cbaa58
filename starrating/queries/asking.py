"""Asking by a statement that was made once: what every request and every save asks is not built anew each time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Boolean, Connection, Dialect, Text, TypeDecorator, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from starrating.extensions import APART, CONNECTION, db

Adapt = Callable[[Any], Any]


class Question:
    """A statement that is a constant of a module: its text, and what is made of its values, are worked out once.

    So it goes past all that is decided anew for statements in general, which takes longer than most of them do.
    """

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._made: dict[str, _Made] = {}

    def rows(self, connection: Connection, values: dict[str, Any]) -> list[Any]:
        """The answer, as tuples in the order of the statement's columns."""
        dialect = connection.dialect
        made = self._made.get(dialect.name) or self._made.setdefault(dialect.name, _made(self._statement, dialect))
        given = made.constant | values
        for name, adapt in made.adapting:
            given[name] = adapt(given[name])
        asked: Any = given if made.order is None else tuple([given[name] for name in made.order])
        found = connection.exec_driver_sql(made.text, asked).all()
        return _read(found, made.reading) if found and made.reading else list(found)


class _Made(NamedTuple):
    """What a question comes to on a database."""

    text: str
    order: tuple[str, ...] | None
    """The names of its values where the driver takes them by their places."""
    constant: dict[str, Any]
    """The values that stand in the statement itself."""
    adapting: tuple[tuple[str, Adapt], ...]
    """What makes of a value what the driver takes, where it takes another one."""
    reading: tuple[tuple[int, Adapt], ...]
    """What makes of a column of the answer what it stands for, where the driver gives something else."""


def _made(statement: Any, dialect: Dialect) -> _Made:
    compiled = statement.compile(dialect=dialect)
    adapting = {name: one.type.dialect_impl(dialect).bind_processor(dialect) for name, one in compiled.binds.items()}
    reading = [one.type.dialect_impl(dialect).result_processor(dialect, None) for one in statement.selected_columns]
    return _Made(
        compiled.string, tuple(compiled.positiontup) if compiled.positional else None,
        {name: one.value for name, one in compiled.binds.items() if not one.required},
        tuple((name, adapt) for name, adapt in adapting.items() if adapt),
        tuple((at, read) for at, read in enumerate(reading) if read),
    )  # fmt: skip


def _read(found: Sequence[Any], reading: Iterable[tuple[int, Adapt]]) -> list[Any]:
    """Rows with some of their columns read, column by column: there may be very many rows."""
    columns: list[Iterable[Any]] = list(zip(*found, strict=True))
    for at, read in reading:
        columns[at] = map(read, columns[at])
    return list(zip(*columns, strict=True))


class Many(TypeDecorator[Iterable[Any]]):
    """Any number of keys or texts as one text, so that the statement stays the same however many they are."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[Any] | None, dialect: Dialect) -> str:
        """JSON for SQLite, the text of an array for PostgreSQL."""
        if dialect.name == "sqlite":
            return json.dumps(list(value or ()))
        return f"{{{','.join([str(one) if isinstance(one, int) else _quoted(one) for one in value or ()])}}}"


def _quoted(text: str) -> str:
    marked = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{marked}"'


class among(FunctionElement[bool]):  # noqa: N801 - it reads like the functions beside it
    """The condition that a column is one of many values, given by a name."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: Any, name: str) -> None:
        super().__init__(column, bindparam(name, type_=Many()))


@compiles(among, "postgresql")
def _among_array(element: among, compiler: SQLCompiler, **how: Any) -> str:
    column, values = element.clauses
    kind = "TEXT" if column.type.python_type is str else "BIGINT"
    return f"{compiler.process(column, **how)} = ANY (CAST({compiler.process(values, **how)} AS {kind}[]))"


@compiles(among, "sqlite")
def _among_json(element: among, compiler: SQLCompiler, **how: Any) -> str:
    column, values = (compiler.process(part, **how) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # nosec B608: a column's name and a parameter


def ask(question: Question, /, **values: Any) -> list[Any]:
    """The rows that answer a question, in the transaction of this request.

    Objects that the open transaction added are stored first, as `session.execute` does.
    """
    session = db.session()
    if session.new or session.dirty or session.deleted:
        session.flush()
    return question.rows(connection_of(session), values)


def connection_of(session: Session) -> Connection:
    """The connection of a session; one that writes keeps it at hand until its transaction ends."""
    kept: Connection | None = session.info.get(CONNECTION)
    return session.connection() if kept is None else kept


def ask_apart(question: Question, /, **values: Any) -> list[Any]:
    """The rows of one question that is asked before a request has a transaction; where it has one, within that.

    It costs one way to the database and back: no transaction is begun, and none is left open.
    """
    if db.session().in_transaction():
        return ask(question, **values)
    engine = db.engine
    options: dict[str, Any] = {APART: True}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "AUTOCOMMIT"
    with engine.connect().execution_options(**options) as connection:
        return question.rows(connection, values)
