"""Objections: only the moves of the table, an end that is final, days counted from the day after receipt, who reads."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from random import Random

from starrating.domain.access import Granted, Place, Role
from starrating.domain.objections import (
    DECIDED,
    DECISIONS,
    MOVES,
    OPEN,
    Channel,
    ObjectionState,
    Step,
    due_day,
    find_move,
    may_see,
)

UNIT = Place(1, 2, 3, 4)


def test_every_state_and_step_is_decided_by_the_table() -> None:
    allowed = {(row.source, row.step) for row in MOVES}
    for state, step in product(ObjectionState, Step):
        assert (find_move(step, state) is not None) == ((state, step) in allowed), (state, step)
    assert all(find_move(step, state) is None for step in Step for state in ObjectionState if state not in OPEN)
    assert {row.target for row in MOVES if row.decides} == set(DECIDED)
    assert {row.step for row in MOVES if row.decides} == set(DECISIONS)
    assert {row.step for row in MOVES if row.changes_result} == {Step.UPHOLD, Step.UPHOLD_PARTLY}


def test_a_random_walk_ends_and_never_leaves_the_table() -> None:
    random = Random(5)
    for _ in range(2_000):
        state, taken = ObjectionState.LODGED, 0
        while state in OPEN:
            row = find_move(random.choice(list(Step)), state)
            if row is not None:
                state, taken = row.target, taken + 1
        assert taken <= 2
        assert state is ObjectionState.WITHDRAWN or state in DECIDED


def test_the_day_of_receipt_does_not_count_and_free_days_never_do() -> None:
    random = Random(7)
    for _ in range(200):
        free = {date(2025, 1, 1) + timedelta(days=random.randrange(120)) for _ in range(random.randrange(40))}
        received, days = date(2025, 1, 1) + timedelta(days=random.randrange(60)), random.randrange(1, 12)

        def works(day: date, free: set[date] = free) -> bool:
            return day.weekday() < 5 and day not in free

        due = due_day(received, days, works)
        between = [received + timedelta(days=number) for number in range(1, (due - received).days + 1)]
        assert sum(map(works, between)) == days
        assert works(due)


def test_who_wrote_about_a_unit_is_for_the_office_and_its_auditors_alone() -> None:
    readers = {role for role in Role if may_see([Granted(role, UNIT)], Channel.PAPER, UNIT)}
    assert readers == {Role.CITY_ADMINISTRATOR, Role.DISTRICT_ADMINISTRATOR, Role.AUDITOR}
    assert {role for role in Role if may_see([Granted(role, UNIT)], Channel.ONLINE, UNIT)} == readers | {Role.UNIT}
    elsewhere = Granted(Role.DISTRICT_ADMINISTRATOR, Place(1, 9))
    assert not may_see([elsewhere], Channel.ONLINE, UNIT)
