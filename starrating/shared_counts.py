"""Counts of requests that all processes of a machine share: a small SQLite file, so that a limit is one limit.

`memory://` counts in each process for itself: with four workers a limit of 30 would be one of 120. Several machines
take `redis://` or the like, see `RATELIMIT_STORAGE_URI`.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

from limits.storage import Storage

SCHEME = "counts"
WAIT = 2
"""Seconds to wait for another process; after that the limiter counts in its own memory for a while."""
_TABLE = "CREATE TABLE IF NOT EXISTS counted (name TEXT PRIMARY KEY, number INTEGER NOT NULL, ends REAL NOT NULL)"
_COUNT = """
INSERT INTO counted (name, number, ends) VALUES (:name, :number, :ends)
ON CONFLICT (name) DO UPDATE SET
    number = CASE WHEN ends <= :now THEN excluded.number ELSE number + excluded.number END,
    ends = CASE WHEN ends <= :now THEN excluded.ends ELSE ends END
RETURNING number
"""


class SharedCounts(Storage):
    """Fixed windows in a file; what is over is removed when a new window begins."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012 - the library's own name and type

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: str) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self._path = Path((uri or "").partition("://")[2])
        self._own = threading.local()

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = time.time()
        facts = {"name": key, "number": amount, "now": now, "ends": now + expiry}
        number = int(self._file().execute(_COUNT, facts).fetchall()[0][0])
        if number == amount:
            self._file().execute("DELETE FROM counted WHERE ends <= ?", (now,))
        return number

    def get(self, key: str) -> int:
        found = self._row(key)
        return int(found[0]) if found else 0

    def get_expiry(self, key: str) -> float:
        found = self._row(key)
        return float(found[1]) if found else time.time()

    def check(self) -> bool:
        try:
            return bool(self._file().execute("SELECT 1").fetchall())
        except sqlite3.Error:
            return False

    def reset(self) -> int:
        return self._file().execute("DELETE FROM counted").rowcount

    def clear(self, key: str) -> None:
        self._file().execute("DELETE FROM counted WHERE name = ?", (key,))

    def _row(self, key: str) -> tuple[int, float] | None:
        """The count and the end of a window that is not over."""
        asked = "SELECT number, ends FROM counted WHERE name = ? AND ends > ?"
        found: list[tuple[int, float]] = self._file().execute(asked, (key, time.time())).fetchall()
        return found[0] if found else None

    def _file(self) -> sqlite3.Connection:
        """This thread's connection, each statement a transaction of its own; nothing of worth is lost with a crash."""
        found: sqlite3.Connection | None = getattr(self._own, "file", None)
        if found is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            found = sqlite3.connect(self._path, timeout=WAIT, isolation_level=None)
            found.execute("PRAGMA journal_mode = WAL")
            found.execute("PRAGMA synchronous = OFF")
            found.execute(_TABLE)
            self._own.file = found
        return found
