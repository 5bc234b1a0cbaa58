"""Windows: open inside and shut outside at the microsecond, the rule of days, extensions and how far they reach."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from starrating.domain.access import Place
from starrating.domain.windows import (
    DATED,
    EXTENDED_STATES,
    STATES,
    TICK,
    Calendar,
    Extended,
    Stage,
    Standing,
    Window,
    first_instant,
    last_instant,
    out_of_order,
)
from starrating.domain.workflow import CycleState

UNIT = Place(1, 2, 3, 4)
OPENS, CLOSES = first_instant(date(2024, 11, 1)), last_instant(date(2024, 12, 31))
STEPS = (timedelta(microseconds=1), timedelta(seconds=1), timedelta(days=1))


def test_a_day_is_beijings_and_its_last_instant_is_before_24_00() -> None:
    assert datetime(2024, 10, 31, 16, tzinfo=UTC) == OPENS
    assert datetime(2024, 12, 31, 15, 59, 59, 999_999, tzinfo=UTC) == CLOSES
    assert first_instant(date(2025, 1, 1)) == CLOSES + TICK


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("state", CycleState)
@pytest.mark.parametrize("step", STEPS)
def test_inside_is_open_and_outside_is_locked_in_the_states_of_the_stage(
    stage: Stage, state: CycleState, step: timedelta
) -> None:
    calendar = Calendar(state, {stage: Window(OPENS, CLOSES)})
    answers = [calendar.standing(stage, UNIT, "", at) for at in
               (OPENS - step, OPENS, OPENS + step, CLOSES - step, CLOSES, CLOSES + step)]  # fmt: skip
    inside = [Standing.NOT_YET, *[Standing.OPEN] * 4, Standing.OVER]
    assert answers == (inside if state in STATES[stage] else [Standing.NOT_NOW] * 6)


@pytest.mark.parametrize("stage", Stage)
def test_a_stage_without_dates_goes_by_the_state(stage: Stage) -> None:
    for state in CycleState:
        assert Calendar(state, {}).is_open(stage, UNIT, "", OPENS) is (state in STATES[stage])
        assert Calendar(state, {stage: Window(closes=CLOSES)}).is_open(stage, UNIT, "", CLOSES + TICK) is False


@pytest.mark.parametrize("state", CycleState)
@pytest.mark.parametrize("stage", DATED)
def test_an_extension_reaches_its_scope_and_no_further(stage: Stage, state: CycleState) -> None:
    ends = CLOSES + timedelta(days=3)
    scopes = {
        (Place(1, 2, 3), ""): {(UNIT, ""), (UNIT, "区民政局"), (Place(1, 2, 3, 5), "")},
        (Place(1, 2, None, 4), ""): {(UNIT, ""), (UNIT, "区民政局")},
        (Place(1, 2), "区民政局"): {(UNIT, "区民政局"), (Place(1, 2, 6, 7), "区民政局")},
        (Place(1, 2, 3), "区民政局"): {(UNIT, "区民政局")},
    }
    asked = {(UNIT, ""), (UNIT, "区民政局"), (UNIT, "区司法局"), (Place(1, 2, 3, 5), ""), (Place(1, 2, 6, 7), ""),
             (Place(1, 2, 6, 7), "区民政局"), (Place(1, 8, 9, 10), "区民政局"), (Place(1, 8, 9, 10), "")}  # fmt: skip
    for (place, department), reached in scopes.items():
        calendar = Calendar(state, {stage: Window(OPENS, CLOSES)}, (Extended(stage, ends, place, department),))
        expected = reached | ({(UNIT, "区司法局")} if not department else set())
        for scope in asked:
            open_then = scope in expected and state in EXTENDED_STATES[stage]
            assert calendar.is_open(stage, *scope, ends) is open_then, (place, department, scope)
            assert not calendar.is_open(stage, *scope, ends + TICK)
            assert not calendar.is_open(stage, *scope, OPENS - TICK), "an extension opens nothing before its time"
            assert calendar.closes(stage, *scope) == (ends if scope in expected else CLOSES)
            others = [other for other in DATED if other is not stage and state not in STATES[other]]
            assert not any(calendar.is_open(other, *scope, ends) for other in others)


def test_an_extension_that_ends_before_the_window_shortens_nothing() -> None:
    calendar = Calendar(CycleState.SCORING, {Stage.SCORING: Window(OPENS, CLOSES)},
                        (Extended(Stage.SCORING, OPENS, Place(1, 2, 3)),))  # fmt: skip
    assert calendar.is_open(Stage.SCORING, UNIT, "", CLOSES)
    assert calendar.closes(Stage.SCORING, UNIT) == CLOSES


def test_windows_out_of_order_are_named() -> None:
    assert list(out_of_order({Stage.SCORING: Window(CLOSES, OPENS)})) == [Stage.SCORING]
    assert list(out_of_order({Stage.SCORING: Window(OPENS, OPENS)})) == [Stage.SCORING]
    same = {Stage.SCORING: Window(OPENS, CLOSES), Stage.VERIFICATION: Window(None, CLOSES)}
    assert list(out_of_order(same)) == [Stage.VERIFICATION]
    assert not list(out_of_order(same | {Stage.VERIFICATION: Window(None, CLOSES + TICK)}))


def test_the_share_of_a_window_is_exact() -> None:
    window = Window(OPENS, OPENS + timedelta(days=4))
    assert [window.elapsed(OPENS + timedelta(days=day)) for day in (-1, 0, 1, 4, 9)] == [
        0,
        0,
        pytest.approx(0.25),
        1,
        1,
    ]
    assert Window(OPENS).elapsed(OPENS) is None
