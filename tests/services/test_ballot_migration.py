"""The step that lets ballots be recorded goes up and down with a case's moves; none that was recorded is lost by it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from tests.conftest import migrate

EVENT = (
    "INSERT INTO case_event (case_id, version, move, state, record, by, at)"
    " SELECT min(c.id), ?, ?, 'carried_out', '{}', min(a.id), '2026-01-01' FROM consequence_case c, account a"
)
SEEN = "SELECT version, move FROM case_event ORDER BY version"


@contextmanager
def rows(address: str) -> Iterator[sqlite3.Connection]:
    """The database itself, committed and closed at the end."""
    with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as database, database:
        yield database


def test_moves_stay_and_a_ballot_holds_the_step_back(
    sqlite_server: Any, years_published: Any, caplog: pytest.LogCaptureFixture
) -> None:
    address = sqlite_server.copy(years_published[0])
    with rows(address) as database:
        database.execute(EVENT, (2, "carry_out"))
    migrate(address, "0040", down=True)
    with rows(address) as database, pytest.raises(sqlite3.IntegrityError, match="ck_case_event_move"):
        database.execute(EVENT, (3, "ballot"))
    migrate(address)
    with rows(address) as database:
        database.execute(EVENT, (3, "ballot"))
        with pytest.raises(sqlite3.IntegrityError, match="final"):
            database.execute("DELETE FROM case_event")
    with pytest.raises(SystemExit):
        migrate(address, "0040", down=True)
    assert "1 ballots are recorded" in caplog.text
    with rows(address) as database:
        assert database.execute(SEEN).fetchall() == [(2, "carry_out"), (3, "ballot")]
    sqlite_server.drop(address)
