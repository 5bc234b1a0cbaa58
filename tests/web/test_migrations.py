"""Migrations: up, down, up with data; nothing is lost, the triggers stand, the tables are those of the models."""

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from starrating.extensions import Base, db
from starrating.models.append_only import TRIGGERS, refusals
from tests.conftest import TestClock, application, close, migrate
from tests.house.source import ROOT
from tests.web.city import import_city, make_accounts

REVISIONS = [script.revision for script in ScriptDirectory(str(ROOT / "migrations")).walk_revisions()][::-1]


def triggers() -> set[str]:
    found = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if db.engine.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    return set(db.session.scalars(text(found)))


def expected_triggers() -> set[str]:
    tables = set(inspect(db.engine).get_table_names())
    dialect = db.engine.dialect.name
    return {one.name for table in TRIGGERS if table in tables for one in refusals(table, dialect)}


PARTS = ("columns", "check_constraints", "unique_constraints", "foreign_keys", "indexes")
SHAPES: dict[tuple[str, ...], dict[str, Any]] = {}
"""What SQLite said of tables, by what was written to make them and their indexes: it has nothing else to go by."""


def shape() -> dict[str, Any]:
    """Every table with its columns, constraints and indexes, as the database has them."""
    looked = inspect(db.engine)
    tables = sorted(looked.get_table_names())
    if db.engine.dialect.name != "sqlite":
        told = {part: getattr(looked, f"get_multi_{part}")() for part in PARTS}
        return {table: sorted_parts({part: told[part][None, table] for part in PARTS}) for table in tables}
    written: dict[str, list[str]] = {table: [] for table in tables}
    for table, said in db.session.execute(text("SELECT tbl_name, sql FROM sqlite_master ORDER BY tbl_name, name")):
        written[table].append(str(said))
    for table in tables:
        if (table, *written[table]) not in SHAPES:
            told = {part: getattr(looked, f"get_{part}")(table) for part in PARTS}
            SHAPES[table, *written[table]] = sorted_parts(told)
    return {table: SHAPES[table, *written[table]] for table in tables}


def sorted_parts(told: dict[str, Any]) -> dict[str, Any]:
    """A table as the database has it, whatever the order in which it tells of it."""
    unique, indexes = told["unique_constraints"], told["indexes"]
    return {
        "columns": sorted((c["name"], str(c["type"]), c["nullable"]) for c in told["columns"]),
        "checks": sorted((str(c["name"]), str(c["sqltext"])) for c in told["check_constraints"]),
        "unique": sorted((str(c["name"]), tuple(c["column_names"])) for c in unique),
        "foreign": sorted((str(c["name"]), str(c["options"])) for c in told["foreign_keys"]),
        "indexes": sorted((str(c["name"]), tuple(c["column_names"])) for c in indexes),
    }


def contents() -> dict[str, list[str]]:
    return {
        name: sorted(str(tuple(row)) for row in db.session.execute(text(f"SELECT * FROM {name}")))
        for name in sorted(inspect(db.engine).get_table_names())
        if name != "alembic_version"
    }


@pytest.fixture
def empty(server: Any) -> Any:
    address = server.empty()
    yield address
    server.drop(address)


def test_there_is_one_line_of_revisions() -> None:
    assert len(ScriptDirectory(str(ROOT / "migrations")).get_heads()) == 1
    assert [revision[:4] for revision in REVISIONS] == [f"{number:04d}" for number in range(1, len(REVISIONS) + 1)]


def test_the_tables_are_those_of_the_models(app: Any) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        checks = {
            str(c.name) for t in Base.metadata.tables.values() for c in t.constraints if str(c.name).startswith("ck_")
        }
        stored = {name for table in shape().values() for name, _ in table["checks"]}
        assert checks - stored == set()


def test_each_step_up_down_and_up_again(empty: str) -> None:
    app = application(empty, TestClock())
    for number, revision in enumerate(REVISIONS):
        with app.app_context():
            migrate(empty, revision)
            assert triggers() == expected_triggers()
            up, below = shape(), REVISIONS[number - 1] if number else "base"
            db.session.remove()
            migrate(empty, below, down=True)
            assert triggers() == expected_triggers()
            db.session.remove()
            migrate(empty, revision)
            assert shape() == up
            db.session.remove()
    close(app)


def test_data_stay_where_a_step_back_leaves_their_tables(empty: str, tmp_path: Any) -> None:
    migrate(empty)
    app = application(empty, TestClock())
    with app.app_context():
        import_city()
        make_accounts()
        before = contents()
        db.session.remove()
        for revision in reversed(REVISIONS[1:-1]):
            migrate(empty, revision, down=True)
            after = contents()
            assert {name: before[name] for name in after} == after
            assert triggers() == expected_triggers()
            db.session.remove()
        migrate(empty)
        assert contents()["unit"] == before["unit"]
        if db.engine.dialect.name == "sqlite":
            assert db.session.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
    close(app)


def test_sqlite_runs_as_promised(sqlite_server: Any) -> None:
    app = application(sqlite_server.fresh(), TestClock())
    with app.app_context():
        wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
        assert {name: db.session.execute(text(f"PRAGMA {name}")).scalar_one() for name in wanted} == wanted
    close(app)
