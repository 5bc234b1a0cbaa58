"""What identifies a row stays, on both databases: what is fixed changes neither to nothing nor from nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

from starrating.extensions import Base
from starrating.models.append_only import TRIGGERS
from tests.conftest import migrate

AT = "2025-01-10 01:00:00"
FILE = {
    "cycle_id": 1, "unit_id": 1, "indicator": "", "medium": "pdf", "name": "台账.pdf", "size": 9, "sha256": "a" * 64,
    "thumbnail": "", "at": AT, "removed_reason": "",
}  # fmt: skip
LODGED = {
    "cycle_id": 1, "unit_id": 1, "determination_id": 1, "code": "ABCDEFGH", "version": 1, "state": "lodged",
    "raised_by": "", "indicators": "[]", "grounds": "扣错了", "lodged_at": AT, "received_on": "2025-01-10",
    "due_on": "2025-01-20", "reasons": "", "changes": "[]", "moved": "[]", "trial_digest": "",
}  # fmt: skip
DECIDED = {
    "kind": "village", "state": "proposed", "reason": "查实", "ground": "办法第九条", "takes_effect_on": "2025-02-01",
    "proposed_by": 1, "proposed_at": AT,
}  # fmt: skip
ROWS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("evidence_file", FILE | {"id": 1, "purpose": "spot_check", "spot_check_id": 1, "account_id": 1, "stored": "1"}),
    ("evidence_file", FILE | {"id": 2, "purpose": "objection", "objection_id": 1, "account_id": 1, "stored": "2"}),
    ("evidence_file", FILE | {"id": 3, "purpose": "objection", "objection_id": 2, "stored": "3"}),
    ("objection", LODGED | {"id": 1, "channel": "online", "number": "异议1号", "lodged_by": 1}),
    ("objection", LODGED | {"id": 2, "channel": "individual", "number": "异议2号"}),
    ("decision", DECIDED | {"id": 1, "cycle_id": 1, "sort": "lifting", "lifts_id": 9}),
    ("decision", DECIDED | {"id": 2, "cycle_id": 2, "sort": "correction"}),
)
"""A row of somebody and one of nobody, wherever a fixed column may be empty."""
CHANGES = (
    ("evidence_file", "spot_check_id", 1, None),
    ("evidence_file", "objection_id", 2, None),
    ("evidence_file", "account_id", 1, None),
    ("evidence_file", "account_id", 2, None),
    ("objection", "lodged_by", 1, None),
    ("decision", "lifts_id", 1, None),
    ("evidence_file", "spot_check_id", 2, 1),
    ("evidence_file", "objection_id", 1, 1),
    ("evidence_file", "objection_id", 2, 9),
    ("evidence_file", "objection_id", 3, 9),
    ("evidence_file", "account_id", 3, 1),
    ("objection", "lodged_by", 2, 1),
    ("decision", "lifts_id", 2, 1),
    ("evidence_file", "account_id", 1, 2),
)
"""Table, column, the row's key and what it would become."""
TO_ANOTHER = "UPDATE evidence_file SET objection_id = 1 WHERE id = 3"
TAKEN = "UPDATE evidence_file SET account_id = NULL WHERE id = 2"


@pytest.fixture
def address(server: Any) -> Iterator[str]:
    made = server.fresh()
    yield made
    server.drop(made)


@contextmanager
def rows(address: str) -> Iterator[Connection]:
    """Those rows without what they point to, gone again at the end.

    PostgreSQL asks again for what a row points to where the same transaction stored it: there they are committed.
    """
    engine = create_engine(address.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA foreign_keys=OFF")
        else:
            connection.execute(text("SET session_replication_role = replica"))
        for table, row in ROWS:
            values = ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({values})"), row)
        if not sqlite:
            connection.execute(text("SET session_replication_role = origin"))
            connection.commit()
        yield connection
        connection.rollback()
        if not sqlite:
            connection.execute(text("SET session_replication_role = replica"))
            for table in {table for table, _ in ROWS}:
                connection.execute(text(f"DELETE FROM {table}"))
            connection.commit()
    engine.dispose()


def refused(connection: Connection, statement: str, **values: Any) -> None:
    with pytest.raises(DBAPIError, match="is final"), connection.begin_nested():
        connection.execute(text(statement), values)


def test_every_fixed_column_that_may_be_empty_is_tried() -> None:
    fixed = {(one.table, column) for each in TRIGGERS.values() for one in each for column in one.fixed}
    empty = {(table, column) for table, column in fixed if Base.metadata.tables[table].c[column].nullable}
    assert empty == {(table, column) for table, column, _, to in CHANGES if to is None}
    assert empty == {(table, column) for table, column, _, to in CHANGES if to == 1}


def test_it_changes_neither_to_nothing_nor_from_nothing(address: str) -> None:
    with rows(address) as connection:
        for table, column, key, to in CHANGES:
            refused(connection, f"UPDATE {table} SET {column} = :to WHERE id = :key", to=to, key=key)
        refused(connection, "DELETE FROM evidence_file WHERE id = 2")
        for table in ("evidence_file", "objection", "decision"):
            same = connection.execute(text(f"UPDATE {table} SET cycle_id = cycle_id, id = id"))
            assert same.rowcount == sum(table == name for name, _ in ROWS), "what stays the same is no change"
        assert connection.execute(text("DELETE FROM evidence_file WHERE id = 3")).rowcount == 1, "of an individual"


def test_a_step_back_compares_as_before_and_a_step_on_no_longer(address: str) -> None:
    migrate(address, "0036", down=True)
    with rows(address) as connection:
        refused(connection, "UPDATE evidence_file SET account_id = 2 WHERE id = 2")
        assert connection.execute(text(TAKEN)).rowcount == 1
    migrate(address)
    with rows(address) as connection:
        refused(connection, TAKEN)


def test_to_which_objection_a_file_belongs_is_fixed_by_the_last_step_and_by_none_before(address: str) -> None:
    migrate(address, "0037", down=True)
    with rows(address) as connection:
        refused(connection, TAKEN)
        assert connection.execute(text(TO_ANOTHER)).rowcount == 1
    migrate(address)
    with rows(address) as connection:
        refused(connection, TAKEN)
        refused(connection, TO_ANOTHER)
