"""The extensions of the web application, made once and bound to an application by `create_app`."""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, MetaData, event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase

from starrating.shared_counts import SharedCounts
from starrating.signatures import KnownTokens

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
"""How constraints are named: an unnamed CHECK is lost when SQLite's tables are rebuilt by a migration."""

WRITING = "starrating_writing"
"""The execution option of a connection whose transaction is going to write."""
CONNECTION = "starrating_connection"
"""What a session's `info` holds while it is in a transaction that writes: its connection, looked for once."""
APART = "starrating_apart"
"""The execution option of a connection that asks one question, for which no transaction is begun."""
TRUSTED = 1.0
"""For how many seconds after its last use a connection to PostgreSQL is taken to stand still."""

SQLITE_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000")


class Base(DeclarativeBase):
    """The root of all tables."""

    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(metadata=Base.metadata)
migrate = Migrate(render_as_batch=True, compare_type=True)
login_manager = LoginManager()
csrf = KnownTokens()
limiter = Limiter(get_remote_address)
assert SharedCounts.STORAGE_SCHEME, "the limiter finds the storage by its scheme once it is imported"
babel = Babel()


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Take transactions into our own hands and switch on what SQLite leaves off."""
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """On SQLite a transaction that will write takes its lock at once: a later upgrade would fail, not wait."""
    options = connection.get_execution_options()
    if connection.dialect.name == "sqlite" and APART not in options:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(WRITING) else "BEGIN")


@event.listens_for(Engine, "checkin")
def _used(_connection: Any, record: Any) -> None:
    record.info[APART] = time.monotonic()


@event.listens_for(Engine, "checkout")
def _still_there(connection: Any, record: Any, _proxy: Any) -> None:
    """Try a connection that rested, for the server may be another by now; the pool makes a new one where it is."""
    if isinstance(connection, sqlite3.Connection) or time.monotonic() - record.info.get(APART, 0.0) < TRUSTED:
        return
    try:
        connection.autocommit = True
        connection.execute("")
        connection.autocommit = False
    except connection.__class__.OperationalError as fault:
        raise DisconnectionError from fault
