"""The trail loses its index of hashes and gets it back: the same events, and final before, between and after."""

from typing import Any

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from starrating.extensions import db
from starrating.services.audit import Subject, record, verify_chain
from starrating.services.transaction import transaction
from tests.conftest import TestClock, application, close, migrate

EVENTS = 40
COLUMNS = "at, act, subject_kind, subject_label, facts, previous_hash, hash"
CHANGES = ("UPDATE audit_event SET facts = '{}' WHERE sequence = 7", "DELETE FROM audit_event WHERE sequence = 7")
REPLACED = "INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event WHERE sequence = 7"
PUSHED_OUT = (
    f"INSERT OR REPLACE INTO audit_event (sequence, {COLUMNS}) "
    f"SELECT 1000, {COLUMNS} FROM audit_event WHERE sequence = 7"
)
"""The event of another one's hash, which takes the other one's place where hashes are unique and nothing refuses it."""


def look(*, hash_is_unique: bool) -> list[tuple[Any, ...]]:
    """Every event, after the chain was read, the index looked for and each way to change the trail tried."""
    unique = [one["column_names"] for one in inspect(db.engine).get_unique_constraints("audit_event")]
    assert unique == ([["hash"]] if hash_is_unique else [])
    assert (verify_chain().events, verify_chain().broken_at) == (EVENTS, None)
    db.session.rollback()
    sqlite = db.engine.dialect.name == "sqlite"
    for change in (*CHANGES, *([REPLACED] if sqlite else ["TRUNCATE audit_event"])):
        with pytest.raises(DBAPIError, match="is final"):
            db.session.execute(text(change))
        db.session.rollback()
    if hash_is_unique:
        with pytest.raises(DBAPIError, match="is final" if sqlite else "uq_audit_event_hash"):
            db.session.execute(text(PUSHED_OUT if sqlite else PUSHED_OUT.replace("OR REPLACE ", "")))
        db.session.rollback()
    found = [tuple(row) for row in db.session.execute(text("SELECT * FROM audit_event ORDER BY sequence"))]
    db.session.remove()
    return found


def test_the_trail_is_the_same_and_final_on_the_way_up_and_down(server: Any) -> None:
    address = server.empty()
    migrate(address, "0031")
    migrate(address, "0030", down=True)
    app = application(address, TestClock())
    with app.app_context():
        for number in range(EVENTS):
            with transaction() as session:
                record(session, "signed_out", None, Subject("account", None, f"某人{number}"), number=number)
        before = look(hash_is_unique=True)
        migrate(address, "0031")
        assert look(hash_is_unique=False) == before
        migrate(address, "0030", down=True)
        assert look(hash_is_unique=True) == before
        migrate(address)
        assert look(hash_is_unique=False) == before
    close(app)
    server.drop(address)


def test_an_event_with_the_hash_of_another_pushes_none_out_and_is_found(server: Any) -> None:
    address = server.fresh()
    app = application(address, TestClock())
    with app.app_context():
        for number in range(10):
            with transaction() as session:
                record(session, "signed_out", None, Subject("account", None, f"某人{number}"), number=number)
        sqlite = db.engine.dialect.name == "sqlite"
        found = text("SELECT sequence FROM audit_event ORDER BY sequence")
        for sequence in (11, 1000):
            forged = PUSHED_OUT.replace("1000", str(sequence))
            db.session.execute(text(forged if sqlite else forged.replace("OR REPLACE ", "")))
            assert list(db.session.scalars(found)) == [*range(1, 11), sequence]
            assert verify_chain().broken_at == sequence
            db.session.rollback()
        assert verify_chain().broken_at is None
    close(app)
    server.drop(address)
