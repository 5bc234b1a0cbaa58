"""Proposals of townships go back to withdrawn ones with their reasons, and forward again: on both databases."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from starrating.extensions import db
from tests.conftest import TestClock, application, close, migrate

AT = "2024-02-01 01:00:00"
ROWS = """
INSERT INTO division (id, code, name, level, kind, parent_id) VALUES
    (1, '120000000000', '市', 'municipality', '直辖市', NULL), (2, '120113000000', '区', 'district', '区', 1),
    (3, '120113001000', '镇', 'township', '镇', 2);
INSERT INTO unit (id, code, name, kind, township_id, district_id, rated, valid_from)
    VALUES (4, '120113001201', '村', 'village', 3, 2, true, '2000-01-01');
INSERT INTO account (id, name, display_name, password_hash, must_change_password, password_changed_at, created_at)
    VALUES (1, 'town', '镇', 'x', false, :at, :at), (2, 'boss', '区', 'x', false, :at, :at);
INSERT INTO person (id, name, version) VALUES (5, '甲', 1), (6, '乙', 1), (7, '丙', 1);
INSERT INTO election (id, division_id, name, held_on, propose_until, entered_by, entered_at)
    VALUES (8, 2, '换届', '2024-03-20', '2024-03-10', 2, :at);
INSERT INTO candidate (id, election_id, unit_id, kind, person_id, state, reason, put_forward_by, put_forward_at,
    decided_by, decided_at) VALUES
    (11, 8, 4, 'director', 5, 'proposed', '', 1, :at, NULL, NULL),
    (12, 8, 4, 'director', 6, 'declined', '年龄偏大', 1, :at, 2, :at),
    (13, 8, 4, 'director', 7, 'put_forward', '', 1, :at, 2, :at);
INSERT INTO reserve_entry (id, person_id, unit_id, kind, state, nominator, nominated_on, nominated_by, nominated_at,
    ended_on, ending, reason, version)
    VALUES (14, 5, 4, 'director', 'ended', '党支部', '2024-01-01', 1, :at, '2024-02-01', 'declined', '再培养', 2)
"""


def rows(address: str, question: str) -> list[tuple[Any, ...]]:
    """What a question gives."""
    app = application(address, TestClock())
    with app.app_context():
        found = [tuple(row) for row in db.session.execute(text(question))]
        db.session.remove()
    close(app)
    return found


def test_down_and_up_with_data(server: Any) -> None:
    address = server.empty()
    migrate(address)
    app = application(address, TestClock())
    zone = "" if address.startswith("sqlite") else "+00"
    with app.app_context():
        for statement in filter(str.strip, ROWS.split(";")):
            db.session.execute(text(statement), {"at": AT + zone} if ":at" in statement else {})
        db.session.commit()
    close(app)
    migrate(address, "0038", down=True)
    assert rows(address, "SELECT id, state, reason FROM candidate ORDER BY id") == [
        (11, "withdrawn", "区里没有决定"), (12, "withdrawn", "年龄偏大"), (13, "put_forward", ""),
    ]  # fmt: skip
    assert rows(address, "SELECT ending, reason FROM reserve_entry") == [("withdrawn", "再培养")]
    migrate(address)
    assert rows(address, "SELECT id, state, decided_by FROM candidate ORDER BY id") == [
        (11, "withdrawn", None), (12, "withdrawn", None), (13, "put_forward", None),
    ]  # fmt: skip
    assert rows(address, "SELECT propose_until FROM election") == [(None,)]
    columns = "kind, nominator, nominated_on, nominated_by, nominated_at"
    one = (
        f"INSERT INTO reserve_entry (person_id, unit_id, state, {columns})"
        f" SELECT 6, 4, 'nominated', {columns} FROM reserve_entry"
    )
    app = application(address, TestClock())
    with app.app_context():
        db.session.execute(text(f"{one} WHERE id = 14"))
        db.session.commit()
        with pytest.raises(IntegrityError):
            db.session.execute(text(f"{one} WHERE id = 14"))
        db.session.remove()
    close(app)
    server.drop(address)
