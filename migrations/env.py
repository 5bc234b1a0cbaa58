"""Run migrations on the application's database: one transaction for all, with every reference checked at its end.

On SQLite a table that is rebuilt takes the rows that refer to it along, silently, while foreign keys are enforced: they
are switched off here and checked before the commit. On PostgreSQL two migrators wait for each other and give up early
where a table is busy.
"""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

from starrating import models
from starrating.extensions import WRITING, Base, db

assert models.__all__  # the tables are known
MIGRATION_LOCK = 7_827_002


class ReferencesBroken(Exception):
    """A migration left rows that refer to rows that are gone; it was rolled back."""


def prepare(connection: Connection) -> None:
    """Take what the database needs to be migrated safely."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = '10s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})


def check_references(connection: Connection) -> None:
    """Refuse the commit where SQLite finds a row that refers to nothing."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise ReferencesBroken(f"{len(broken)} rows, first {tuple(broken[0])}")


def run() -> None:
    """Migrate within one transaction."""
    engine = db.engine
    options = current_app.extensions["migrate"].configure_args
    with engine.connect().execution_options(**{WRITING: True}) as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                prepare(connection)
                context.configure(
                    connection=connection, target_metadata=Base.metadata, transactional_ddl=False, **options
                )
                context.run_migrations()
                check_references(connection)
        finally:
            if sqlite:
                driver.execute("PRAGMA foreign_keys=ON")


if context.is_offline_mode():
    raise SystemExit("migrations run on a database, not as a script")
run()
