"""An import of scores ended by SIGKILL in its middle: all of its rows or none, and the same again changes nothing more.

Kills after one of its statements, on SQLite; `benchmarks.killed_imports` asks the same of 65,560 rows on both.
"""

from __future__ import annotations

import random
from typing import Any

from benchmarks.killed_imports import measure

UNITS = 3


def test_a_killed_import_leaves_all_of_its_rows_or_none(sqlite_server: Any) -> None:
    (found,) = measure(sqlite_server.fresh(), 1, UNITS, random.Random(1))
    assert (found.done + found.not_done, found.between, found.other_bytes) == (1, 0, 0), found
    assert (found.one_effect, found.in_the_middle) == (True, 1), found


def test_an_import_without_a_transaction_is_found_half_done(sqlite_server: Any) -> None:
    """The check can fail: each statement stored on its own leaves a part of the rows."""
    (found,) = measure(sqlite_server.fresh(), 3, UNITS, random.Random(2), naive=True)
    assert found.between >= 1, found
