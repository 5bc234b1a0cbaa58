"""Acts ended by SIGKILL after one of their statements and at random moments, on both databases: a handful of kills."""

from __future__ import annotations

import random
from typing import Any

import pytest

from benchmarks import killed_decisions
from benchmarks.killed import measure
from benchmarks.proof import DAYS

pytestmark = pytest.mark.slow
UNITS = 6


def test_killed_acts_are_done_or_not_done_and_ten_at_once_have_one_effect(database: str) -> None:
    draw = random.Random(database.partition(":")[0])
    found = list(measure(database, 2 * len(DAYS), UNITS, draw))
    assert [one.act for one in found] == list(DAYS)
    for one in found:
        assert (one.done + one.not_done, one.between, one.other_bytes, one.one_effect) == (2, 0, 0, True), one
        assert one.in_the_middle >= 1, one


def test_every_act_without_a_transaction_is_found_half_done(database: str) -> None:
    """The check can fail: each statement stored on its own leaves a state that is neither before nor after."""
    draw = random.Random(1)
    found = list(measure(database, 6 * len(DAYS), UNITS, draw, naive=True))
    assert [one.act for one in found if one.between] == list(DAYS), found


def test_killed_decisions_are_taken_or_not_and_ten_at_once_have_one_effect(sqlite_server: Any) -> None:
    """One kill an act, after one of its statements; on PostgreSQL `benchmarks.killed_decisions` asks the same."""
    found = list(killed_decisions.measure(sqlite_server.fresh(), len(killed_decisions.ACTS), UNITS, random.Random(3)))
    assert [one.act for one in found] == list(killed_decisions.ACTS)
    for one in found:
        assert (one.done + one.not_done, one.between, one.other_bytes, one.one_effect) == (1, 0, 0, True), one
        assert one.in_the_middle == 1, one
